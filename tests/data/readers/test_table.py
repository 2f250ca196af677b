import pytest

from zoo.data.readers import table
from zoo.data.readers.formats import read_head
from zoo.storage.files import DataError


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_tabs_are_never_quoted(write, suffix):
    path = write(f"a.tsv{suffix}", 'label\tid\ttext\npos\t1\t"so good, they said\nneg\t2\tbad\n')
    assert table.read(path) == [('"so good, they said', "pos"), ("bad", "neg")]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_commas_may_be_quoted(write, suffix):
    path = write(f"a.csv{suffix}", 'review,stars\n"good, ""really""",5\n"two\nlines",1\n')
    assert table.read(path, text="review", label="stars") == [('good, "really"', "5"), ("two\nlines", "1")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.tsv", "", r"a\.tsv:1: .*empty file"),
        ("a.csv", "", r"a\.csv:1: .*empty file"),
        ("a.tsv", "text\tlabel\n", r"a\.tsv:1: expected rows below the header, found none"),
        ("a.tsv", "text\tclass\nx\ty\n", r"a\.tsv:1: expected one column 'label'"),
        ("a.tsv", "text\ttext\tlabel\nx\ty\tz\n", r"a\.tsv:1: expected one column 'text'"),
        ("a.tsv", "text\tlabel\nx\ty\nx\n", r"a\.tsv:3: expected 2 fields .* found 1"),
        ("a.csv", "text,label\nx,y,z\n", r"a\.csv:2: expected 2 fields .* found 3"),
        ("a.csv", 'text,label\n"x\nx",y\nx,\n', r"a\.csv:4: .*empty field"),
        ("a.csv", 'text,label\nx,y\n"never closed,y\n', r"a\.csv:3: expected a row of CSV"),
    ],
)
def test_malformed(write, name, text, message):
    with pytest.raises(DataError, match=message):
        table.read(write(name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "text\tlabel\na film, long\tpos\n"),
        ("a", 'label,text\npos,"a film, long"\n'),
        ("a.csv", "text\tlabel\na film, long\tpos\n"),
        ("a.tsv", 'text,label\n"a film, long",pos\n'),
        ("a.tsv", "text\tlabel\ta,b\na film, long\tpos\t\n"),
    ],
)
def test_what_separates_fields_is_told_by_the_header(write, name, text):
    assert table.read(write(name, text)) == [("a film, long", "pos")]


def test_rows_of_a_class_and_a_text_without_a_header(write):
    path = write("train.csv", '"3","A title","Its text, long"\n"1","Another",""\n')
    assert table.lacks_classes(read_head(path)) == ""
    assert table.read_classes(path) == [("A title Its text, long", "3"), ("Another", "1")]
    for text in ("text,label\nx,1\n", "1,000 films\nand more\n", "3\n"):
        assert "number of a class" in table.lacks_classes(read_head(write("a.csv", text)))
    with pytest.raises(DataError, match=r"a\.csv:2: expected a class and a text"):
        table.read_classes(write("a.csv", '"3","A title"\n"1",""\n'))


def test_encoding(write):
    path = write("a.tsv", "text\tlabel\ncafé\tpos\n", "latin-1")
    with pytest.raises(DataError, match=r"a\.tsv:2: expected utf-8"):
        table.read(path)
    assert table.read(path, encoding="latin-1") == [("café", "pos")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["a.tsv", "a.tsv.gz"])
def test_tables_in_utf_16(write, name, encoding):
    """As Excel saves "Unicode text"."""
    path = write(name, "text\tlabel\r\ngut \u0a0d\u0d0a\tpos\r\n", encoding)
    assert table.read(path, encoding=encoding) == [("gut \u0a0d\u0d0a", "pos")]
    assert read_head(path, encoding=encoding).first == "text\tlabel"


@pytest.mark.parametrize("name", ["a.tsv", "a.csv"])
def test_line_ends_of_old_macs(write, name):
    comma = "\t" if name == "a.tsv" else ","
    path = write(name, f"text{comma}label\rgut{comma}pos\r")
    assert table.read(path) == [("gut", "pos")]
    assert read_head(path).first == f"text{comma}label"
