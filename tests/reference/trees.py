"""Trees computed from the words to the root, one node and one number at a time, in Python's own numbers (float64).

A tree is the number of a word, or a tuple of trees. The state of a node is a list of numbers, its vector first.
Shapes: d width of a vector; row vectors: the score of unit j is sum_i x[i] kernel[i][j].
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Weights = Mapping[str, np.ndarray]
State = list[float]


def states(tree, words, leaf: Callable, compose: Callable) -> list[State]:
    """Of all nodes in post-order: children from left to right, then their parent."""
    if not isinstance(tree, tuple):
        return [leaf([float(value) for value in words[tree]])]
    found, roots = [], []
    for child in tree:
        below = states(child, words, leaf, compose)
        found += below
        roots.append(below[-1])
    return [*found, compose(roots)]


def _sigmoid(number: float) -> float:
    return 1 / (1 + math.exp(-number)) if number >= 0 else math.exp(number) / (1 + math.exp(number))


def _through(vector: Sequence[float], kernel, bias, first: int = 0, count: int | None = None) -> State:
    """x W + b, in `count` columns from `first` on."""
    columns = range(first, first + (len(bias) if count is None else count))
    return [sum(value * float(kernel[i][j]) for i, value in enumerate(vector)) + float(bias[j]) for j in columns]


def same(word: State, weights: Weights) -> State:
    """A word is a vector like a phrase's."""
    return word


def matrix(children: Sequence[State], weights: Weights) -> State:
    """Socher et al. (2013), section 4.1: p = tanh([a ; b] W + c)."""
    a, b = children
    return [math.tanh(score) for score in _through([*a, *b], weights["kernel"], weights["bias"])]


def tensor(children: Sequence[State], weights: Weights) -> State:
    """Socher et al. (2013), section 4.3: p_k = tanh(x^T V_k x + (x W + c)_k), x = [a ; b]; V as (2 d, d, 2 d)."""
    a, b = children
    x, cube = [*a, *b], weights["tensor"]
    return [
        math.tanh(score + sum(x[i] * float(cube[i][k][j]) * x[j] for i in range(len(x)) for j in range(len(x))))
        for k, score in enumerate(_through(x, weights["kernel"], weights["bias"]))
    ]


def _square(numbers: State, d: int) -> list[State]:
    return [list(numbers[row * d : (row + 1) * d]) for row in range(d)]


def matrix_and_vector(word: State, weights: Weights) -> State:
    """Socher et al. (2012), section 2.4: a word's entry is its vector, U (d, r), V (r, d) and a; A = U V + diag(a)."""
    d = len(weights["bias"])
    rank = (len(word) - 2 * d) // (2 * d)
    vector, u, v, diagonal = word[:d], word[d : d + d * rank], word[d + d * rank : -d], word[-d:]
    changes = [
        sum(u[i * rank + r] * v[r * d + j] for r in range(rank)) + (diagonal[i] if i == j else 0.0)
        for i in range(d)
        for j in range(d)
    ]
    return [*vector, *changes]


def matrix_vector(children: Sequence[State], weights: Weights) -> State:
    """Socher et al. (2012), eq. 1 and 2: p = tanh([B a ; A b] W + c), P = W_M [A ; B], one below the other."""
    d = len(weights["bias"])
    (a, first), (b, second) = ((state[:d], _square(state[d:], d)) for state in children)
    changed = [sum(row[j] * a[j] for j in range(d)) for row in second]
    changed += [sum(row[j] * b[j] for j in range(d)) for row in first]
    vector = [math.tanh(score) for score in _through(changed, weights["kernel"], weights["bias"])]
    both, mixing = [*first, *second], weights["matrix_kernel"]
    rows = [[sum(float(mixing[i][m]) * both[m][j] for m in range(2 * d)) for j in range(d)] for i in range(d)]
    return [*vector, *(value for row in rows for value in row)]


def _gated(i: State, o: State, u: State, kept: State) -> State:
    """c = sigmoid(i) tanh(u) + what is kept; h = sigmoid(o) tanh(c). The state is h, then c."""
    c = [_sigmoid(one) * math.tanh(other) + rest for one, other, rest in zip(i, u, kept, strict=True)]
    return [_sigmoid(gate) * math.tanh(value) for gate, value in zip(o, c, strict=True)] + c


def word_gates(word: State, weights: Weights) -> State:
    """Tai et al. (2015), eq. 9, 11-14 of a leaf, which has a word and no children: i, o, u of x W + b."""
    d = len(weights["word_bias"]) // 3
    i, o, u = (_through(word, weights["word_kernel"], weights["word_bias"], gate * d, d) for gate in range(3))
    return _gated(i, o, u, [0.0] * d)


def tree_lstm(children: Sequence[State], weights: Weights) -> State:
    """Tai et al. (2015), eq. 9-14, N = 2: each child's forget gate sees both children. Columns i, o, u, f_1, f_2."""
    d = len(weights["bias"]) // 5
    hidden = [value for state in children for value in state[:d]]
    i, o, u, *forget = (_through(hidden, weights["kernel"], weights["bias"], gate * d, d) for gate in range(5))
    kept = [
        sum(_sigmoid(gate[k]) * state[d + k] for gate, state in zip(forget, children, strict=True)) for k in range(d)
    ]
    return _gated(i, o, u, kept)


def child_sum_tree_lstm(children: Sequence[State], weights: Weights) -> State:
    """Tai et al. (2015), eq. 2-8: gates see the sum of the children, a forget gate its own child. Columns i, o, u."""
    d = len(weights["bias"]) // 3
    total = [sum(state[k] for state in children) for k in range(d)]
    i, o, u = (_through(total, weights["kernel"], weights["bias"], gate * d, d) for gate in range(3))
    forget = [_through(state[:d], weights["forget_kernel"], weights["forget_bias"]) for state in children]
    kept = [
        sum(_sigmoid(gate[k]) * state[d + k] for gate, state in zip(forget, children, strict=True)) for k in range(d)
    ]
    return _gated(i, o, u, kept)


# What makes the state of a word, and that of a node, by the names of the library.
RULES: dict[str, tuple[Callable, Callable]] = {
    "matrix": (same, matrix),
    "matrix_vector": (matrix_and_vector, matrix_vector),
    "tensor": (same, tensor),
    "tree_lstm": (word_gates, tree_lstm),
    "child_sum_tree_lstm": (word_gates, child_sum_tree_lstm),
}


def nodes(rule: str, tree, words, weights: Weights) -> np.ndarray:
    """The states of all nodes in post-order, (n, state)."""
    leaf, compose = RULES[rule]
    return np.array(states(tree, words, lambda word: leaf(word, weights), lambda below: compose(below, weights)))
