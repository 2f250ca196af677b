import gzip
import json

import numpy as np
import pytest

from tests.conftest import ROOT
from zoo.data.readers.formats import Format
from zoo.data.splits import split_by_label
from zoo.recipes.common import sources
from zoo.storage.files import DataError

ROWS = [(f"text {number}", "pos" if number % 3 else "neg") for number in range(20)]
SPLIT = {"train": [n for n in range(20) if n % 10 > 1], "validation": [1, 11], "test": [0, 10]}


def texts(data, **changed):
    return sources.labelled_texts(str(data), **{"synthetic": lambda: ROWS, "tfds": (("text", "label"),), **changed})


WORDS = Format("words", lambda head: "", lambda path: path.read_text().split())


def sentences(data, **changed):
    return sources.sentences(
        str(data), **{"synthetic": lambda: list(range(20)), "formats": [WORDS], "tfds": (("words",),), **changed}
    )


def test_generated_texts_are_split_by_position():
    assert texts("synthetic") == {name: [ROWS[n] for n in numbers] for name, numbers in SPLIT.items()}


def test_tables_and_json_lines(tmp_path):
    (tmp_path / "a.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in ROWS))
    with gzip.open(tmp_path / "a.csv.gz", "wt") as file:
        file.write("label,text\n" + "".join(f"{label},{text}\n" for text, label in ROWS))
    lines = [json.dumps({"text": text, "label": label}) for text, label in ROWS]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    for name in ("a.tsv", "a.csv.gz", "a.jsonl"):
        assert texts(tmp_path / name) == split_by_label(ROWS, lambda row: row[1])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_other_names_of_columns_another_encoding_and_blank_lines(tmp_path, name):
    rows = [(f"caf\xe9 {number}", "ab"[number % 2]) for number in range(20)]
    if name == "a.csv":
        lines = ["sentence,note,stars", *(f"{text},-,{label}" for text, label in rows)]
    else:
        lines = [json.dumps({"sentence": text, "stars": f"{label} "}, ensure_ascii=False) for text, label in rows]
    (tmp_path / name).write_bytes("\n\n".join([*lines, "", ""]).encode("latin-1"))
    found = texts(tmp_path / name, text_column="sentence", label_column="stars", encoding="latin-1")
    assert found == split_by_label(rows, lambda row: row[1])
    with pytest.raises(DataError, match="convert the file to UTF-8, or name its encoding"):
        texts(tmp_path / name, text_column="sentence", label_column="stars")


def test_a_folder_of_a_folder_a_class_with_a_file_a_text(tmp_path):
    """As aclImdb: official test, validation out of training, texts without a label left out."""
    for part in ("train", "test"):
        for label in ("neg", "pos", "unsup"):
            (tmp_path / part / label).mkdir(parents=True)
            for number in range(10):
                (tmp_path / part / label / f"{number}_7.txt").write_text(f"{part} {label}\n{number}\n")
            (tmp_path / part / label / f"._{number}_7.txt").write_bytes(b"\0\5\x16\7")
        (tmp_path / part / "urls_pos.txt").write_text("a url")
    parts = texts(tmp_path)
    assert sorted(parts["test"]) == [
        (f"test {label} {number}", label) for label in ("neg", "pos") for number in range(10)
    ]
    assert len(parts["train"]) == 18 and len({label for _, label in parts["validation"]}) == 2
    assert sorted(parts["train"] + parts["validation"]) == [
        (f"train {label} {number}", label) for label in ("neg", "pos") for number in range(10)
    ]
    assert {name: len(part) for name, part in texts(tmp_path / "train").items()} == {
        "train": 16,
        "validation": 2,
        "test": 2,
    }
    (tmp_path / "test" / "pos" / "empty.txt").write_text("\n")
    with pytest.raises(DataError, match=r"empty\.txt:1: expected at least one line of text"):
        texts(tmp_path)


def test_a_folder_of_classes_splits_each_on_its_own(tmp_path):
    for label in ("neg", "pos"):
        (tmp_path / f"{label}.txt").write_text("".join(f"{label} {number}\n" for number in range(10)))
    parts = texts(tmp_path)
    assert parts["test"] == [("neg 0", "neg"), ("pos 0", "pos")]
    assert parts["validation"] == [("neg 1", "neg"), ("pos 1", "pos")]
    assert len(parts["train"]) == 16


def test_the_formats_of_a_task_come_first(tmp_path):
    (tmp_path / "a.tsv").write_text("text\tlabel\n")
    rows = Format("rows", lambda head: "" if head.first == "text\tlabel" else "no", lambda path: ROWS)
    split = lambda examples: {"test": list(examples)}  # noqa: E731
    assert texts(tmp_path / "a.tsv", formats=[rows], split=split) == {"test": ROWS}
    assert texts(tmp_path, formats=[rows], split=split) == {"test": ROWS}
    (tmp_path / "a.tsv").rename(tmp_path / "train")
    (tmp_path / "test").write_text("text\tlabel\n")
    taken = lambda train: {"train": train[5:], "validation": train[:5]}  # noqa: E731
    parts = texts(tmp_path, formats=[rows], validation=taken)
    assert parts == {"train": ROWS[5:], "validation": ROWS[:5], "test": ROWS}


def test_sets_of_tfds(stored):
    stored["mine"] = {"train": [{"label": label, "text": text} for text, label in ROWS]}
    assert texts("tfds:mine") == texts("synthetic")
    stored["words"] = {"train": [{"words": [number]} for number in range(20)]}
    assert sentences("tfds:words", each=lambda words: words[0]) == SPLIT


def test_a_tilde_is_the_home_of_a_person(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in ROWS))
    assert texts("~/a.tsv") == texts(tmp_path / "a.tsv")


def test_what_are_no_data(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"No such file or folder: nowhere\. Data are `synthetic`, `tfds:NAME`"):
        texts("nowhere")
    (tmp_path / "a.docx").write_text("x")
    expected = (
        r"a\.docx: expected one of the formats: JSON lines with text and label \(line 1 is no JSON object\); a table"
    )
    with pytest.raises(DataError, match=expected):
        texts(tmp_path / "a.docx")
    for name in ("a.tsv", "a.jsonl"):
        (tmp_path / name).write_text("")
        with pytest.raises(DataError, match="at least one line of text, found an empty file"):
            texts(tmp_path / name)


def test_sentences_of_a_file_or_of_files_named_by_split(tmp_path):
    assert sentences("synthetic") == SPLIT
    (tmp_path / "my.train.txt").write_text(" ".join(map(str, range(20))))
    assert sentences(tmp_path / "my.train.txt")["test"] == ["0", "10"]
    (tmp_path / "my.test.txt").write_text("t1 t2")
    parts = sentences(tmp_path)
    assert parts["test"] == ["t1", "t2"]
    assert parts["validation"] == ["1", "11"]
    assert len(parts["train"]) == 18
    (tmp_path / "my-dev.txt").write_text("d1 d2")
    assert sentences(tmp_path)["validation"] == ["d1", "d2"]
    assert len(sentences(tmp_path)["train"]) == 20
    (tmp_path / "my.train.txt").unlink()
    assert sentences(tmp_path) == {"train": ["d1"], "validation": ["d2"], "test": ["t1", "t2"]}
    (tmp_path / "valid.txt").write_text("d3")
    with pytest.raises(ValueError, match=r"my-dev\.txt and valid\.txt in .*, both for validation\. Move one away"):
        sentences(tmp_path)


def test_a_folder_without_a_file_for_testing(tmp_path):
    (tmp_path / "train.txt").write_text("a b")
    with pytest.raises(FileNotFoundError, match=r"a file named \.\.\.test\.\.\. and one .*, with train\.txt"):
        sentences(tmp_path)
    # The file for validation is for testing, and validation comes out of training.
    (tmp_path / "dev.txt").write_text("d1 d2")
    assert sentences(tmp_path) == {"train": ["a"], "validation": ["b"], "test": ["d1", "d2"]}


def test_held_out_examples_are_every_so_manyth():
    assert sources.hold_out(list("abcdefg"), every=3) == {"train": list("abdeg"), "validation": list("cf")}


def test_recordings_of_a_folder_a_class(tmp_path):
    for label in ("rest", "run"):
        (tmp_path / label).mkdir()
        for number in range(3):
            header = "x,y\n" if label == "run" else ""
            (tmp_path / label / f"{number}.csv").write_text(f"{header}{number},1\n2,3\n")
    parts = sources.recordings(tmp_path)
    assert {name: len(part) for name, part in parts.items()} == {"train": 2, "validation": 2, "test": 2}
    frames, label = parts["train"][1]
    assert label == "run"
    np.testing.assert_array_equal(frames, np.array([[2, 1], [2, 3]], "float32"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2\n3\n", r"0\.csv:2: expected 2 finite numbers, found '3'"),
        ("1,2\nnan,3\n", r"0\.csv:2: expected 2 finite numbers"),
        ("x,y\n", r"0\.csv: expected a frame of numbers a line, found a header alone"),
        ("x,y\n1,b\n", r"0\.csv:2: expected numbers between commas, found '1,b'"),
    ],
)
def test_a_recording_that_is_damaged(tmp_path, content, message):
    for label in ("rest", "run"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "0.csv").write_text(content)
    with pytest.raises(DataError, match=message):
        sources.recordings(tmp_path)
    with pytest.raises(DataError, match=r"expected a folder of \.csv files for each of two classes or more, found 0"):
        sources.recordings(tmp_path / "rest")


CASES = ROOT / "tests" / "data" / "cases"


def test_conll_2003_names_its_validation_testa_and_its_test_testb():
    names = Format("names", lambda head: "", lambda path: [path.name])
    parts = sources.sentences(str(CASES / "columns" / "conll2003"), synthetic=list, formats=[names], tfds=())
    assert parts == {"train": ["eng.train"], "validation": ["eng.testa"], "test": ["eng.testb"]}


def test_channels_may_be_numbered_in_a_header():
    parts = sources.recordings(CASES / "sensors_numbered")
    frames = [frames for part in parts.values() for frames, _ in part]
    assert len(frames) == 24
    assert {each.shape for each in frames} == {(20, 3)}


def test_macos_copies_are_no_recordings(tmp_path):
    for label in ("rest", "run"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "0.csv").write_text("1,2\n0.5,6\n")
        (tmp_path / label / "._0.csv").write_bytes(b"\0\5\x16\7")
    (tmp_path / "__MACOSX").mkdir()
    ((frames, _), _) = sources.recordings(tmp_path)["test"]
    np.testing.assert_array_equal(frames, [[0.5, 6]])
