"""Treebanks: trees in brackets, one a line (Stanford Sentiment Treebank) or over several lines (Penn Treebank)."""

import os
from collections.abc import Iterable, Iterator, Sequence

from zoo.data.readers.formats import Head
from zoo.data.trees import Tree, TreeError, parse
from zoo.storage.files import DataError, open_text


def read(path: str | os.PathLike, *, labels: Sequence[str] | None = None, arity: int | None = None) -> list[Tree]:
    """Reads trees.

    Args:
        path: the file, plain or gzipped, trees as `zoo.data.trees.parse` reads them. A tree begins on a line of its own
            and may go on over lines that begin with blanks. Empty lines may stand before the first tree, behind the
            last one and around those of several lines.
        labels: all that a node may have; a node without label passes. None for any.
        arity: children that an inner node may have at most, and with 2 exactly. None for any.
    Returns:
        The trees, in the order of the file.
    Raises:
        DataError: lines that are no tree, an empty line where each line is a tree, a label or a number of children
            that is not allowed.
    """
    return parse_lines(open_text(path), path, labels=labels, arity=arity)


def lacks_brackets(head: Head) -> str:
    """Return what keeps a file from being trees in brackets, by its first line; "" if nothing does."""
    return "" if head.first.startswith("(") else "line 1 does not begin with ("


def parse_lines(
    lines: Iterable[str],
    name: str | os.PathLike,
    *,
    labels: Sequence[str] | None = None,
    arity: int | None = None,
) -> list[Tree]:
    """Reads trees of the lines of a file, see `read`; `name` is that of the file, for errors."""
    trees: list[Tree] = []
    labels = None if labels is None else list(labels)  # a text of labels is one of letters
    end, was_line = 0, False  # line of the tree before
    for first, text in _blocks(lines):
        is_line = "\n" not in text
        if trees and first > end + 1 and is_line and was_line:
            raise DataError(name, end + 1, "a tree a line", "an empty line")
        end, was_line = first + text.count("\n"), is_line
        try:
            tree = parse(text)
        except TreeError as error:
            before = text[: error.column - 1]
            column = error.column - (before.rfind("\n") + 1)
            raise DataError(
                name, first + before.count("\n"), error.expected, f"{error.received} (column {column})"
            ) from error
        if tree.label is None and len(tree.children) == 1 and tree.children[0].label is not None:
            tree = tree.children[0]  # the Penn Treebank puts every tree into brackets of its own
        _check(tree, labels, arity, name, first)
        trees.append(tree)
    return trees


def _blocks(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The number of its first line and the text of every tree.

    A tree ends with its last bracket; one that is not closed, where a line is blank or begins with the next tree.
    """
    first, depth = 0, 0
    block: list[str] = []
    for line, text in enumerate(lines, 1):
        is_blank = not text.strip(" \t")
        if block and (is_blank or text.startswith("(")):
            yield first, "\n".join(block)
            block, depth = [], 0
        if is_blank:
            continue
        first = first if block else line
        block.append(text)
        depth += text.count("(") - text.count(")")
        if depth <= 0:
            yield first, "\n".join(block)
            block, depth = [], 0
    if block:
        yield first, "\n".join(block)


def _check(tree, labels, arity, path, line):
    for node in tree.nodes():
        count = len(node.children)
        if labels is not None and node.label is not None and node.label not in labels:
            raise DataError(path, line, f"labels of {', '.join(labels)}", f"{node.label!r} in {node.brackets()!r:.60}")
        if arity is not None and (count > arity or (arity == 2 and count == 1)):
            rule = "exactly two children" if arity == 2 else f"at most {arity} children"
            received = f"{count} in {node.brackets()!r:.60} (binarize the trees first)"
            raise DataError(path, line, f"{rule} in an inner node", received)
