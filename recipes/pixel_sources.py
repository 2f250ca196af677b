"""Where pictures to be learned pixel by pixel come from: generated, IDX files, a folder of PNG, JPEG or GIF files."""

from pathlib import Path
from typing import Any

import numpy as np

from recipes.sources import existing
from recipes.tfds_sources import PREFIX, from_tfds
from zoo.data.files import DataError, visible_files
from zoo.data.pictures import Pictures
from zoo.data.readers import idx
from zoo.data.readers.pictures import ENDINGS
from zoo.data.splits import split_by_index
from zoo.data.synthetic import patterns

IDX = ("images-idx3-ubyte", "images-idx3-ubyte.gz", ".idx", ".idx.gz", ".idx3", ".idx3.gz")
# Features of sets of TFDS: mnist, fashion_mnist, binarized_mnist and one's own.
TFDS = (("image",),)
# Pixels of generated pictures, and of files that are of any size.
GENERATED, READ = (12, 12), (28, 28)


def grey_pictures(
    data: str, *, examples: int, height: int | None, width: int | None, seed: int, sense: Pictures | None = None
) -> tuple[dict[str, list[np.ndarray]], Pictures]:
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
        sense = sense or Pictures(height or GENERATED[0], width or GENERATED[1], 1)
        drawn = patterns.generate(examples, height=sense.height, width=sense.width, seed=seed)
        return split_by_index([one["target"] for one in drawn]), sense
    if data.startswith(PREFIX):
        parts = from_tfds(data, TFDS, each=lambda picture: picture)
        first = np.asarray(parts["train"][0])
        if first.dtype.kind in "iu" and max(one.max() for one in parts["train"]) <= 1:
            parts = {split: [255 * one for one in part] for split, part in parts.items()}
        return _sized(parts, (first.shape[0], first.shape[1]), height, width, sense)
    path = existing(data)
    files: list[Any] = [path] if path.is_file() else [file for file in visible_files(path) if file.name.endswith(IDX)]
    if files:
        parts = _idx(path, files)
        natural = parts["train"][0].shape
    else:
        files = sorted(file for file in visible_files(path) if file.suffix.lower() in ENDINGS)
        if not files:
            raise DataError(path, None, f"IDX files (...{IDX[1]}) or pictures ({', '.join(ENDINGS)})", "neither")
        parts, natural = split_by_index(files), READ
    return _sized(parts, natural, height, width, sense)


def _sized(
    parts: dict[str, Any], natural: tuple[int, int], height: int | None, width: int | None, sense: Pictures | None
) -> tuple[dict[str, list[np.ndarray]], Pictures]:
    sense = sense or Pictures(height or natural[0], width or natural[1], 1)
    return {part: [sense.encode(one)[..., 0] for one in pictures] for part, pictures in parts.items()}, sense


def _idx(path: Path, files: list[Path]) -> dict[str, np.ndarray]:
    """One file: its first eight tenths are for training, then one for validation, the last for testing. Of two the one
    named ...t10k... or ...test... is for testing, and the last tenth of the other for validation."""
    found = {file: idx.read(file, axes=3) for file in files}
    tests = [file for file in files if "t10k" in file.name or "test" in file.name]
    if len(files) == 1:
        (pictures,) = found.values()
        end, last = len(pictures) * 8 // 10, len(pictures) * 9 // 10
        return {"train": pictures[:end], "validation": pictures[end:last], "test": pictures[last:]}
    if len(files) != 2 or len(tests) != 1:
        names = ", ".join(file.name for file in files)
        raise DataError(path, None, "one IDX file, or two of which one is named t10k or test", names)
    (train,) = (pictures for file, pictures in found.items() if file not in tests)
    end = len(train) * 9 // 10
    return {"train": train[:end], "validation": train[end:], "test": found[tests[0]]}


def to_levels(picture: np.ndarray, levels: int, binary: str, random: np.random.Generator) -> np.ndarray:
    """A grey picture as the values that a model says: (H, W) from 0 to 1 -> (H * W, 1) float32 of 0 .. levels - 1.

    Two levels come by a threshold at a half, or are drawn: white with the pixel's brightness as its probability.
    """
    flat = picture.reshape(-1, 1)
    if levels > 2:
        return np.round(flat * (levels - 1)).astype("float32")
    return (flat > (0.5 if binary == "threshold" else random.random(flat.shape))).astype("float32")
