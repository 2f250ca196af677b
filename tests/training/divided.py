"""Trains some recipes on a processor that is divided in devices: `python -m tests.training.divided BACKEND N OUT`."""

import json
import os
import sys
import tempfile
from pathlib import Path

backend, devices, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
os.environ |= {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3", "JAX_DISABLE_MOST_OPTIMIZATIONS": "true"}
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={devices}"
if backend == "tensorflow":
    import tensorflow as tf

    parts = [tf.config.LogicalDeviceConfiguration()] * devices
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)

import keras
import numpy as np

from recipes.run import train
from recipes.settings import Settings

# Without dropout, which devices would draw differently.
TASKS = {
    "surnames": {"examples": 60, "batch_size": 7, "dropout": 0.0},
    "tagging": {"examples": 40, "batch_size": 7, "dropout": 0.0, "token_dropout": 0.0},
    "reverse": {"examples": 50, "batch_size": 7, "length": 4},
}
if backend == "jax":  # whose arrays are whole wherever they lie; its CRF takes half a minute to compile
    del TASKS["tagging"]
SETTINGS = {
    "quick": True,
    "epochs": 2,
    "verbose": 0,
    "strategy": None if devices == 1 else {"tensorflow": "mirrored", "jax": "data_parallel"}[backend],
}

weights, figures = {}, {"devices": len(keras.distribution.list_devices())}
if backend == "tensorflow":
    figures["devices"] = len(tf.config.list_logical_devices("CPU"))
with tempfile.TemporaryDirectory() as folder:

    def keep(task, run):
        weights.update({f"{task}/{n}": weight for n, weight in enumerate(run.model.get_weights())})
        rows = (run.folder / "history.csv").read_text().splitlines()[1:]
        figures[task] = [list(map(float, row.split(","))) for row in rows]

    for task, arguments in TASKS.items():
        keep(task, train(task, out=Path(folder, task), settings=Settings(**SETTINGS), **arguments))
    first = Settings(**{**SETTINGS, "epochs": 1})
    train("surnames", out=Path(folder, "resumed"), settings=first, **TASKS["surnames"])
    more = Settings(**SETTINGS, resume=True)
    keep("resumed", train("surnames", out=Path(folder, "resumed"), settings=more))

np.savez(f"{out}.npz", **weights)
out.with_suffix(".json").write_text(json.dumps(figures))
