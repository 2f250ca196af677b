import numpy as np
import pytest

from zoo.data.readers import frames
from zoo.storage.data_error import DataError


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (",0,1\n0,5,6\n1,7,8\n", [[5, 6], [7, 8]]),  # as pandas writes a table
        (",x,y\n0,5,6\n1,7,8\n", [[5, 6], [7, 8]]),
        ("x,y\n0,5\n1,7\n", [[0, 5], [1, 7]]),
        ("1,2\n0.5,6\n", [[0.5, 6]]),
        ("0,1\n5,-6\n", [[0, 1], [5, -6]]),  # whole numbers: a frame like the others
        ("2,1\n5.5,6\n", [[2, 1], [5.5, 6]]),
        ("0\n5.5\n", [[0], [5.5]]),
    ],
)
def test_headers_and_row_numbers_are_no_frames(write, content, expected):
    np.testing.assert_array_equal(frames.read(write("a.csv", content)), np.array(expected, "float32"))


@pytest.mark.parametrize("content", ["1,2\n3\n", "1,2\n3,inf\n", "1,2\n3,four\n", "x,y\n"])
def test_what_is_no_table_of_finite_numbers_is_refused(write, content):
    with pytest.raises(DataError, match="a.csv"):
        frames.read(write("a.csv", content))


def test_empty_lines_are_passed_over(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\nx,y\n1,2\n\n3,4\n\n")
    assert frames.read(path).tolist() == [[1, 2], [3, 4]]


def test_quoted_numbers_of_rows_as_r_writes_them_are_no_channel(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('"","x","y"\n"1",1,2\n"2",3,4\n')
    assert frames.read(path).tolist() == [[1, 2], [3, 4]]
