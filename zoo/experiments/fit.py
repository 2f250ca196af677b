"""The fit of a recipe's model: callbacks, checkpoint, strategy."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from zoo.data.splits import Splits
from zoo.experiments.arguments import accepted
from zoo.experiments.class_weights import class_weights
from zoo.experiments.objectives import make_objective
from zoo.experiments.optimizers import plateau_callbacks
from zoo.experiments.recipe import Recipe
from zoo.experiments.settings import Settings, monitor_of
from zoo.training.callbacks.checkpoint import Checkpoint
from zoo.training.callbacks.early_stopping import EarlyStopping
from zoo.training.callbacks.nan_guard import NaNGuard
from zoo.training.objectives.training_objective import TrainingObjective
from zoo.training.strategies import clip_across_replicas, describe_devices, pad_to_devices


def fit(
    recipe: Recipe,
    model: keras.Model,
    splits: Splits,
    arguments: Mapping[str, Any],
    folder: Path,
    settings: Settings,
    *,
    devices: int = 1,
    until: int | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> Checkpoint:
    """Train a recipe's model from the last checkpoint in a folder, if there is one, to the end; return the history.

    With another objective than the targets that is fitted instead, and may be watched by a metric of its own.

    Args:
        recipe, model, splits, arguments: the recipe, and what was made by it.
        folder: where checkpoint.npz and history.csv are written.
        settings: resolved ones.
        devices: how many share every batch; see `zoo.training.strategies`.
        until: stop after this epoch as if killed, to continue later; None is to the end.
        callbacks: further ones, without a state that a checkpoint must hold.
    """
    shared = pad_to_devices(splits, devices)
    fitted = model
    if recipe.REWARDS is not None:
        fitted = make_objective(model, splits, recipe.REWARDS, **accepted(make_objective, arguments))
    if fitted is not model:
        fitted.compile()
    if devices > 1 and settings.strategy == "mirrored":
        clip_across_replicas(fitted)
    if settings.verbose:
        print(describe_devices(fitted, devices, settings.strategy))
    monitor, schedule = monitor_of(recipe, arguments), arguments["schedule"]
    if isinstance(fitted, TrainingObjective) and fitted.monitor:
        monitor, schedule = fitted.monitor, "constant"  # the likelihood of the targets falls, which is no plateau
    assert settings.patience is not None and settings.epochs is not None  # the settings are resolved
    options = accepted(plateau_callbacks, arguments)
    stopping = EarlyStopping(monitor, patience=settings.patience, verbose=min(1, settings.verbose))
    # In this order: a recipe's callbacks may log what stopping watches, and the checkpoint keeps the state of them all.
    stateful = [
        NaNGuard(splits.train, folder),
        *recipe.callbacks(model, splits),
        *plateau_callbacks(schedule, monitor, len(splits.train), **options),
        stopping,
    ]
    checkpoint = Checkpoint(folder / "checkpoint.npz", splits.train, stateful)
    if checkpoint.epoch and settings.verbose:
        print(f"Continuing {folder} after epoch {checkpoint.epoch}.")
    fitted.fit(
        shared.train,
        validation_data=shared.validation,
        shuffle=False,  # the batches shuffle themselves, by seed and epoch
        class_weight=class_weights(settings.class_weight, model, splits.train),
        callbacks=[*stateful, checkpoint, *callbacks],
        initial_epoch=checkpoint.epoch,
        epochs=checkpoint.epoch if checkpoint.stopped else until or settings.epochs,
        verbose=settings.verbose,
    )
    return checkpoint


def on_one_device(single: keras.Model, model: keras.Model) -> keras.Model:
    """Return a new model with the weights of the one that was trained on several devices."""
    for variable, trained in zip(single.variables, model.variables, strict=True):
        variable.assign(keras.ops.convert_to_numpy(trained))
    return single
