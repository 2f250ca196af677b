"""Pictures in PNG, JPEG and GIF files, with Pillow."""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.readers import gif
from zoo.storage.data_error import damage_as_data_error
from zoo.storage.files import DataError, replace_file, visible_files

# Endings of the files of a folder that are pictures.
ENDINGS = (".png", ".jpg", ".jpeg", ".gif")
FORMATS = ("PNG", "JPEG", "GIF")
# Pixels of a picture, or of all frames of a film together: 300 MB in colours.
MAX_PIXELS = 100_000_000


def read(path: str | os.PathLike, *, channels: int = 3, content: bytes | None = None) -> tuple[np.ndarray, str]:
    """Reads a picture, of a film its first frame; turned upright where the camera noted that it was held otherwise.

    What is seen through stands on white; 16 bits become 8.

    Args:
        path: the file; with `content` its name alone, for messages.
        channels: 3 for colours, 1 for grey.
        content: the bytes, where they come from elsewhere (an archive).
    Returns:
        (pixels, mode): pixels (H, W, channels) uint8, and how the file had them, in Pillow's words: RGB, L (grey),
        P (a palette), RGBA (can be seen through) ...
    Raises:
        DataError: no picture, another format, a truncated one, or one of more than MAX_PIXELS.
    """
    from PIL import ImageOps

    with _opened(path, content, frames=1) as picture:
        return _pixels(ImageOps.exif_transpose(picture), channels), picture.mode


def read_frames(path: str | os.PathLike, *, channels: int = 3) -> list[tuple[np.ndarray, str]]:
    """Reads all frames of an animated GIF, or the pictures of a folder in the order of their names, numbers by value.

    Returns:
        (pixels, mode) of every frame, see `read`.
    Raises:
        DataError: no picture, a truncated one, a folder without any, or frames of more than MAX_PIXELS together.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted((file for file in visible_files(path) if file.suffix.lower() in ENDINGS), key=_by_number)
        if not files:
            raise DataError(path, None, f"pictures ({', '.join(ENDINGS)})", "none")
        frames, count = [], 0
        for file in files:
            frames.append(read(file, channels=channels))
            count += frames[-1][0].shape[0] * frames[-1][0].shape[1]
            _check_size(path, len(frames), count)
        return frames
    with _opened(path, None) as film:
        return [_frame(film, number, channels) for number in range(_count_frames(film))]


def write(path: str | os.PathLike, pixels: np.ndarray) -> None:
    """Writes pixels (H, W, 1 or 3), uint8 or 0 to 1, as PNG; frames (F, H, W, 1 or 3) as an animated GIF, 5 a second.

    Frames that follow each other and are alike become one that stays. The file appears whole or not at all.
    """
    from PIL import Image

    pixels = np.asarray(pixels)
    whole = pixels if pixels.dtype == np.uint8 else np.round(255 * np.clip(pixels, 0, 1)).astype("uint8")
    several = [
        Image.fromarray(one[..., 0] if one.shape[-1] == 1 else one) for one in whole.reshape(-1, *whole.shape[-3:])
    ]
    with replace_file(path) as temporary:
        if pixels.ndim == 4:
            several[0].save(temporary, "GIF", save_all=True, append_images=several[1:], duration=200, loop=0)
        else:
            several[0].save(temporary, "PNG")


@contextmanager
def _opened(path: str | os.PathLike, content: bytes | None, *, frames: int | None = None) -> Iterator[Any]:
    """A picture in Pillow, all its troubles as one error; its size is checked before it is decoded.

    Args:
        path, content: as in `read`.
        frames: how many of them are decoded; None for all.
    """
    from PIL import Image

    content = Path(path).read_bytes() if content is None else content
    with damage_as_data_error(path, f"a whole picture ({', '.join(FORMATS)})"):
        whole = None
        if content[:6] in gif.SIGNATURES:
            whole, width, height = gif.measure(content)
            _check_size(path, frames or whole, (frames or whole) * width * height)
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        count = frames or _count_frames(picture)
        if frames is None and whole not in (None, count):
            raise ValueError(f"{count} of {whole} frames")
        _check_size(path, count, count * picture.width * picture.height)
        picture.load()
        yield picture


def _check_size(path: str | os.PathLike, frames: int, pixels: int) -> None:
    if pixels > MAX_PIXELS:
        expected = f"at most {MAX_PIXELS:,} pixels (make it smaller or shorter)"
        raise DataError(path, None, expected, f"{pixels:,} in {frames:,} frame{'s' * (frames > 1)}")


def _count_frames(picture: Any) -> int:
    return getattr(picture, "n_frames", 1)


def _frame(film: Any, number: int, channels: int) -> tuple[np.ndarray, str]:
    film.seek(number)
    return _pixels(film, channels), "P" if film.format == "GIF" else film.mode


def _pixels(picture, channels) -> np.ndarray:
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits, which Pillow would cut off at 255
        picture = Image.fromarray((np.asarray(picture).astype("int64") >> 8).clip(0, 255).astype("uint8"))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    pixels = np.array(picture.convert("RGB" if channels == 3 else "L"), "uint8")
    return pixels if channels == 3 else pixels[..., None]


def _by_number(file: Path) -> list:
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in re.split(r"(\d+)", file.name)]
