"""Tagged sentences in columns, one token a line, a blank line between sentences: CoNLL and CoNLL-U."""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from zoo.data.readers.formats import Head
from zoo.storage.files import DataError, open_text

# The ten columns of CoNLL-U, https://universaldependencies.org/format.html
COLUMNS = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")

# "# id 62 domain=en" of MultiCoNER, "# newdoc", "#begin document (bc/cctv)" of OntoNotes.
COMMENT = re.compile(r"#(\s|$|begin document|end document)")
BLANKS = re.compile(r"[ \t]+")

Sentence = tuple[list[str], list[str]]


def read(path: str | os.PathLike, *, column: int | str = -1, encoding: str = "utf-8") -> list[Sentence]:
    """Reads the tokens of sentences and one column of tags.

    Args:
        path: the file.
        column: a number reads plain columns, separated by tabs or else by blanks (a no-break space separates
            nothing), tokens in column 0, or in column 1 where column 0 counts them from 1 in each sentence; the
            last is -1. Comments before a sentence are skipped: lines that begin with "# " and have another
            number of columns than tokens have, or a tag that no other line has. A name reads CoNLL-U: "upos",
            "xpos", "lemma", "form" or another of its ten columns; comments, ranges (1-2) and empty words (8.1)
            are skipped.
        encoding: of the file.
    Returns:
        List of (tokens, tags), lists of the same length.
    Raises:
        DataError: a line with too few columns or a number of them that differs, an empty field, an annotation left out,
            no sentence at all.
        ValueError: a column that CoNLL-U does not have.
    """
    if isinstance(column, str) and column not in COLUMNS:
        raise ValueError(f"column must be a number or one of {', '.join(COLUMNS)}, received: {column!r}.")
    lines = enumerate(open_text(path, encoding=encoding), 1)
    words = _universal(path, lines, column) if isinstance(column, str) else _plain(path, lines, column)
    sentences = list(_sentences(words))
    if not sentences:
        raise DataError(path, None, "a sentence", "comments and blank lines alone")
    return sentences


def lacks_universal(head: Head) -> str:
    """Return what keeps a file from being CoNLL-U, by its first word; "" if nothing does."""
    fields = next((line for line in head.lines if not line.startswith("#")), "").split("\t")
    is_word = len(fields) == len(COLUMNS) and re.fullmatch(r"\d+([-.]\d+)?", fields[0])
    return "" if is_word else f"its first word has {len(fields)} columns between tabs, and not a number and nine others"


def lacks_columns(head: Head) -> str:
    """Return what keeps a file from being plain columns, by its first token; "" if nothing does."""
    lines = (line for line in head.lines if not line.startswith("-DOCSTART-") and not COMMENT.match(line))
    fields = _fields(next(lines, head.first))
    return "" if len(fields) > 1 else "its first token has no tag beside it"


def _sentences(words: Iterable[tuple[str, str] | None]) -> Iterator[Sentence]:
    """Groups words between the Nones that stand for blank lines."""
    tokens: list[str] = []
    tags: list[str] = []
    for word in chain(words, [None]):
        if word is not None:
            tokens.append(word[0])
            tags.append(word[1])
        elif tokens:
            yield tokens, tags
            tokens, tags = [], []


def _plain(path: str | os.PathLike, lines: Iterable[tuple[int, str]], column: int) -> Iterator[tuple[str, str] | None]:
    # CoNLL-2003 puts -DOCSTART- before every document.
    rows = [(line, text, [] if text.startswith("-DOCSTART-") else _fields(text)) for line, text in lines]
    others = [fields for _, text, fields in rows if fields and not COMMENT.match(text)]
    width, needed = len(others[0]) if others else 0, max(2, column + 1, -column)
    tags = {fields[column] for fields in others if len(fields) >= needed}
    is_first, token_column = True, _token_column([fields for _, _, fields in rows])
    for line, text, fields in rows:
        if not fields:
            is_first = True
            yield None
            continue
        # "# O" is the token "#", wherever it stands.
        if is_first and COMMENT.match(text) and (len(fields) != width or width < needed or fields[column] not in tags):
            continue
        is_first = False
        if len(fields) < needed:
            raise DataError(path, line, f"at least {needed} columns", f"{len(fields)}: {text!r:.60}")
        if len(fields) != width:
            raise DataError(path, line, f"{width} columns as in the lines before", f"{len(fields)}: {text!r:.60}")
        if not fields[token_column] or not fields[column]:
            raise DataError(path, line, f"a token and a tag in column {column}", f"an empty field: {text!r:.60}")
        yield fields[token_column], fields[column]


def _token_column(rows: Iterable[list[str]]) -> int:
    """Where the tokens stand: behind the numbers of rows of three columns or more (GermEval), which begin with 1."""
    last = count = 0
    for fields in rows:
        if fields and (fields[0].isdecimal() or last):
            if len(fields) < 3 or fields[0] != str(last + 1):
                return 0
            last, count = last + 1, count + 1
        elif fields and not COMMENT.match(fields[0]):
            return 0
        else:
            last = 0
    return int(count > 1)


def _fields(text: str) -> list[str]:
    if not text.strip():
        return []
    return [field.strip(" ") for field in text.split("\t")] if "\t" in text else BLANKS.split(text.strip(" "))


def _universal(
    path: str | os.PathLike, lines: Iterable[tuple[int, str]], column: str
) -> Iterator[tuple[str, str] | None]:
    last = 0
    for line, text in lines:
        if not text.strip():
            last = 0
            yield None
        if not text.strip() or text.startswith("#"):
            continue
        fields = text.split("\t")
        if len(fields) != len(COLUMNS) or not all(fields):
            raise DataError(path, line, "ten columns separated by tabs", f"{len(fields)}: {text!r:.60}")
        if "-" in fields[0] or "." in fields[0]:
            continue
        if not fields[0].isdecimal():
            raise DataError(path, line, "a number as id of the word", f"{fields[0]!r:.40}")
        if fields[0] != str(last + 1):  # two sentences would be one, or a word is lost
            expected = f"the id {last + 1} of the next word, or a blank line before a new sentence"
            raise DataError(path, line, expected, f"{fields[0]!r:.40}")
        last += 1
        tag = fields[COLUMNS.index(column)]
        # Elsewhere an underscore may be meant; a part of speech is never one.
        if tag == "_" and column in ("upos", "xpos"):
            raise DataError(path, line, f"the {column} of the word", "_, that is none: choose another column")
        yield fields[1], tag
