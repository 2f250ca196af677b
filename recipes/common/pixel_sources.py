"""Sources of images for pixel models: generated, IDX files, a folder of PNG, JPEG or GIF files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from zoo.data.featurizers.images import ImageResizer
from zoo.data.readers import idx
from zoo.data.readers.formats import read_any
from zoo.data.readers.pictures import ENDINGS
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import split_by_index
from zoo.data.synthetic import patterns
from zoo.recipes.common.sources import require_path
from zoo.recipes.common.split_files import SplitFile, find_split_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds
from zoo.storage.files import DataError, visible_files

# Features of sets of TFDS: mnist, fashion_mnist, binarized_mnist and one's own.
TFDS = (("image",),)
# Pixels of generated pictures, and of files that are of any size.
GENERATED, READ = (12, 12), (28, 28)


def grey_pictures(
    data: str, *, examples: int, height: int | None, width: int | None, seed: int, sense: ImageResizer | None = None
) -> tuple[dict[str, list[np.ndarray]], ImageResizer]:
    """Pictures by split, and the sense that has made them of one size.

    Args:
        data: "synthetic"; an IDX file or a folder with one or two, see `_idx`; a folder of pictures, split by index;
            "tfds:NAME" of pictures, of which whole numbers that are all 0 or 1 are black and white.
        examples: how many to generate.
        height, width: pixels; None: what IDX files have, 28 of other files, 12 generated.
        seed: of generation.
        sense: that of a trained model, which height and width are then taken from.
    Shapes:
        a picture is (height, width) float32 from 0 (black) to 1 (white).
    Raises:
        DataError: a folder with neither, or a file that is damaged. FileNotFoundError: no such path.
    """
    if data == "synthetic":
        sense = sense or ImageResizer(height or GENERATED[0], width or GENERATED[1], 1)
        drawn = patterns.generate(examples, height=sense.height, width=sense.width, seed=seed)
        return split_by_index([one["target"] for one in drawn]), sense
    if data.startswith(PREFIX):
        parts = from_tfds(data, TFDS, each=lambda picture: picture)
        first = np.asarray(parts["train"][0])
        if first.dtype.kind in "iu" and max(one.max() for one in parts["train"]) <= 1:
            parts = {split: [255 * one for one in part] for split, part in parts.items()}
        return _sized(parts, (first.shape[0], first.shape[1]), height, width, sense)
    path = require_path(data)
    if path.is_file():
        whole = read_any(path, [idx.PICTURES])
        parts = _cut(sample(whole))
    elif files := find_split_files(path, [idx.PICTURES], required=False):
        parts = _idx(path, files)
    else:
        pictures = [file for file in visible_files(path) if file.suffix.lower() in ENDINGS]
        if not pictures:
            raise DataError(path, None, f"{idx.PICTURES.name} or picture files ({', '.join(ENDINGS)})", "neither")
        return _sized(split_by_index(sample(pictures)), READ, height, width, sense)
    return _sized(parts, parts["train"][0].shape, height, width, sense)


def _sized(
    parts: dict[str, Any], natural: tuple[int, int], height: int | None, width: int | None, sense: ImageResizer | None
) -> tuple[dict[str, list[np.ndarray]], ImageResizer]:
    sense = sense or ImageResizer(height or natural[0], width or natural[1], 1)
    return {part: [sense.encode(one)[..., 0] for one in pictures] for part, pictures in parts.items()}, sense


def _idx(path: Path, files: dict[str, list[SplitFile]]) -> dict[str, Sequence[np.ndarray]]:
    """Of files for training and testing, the last tenth of training is for validation; one file alone is cut."""
    read = {split: [picture for file in own for picture in file.format.read(file.path)] for split, own in files.items()}
    if len(read) == 1:
        (pictures,) = read.values()
        return _cut(sample(pictures))
    parts = sample_splits(read)
    if "train" not in parts:
        raise DataError(path, None, "an IDX file for training", ", ".join(sorted(parts)))
    if "validation" in parts:
        return {"test": parts["validation"], **parts}
    end = len(parts["train"]) * 9 // 10
    return {"train": parts["train"][:end], "validation": parts["train"][end:], "test": parts["test"]}


def _cut(pictures: Sequence[np.ndarray]) -> dict[str, Sequence[np.ndarray]]:
    end, last = len(pictures) * 8 // 10, len(pictures) * 9 // 10
    return {"train": pictures[:end], "validation": pictures[end:last], "test": pictures[last:]}


def to_levels(picture: np.ndarray, levels: int, binary: str, random: np.random.Generator) -> np.ndarray:
    """A grey picture as the values that a model emits: (H, W) from 0 to 1 -> (H * W, 1) float32 of 0 .. levels - 1.

    Two levels come by a threshold at a half, or are drawn: white with the pixel's brightness as its probability.
    """
    flat = picture.reshape(-1, 1)
    if levels > 2:
        return np.round(flat * (levels - 1)).astype("float32")
    return (flat > (0.5 if binary == "threshold" else random.random(flat.shape))).astype("float32")
