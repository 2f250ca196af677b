"""A search for TensorBoard: `tensorboard --logdir OUT/tensorboard`, its tab HParams."""

import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path

from zoo.tuning.trials import Trial


def write_hparams(folder: Path, trials: Sequence[Trial], *, objective: str) -> bool:
    """Writes a log a trial: its values, every metric of every epoch, and its score.

    Args:
        folder: of the logs; what it held is replaced.
        trials: of which those that have ended are written.
        objective: what the score is.
    Returns:
        False, and nothing is written, where TensorFlow or TensorBoard is not installed.
    """
    if any(importlib.util.find_spec(name) is None for name in ("tensorflow", "tensorboard")):
        return False
    import tensorflow as tf
    from tensorboard.plugins.hparams import api

    shutil.rmtree(folder, ignore_errors=True)
    for trial in trials:
        if trial.status == "running":
            continue
        writer = tf.summary.create_file_writer(str(folder / f"trial_{trial.number}"))
        with writer.as_default():
            api.hparams({name: _plain(value) for name, value in trial.values.items()}, f"trial_{trial.number}")
            for metrics in trial.history:
                for name in (name for name in metrics if name != "epoch" and metrics[name] is not None):
                    tf.summary.scalar(name, metrics[name], step=int(metrics["epoch"]))
            if trial.score is not None:
                tf.summary.scalar(f"score/{objective}", trial.score, step=len(trial.history))
        writer.close()
    return True


def _plain(value):
    return value if isinstance(value, bool | int | float | str) else str(value)
