import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoo.data.readers import pictures
from zoo.storage.files import DataError

CASES = Path(__file__).parents[1] / "cases"


def drawn(random, height=5, width=7):
    return random.integers(0, 256, (height, width, 3), "uint8")


def test_what_is_written_is_read(random, tmp_path):
    pixels = drawn(random)
    pictures.write(tmp_path / "a.png", pixels)
    pictures.write(tmp_path / "b.png", pixels[..., :1] / 255)
    found, mode = pictures.read(tmp_path / "a.png")
    np.testing.assert_array_equal(found, pixels)
    grey, grey_mode = pictures.read(tmp_path / "b.png", channels=1)
    np.testing.assert_array_equal(grey, pixels[..., :1])
    assert (mode, grey_mode) == ("RGB", "L")


def test_jpeg_comes_close_and_is_read_from_bytes():
    pixels = np.full((16, 16, 3), (200, 40, 90), "uint8")
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=95)
    found, mode = pictures.read("a.jpg", content=content.getvalue())
    assert mode == "RGB" and np.abs(found.astype(int) - pixels).max() < 6


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_mode_becomes_colours(mode, random, tmp_path):
    grey = np.repeat(drawn(random)[..., :1] // 128 * 255, 3, axis=-1)
    if mode == "I;16":
        picture = Image.fromarray((grey[..., 0].astype("uint16") << 8) + 17)
    else:
        picture = Image.fromarray(grey).convert(mode)
    picture.save(tmp_path / "a.png")
    found, said = pictures.read(tmp_path / "a.png")
    np.testing.assert_array_equal(found, grey)
    assert said == mode


def test_what_is_seen_through_stands_on_white(tmp_path):
    Image.new("RGBA", (2, 1), (100, 0, 0, 0)).save(tmp_path / "a.png")
    assert (pictures.read(tmp_path / "a.png")[0] == 255).all()
    assert (pictures.read(tmp_path / "a.png", channels=1)[0] == 255).all()


def test_a_picture_held_sideways_is_turned(tmp_path):
    picture = Image.fromarray(np.arange(6, dtype="uint8").reshape(2, 3) * 40)
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    picture.save(tmp_path / "a.png", exif=exif)
    found, _ = pictures.read(tmp_path / "a.png", channels=1)
    assert (found[..., 0] // 40).tolist() == [[3, 0], [4, 1], [5, 2]]


@pytest.mark.parametrize("ending", ["png", "jpg", "gif"])
def test_a_truncated_file_is_named(ending, random, tmp_path):
    path = tmp_path / f"a.{ending}"
    Image.fromarray(drawn(random, 40, 40)).save(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match=rf"a\.{ending}: expected a whole picture"):
        pictures.read(path)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_named(content, tmp_path):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.png: expected a whole picture"):
        pictures.read(tmp_path / "a.png")
    with pytest.raises(FileNotFoundError):
        pictures.read(tmp_path / "b.png")


def test_frames_of_a_film_are_read(tmp_path):
    frames = np.zeros((3, 4, 4, 3), "uint8")
    for number in range(3):
        frames[number, number, :, number] = 255
    pictures.write(tmp_path / "a.gif", frames)
    found = pictures.read_frames(tmp_path / "a.gif")
    np.testing.assert_array_equal(np.stack([pixels for pixels, _ in found]), frames)
    np.testing.assert_array_equal(pictures.read(tmp_path / "a.gif")[0], frames[0])


def test_frames_of_a_folder_come_in_the_order_of_their_numbers(tmp_path):
    for number in (2, 10, 1):
        pictures.write(tmp_path / f"frame_{number}.png", np.full((1, 1, 3), number, "uint8"))
    (tmp_path / "notes.txt").write_text("none")
    assert [int(pixels[0, 0, 0]) for pixels, _ in pictures.read_frames(tmp_path)] == [1, 2, 10]
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"empty: expected pictures \(\.png"):
        pictures.read_frames(tmp_path / "empty")
    (tmp_path / "a²b.png").write_bytes((tmp_path / "frame_1.png").read_bytes())
    (tmp_path / "1²2.png").write_bytes((tmp_path / "frame_1.png").read_bytes())
    assert len(pictures.read_frames(tmp_path)) == 5


def test_what_macos_writes_beside_pictures_is_passed_over():
    assert len(list((CASES / "macos_copy" / "pictures").iterdir())) == 24
    assert len(pictures.read_frames(CASES / "macos_copy" / "pictures")) == 12


def test_a_film_that_was_cut_is_not_a_shorter_film(random, tmp_path):
    pictures.write(tmp_path / "a.gif", random.integers(0, 256, (8, 9, 9, 3), "uint8"))
    whole = (tmp_path / "a.gif").read_bytes()
    assert len(pictures.read_frames(tmp_path / "a.gif")) == 8
    (tmp_path / "a.gif").write_bytes(whole[: len(whole) * 3 // 4])
    for read in (pictures.read, pictures.read_frames):
        with pytest.raises(DataError, match=r"a\.gif: expected a whole picture .*truncated"):
            read(tmp_path / "a.gif")


def test_pixels_are_bounded(random, tmp_path, monkeypatch):
    pictures.write(tmp_path / "a.gif", random.integers(0, 256, (8, 9, 9, 3), "uint8"))
    pictures.write(tmp_path / "a.png", drawn(random, 9, 9))
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes())
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    assert len(pictures.read(tmp_path / "a.gif")[0]) == 9
    with pytest.raises(DataError, match=r"a\.gif: expected at most 100 pixels .*, found 648 in 8 frames"):
        pictures.read_frames(tmp_path / "a.gif")
    with pytest.raises(DataError, match="at most 100 pixels .*, found 162 in 2 frames"):
        pictures.read_frames(tmp_path)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 80)
    for name in ("a.gif", "a.png"):
        with pytest.raises(DataError, match="at most 80 pixels .*, found 81 in 1 frame"):
            pictures.read(tmp_path / name)


def test_a_small_file_of_a_huge_film():
    """A frame of 65535 x 65535 pixels, in a hundred bytes."""
    content = io.BytesIO()
    Image.new("L", (2, 2)).save(content, "GIF")
    large = content.getvalue().replace(b"\x02\x00\x02\x00", b"\xff\xff\xff\xff")
    with pytest.raises(DataError, match="at most 100,000,000 pixels"):
        pictures.read("a.gif", content=large)
