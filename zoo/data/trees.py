"""Trees over the words of a sentence, and the brackets in which treebanks write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# A no-break space is a letter of its word: treebanks hold "8 1/2" as one.
PIECE = re.compile(r"[()]|[^ \t\r\n()]+")
LABEL = re.compile(r"[^ \t\r\n()]+")
TOKEN = re.compile(r"[^ \t\r\n]+")
# What the Penn Treebank writes for brackets, which are its own marks.
BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
ESCAPED = re.compile("|".join(BRACKETS) + r"|\\[/*]")


class TreeError(ValueError):
    """A text that is no tree: "column C: expected ..., found ...".

    Args:
        column: where it fails, from 1.
        expected: the rule.
        found: what stands there instead.
    """

    def __init__(self, column: int, expected: str, received: str):
        super().__init__(column, expected, received)
        self.column, self.expected, self.received = column, expected, received

    def __str__(self) -> str:
        return f"column {self.column}: expected {self.expected}, found {self.received}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tree:
    """A node and all below it: a leaf holds a token, an inner node holds children.

    All methods walk without recursion, so that a tree may be as deep as it has words.

    Args:
        label: a word without blanks and brackets; None where there is none.
        token: of a leaf, without blanks; a no-break space is none.
        children: of an inner node, from left to right.
    Raises:
        ValueError: a token and children, neither of them, or a label or token that brackets could not hold.
    """

    label: str | None = None
    token: str | None = None
    children: tuple["Tree", ...] = ()

    def __post_init__(self):
        if (self.token is None) == (not self.children):
            raise ValueError(
                "A node has a token or children, not both. "
                f"Received: token={self.token!r} and {len(self.children)} children."
            )
        if self.token is not None and not TOKEN.fullmatch(self.token):
            raise ValueError(f"A token is one word. Received: {self.token!r}.")
        if self.label is not None and not LABEL.fullmatch(self.label):
            raise ValueError(f"A label is one word without brackets. Received: {self.label!r}.")

    def nodes(self) -> list["Tree"]:
        """All nodes in post-order: children from left to right, then their parent; the root is the last."""
        nodes: list[Tree] = []
        stack = [self]
        while stack:  # the root first, from right to left: post-order, read backwards
            node = stack.pop()
            nodes.append(node)
            stack.extend(node.children)
        return nodes[::-1]

    def tokens(self) -> list[str]:
        """The words, from left to right."""
        return [node.token for node in self.nodes() if node.token is not None]

    def brackets(self) -> str:
        """The tree as one line, which `parse` reads: (label word), (label (...) (...)); without labels (word), ((...)).

        Brackets, slashes and stars in words are written as treebanks do: -LRB-, -RRB-, \\/, \\*. So a word that is
        "-LRB-" itself comes back as "(".
        """
        written: list[str] = []
        stack: list[Tree | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                written.append(node)
                continue
            label = "" if node.label is None else f"{node.label} "
            if node.token is not None:
                written.append(f"({label}{_escaped(node.token)})")
                continue
            written.append(f"({label}")
            stack.append(")")
            for index, child in enumerate(reversed(node.children)):
                stack.extend([" ", child] if index else [child])
        return "".join(written)

    def __eq__(self, other: object) -> bool:
        return self._shape() == other._shape() if isinstance(other, Tree) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._shape()))

    def __repr__(self) -> str:
        return f"parse({self.brackets()!r})"

    def _shape(self) -> list[tuple[str | None, str | None, int]]:
        """What distinguishes a tree from all others."""
        return [(node.label, node.token, len(node.children)) for node in self.nodes()]


def parse(text: str) -> Tree:
    """Reads a tree in brackets.

        (3 (2 a) (4 (3 lovely) (2 film)))      every node has a label
        ((a) ((lovely) (film)))                none has: in (word) alone the word is a token

    Blanks, tabs and line ends separate, no other space does. In tokens \\/ stands for /, \\* for *, -LRB- for ( and so
    on for all six brackets.

    Raises:
        TreeError: a ValueError that names the column: brackets that do not pair up, a node without word and children,
            with both or with several words, or something before or behind the tree.
    """
    root: Tree | None = None
    stack: list[tuple[int, list[str], list[Tree]]] = []  # of every open bracket: its column, words and children
    for match in PIECE.finditer(text):
        piece, column = match[0], match.start() + 1
        if root is not None:
            raise TreeError(column, "nothing behind the tree's last bracket", f"{text[column - 1 :]!r:.40}")
        if piece == "(":
            stack.append((column, [], []))
        elif not stack:
            raise TreeError(column, "a tree to begin with (", repr(piece))
        elif piece != ")":
            if stack[-1][2]:
                raise TreeError(column, "a node of a word or of children, not both", f"{piece!r} behind children")
            stack[-1][1].append(piece)
        else:
            node = _node(*stack.pop())
            if stack:
                stack[-1][2].append(node)
            else:
                root = node
    if stack:
        raise TreeError(stack[-1][0], "a ) for every (", f"{len(stack)} still open at the end, this one the last")
    if root is None:
        raise TreeError(1, "a tree in brackets", f"{text!r:.40}")
    return root


def _node(column: int, words: list[str], children: list[Tree]) -> Tree:
    if children:
        if len(words) > 1:
            raise TreeError(column, "a node of a word or of children, not both", f"{' '.join(words)!r} before children")
        return Tree(words[0] if words else None, children=tuple(children))
    if not words:
        raise TreeError(column, "a node with a word or children", "an empty one: ()")
    if len(words) > 2:
        raise TreeError(column, "a label and one word in a leaf", f"{' '.join(words)!r:.40}")
    return Tree(words[0] if len(words) == 2 else None, ESCAPED.sub(_plain, words[-1]))


def _plain(match: re.Match) -> str:
    return BRACKETS.get(match[0], match[0][-1])


def _escaped(token: str) -> str:
    return re.sub(r"([/*])", r"\\\1", token).replace("(", "-LRB-").replace(")", "-RRB-")


def arrays(tree: Tree, *, arity: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """The tree as numbers, its nodes in post-order.

    Returns:
        children (n, A) int32, the positions of every node's children from left to right, -1 where there are fewer;
        leaves (N,) int32, the positions of the words from left to right.
    Raises:
        ValueError: a node of more than `arity` children.
    """
    nodes = tree.nodes()
    children = np.full((len(nodes), arity), -1, "int32")
    waiting: list[int] = []  # for their parent
    leaves: list[int] = []
    for position, node in enumerate(nodes):
        count = len(node.children)
        if count > arity:
            raise ValueError(f"A node has at most {arity} children. Received: {count} in {node!r:.60}. Raise `arity`.")
        if count:
            children[position, :count] = waiting[-count:]
            del waiting[-count:]
        else:
            leaves.append(position)
        waiting.append(position)
    return children, np.array(leaves, "int32")


def balanced(tokens: Sequence[str]) -> Tree:
    """A binary tree without labels that halves its words again and again; of an odd number the left half has less.

    Raises:
        TypeError: one text instead of its tokens.
        ValueError: no token.
    """
    level = _leaves(tokens)

    def halve(start: int, end: int) -> Tree:
        if end - start == 1:
            return level[start]
        middle = (start + end) // 2
        return Tree(children=(halve(start, middle), halve(middle, end)))

    return halve(0, len(level))


def right_branching(tokens: Sequence[str]) -> Tree:
    """A binary tree without labels in which every word meets all that follow: ((a) ((b) (c))).

    Raises:
        TypeError: one text instead of its tokens.
        ValueError: no token.
    """
    *before, tree = _leaves(tokens)
    for leaf in reversed(before):
        tree = Tree(children=(leaf, tree))
    return tree


def relabelled(tree: Tree, labels: Sequence[str | None]) -> Tree:
    """Return the tree with other labels, those of its nodes in post-order.

    Raises:
        ValueError: not one label, or None, for each node.
    """
    waiting: list[Tree] = []  # for their parent
    for node, label in zip(tree.nodes(), labels, strict=True):
        first = len(waiting) - len(node.children)
        waiting[first:] = [Tree(label, node.token, tuple(waiting[first:]))]
    return waiting[0]


def _leaves(tokens: Sequence[str]) -> list[Tree]:
    if isinstance(tokens, str):
        raise TypeError(f"`tokens` is a list of words. Received one text: {tokens[:40]!r}. Split it.")
    if not len(tokens):
        raise ValueError("A tree needs at least one token. Received none.")
    return [Tree(token=token) for token in tokens]
