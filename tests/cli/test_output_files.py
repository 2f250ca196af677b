"""Where outputs that are no text are written, and which paths are refused before anything is generated."""

from types import SimpleNamespace

import numpy as np
import pytest

from zoo.cli.output_files import check_out, format_numbers, write_file


def write_output(hypothesis, path, run):
    path.write_text(f"{hypothesis} of {run}")
    return "a remark"


SONGS = SimpleNamespace(OUTPUT_FILE="song_{}.mid", write_output=write_output)


def test_a_file_or_a_folder_is_written(tmp_path):
    (tmp_path / "folder.mid").mkdir()
    for out, expected in (
        ("a.mid", "a.mid"),
        ("B.MID", "B.MID"),
        ("new/a.mid", "new/a.mid"),
        ("songs", "songs/song_0_1.mid"),
        ("v1.2", "v1.2/song_0_1.mid"),
        ("folder.mid", "folder.mid/song_0_1.mid"),
    ):
        check_out(SONGS, tmp_path / out, 1)
        path, remark = write_file(SONGS, "a song", tmp_path / out, "0_1", "a run")
        assert (path, remark) == (tmp_path / expected, "a remark")
        assert path.read_text() == "a song of a run"


@pytest.mark.parametrize(
    ("recipe", "name", "count", "message"),
    [
        (SONGS, "a.wav", 1, "--out is a file ending in .mid, or a folder. Received: .*a.wav"),
        (SONGS, "a.midi", 1, "--out is a file ending in .mid"),
        (SONGS, "a.mid", 3, "--out names one file for 3 outputs: give a folder"),
        (
            SimpleNamespace(OUTPUT_FILE=None),
            "a.txt",
            1,
            "--out is for music, drawings and images: redirect text to a file by > FILE",
        ),
        (None, "a.mid", 1, "--out is for music, drawings and images"),
    ],
)
def test_other_paths_are_refused(tmp_path, recipe, name, count, message):
    with pytest.raises(ValueError, match=message):
        check_out(recipe, tmp_path / name, count)
    assert not list(tmp_path.iterdir())


def test_no_path_is_no_error():
    check_out(None, None, 3)


def test_frames_without_a_recipe_are_a_table():
    assert format_numbers(np.array([[1, 0.25], [-3, 1e-7]], "float64")) == "1 0.25\n-3 1e-07"
