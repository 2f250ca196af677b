"""Small pure functions on the scores of a step: what sampling keeps, and what constraints forbid.

Scores are (..., V). What is forbidden gets `LOWEST`, which is finite, so that sums and differences stay numbers.
"""

import keras
from keras import ops

LOWEST = -1e30


def forbid(scores, forbidden):
    """Gives `LOWEST` where forbidden: (..., V), bool of a shape that broadcasts to it -> (..., V)."""
    return ops.where(forbidden, ops.full_like(scores, LOWEST), scores)


def one_hot_bool(tokens, size: int):
    """(...,) int -> (..., size) bool."""
    return ops.equal(ops.expand_dims(tokens, -1), ops.arange(size, dtype=tokens.dtype))


def force_tokens(scores, unconstrained, tokens, is_given):
    """Forbid all tokens but a given one, which has its unconstrained score: (R, V), (R, V), (R,), (R,) -> (R, V)."""

    def force():
        others = ops.logical_not(one_hot_bool(tokens, ops.shape(unconstrained)[-1]))  # (R, V)
        return ops.where(ops.expand_dims(is_given, -1), forbid(unconstrained, others), scores)

    return ops.cond(ops.any(is_given), force, lambda: scores)  # where none is given there is nothing to do


def top_k(scores, k: int):
    """The k best and their positions, best first, of equals the first: (..., V) -> (..., k), (..., k) int32."""
    if keras.backend.backend() != "torch":
        return ops.top_k(scores, k)
    indices = ops.argsort(-scores, axis=-1)[..., :k]  # torch.topk keeps no order among equals; its sort does
    return ops.take_along_axis(scores, indices, axis=-1), indices


def keep_top_k(scores, k: int):
    """Forbids all but the k best; all that equal the k-th stay."""
    enough, size = scores, scores.shape[-1]
    if size is None:  # with k more there are enough
        enough = ops.pad(scores, [[0, 0]] * (len(scores.shape) - 1) + [[0, k]], constant_values=LOWEST)
    best, _ = ops.top_k(enough, k if size is None else min(k, size))
    return forbid(scores, scores < best[..., -1:])


def keep_top_p(scores, p: float):
    """Forbids all but the fewest tokens, the likeliest first, whose probabilities add up to p or more.

    Of those that equal the last one kept, the first ones stay, and no more than are needed.

    Reference: Holtzman et al. 2020, arXiv:1904.09751 (nucleus sampling).
    """
    falling = -ops.sort(-scores, axis=-1)
    probabilities = ops.softmax(falling, axis=-1)
    before = ops.cumsum(probabilities, axis=-1) - probabilities
    # The likeliest has nothing before it: one always stays.
    count = ops.sum(ops.cast(before < p, "int32"), axis=-1, keepdims=True)
    last = ops.take_along_axis(falling, count - 1, axis=-1)
    better, equal = scores > last, ops.equal(scores, last)
    threshold_rank = count - ops.sum(ops.cast(better, "int32"), axis=-1, keepdims=True)
    first = ops.logical_and(equal, ops.cumsum(ops.cast(equal, "int32"), axis=-1) <= threshold_rank)
    return forbid(scores, ops.logical_not(ops.logical_or(better, first)))


def repeats(history, t, n: int, size: int):
    """Return which tokens would repeat an n-gram of the history.

    Args:
        history: the tokens so far; what stands at t and behind is not read.
        t: how many there are.
    Shapes:
        history (R, T) int, t () int -> (R, size) bool.
    """
    length = history.shape[1]
    positions = ops.arange(length, dtype="int32")
    # The last n - 1 tokens, compared with those before every position.
    alike = ops.ones_like(history, dtype="bool")
    for back in range(1, n):
        latest = ops.take(history, ops.maximum(t - back, 0), axis=1)
        shifted = ops.pad(history, [[0, 0], [back, 0]])[:, :length]
        alike = ops.logical_and(alike, ops.equal(shifted, ops.expand_dims(latest, -1)))
    there = ops.logical_and(positions >= n - 1, positions < t)
    alike = ops.logical_and(alike, ops.logical_and(there, t >= n - 1))
    occurred = ops.logical_and(one_hot_bool(history, size), ops.expand_dims(alike, -1))
    return ops.any(occurred, axis=1)
