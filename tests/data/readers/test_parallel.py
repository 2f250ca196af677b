import pytest

from zoo.data.readers import parallel
from zoo.storage.files import DataError


def test_lines_of_one_number_belong_together(write):
    english, german = write("a.en", "A dog.\n\n Two cats. \n"), write("a.de.gz", "Ein Hund.\n \nZwei Katzen.")
    assert parallel.read(english, german) == [
        {"source": "A dog.", "target": "Ein Hund."},
        {"source": "Two cats.", "target": "Zwei Katzen."},
    ]


@pytest.mark.parametrize(
    ("english", "german", "message"),
    [
        ("a\nb\nc\n", "x\ny\n", r"a\.de:3: expected as many lines as in .*a\.en, found its end after line 2"),
        ("a\n", "x\ny\n", r"a\.en:2: expected as many lines as in .*a\.de, found its end after line 1"),
        ("a\n\nc\n", "x\ny\nz\n", r"a\.en:2: expected a text beside line 2 of .*a\.de, found an empty line"),
        ("a\nb\n", "x\n \n", r"a\.de:2: expected a text beside line 2 of .*a\.en"),
        ("", "x\n", r"a\.en:1: .*empty file"),
    ],
)
def test_malformed(write, english, german, message):
    with pytest.raises(DataError, match=message):
        parallel.read(write("a.en", english), write("a.de", german))


@pytest.mark.real_data
def test_real_sentences(real_data):
    folder = real_data / "multi30k_en_de"
    for part, count in (("train", 29000), ("val", 1014), ("test_2016_flickr", 1000)):
        pairs = parallel.read(folder / f"{part}.en.gz", folder / f"{part}.de.gz")
        assert len(pairs) == count


def test_two_texts_of_a_line(write):
    text = "Go.\tGeh.\tCC-BY 2.0 (France)\n\n Run! \tLauf!\n"
    assert parallel.read_tabs(write("deu.txt", text)) == [
        {"source": "Go.", "target": "Geh."},
        {"source": "Run!", "target": "Lauf!"},
    ]
    for line in ("Go.", "\tGeh.", "Go.\t\tCC"):
        with pytest.raises(DataError, match=r"deu\.txt:2: expected a text, a tab and a text"):
            parallel.read_tabs(write("deu.txt", f"a\tb\n{line}\n"))


def test_one_file_may_end_in_empty_lines(write):
    source, target = write("a.en", "a\n\n\n"), write("a.de", "x\n")
    assert parallel.read(source, target) == parallel.read(write("b.en", "a\n"), target)


def test_numbers_of_tatoeba_are_passed_over(write):
    pairs = parallel.read_tabs(write("pairs.txt", "1276\tLet's go!\t77\tGehen wir!\r\n"))
    assert pairs == [{"source": "Let's go!", "target": "Gehen wir!"}]
