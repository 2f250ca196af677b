"""Pictures and clips as arrays of one size: what a person has in files, as a model reads it."""

import os
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.readers import pictures as files

MODES = {1: "L", 3: "RGB"}


@dataclass(frozen=True)
class ImageResizer(Featurizer):
    """A picture to numbers from 0 to 1, of one size.

    What has another size is resized, whatever that does to its proportions; other modes (grey, a palette, what can be
    seen through) are converted. One warning for every size and mode, and `repairs` counts them.

    Args:
        height, width: pixels.
        channels: 3 for colours, 1 for grey.
    Raises:
        ValueError: a size below 1 or of more pixels than a file may have, or other channels.
    """

    KIND: ClassVar[str] = "pictures"
    height: int = 64
    width: int = 64
    channels: int = 3

    def __post_init__(self):
        if min(self.height, self.width) < 1 or self.channels not in MODES:
            raise ValueError(
                f"height and width are at least 1, channels 1 (grey) or 3 (colours). Received: {self.height}, "
                f"{self.width} and {self.channels}"
            )
        if self.height * self.width > files.MAX_PIXELS:
            raise ValueError(f"height x width is at most {files.MAX_PIXELS:,}. Received: {self.height} x {self.width}")
        # Beside the settings: neither saved nor compared.
        object.__setattr__(self, "repairs", Counter())

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of every picture."""
        return self.height, self.width, self.channels

    def encode(self, value: Any) -> np.ndarray:
        """The numbers of one picture.

        Args:
            value: the path of a PNG, JPEG or GIF file, or pixels: (H, W) or (H, W, 1 or 3), whole numbers from 0 to
                255 or floats from 0 to 1.
        Shapes:
            (height, width, channels) float32 from 0 to 1.
        Raises:
            DataError: a file that is no picture, or truncated. ValueError: numbers that are no picture.
        """
        if isinstance(value, str | os.PathLike):
            return self._read(files.read(value, channels=self.channels))
        return self._sized(self._channelled(as_pixels(value)))

    def _read(self, picture: tuple[np.ndarray, str]) -> np.ndarray:
        pixels, mode = picture
        if mode != MODES[self.channels]:
            self._warn(f"converted from mode {mode} to {MODES[self.channels]}")
        return self._sized(pixels.astype("float32") / 255)

    def _channelled(self, pixels) -> np.ndarray:
        if pixels.shape[-1] == self.channels:
            return pixels
        self._warn(f"converted from {pixels.shape[-1]} channels to {self.channels}")
        if self.channels == 3:
            return np.repeat(pixels, 3, axis=-1)
        return (pixels @ np.array([0.299, 0.587, 0.114], "float32"))[..., None]  # as Pillow (ITU-R 601-2)

    def _sized(self, pixels) -> np.ndarray:
        height, width = pixels.shape[:2]
        if (height, width) == (self.height, self.width):
            return pixels
        from PIL import Image

        self._warn(f"resized from {height} x {width} to {self.height} x {self.width}")
        channels = [
            Image.fromarray(np.ascontiguousarray(pixels[..., n])).resize(
                (self.width, self.height), Image.Resampling.BILINEAR
            )
            for n in range(self.channels)
        ]
        return np.clip(np.stack([np.asarray(one, "float32") for one in channels], axis=-1), 0, 1)

    def _warn(self, what) -> None:
        repairs: Counter = vars(self)["repairs"]
        if not repairs[what]:
            warnings.warn(f"A picture is {what}; further ones are counted without a warning.", stacklevel=5)
        repairs[what] += 1


@dataclass(frozen=True)
class VideoFrames(Featurizer):
    """A clip to the numbers of its frames, each as of `ImageResizer`.

    Args:
        height, width, channels: as in `ImageResizer`.
    Raises:
        ValueError: as there.
    """

    KIND: ClassVar[str] = "clips"
    height: int = 64
    width: int = 64
    channels: int = 3

    def __post_init__(self):
        object.__setattr__(self, "pictures", ImageResizer(self.height, self.width, self.channels))

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of every frame."""
        return self.height, self.width, self.channels

    @property
    def repairs(self) -> Counter:
        """Return the conversions of frames, with their counts."""
        return vars(vars(self)["pictures"])["repairs"]

    def encode(self, value: Any) -> np.ndarray:
        """The numbers of one clip.

        Args:
            value: the path of a folder of frames (in the order of their names), or of an animated GIF; or frames, each
                as in `ImageResizer`.
        Shapes:
            (F, height, width, channels) float32 from 0 to 1.
        Raises:
            DataError: a file that is no picture, or truncated; a folder without any. ValueError: no frames, or frames
                that are no pictures.
        """
        pictures = vars(self)["pictures"]
        if isinstance(value, str | os.PathLike):
            return np.stack(
                [pictures._read(picture) for picture in files.read_frames(Path(value), channels=self.channels)]
            )
        if not len(value):
            raise ValueError("a clip needs at least one frame, received: none.")
        return np.stack([pictures.encode(frame) for frame in value])


def as_pixels(value: Any) -> np.ndarray:
    """Pixels as (H, W, 1 or 3) float32 from 0 to 1.

    Raises:
        ValueError: another shape, or other numbers.
    """
    pixels = np.asarray(value)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    if pixels.ndim != 3 or pixels.shape[-1] not in MODES or not pixels.size or pixels.dtype.kind not in "iuf":
        raise ValueError(
            "a picture is a path or numbers of shape (height, width) or (height, width, 1 or 3), "
            f"received: {pixels.dtype} of shape {pixels.shape}."
        )
    highest = 1 if pixels.dtype.kind == "f" else 255
    if not (np.isfinite(pixels).all() and pixels.min() >= 0 and pixels.max() <= highest):
        raise ValueError(
            f"pixels lie from 0 to {highest} ({'floats' if highest == 1 else 'whole numbers'}), "
            f"received: {pixels.min()} to {pixels.max()}."
        )
    return (pixels / highest).astype("float32")
