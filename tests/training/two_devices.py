"""Trains a recipe on one and on two halves of a processor: `python -m tests.training.two_devices WEIGHTS`."""

import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from recipes import surnames
from recipes.run import arguments_of, fit, taken
from recipes.settings import Settings, complete
from zoo.training.strategies import spread

half = tf.config.LogicalDeviceConfiguration()
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], [half, half])
# Without dropout, which devices would draw differently.
ARGUMENTS = {"examples": 30, "batch_size": 7, "units": 4, "embedding_size": 4, "cell": "elman", "dropout": 0.0}


def train(strategy, folder):
    """The weights before and after an epoch."""
    settings = Settings(epochs=1, verbose=0, strategy=strategy)
    settings, arguments = complete(surnames, arguments_of(surnames), settings, ARGUMENTS)
    splits = surnames.data(**taken(surnames.data, arguments), seed=0)
    keras.utils.set_random_seed(0)
    with spread(strategy) as devices:
        assert devices == (1 if strategy is None else 2)
        model = surnames.model(splits, **taken(surnames.model, arguments))
        before = model.get_weights()
        fit(surnames, model, splits, arguments, folder, settings, devices=devices)
    return before, model.get_weights()


with tempfile.TemporaryDirectory() as folder:
    runs = []
    for name, strategy in (("one", None), ("two", "mirrored")):
        Path(folder, name).mkdir()
        runs.append(train(strategy, Path(folder, name)))
(before, one), (same, two) = runs
for first, second in zip(before, same, strict=True):
    np.testing.assert_array_equal(first, second)
named = {"before": before, "one": one, "two": two}
weights = {f"{name}/{n}": weight for name, values in named.items() for n, weight in enumerate(values)}
np.savez(sys.argv[1], count=len(one), **weights)
