import gzip

import pytest

from zoo.recipes.common.text_sources import chunks, texts


def told(data, text="0123456789"):
    raw, long = texts(str(data), synthetic=lambda: text)
    return {part: [example["target"] for example in examples] for part, examples in raw.items()}, long


def test_a_generated_text_and_a_file_are_cut_eight_to_one_to_one(tmp_path):
    cut = {"train": ["01234567"], "validation": ["8"], "test": ["9"]}
    assert told("synthetic") == (cut, True)
    with gzip.open(tmp_path / "mine.txt.gz", "wt") as file:
        file.write("012345678\n")
    assert told(tmp_path / "mine.txt.gz") == ({"train": ["01234567"], "validation": ["8"], "test": ["\n"]}, True)


def test_input_txt_is_cut_as_is_customary(tmp_path):
    (tmp_path / "input.txt").write_text("012345678\n")
    cut = {"train": ["012345678"], "validation": ["\n"], "test": ["\n"]}
    assert told(tmp_path) == (cut, True)
    assert told(tmp_path / "input.txt") == (cut, True)


def test_folders_of_sentences(tmp_path):
    for part, words in (("train", "a b"), ("dev", "c"), ("test", "d")):
        lines = [f"{n}\t{word}\t_\t_\t_\t_\t_\t_\t_\t_\n" for n, word in enumerate(words.split(), 1)]
        (tmp_path / f"en-{part}.conllu").write_text("".join(lines) + "\n")
    assert told(tmp_path) == ({"train": [["a", "b"]], "validation": [["c"]], "test": [["d"]]}, False)
    for file in list(tmp_path.iterdir()):
        file.unlink()
    for part in ("train", "valid", "test"):
        (tmp_path / f"{part}.txt").write_text(f"in {part}\n\n")
    assert told(tmp_path)[0] == {part: [["in", part[:5]]] for part in ("train", "test")} | {
        "validation": [["in", "valid"]]
    }


def of_set(**splits):
    return {split: [{"text": text} for text in texts] for split, texts in splits.items()}


def test_texts_of_tfds_with_several_lines_are_one_stream(stored):
    stored["whole"] = of_set(train=["a\nb"], validation=["c\n", "d"], test=["e\n"])
    assert told("tfds:whole") == ({"train": ["a\nb"], "validation": ["c\n\n\nd"], "test": ["e\n"]}, True)
    # What is not there comes from the end of training.
    stored["tested"] = of_set(train=["0123\n56789"], test=["e\n"])
    assert told("tfds:tested") == ({"train": ["0123\n5678"], "validation": ["9"], "test": ["e\n"]}, True)
    stored["validated"] = of_set(train=["0123\n56789"], dev=["c"])
    assert told("tfds:validated") == ({"train": ["0123\n5678"], "validation": ["9"], "test": ["c"]}, True)
    stored["alone"] = of_set(train=["0123\n56789"])
    assert told("tfds:alone") == ({"train": ["0123\n567"], "validation": ["8"], "test": ["9"]}, True)


def test_texts_of_tfds_of_one_line_are_sentences(stored):
    stored["lm"] = of_set(train=[f"a {number}" for number in range(10)], test=["b c"])
    raw, long = told("tfds:lm")
    assert not long
    assert (raw["validation"], raw["test"]) == ([["a", "1"]], [["b", "c"]])
    assert len(raw["train"]) == 9


def test_a_long_text_in_lines():
    assert chunks("a\n\nb\n") == ["a\n", "\n", "b\n"]
    assert chunks(["a", "b"]) == [["a", "b"]]


def test_no_such_path():
    with pytest.raises(FileNotFoundError, match="No such file"):
        told("nowhere.txt")
