import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from zoo.data.readers import transcripts, wav
from zoo.storage.files import DataError


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sounds").mkdir()
    for number, name in enumerate(("a", "sounds/b")):
        wav.write(tmp_path / f"{name}.wav", 8000 * (number + 1), np.sin(np.arange(50)) * 0.5)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("said.tsv", "file\ttext\na.wav\tyes\nsounds/b.wav\tno, no\n"),
        ("said.csv", 'speaker,text,file\nann,yes,a.wav\nbob,"no, no",sounds/b.wav\n'),
        (
            "said.jsonl",
            "\n".join(json.dumps({"file": f, "text": t}) for f, t in (("a.wav", "yes"), ("sounds/b.wav", "no, no"))),
        ),
    ],
)
def test_a_table_in_any_format(folder, name, content):
    (folder / name).write_text(content)
    assert transcripts.find(folder) == transcripts.find(folder / name) == folder / name
    (one, first), (two, second) = transcripts.read(folder / name)
    assert (first, second) == ("yes", "no, no")
    assert (one[0], two[0]) == (8000, 16000)
    np.testing.assert_allclose(one[1], np.sin(np.arange(50)) * 0.5, atol=1e-4)


@pytest.mark.parametrize("name", ["none.wav", "../a.wav", "/etc/passwd", "sounds"])
def test_files_lie_below_the_table(folder, name):
    (folder / "sounds" / "said.tsv").write_text(f"file\ttext\nb.wav\tno\n{name}\tyes\n")
    with pytest.raises(DataError, match=r"said\.tsv: expected names of files that stand below .*, found .* in row 2"):
        transcripts.read(folder / "sounds" / "said.tsv")


def test_several_tables_and_none(folder):
    assert transcripts.find(folder) is None
    assert transcripts.find(folder / "a.wav") is None
    for name in ("one.tsv", "two.csv"):
        (folder / name).write_text("x")
    with pytest.raises(DataError, match=r"one table of transcripts, found one\.tsv, two\.csv"):
        transcripts.find(folder)


def test_channels_are_counted(folder):
    for name in ("c", "d"):
        wavfile.write(folder / f"{name}.wav", 8000, np.ones((20, 2), "float32") * 0.5)
    (folder / "said.tsv").write_text("file\ttext\na.wav\tyes\nc.wav\tno\nd.wav\tno\n")
    with pytest.warns(UserWarning, match=r"2 of 3 sounds were repaired, the first: .*c\.wav: 2 channels") as told:
        transcripts.read(folder / "said.tsv")
    assert len(told) == 1


def test_a_damaged_sound_is_named(folder):
    (folder / "a.wav").write_bytes((folder / "a.wav").read_bytes()[:60])
    (folder / "said.tsv").write_text("file\ttext\na.wav\tyes\n")
    with pytest.raises(DataError, match=r"a\.wav: expected a whole WAV file"):
        transcripts.read(folder / "said.tsv")


def test_silent_sounds_are_left_out_and_counted(folder):
    shutil.copy(Path(__file__).parents[1] / "cases" / "sounds" / "silent.wav", folder / "c.wav")
    (folder / "said.tsv").write_text("file\ttext\nc.wav\tno\na.wav\tyes\nc.wav\tno\n")
    with pytest.warns(
        UserWarning, match=r"said\.tsv: 2 of 3 sounds are silent and left out, the first: c\.wav"
    ) as told:
        ((_, text),) = transcripts.read(folder / "said.tsv")
    assert (text, len(told)) == ("yes", 1)
    (folder / "said.tsv").write_text("file\ttext\nc.wav\tno\n")
    with pytest.raises(DataError, match="expected a sound that is not silent, found 1 silent ones"):
        transcripts.read(folder / "said.tsv")


def test_what_macos_writes_beside_a_table_is_passed_over(folder):
    for name in ("._said.tsv", "said.tsv"):
        (folder / name).write_text("file\ttext\na.wav\tyes\n")
    assert transcripts.find(folder) == folder / "said.tsv"


def test_a_folder_is_no_sound(folder):
    (folder / "said.tsv").write_text("file\ttext\nsounds\tyes\n")
    with pytest.raises(DataError, match=r"said\.tsv: expected names of files.*'sounds'"):
        transcripts.read(folder / "said.tsv")


@pytest.mark.parametrize("name", ["\0", "a" * 300])
def test_names_that_no_system_takes(folder, name):
    (folder / "said.tsv").write_text(f"file\ttext\n{name}\tyes\n")
    with pytest.raises(DataError, match=r"said\.tsv"):
        transcripts.read(folder / "said.tsv")


def test_of_several_tables_the_one_of_file_and_text_is_meant(folder):
    (folder / "speakers.csv").write_text("name,age\nann,30\n")
    (folder / "said.tsv").write_text("file\ttext\na.wav\tyes\n")
    assert transcripts.find(folder) == folder / "said.tsv"


def test_only_selected_sounds_are_read(folder):
    (folder / "a.wav").write_bytes(b"damaged")
    (folder / "said.tsv").write_text("file\ttext\na.wav\tyes\nsounds/b.wav\tno\n")
    ((_, text),) = transcripts.read(folder / "said.tsv", select=lambda rows: rows[1:])
    assert text == "no"


def test_a_folder_for_each_word(folder):
    assert transcripts.word_folders(folder) == {}
    words = folder / "words"
    for name in ("yes/a", "yes/b", "no/a", "_background_noise_/hum"):
        (words / name).parent.mkdir(parents=True, exist_ok=True)
        wav.write(words / f"{name}.wav", 8000, np.sin(np.arange(50)) * 0.5)
    rows = {(file.relative_to(words).as_posix(), word) for file, word in transcripts.word_folders(words)[""]}
    assert rows == {("yes/a.wav", "yes"), ("yes/b.wav", "yes"), ("no/a.wav", "no")}
    (words / "testing_list.txt").write_text("yes/b.wav\n")
    parts = transcripts.word_folders(words)
    assert {split: [file.name for file, _ in part] for split, part in parts.items()} == {
        "train": ["a.wav", "a.wav"],
        "test": ["b.wav"],
    }
    assert [text for _, text in transcripts.read_sounds(parts["test"], words)] == ["yes"]
