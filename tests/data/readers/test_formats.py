import gzip

import pytest

from zoo.data.readers import (
    babi,
    chorales,
    conll,
    drawings,
    idx,
    inflections,
    jsonl,
    nlvr,
    parallel,
    point_sets,
    pronunciations,
    questions,
    scan,
    sim_m,
    splice,
    table,
    text,
    trees,
    ts,
    turns,
)
from zoo.data.readers.formats import Format, data_files, read_any, read_head, recognise, starts_with
from zoo.storage.files import DataError

NUMBERED = Format("numbered lines", starts_with(r"\d", "line 1 begins with no number"), lambda path: "numbers")
TABBED = Format("columns", lambda head: "" if "\t" in head.first else "line 1 has no tab", lambda path: path.name)


@pytest.mark.parametrize("name", ["a", "a.gz"])
def test_the_head_has_the_first_lines_that_are_not_blank(write, name):
    head = read_head(write(name, "\ufeff\n  \none\r\ntwo\n" + "x" * 99_999 + "\nlast\n"))
    assert head.first == "one"
    assert head.lines[:2] == ("one", "two")
    assert "last" not in head.lines
    assert head.content.startswith("\ufeff\n  \none\r\n".encode())


def test_a_first_line_may_be_long_and_the_last_one_cut(write):
    head = read_head(write("a", "x" * 300_000 + "\n" + "y" * 20_000))
    assert [len(line) for line in head.lines] == [300_000]
    assert read_head(write("b", "one\ntwo")).lines == ("one", "two")


def test_an_encoding_is_the_files_own(write):
    path = write("a", "café\n", "latin-1")
    assert read_head(path, encoding="latin-1").first == "café"
    assert read_head(path).first == "caf\ufffd"


def test_what_is_no_text_has_no_lines(tmp_path):
    (tmp_path / "a").write_bytes(b"\0\0\x08\x03\nabc\n")
    head = read_head(tmp_path / "a")
    assert (head.lines, head.content[:4]) == ((), b"\0\0\x08\x03")


def test_a_damaged_gzip_file(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\n" * 1000)[:20])
    with pytest.raises(DataError, match=r"a\.gz: expected a whole gzip file"):
        read_head(tmp_path / "a.gz")


def test_the_first_format_that_fits_reads_whatever_the_name(write):
    assert read_any(write("a.csv", "1\ta\n"), [NUMBERED, TABBED]) == "numbers"
    assert read_any(write("b.docx", "a\t1\n"), [NUMBERED, TABBED]) == "b.docx"


def test_an_error_names_the_formats_and_what_each_missed(write):
    expected = (
        r"a\.txt: expected one of the formats: numbered lines \(line 1 begins with no number\); "
        r"columns \(line 1 has no tab\), found 'words alone'"
    )
    with pytest.raises(DataError, match=expected):
        recognise(write("a.txt", "words alone\n"), [NUMBERED, TABBED])
    with pytest.raises(DataError, match=r"b\.txt:1: expected at least one line of text, found an empty file"):
        recognise(write("b.txt", "\n \n"), [NUMBERED, TABBED])


def test_an_error_shows_the_bytes_of_what_is_no_text(tmp_path):
    (tmp_path / "a").write_bytes(b"\0\1\2\3")
    with pytest.raises(DataError, match="found the bytes 00 01 02 03"):
        recognise(tmp_path / "a", [NUMBERED, TABBED])


def test_documentation_and_what_systems_add_are_no_data(write, tmp_path):
    for name in ("b.txt", "a.txt", "README.md", "LICENSE", "licence.txt", ".DS_Store", "in/c.txt", "in/in/d.txt"):
        write(name, "x\n")
    names = [[path.name for path in data_files(tmp_path, depth=depth)] for depth in (0, 1, 2)]
    assert names == [["a.txt", "b.txt"], ["a.txt", "b.txt", "c.txt"], ["a.txt", "b.txt", "c.txt", "d.txt"]]


# What each format is known by: the reader's format, and a file of it.
KNOWN = {
    "scan": (scan.FORMAT, "IN: walk OUT: I_WALK\n"),
    "questions": (questions.format_of("fine"), "NUM:date When was it ?\n"),
    "splice": (splice.FORMAT, "EI, A-1, ACGT\n"),
    "capitals": (pronunciations.formats()[0], "word W ER1 D\n"),
    "inflections": (inflections.FORMAT, "gehen\tging\tV;PST\n"),
    "sim_m": (sim_m.FORMAT, '[{"dialogue_id": 1, "turns": []}]\n'),
    "sim_m on lines": (sim_m.FORMAT, '[\n {\n "dialogue_id": 1,\n "turns": []}]\n'),
    "turns": (turns.FORMAT, '{"turns": ["hi"]}\n'),
    "chorales": (chorales.FORMAT, '{"valid": [], "train": [], "test": []}\n'),
    "points": (point_sets.format_of(), "0 0 1 0 0 1 output 1 2 3 1\n"),
    "points alone": (point_sets.format_of(), "0 0 1 0 0 1\n"),
    "ts": (ts.FORMAT, "#about\n@problemName A\n"),
    "stories": (babi.FORMATS[0], '{"story": ["A."], "question": "B?", "answer": "c"}\n'),
    "tasks": (babi.FORMATS[1], "1 Mary went home.\n"),
    "nlvr": (nlvr.FORMAT, '{"sentence": "A box.", "label": "true", "directory": "1"}\n'),
    "drawings": (drawings.LINES, "[[[0, 0], [1, 1]]]\n"),
    "quick draw": (drawings.LINES, '{"word": "cat", "drawing": [[[0, 1], [2, 3]]]}\n'),
    "tabs": (parallel.TABS, "Go.\tGeh.\n"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_each_format_is_known_by_its_first_line(write, name):
    format, content = KNOWN[name]
    head = read_head(write("any", content))
    assert format.mismatch(head) == ""
    fitting = {other.name for other, _ in KNOWN.values() if not other.mismatch(head)}
    # A tab between two texts is what others have as well; they are asked before.
    assert fitting - {parallel.TABS.name} <= {format.name}
    assert format.mismatch(read_head(write("words", "words alone\n")))


@pytest.mark.parametrize(
    ("lacks", "content", "fits"),
    [
        (conll.lacks_universal, "# text = a\n1-2\t" + "_\t" * 8 + "_\n", True),
        (conll.lacks_universal, "a\tX\n", False),
        (conll.lacks_columns, "-DOCSTART- -X- O\n\n# id 1\na X\n", True),
        (conll.lacks_columns, "a\n", False),
        (trees.lacks_brackets, "\n( (S (A a)))\n", True),
        (trees.lacks_brackets, "a (b)\n", False),
        (text.lacks_text, "anything\n", True),
        (text.lacks_text, "\0\n", False),
        (lambda head: jsonl.lacks_keys(head, "a", "b"), '{"a": 1, "b": 2}\n', True),
        (lambda head: jsonl.lacks_keys(head, "a", "b"), '{"a": 1}\n', False),
        (lambda head: jsonl.lacks_keys(head, "a"), "[1]\n", False),
        (lambda head: table.lacks_columns(head, "a", "b"), 'b,"a",c\n', True),
        (lambda head: table.lacks_columns(head, "a", "b"), "a\tc\n", False),
    ],
)
def test_what_a_head_lacks(write, lacks, content, fits):
    assert bool(lacks(read_head(write("any", content)))) != fits


def test_arrays_and_archives_are_known_by_their_bytes(tmp_path):
    for name, content, format in (
        ("a", b"\0\0\x08\3" + bytes(12), idx.PICTURES),
        ("b", b"PK\3\4" + bytes(30), drawings.ARRAYS),
        ("c", b"x" * 257 + b"ustar" + bytes(250), babi.ARCHIVE_FORMAT),
        ("d.tgz", b"\x1f\x8b" + bytes(20), babi.ARCHIVE_FORMAT),
    ):
        (tmp_path / name).write_bytes(content)
        head = read_head(tmp_path / name)
        fitting = [one for one in (idx.PICTURES, drawings.ARRAYS, babi.ARCHIVE_FORMAT) if not one.mismatch(head)]
        assert fitting == [format]
    (tmp_path / "labels").write_bytes(b"\0\0\x08\1" + bytes(4))
    assert "1 axes, and pictures have 3" in idx.PICTURES.mismatch(read_head(tmp_path / "labels"))


def test_text_in_utf_16_is_named(tmp_path):
    (tmp_path / "a.txt").write_text("text", encoding="utf-16")
    with pytest.raises(DataError, match=r"a\.txt:1: expected utf-8 text \(convert the file to UTF-8.* found UTF-16"):
        recognise(tmp_path / "a.txt", [scan.FORMAT])
