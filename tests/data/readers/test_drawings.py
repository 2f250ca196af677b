import gzip
import json

import numpy as np
import pytest

from zoo.data.featurizers.drawings import movements
from zoo.data.readers.drawings import read, read_lines
from zoo.storage.files import DataError

POINTS = np.array([[1, 2, 0], [3, -4, 1], [5, 6, 1]], "int16")
OFFSETS = np.array([0, 2, 3], "int32")


def write(path, **changed):
    arrays = {f"{part}_points": POINTS for part in ("train", "valid", "test")}
    arrays |= {f"{part}_offsets": OFFSETS for part in ("train", "valid", "test")}
    np.savez(path, **{name: array for name, array in (arrays | changed).items() if array is not None})
    return path


def test_drawings_by_split(tmp_path):
    found = read(write(tmp_path / "a.npz", valid_points=POINTS[:2], valid_offsets=OFFSETS[:2]))
    assert {split: len(drawings) for split, drawings in found.items()} == {"train": 2, "validation": 1, "test": 2}
    first, second = found["test"]
    assert first.dtype == np.float32
    assert (first.tolist(), second.tolist()) == (POINTS[:2].tolist(), POINTS[2:].tolist())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"test_points": None}, "expected the array test_points"),
        ({"train_points": POINTS[:, :2]}, r"train_points \(N, 3\) of finite numbers, found int16 \(3, 2\)"),
        ({"train_points": np.full((3, 3), np.nan)}, "finite numbers"),
        ({"valid_offsets": OFFSETS[:2]}, "valid_offsets that rise from 0 to 3"),
        ({"valid_offsets": np.array([0, 2, 2, 3])}, "that rise"),
        ({"test_points": POINTS + np.array([0, 0, 1], "int16")}, "0 or 1 as the pen of test point 1, found 2"),
    ],
)
def test_other_arrays(tmp_path, changed, message):
    with pytest.raises(DataError, match=message):
        read(write(tmp_path / "a.npz", **changed))


def test_other_files(tmp_path):
    path = tmp_path / "a.npz"
    path.write_text("no numbers")
    with pytest.raises(DataError, match=r"a\.npz: expected an \.npz file of numbers"):
        read(path)
    np.savez(path, train_points=np.array([{}]), allow_pickle=True)
    with pytest.raises(DataError, match=r"an \.npz file of numbers"):
        read(path)


LINES = [[[0, 0], [0, 5]], [[2, 2], [4, 2], [4, 4]]]


def test_lines_of_ones_own(tmp_path):
    path = tmp_path / "own.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.write(f"{json.dumps(LINES)}\n\n{json.dumps(LINES[:1])}\n")
    found = read_lines(path)
    assert len(found) == 2
    np.testing.assert_array_equal(found[0], movements(LINES))


@pytest.mark.parametrize("text", ["{", "[]", "[[[0, 0]]]", '[[[0, "a"], [1, 1]]]', "7", '{"lines": []}', "[[]]"])
def test_what_is_no_drawing(tmp_path, text):
    path = tmp_path / "own.jsonl"
    path.write_text(f"{json.dumps(LINES)}\n{text}\n")
    with pytest.raises(DataError, match=r"own\.jsonl:2: expected a drawing"):
        read_lines(path)


@pytest.mark.real_data
def test_kanji(real_data):
    found = read(real_data / "kanji_strokes" / "kanji_strokes.npz")
    assert [len(found[split]) for split in ("train", "validation", "test")] == [10_000, 600, 500]
    assert all(drawing[-1, 2] == 1 for drawing in found["test"])  # the pen is lifted at the end of every drawing


@pytest.mark.parametrize("number", ["1e39", "9" * 400, "1e999", "NaN"])
def test_points_are_finite(tmp_path, number):
    (tmp_path / "own.jsonl").write_text(f"[[[0, 0], [1, 2]]]\n[[[0, 0], [{number}, 2]]]\n")
    with pytest.raises(DataError, match=r"own\.jsonl:2: expected a drawing"):
        read_lines(tmp_path / "own.jsonl")


def test_points_of_arrays_are_finite_in_float32(tmp_path):
    arrays = {f"{part}_{name}": value for part in ("train", "valid", "test") for name, value in
              (("points", np.array([[1e300, 0, 1]])), ("offsets", np.array([0, 1])))}  # fmt: skip
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=r"a\.npz: expected train_points of finite numbers, found inf"):
        read(tmp_path / "a.npz")


def test_quick_draw_has_lists_of_x_and_of_y(write):
    own = "[[[0, 0], [3, 1]], [[5, 5], [6, 7]]]\n"
    published = '{"word": "cat", "drawing": [[[0, 3], [0, 1], [0, 9]], [[8], [8]], [[5, 6], [5, 7]]]}\n'
    (one,), (other,) = read_lines(write("a.jsonl", own)), read_lines(write("a.ndjson", published))
    np.testing.assert_array_equal(one, other)
    for drawing in ("[[[0, 1], [2]]]", "[[[0, 1]]]", "[]", "3"):
        with pytest.raises(DataError, match=r"a\.ndjson:1: expected a drawing"):
            read_lines(write("a.ndjson", f'{{"drawing": {drawing}}}\n'))
    with pytest.raises(DataError, match=r"a\.ndjson:1: expected a drawing"):
        read_lines(write("a.ndjson", '{"word": "cat"}\n'))


def test_texts_of_digits_are_no_numbers(write):
    with pytest.raises(DataError, match=r"a\.jsonl:1: expected a drawing"):
        read_lines(write("a.jsonl", '[[[1, "2"], [3, 4]]]\n'))
