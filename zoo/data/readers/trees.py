"""Treebanks: one tree in brackets a line, such as the Stanford Sentiment Treebank."""

import os
from collections.abc import Iterable, Sequence

from zoo.data.files import DataError, open_text
from zoo.data.trees import Tree, TreeError, parse


def read(path: str | os.PathLike, *, labels: Sequence[str] | None = None, arity: int | None = None) -> list[Tree]:
    """Reads trees.

    Args:
        path: the file, plain or gzipped, a tree a line as `zoo.data.trees.parse` reads it. Empty lines may stand at
            its end only.
        labels: all that a node may have; a node without label passes. None for any.
        arity: children that an inner node may have at most, and with 2 exactly. None for any.
    Returns:
        The trees, in the order of the file.
    Raises:
        DataError: a line that is no tree, an empty line before the end, a label or a number of children that is not
            allowed.
    """
    return parse_lines(open_text(path), path, labels=labels, arity=arity)


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
    blank = None
    for line, text in enumerate(lines, 1):
        if not text.strip(" \t"):
            blank = blank or line
            continue
        if blank is not None:
            raise DataError(name, blank, "a tree a line", "an empty line")
        try:
            tree = parse(text)
        except TreeError as error:
            raise DataError(name, line, error.expected, f"{error.found} (column {error.column})") from error
        _check(tree, labels, arity, name, line)
        trees.append(tree)
    return trees


def _check(tree, labels, arity, path, line):
    for node in tree.nodes():
        count = len(node.children)
        if labels is not None and node.label is not None and node.label not in labels:
            raise DataError(path, line, f"labels of {', '.join(labels)}", f"{node.label!r} in {node.brackets()!r:.60}")
        if arity is not None and (count > arity or (arity == 2 and count == 1)):
            rule = "exactly two children" if arity == 2 else f"at most {arity} children"
            raise DataError(path, line, f"{rule} in an inner node", f"{count} in {node.brackets()!r:.60}")
