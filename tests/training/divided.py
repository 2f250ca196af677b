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

from zoo.experiments.assembly import load_splits, make_model, resolve_arguments
from zoo.experiments.fit import fit
from zoo.experiments.recipe import load_recipe
from zoo.experiments.settings import Settings, resolve_settings
from zoo.training.strategies import clip_across_replicas, distribution_scope

# Without dropout, which devices would draw differently.
TASKS = {
    "surnames": {"examples": 60, "batch_size": 7, "dropout": 0.0},
    "tagging": {"examples": 40, "batch_size": 7, "dropout": 0.0, "token_dropout": 0.0},
    "reverse": {"examples": 50, "batch_size": 7, "length": 4},
    "algorithms": {"model": "lstm", "largest": 2, "beyond": 3, "batches": 2, "batch_size": 7, "examples": 4},
    "language_model": {"examples": 1200, "rows": 4, "steps": 12},
}
# On JAX arrays are whole wherever they lie, so that any model will do; the others take minutes to compile there. On
# TensorFlow a replica cannot carry its rows' states on.
for task in {"jax": ("tagging", "reverse", "algorithms"), "tensorflow": ("language_model",)}[backend]:
    del TASKS[task]
SETTINGS = {
    "quick": True,
    "epochs": 2,
    "verbose": 0,
    "strategy": None if devices == 1 else {"tensorflow": "mirrored", "jax": "data_parallel"}[backend],
}


def overflown():
    """A step whose gradient is no number in the last rows alone, and the next, whose is one."""
    with distribution_scope("mirrored"):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
        model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1)), "mse")
    clip_across_replicas(model)
    found = {}
    for name, last in (("overflown", 1e30), ("afterwards", 2.0)):
        model.fit(np.array([[1, 1], [1, 2], [2, 1], [1, last]], "float32"), np.ones((4, 1)), batch_size=4, verbose=0)
        found[name] = model.get_weights()[0]
    return found


def rewarded():
    """The gradient that rewards give: outputs that were drawn and judged, of which each replica has its rows."""
    from tests.training.objectives.test_sequence_level import OUTPUTS, no_reward, said_of
    from tests.training.toys import batch, build
    from zoo.training.objectives.sequence_level import SequenceLevel

    keras.utils.set_random_seed(0)
    with distribution_scope("mirrored") as found:
        assert found == devices
        strategy = tf.distribute.get_strategy()
        model = build("one_to_many")
        regime = SequenceLevel(model, no_reward, baseline="learned", samples=2, maximum_length=4)
    rewards = np.random.default_rng(1).normal(size=(4, 2)).astype("float32")
    whole = batch(model)[0], said_of(OUTPUTS, 4, 0), rewards, np.array([1, 1, 1, 0], "float32")

    def share(array):
        parts = np.split(array, devices)
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(parts[context.replica_id_in_sync_group])
        )

    @tf.function
    def learn(*given):
        with tf.GradientTape() as tape:
            loss = regime.surrogate_loss(*given)
        gradients = tape.gradient(loss, [weight.value for weight in regime.trainable_variables])
        return [tf.convert_to_tensor(each) for each in gradients]

    parts = strategy.run(learn, args=keras.tree.map_structure(share, whole))
    summed = [strategy.reduce("SUM", part, axis=None) for part in parts]
    return {f"rewarded/{n}": part.numpy() for n, part in enumerate(summed)}


def learned(task, out, until=()):
    """Weights and the history of a recipe's model, stopped after some epochs and resumed by a model made anew."""
    recipe = load_recipe(task)
    out.mkdir()
    settings = resolve_settings(recipe, Settings(**SETTINGS))
    arguments = resolve_arguments(recipe, TASKS[task], quick=True)
    splits = load_splits(recipe, arguments, seed=0)
    for end in (*until, None):
        keras.utils.set_random_seed(0)
        with distribution_scope(settings.strategy) as found:
            model = make_model(recipe, splits, arguments, epochs=settings.epochs)
            assert found == devices
            fit(recipe, model, splits, arguments, out, settings, devices=found, until=end)
    rows = (out / "history.csv").read_text().splitlines()[1:]
    return [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights], [
        list(map(float, row.split(","))) for row in rows
    ]


weights, figures = {}, {}
runs = [(task, task, ()) for task in TASKS]
if devices > 1:
    runs.append(("resumed", {"jax": "language_model", "tensorflow": "surnames"}[backend], (1,)))
with tempfile.TemporaryDirectory() as folder:
    for name, task, until in runs:
        found, figures[name] = learned(task, Path(folder, name), until)
        weights |= {f"{name}/{n}": weight for n, weight in enumerate(found)}
if backend == "tensorflow":
    weights |= rewarded() | overflown()
np.savez(f"{out}.npz", **weights)
out.with_suffix(".json").write_text(json.dumps(figures))
