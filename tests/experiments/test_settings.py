import json
import shutil

import pytest

from zoo.experiments.run import arguments_of
from zoo.experiments.settings import Settings, settle
from zoo.recipes import captioning, pixels, sentiment


def settled(out, settings, **arguments):
    return settle("sentiment", sentiment, arguments_of(sentiment), out, settings, arguments)


def test_what_is_not_given_is_the_recipes_own(tmp_path):
    settings, arguments = settled(tmp_path / "new", Settings(seed=3), units=7)
    assert (settings.seed, settings.epochs, settings.patience) == (3, sentiment.EPOCHS, sentiment.PATIENCE)
    assert arguments["units"] == 7
    assert arguments["batch_size"] == arguments_of(sentiment)["batch_size"].default
    assert set(arguments) == set(arguments_of(sentiment))


def test_quick_gives_way_to_what_is_given(tmp_path):
    settings, arguments = settled(tmp_path, Settings(quick=True, epochs=1), units=7)
    assert settings.epochs == 1
    assert arguments["units"] == 7
    assert arguments["examples"] == sentiment.QUICK["examples"]


def test_a_learning_rate_that_falls_has_fallen_when_the_training_ends(tmp_path):
    def decay(recipe, settings, **arguments):
        return settle("any", recipe, arguments_of(recipe), tmp_path, settings, arguments)[1]["decay_epochs"]

    assert decay(captioning, Settings()) == captioning.EPOCHS
    assert decay(captioning, Settings(epochs=30)) == 30
    assert decay(pixels, Settings(quick=True)) == pixels.QUICK["epochs"] != pixels.EPOCHS
    assert decay(captioning, Settings(quick=True, epochs=7)) == captioning.QUICK["decay_epochs"] == 0
    assert decay(captioning, Settings(epochs=30), decay_epochs=5) == 5
    assert decay(captioning, Settings(epochs=30), decay_epochs=0) == 0
    # Of a recipe with two architectures only the Transformer's falls.
    assert decay(sentiment, Settings(epochs=3)) == 0
    assert decay(sentiment, Settings(epochs=3), model="transformer") == 3


def test_wrong_arguments(tmp_path):
    with pytest.raises(TypeError, match=r"sentiment takes no argument 'unitz'; it takes data, examples"):
        settled(tmp_path, Settings(), unitz=7)
    with pytest.raises(ValueError, match=r"precision must be one of float32, .* Received: 'float8'"):
        settled(tmp_path, Settings(precision="float8"))
    with pytest.raises(ValueError, match=r"choose one"):
        settled(tmp_path, Settings(resume=True, force=True))


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ({}, {"learning_rate": float("inf")}, "learning_rate is a finite number. Received: inf"),
        ({}, {"dropout": float("nan")}, "dropout is a finite number. Received: nan"),
        ({}, {"units": 10**20}, "units lies between -2,147,483,647 and 2,147,483,647. Received: 1000000000000"),
        ({"epochs": 2**31}, {}, "epochs lies between .* Received: 2147483648"),
        ({"restarts": 10**12}, {}, "restarts lies between"),
        ({"seed": -(10**12)}, {}, "seed lies between"),
    ],
)
def test_numbers_of_which_nothing_can_be_made(tmp_path, settings, arguments, message):
    with pytest.raises(ValueError, match=message):
        settled(tmp_path, Settings(**settings), **arguments)


def test_a_folder_with_something_in_it_is_not_touched(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FileExistsError, match=r"is not empty. Continue it with --resume, begin anew with --force, or"):
        settled(tmp_path, Settings())
    with pytest.raises(FileExistsError, match=r"holds no run to resume: begin anew with --force, or choose another"):
        settled(tmp_path, Settings(resume=True))


def test_a_run_is_resumed_with_what_it_was_begun_with(trained, tmp_path, tiny):
    settings, arguments = settled(trained.folder, Settings(resume=True), units=4)
    assert arguments == trained.recipe["arguments"]
    assert settings.epochs == 1
    assert settled(trained.folder, Settings(resume=True, epochs=5))[0].epochs == 5
    for given, other in ((Settings(resume=True), {"units": 8}), (Settings(resume=True), {"data": "mine.tsv"})):
        (name, value), *_ = other.items()
        with pytest.raises(ValueError, match=rf"was started with {name}=.*Received: {name}={value!r}. Omit it, or"):
            settled(trained.folder, given, **other)
    for given in (Settings(resume=True, seed=1), Settings(resume=True, precision="mixed_bfloat16")):
        with pytest.raises(ValueError, match=r"was started with .* or start over with --force"):
            settled(trained.folder, given)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"seed": 0}, "started with seed=5, .*Received: seed=0"),
        ({"precision": "float32"}, "started with precision='mixed_bfloat16', .*Received: precision='float32'"),
        ({"quick": False}, "started with quick=True, .*Received: quick=False"),
        ({"strategy": None}, "started with strategy='mirrored', .*Received: strategy=None"),
        ({"restarts": 2}, "started with restarts=1, .*Received: restarts=2"),
    ],
)
def test_defaults_that_are_given_are_compared(trained, tmp_path, changed, message):
    """`--seed 0` is no setting left out, though 0 is the default; what was left out is as the run was begun."""
    out = shutil.copytree(trained.folder, tmp_path / "run")
    record = json.loads((out / "recipe.json").read_text())
    other = {"seed": 5, "precision": "mixed_bfloat16", "quick": True, "strategy": "mirrored"}
    (out / "recipe.json").write_text(json.dumps(record | other))
    assert settled(out, Settings(resume=True))[0].seed == 5
    with pytest.raises(ValueError, match=message):
        settled(out, Settings(resume=True, explicit=frozenset(changed), **changed))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("recipe", "surnames", "is a run of surnames, not of sentiment"),
        ("backend", "abacus", "started with backend='abacus'.*Set KERAS_BACKEND=abacus"),
    ],
)
def test_a_run_of_something_else_is_not_resumed(trained, tmp_path, key, value, message):
    out = shutil.copytree(trained.folder, tmp_path / "run")
    record = json.loads((out / "recipe.json").read_text())
    (out / "recipe.json").write_text(json.dumps(record | {key: value}))
    with pytest.raises(ValueError, match=message):
        settled(out, Settings(resume=True))
