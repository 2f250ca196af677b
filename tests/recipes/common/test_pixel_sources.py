import numpy as np
import pytest

from tests.data.readers.test_idx import written
from zoo.data.readers import pictures as files
from zoo.recipes.common.pixel_sources import grey_pictures, to_levels
from zoo.storage.files import DataError


def read(data, **options):
    return grey_pictures(str(data), **{"examples": 30, "height": None, "width": None, "seed": 0, **options})


def sizes(parts):
    return [len(parts[part]) for part in ("train", "validation", "test")]


def test_generated_ones():
    parts, sense = read("synthetic")
    assert sizes(parts) == [24, 3, 3]
    assert sense.shape == (12, 12, 1)
    parts, sense = read("synthetic", height=8, width=10)
    assert parts["test"][0].shape == sense.shape[:2] == (8, 10)


def test_one_idx_file_is_cut_by_position(tmp_path):
    numbers = np.repeat(np.arange(20, dtype="uint8"), 6)
    path = written(tmp_path / "t10k-images-idx3-ubyte", 0x08, (20, 2, 3), numbers.tobytes())
    for data in (path, tmp_path):
        parts, sense = read(data)
        assert sense.shape == (2, 3, 1)
        found = [[round(float(one[0, 0]) * 255) for one in parts[part]] for part in ("train", "validation", "test")]
        assert found == [list(range(16)), [16, 17], [18, 19]]
    with pytest.warns(UserWarning, match="resized from 2 x 3 to 4 x 4"):
        parts, sense = read(path, height=4, width=4)
    assert sense.repairs["resized from 2 x 3 to 4 x 4"] == 20


def test_of_two_idx_files_one_is_for_testing(tmp_path):
    written(tmp_path / "train-images-idx3-ubyte", 0x08, (10, 1, 1), bytes(range(10)))
    written(tmp_path / "t10k-images-idx3-ubyte", 0x08, (3, 1, 1), bytes([20, 21, 22]))
    parts, _ = read(tmp_path)
    assert sizes(parts) == [9, 1, 3]
    assert round(float(parts["test"][0][0, 0]) * 255) == 20
    written(tmp_path / "train-labels-idx1-ubyte", 0x08, (10,), bytes(range(10)))
    assert sizes(read(tmp_path)[0]) == [9, 1, 3]
    written(tmp_path / "test-images-idx3-ubyte", 0x08, (3, 1, 1), bytes([20, 21, 22]))
    with pytest.raises(ValueError, match="t10k-images-idx3-ubyte and test-images-idx3-ubyte in .*, both for test"):
        read(tmp_path)


def test_a_folder_of_pictures_becomes_grey_and_of_one_size(tmp_path):
    for number in range(10):
        files.write(tmp_path / f"{number}.png", np.full((6, 6, 3), number / 10))
    with pytest.warns(UserWarning, match="A picture is") as told:
        parts, sense = read(tmp_path, height=4, width=5)
    assert len(told) == 2  # once for the mode and once for the size
    assert sizes(parts) == [8, 1, 1]
    assert dict(sense.repairs) == {"converted from mode RGB to L": 10, "resized from 6 x 6 to 4 x 5": 10}
    np.testing.assert_allclose(parts["validation"][0], np.full((4, 5), 26 / 255), atol=1e-6)


def test_a_folder_of_nothing(tmp_path):
    with pytest.raises(DataError, match=r"pictures as an IDX file \(MNIST\) or picture files .*, found neither"):
        read(tmp_path)


def test_a_pixel_is_white_as_often_as_it_is_bright():
    random = np.random.default_rng(0)
    grey = np.full((100, 200), 0.3, "float32")
    assert to_levels(grey, 2, "sampled", random).mean() == pytest.approx(0.3, abs=0.02)
    assert not to_levels(grey, 2, "threshold", random).any()
    assert to_levels(grey + 0.3, 2, "threshold", random).all()
    edges = np.array([[0.0, 1.0]] * 5000)
    np.testing.assert_array_equal(to_levels(edges, 2, "sampled", random), edges.reshape(-1, 1))


def test_greys_keep_their_levels():
    grey = (np.arange(256, dtype="float32") / 255).reshape(16, 16)
    found = to_levels(grey, 256, "sampled", np.random.default_rng(0))
    assert found.dtype == "float32"
    np.testing.assert_array_equal(found[:, 0], np.arange(256))
    np.testing.assert_array_equal(to_levels(grey, 4, "sampled", np.random.default_rng(0))[[0, 100, 255], 0], [0, 1, 3])
