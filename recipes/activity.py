"""Activity recognition: one of four activities from the frames of a smart watch.

    zoo train activity --data basic_motions --out runs/activity

Data: `synthetic` (generated motions); a folder with NAME_TRAIN.ts and NAME_TEST.ts (any set of the UEA archive with
classes; BasicMotions is the one measured here; every fifth training case is for validation), or one such file; a folder
of your own with one folder a class and in it one .csv file a recording, a frame a line and a number a channel, a header
allowed (split by index mod 10 within each class: 0 test, 1 validation); tfds:smartwatch_gestures (`features/accel_x`,
`_y` and `_z`, `gesture`), or a set of `frames` (steps, channels) and `label`.
Paper: Bagnall et al., The UEA Multivariate Time Series Classification Archive (arXiv:1811.00075).

Seen on BasicMotions, 2 CPU cores: test accuracy 0.975 (0.95 to 1.0 over 3 seeds, 40 cases) in 1 minute.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from zoo.data.readers import ts
from zoo.data.readers.formats import read_any
from zoo.data.reading_limit import sample, sample_splits
from zoo.data.splits import Splits, build_labels, make_splits, split_by_index, split_by_label
from zoo.data.synthetic import motions
from zoo.recipes.common import mapping_metrics
from zoo.recipes.common.sources import complete_splits, hold_out, recordings, require_path
from zoo.recipes.common.split_files import find_split_files, read_files
from zoo.recipes.common.tfds_sources import PREFIX, from_tfds

MODELS = {
    "recurrent": (
        "many_to_one",
        {
            "variable_length": True,  # a model of one length could not be asked about another
            "cell": "gru",
            "units": 64,
            "bidirectional": True,
            "pooling": "mean",
            "dropout": 0.3,
        },
    )
}
OPTIMIZERS = {"recurrent": {"learning_rate": 2e-3}}
FIT = {"epochs": 60, "patience": 15, "monitor": "val_nats", "batch_size": 16}
QUICK = {"examples": 300, "epochs": 8, "units": 24, "dropout": 0.1, "learning_rate": 1e-2}
SIZES = {"features": lambda splits: np.shape(splits.raw["train"][0][0])[1]}
# Features of sets of TFDS: smartwatch_gestures; one's own.
TFDS = (("features/accel_x", "features/accel_y", "features/accel_z", "gesture"), ("frames", "label"))


def data(*, data: str = "synthetic", examples: int = 600, seed: int = 0) -> dict[str, list]:
    """Recordings of frames with the activity each shows; of any lengths.

    Args:
        data: synthetic, a path, or tfds:smartwatch_gestures.
        examples: how many recordings to generate (synthetic only).
        seed: of generation.
    """
    if data == "synthetic":
        return split_by_index(motions.generate(examples, seed=seed))
    if data.startswith(PREFIX):
        return from_tfds(data, TFDS, each=_frames)
    path = require_path(data)
    return _published(path) or recordings(path)


def vocabularies(raw) -> dict:
    """Activities."""
    return {"labels": build_labels(raw, lambda example: [example[1]])}


def batches(raw, vocabularies, *, batch_size: int = 32, seed: int = 0) -> Splits:
    """Recordings with their lengths.

    Args:
        batch_size: recordings of a step.
        seed: of shuffling.
    """
    return make_splits(raw, vocabularies, batch_size=batch_size, seed=seed, lengths=True)


def initialize(model: keras.Model, splits: Splits) -> None:
    """Standardize frames by those of training."""
    model.get_layer("standardize").adapt([frames for frames, _ in splits.raw["train"]])


def _frames(*values: Any) -> tuple[np.ndarray, str]:
    """Frames (S, D) and their class, of frames or of several channels (S,)."""
    *channels, label = values
    return np.stack(channels, axis=-1).astype("float32") if len(channels) > 1 else channels[0], label


def _published(path: Path) -> dict[str, list] | None:
    """Cases of the UEA archive by split; None of a folder without such a file."""
    if path.is_file():
        return split_by_label(sample(read_any(path, [ts.FORMAT]), _labels), _label)
    parts = sample_splits(read_files(find_split_files(path, [ts.FORMAT], depth=0, required=False)), _labels)
    if len(parts) == 1:
        (cases,) = parts.values()
        return split_by_label(cases, _label)
    return complete_splits(path, parts, validation=lambda train: hold_out(train, every=5)) if parts else None


def _label(case: tuple[np.ndarray, str]) -> str:
    return case[1]


def _labels(case: tuple[np.ndarray, str]) -> list[str]:
    return [case[1]]


def space(hp) -> dict:
    """Return the hyperparameters that a search varies."""
    return {
        "cell": hp.Choice("cell", ["lstm", "gru", "simplified_gru", "coupled_lstm"]),
        "units": hp.Int("units", 16, 128, step=16),
        "pooling": hp.Choice("pooling", ["last", "mean", "max", "attention"]),
        "dropout": hp.Float("dropout", 0.0, 0.5, step=0.1),
        "learning_rate": hp.Float("learning_rate", 5e-4, 5e-3, sampling="log"),
    }


def evaluate(model, splits: Splits, split: str = "test") -> dict[str, float]:
    """Accuracy, F1 averaged over the activities, and mean negative log-likelihood (nats a recording)."""
    return mapping_metrics.classification_metrics(model, splits[split])
