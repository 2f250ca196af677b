import pytest

from zoo.data.readers import questions
from zoo.storage.files import DataError

LINES = "NUM:date When was Ozzy Osbourne born ?\nLOC:other Where is Quebec 's château ?\n"


@pytest.mark.parametrize("name", ["a.label", "a.label.gz"])
def test_coarse_and_fine_classes(write, name):
    path = write(name, LINES, "latin-1")
    texts = ["When was Ozzy Osbourne born ?", "Where is Quebec 's château ?"]
    assert questions.read(path) == list(zip(texts, ["NUM", "LOC"], strict=True))
    assert questions.read(path, classes="fine") == list(zip(texts, ["NUM:date", "LOC:other"], strict=True))


@pytest.mark.parametrize("line", ["When was it ?", "NUM When was it ?", "num:date When ?", "NUM:date ", "NUM:date"])
def test_malformed(write, line):
    with pytest.raises(DataError, match=r"a\.label:3: expected COARSE:fine and a question"):
        questions.read(write("a.label", LINES + line + "\n", "latin-1"))


def test_empty_file(write):
    with pytest.raises(DataError, match="empty file"):
        questions.read(write("a.label", ""))


def test_encoding(write):
    with pytest.raises(DataError, match=r"a\.label:2: expected utf-8"):
        questions.read(write("a.label", LINES, "latin-1"), encoding="utf-8")
    assert questions.read(write("b.label", LINES), encoding="utf-8")[1][0].endswith("château ?")


def test_other_classes(write):
    with pytest.raises(ValueError, match="received: 'medium'"):
        questions.read(write("a.label", LINES, "latin-1"), classes="medium")


@pytest.mark.real_data
def test_published_counts(real_data):
    folder = real_data / "trec_questions"
    train, test = questions.read(folder / "train_5500.label"), questions.read(folder / "TREC_10.label")
    assert (len(train), len(test)) == (5452, 500)
    assert (
        {label for _, label in train} == {label for _, label in test} == {"ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"}
    )
    assert len({label for _, label in questions.read(folder / "train_5500.label", classes="fine")}) == 50


def test_empty_lines_are_passed_over(write):
    assert questions.read(write("a.label", "NUM:date When ?\n\n")) == [("When ?", "NUM")]
