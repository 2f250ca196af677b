import pytest

from zoo.experiments.recipe import load_recipe
from zoo.experiments.settings import Settings, check_settings, monitor_of, resolve_settings


def test_epochs_and_patience_are_the_recipes_where_none_are_given():
    recipe = load_recipe("sentiment")
    settings = resolve_settings(recipe, Settings(seed=3))
    assert (settings.seed, settings.epochs, settings.patience) == (3, recipe.FIT["epochs"], recipe.FIT["patience"])
    quick = resolve_settings(recipe, Settings(quick=True))
    assert (quick.epochs, quick.patience) == (recipe.QUICK["epochs"], recipe.FIT["patience"])
    assert resolve_settings(recipe, Settings(quick=True, epochs=1)).epochs == 1


def test_the_monitor_may_depend_on_the_model():
    assert monitor_of(load_recipe("sentiment"), {}) == "val_accuracy"
    assert monitor_of(load_recipe("memory_span"), {}) == "val_mse"
    assert monitor_of(load_recipe("memory_span"), {"task": "copy"}) == "val_nats"


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ({"precision": "float8"}, {}, "precision must be one of float32, .* Received: 'float8'"),
        ({"strategy": "mirrord"}, {}, "mirrored"),
        ({"epochs": 0}, {}, "epochs counts passes over the training data, at least 1. Received: 0"),
        ({"restarts": 0}, {}, "restarts counts trainings, at least 1. Received: 0"),
        ({}, {"learning_rate": float("inf")}, "learning_rate is a finite number. Received: inf"),
        ({}, {"dropout": float("nan")}, "dropout is a finite number. Received: nan"),
        ({}, {"penalty_ramp": (0, 10**12)}, "penalty_ramp lies between"),
        ({}, {"units": 10**20}, "units lies between -2,147,483,647 and 2,147,483,647. Received: 1000000000000"),
        ({"epochs": 2**31}, {}, "epochs lies between .* Received: 2147483648"),
        ({"restarts": 10**12}, {}, "restarts lies between"),
        ({"seed": -(10**12)}, {}, "seed lies between"),
        ({"class_weight": "balance"}, {}, "Unknown class_weight: 'balance'. Did you mean 'balanced'"),
    ],
)
def test_settings_that_no_training_can_use_are_refused(settings, arguments, message):
    with pytest.raises(ValueError, match=message):
        check_settings(Settings(**settings), arguments)


def test_a_resumed_run_is_compared_with_settings_that_differ_or_are_explicit():
    assert Settings(resume=True, verbose=0).specified == {}
    assert Settings(epochs=3, quick=True).specified == {"epochs": 3, "quick": True}
    assert Settings(seed=0, explicit=frozenset({"seed"})).specified == {"seed": 0}
