import warnings

import numpy as np
import pytest
from PIL import Image

from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.readers import pictures as files
from zoo.data.vocabularies.load import load_vocabulary
from zoo.storage.files import DataError


def test_a_path_and_its_pixels_are_the_same(random, tmp_path):
    pixels = random.integers(0, 256, (4, 6, 3), "uint8")
    files.write(tmp_path / "a.png", pixels)
    sense = ImageResizer(4, 6)
    found = sense.encode(tmp_path / "a.png")
    assert (found.shape, found.dtype, sense.shape) == ((4, 6, 3), "float32", (4, 6, 3))
    for same in (pixels, pixels / 255, str(tmp_path / "a.png")):
        np.testing.assert_allclose(sense.encode(same), found, atol=1e-7)
    np.testing.assert_allclose(found, pixels / 255, atol=1e-7)
    assert not sense.repairs


def test_other_sizes_and_modes_are_made_to_fit_said_once_and_counted(tmp_path):
    Image.new("RGBA", (8, 4), (255, 0, 0, 255)).save(tmp_path / "a.png")
    sense = ImageResizer(2, 2)
    with pytest.warns(UserWarning, match="A picture is") as told:
        first = sense.encode(tmp_path / "a.png")
    assert [str(one.message).split(";")[0] for one in told] == [
        "A picture is converted from mode RGBA to RGB",
        "A picture is resized from 4 x 8 to 2 x 2",
    ]
    np.testing.assert_allclose(first, np.broadcast_to([1.0, 0, 0], (2, 2, 3)), atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sense.encode(tmp_path / "a.png")
    assert dict(sense.repairs) == {"converted from mode RGBA to RGB": 2, "resized from 4 x 8 to 2 x 2": 2}


def test_grey_and_colours_become_each_other():
    with pytest.warns(UserWarning, match="from 1 channels to 3"):
        colours = ImageResizer(1, 2).encode(np.array([[0, 51]], "uint8"))
    np.testing.assert_allclose(colours, [[[0, 0, 0], [0.2, 0.2, 0.2]]], atol=1e-6)
    with pytest.warns(UserWarning, match="from 3 channels to 1"):
        grey = ImageResizer(1, 2, 1).encode(np.array([[[1.0, 0, 0], [1, 1, 1]]]))
    np.testing.assert_allclose(grey, [[[0.299], [1.0]]], atol=1e-6)


def test_halving_a_picture_keeps_its_means():
    pixels = np.zeros((4, 4, 1), "float32")
    pixels[:2, :2] = 1.0
    with pytest.warns(UserWarning, match="4 x 4 to 2 x 2"):
        small = ImageResizer(2, 2, 1).encode(pixels)
    assert small.mean() == pytest.approx(0.25, abs=1e-3) and small.argmax() == 0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros((2, 2, 2)), r"received: float64 of shape \(2, 2, 2\)"),
        (np.zeros((0, 2, 3)), "of shape"),
        (np.full((2, 2, 3), 2.0), "from 0 to 1 .floats., received: 2.0 to 2.0"),
        (np.full((2, 2, 3), 300), "from 0 to 255 .whole numbers., received: 300"),
        (np.full((2, 2, 3), np.nan), "from 0 to 1"),
    ],
)
def test_numbers_that_are_no_picture(value, message):
    with pytest.raises(ValueError, match=message):
        ImageResizer(2, 2).encode(value)


def test_settings_are_kept_and_checked(tmp_path):
    for number, sense in enumerate((ImageResizer(3, 4, 1), VideoFrames(3, 4, 1))):
        sense.save(tmp_path / f"{number}.json")
        assert load_vocabulary(tmp_path / f"{number}.json") == sense
    for kind in (ImageResizer, VideoFrames):
        with pytest.raises(ValueError, match="channels 1"):
            kind(2, 2, 4)


def test_a_clip_is_its_frames_from_a_film_a_folder_or_numbers(tmp_path):
    frames = np.zeros((3, 2, 2, 3), "uint8")
    for number in range(3):
        frames[number, ..., number] = 255
        files.write(tmp_path / f"{number}.png", frames[number])
    files.write(tmp_path / "a.gif", frames)
    (tmp_path / "a.gif").rename(tmp_path.parent / "a.gif")
    sense = VideoFrames(2, 2)
    for value in (frames, list(frames), tmp_path, str(tmp_path)):
        found = sense.encode(value)
        np.testing.assert_allclose(found, frames / 255)
        assert found.dtype == "float32"
    with pytest.warns(UserWarning, match="mode P to RGB"):
        np.testing.assert_allclose(sense.encode(tmp_path.parent / "a.gif"), frames / 255)
    assert dict(sense.repairs) == {"converted from mode P to RGB": 3}
    with pytest.raises(ValueError, match="at least one frame"):
        sense.encode([])
    (tmp_path / "1.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"1\.png"):
        sense.encode(tmp_path)
