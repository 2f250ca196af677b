import ast
import copy
import gzip
import hashlib
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from zoo.storage.files import DataError, dump_json, fingerprint, load_json, open_text, replace_file, visible_files


@pytest.mark.parametrize("name", ["lines.txt", "lines.txt.gz"])
def test_lines_come_without_their_ends(write, name):
    # U+2028 and U+0085 end lines for str.splitlines, not in a text file.
    assert list(open_text(write(name, "first\r\n\nnaïve \u2028 \u0085 line\nlast"))) == [
        "first",
        "",
        "naïve \u2028 \u0085 line",
        "last",
    ]


def test_other_encodings_and_the_byte_order_mark(write):
    assert list(open_text(write("a.txt", "café", "latin-1"), encoding="latin-1")) == ["café"]
    assert list(open_text(write("b.txt", "\ufefftext\n\ufeffmore"))) == ["text", "\ufeffmore"]


def test_undecodable_bytes_are_named(write):
    path = write("a.txt", "fine\ncafé\n", "latin-1")
    with pytest.raises(DataError, match=r"a\.txt:2: expected utf-8 text .*convert.*, found the byte 0xe9"):
        list(open_text(path))


@pytest.mark.parametrize("text", ["", "\n \n"])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_empty_file(write, name, text):
    with pytest.raises(DataError, match="found an empty file"):
        list(open_text(write(name, text)))


def test_damaged_gzip(tmp_path):
    whole = gzip.compress(b"".join(b"%d\n" % number for number in range(5000)))
    for name, content in {"cut.gz": whole[: len(whole) // 2], "plain.gz": b"not gzipped\n"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=rf"{name}:\d+: expected a whole gzip file"):
            list(open_text(tmp_path / name))


def test_error_says_where_and_survives_copying():
    error = DataError("data/a.tsv", 3, "2 fields", "1")
    assert str(error) == "data/a.tsv:3: expected 2 fields, found 1"
    assert str(DataError("data", None, expected="files", received="none")) == "data: expected files, found none"
    # What copying does is what happens on the way home from a worker process.
    again = copy.copy(error)
    assert (str(again), again.line, again.received) == (str(error), 3, "1")


def test_replace_file_replaces_at_the_end(tmp_path):
    path = tmp_path / "model.weights.h5"
    path.write_text("old")
    with replace_file(path) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.name.endswith(".weights.h5")
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_replace_file_leaves_the_old_file_after_an_exception(tmp_path):
    path = tmp_path / "model.keras"
    path.write_text("old")

    def interrupted():
        with replace_file(path) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_fingerprint_of_a_file_is_its_sha256(write):
    content = b"some text\n"
    framed = len(content).to_bytes(8, "little") + content
    assert fingerprint(write("a.txt", content.decode())) == f"sha256:{hashlib.sha256(framed).hexdigest()[:16]}"


def test_fingerprint_of_a_folder_knows_names_and_contents(write, tmp_path):
    write("one/a.txt", "x")
    write("two/a.txt", "x")
    assert fingerprint(tmp_path / "one") == fingerprint(str(tmp_path / "two"))
    write("two/b.txt", "")
    two = fingerprint(tmp_path / "two")
    (tmp_path / "two/b.txt").rename(tmp_path / "two/c.txt")
    assert len({fingerprint(tmp_path / "one"), two, fingerprint(tmp_path / "two")}) == 3


def test_fingerprint_tells_data_apart():
    numbers = np.arange(6, dtype="int32")
    different = [
        numbers,
        numbers.astype("float32"),
        numbers.reshape(2, 3),
        [numbers],
        numbers[::-1],
        [("ab", "c")],
        [("a", "bc")],
        [("a", "b"), "c"],
        {"a": 1},
        {"b": 1},
        None,
        [],
    ]
    assert len({fingerprint(data) for data in different}) == len(different)
    assert fingerprint(numbers.astype(">i4")) == fingerprint(numbers)
    assert fingerprint(np.arange(12, dtype="int32")[::2]) == fingerprint(numbers * 2)


def test_fingerprint_refuses_other_objects():
    with pytest.raises(ValueError, match="received"):
        fingerprint([object()])


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n\ufeff"))))
def test_any_lines_come_back(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    path.write_bytes("\n".join([*lines, "end"]).encode())
    assert list(open_text(path)) == [*lines, "end"]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_nul_is_no_text(write, encoding):
    path = write("a.txt", "one\ntwo\0\n")
    with pytest.raises(DataError, match=r"a\.txt:2: expected text \(convert UTF-16 .*, found the byte 0x00"):
        list(open_text(path, encoding=encoding))


@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_a_file_of_json(write, name):
    assert load_json(write(name, '{"a":\n [1]}')) == {"a": [1]}
    with pytest.raises(DataError, match=rf"{name}:2: expected JSON, found Expecting value"):
        load_json(write(name, '{"a":\n }'))


def test_json_has_no_infinite_numbers(write):
    value = {"a": [1, math.inf, -math.inf, (math.nan, 2.5)], "b": {"c": np.float64("nan")}, "d": "NaN", "ä": True}
    text = dump_json(value)
    assert text == '{"a": [1, null, null, [null, 2.5]], "b": {"c": null}, "d": "NaN", "ä": true}'
    assert load_json(write("a.json", dump_json(value, indent=2))) == json.loads(text)


# What is read by ourselves alone, or never written.
OWN_JSON = {
    "zoo/training/callbacks/checkpoint.py",  # within an .npz file, where an infinite best must stay what it is
    "zoo/tuning/worker.py",
    "zoo/tuning/worker_pool.py",
    "zoo/tuning/space.py",
    "zoo/tuning/folder.py",
    "zoo/inference/story_answers.py",
    "zoo/storage/commit.py",
    "zoo/storage/files.py",
    "zoo/storage/run_folder.py",
    "zoo/data/vocabularies/vocabulary.py",  # whose reader refuses them
    "zoo/experiments/settings.py",
    "zoo/experiments/restarts.py",
    "zoo/experiments/trial.py",
}


def test_all_json_for_others_is_written_in_one_way():
    writers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("zoo", "recipes")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("dumps", "dump") and ast.unparse(node.value) == "json"
    }
    assert writers <= OWN_JSON


def test_what_systems_add_to_folders_is_not_visible(tmp_path):
    for name in ("b.txt", "._b.txt", ".DS_Store", "a.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "__MACOSX").mkdir()
    assert [path.name for path in visible_files(tmp_path)] == ["a.txt", "b.txt"]
    with pytest.raises(FileNotFoundError):
        visible_files(tmp_path / "none")


@pytest.mark.parametrize("encoding", ["UTF_8", "u8", "utf8", "UTF-8"])
def test_a_byte_order_mark_is_dropped_by_any_name_of_utf_8(write, encoding):
    assert list(open_text(write("a.txt", "\ufeffa\n"), encoding=encoding)) == ["a"]


@pytest.mark.parametrize("encoding", ["utf-7b", "hex", "", "a\0"])
def test_names_of_no_encoding_of_text(write, encoding):
    with pytest.raises(ValueError, match="`encoding` names an encoding of text"):
        list(open_text(write("a.txt", "a\n"), encoding=encoding))


def test_an_error_in_utf_16_has_its_line(write):
    path = write("a.txt", "a\nb\n", "utf-16-le")
    path.write_bytes(path.read_bytes() + b"\x00\xdcc\x00\n\x00")  # half a pair
    with pytest.raises(DataError, match=r"a\.txt:3: expected utf-16-le text \(name its encoding\)"):
        list(open_text(path, encoding="utf-16-le"))
