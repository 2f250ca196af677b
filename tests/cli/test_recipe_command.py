import functools
import inspect
import json

import pytest

from zoo.cli import recipe_command
from zoo.experiments import run
from zoo.tuning.tune import tune


@pytest.fixture
def asked(monkeypatch):
    """Runs a recipe's command; gives back what a training was asked for."""

    def call(*tokens):
        arguments = {}
        monkeypatch.setattr(run, "train", lambda name, **given: arguments.update(given))
        with pytest.raises(SystemExit) as ended:  # as commands do
            recipe_command.run_recipe("commands", tokens)
        assert not ended.value.code
        return arguments

    return call


def test_arguments_reach_the_training(asked):
    trained = asked("--units", "7", "--out", "there", "--quick")
    assert (trained["units"], trained["out"].name, trained["settings"].quick) == (7, "there", True)


def test_settings_that_are_given_are_marked_as_such(asked):
    settings = asked("--seed", "0", "--no-quick", "--resume")["settings"]
    assert settings.explicit == {"seed", "quick", "resume"}
    assert (settings.seed, settings.quick) == (0, False)
    assert asked()["settings"].explicit == frozenset()


def interrupt(out, saved):
    """Stands for a training or search that saves files and is interrupted."""

    def run_until_interrupted(*_, **given):
        for name, content in saved.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(json.dumps(content))
        raise KeyboardInterrupt

    return run_until_interrupted


NOTHING = "zoo: interrupted. Nothing was saved yet: give the same command again.\n"
RESTARTS = {"recipe": "reverse", "arguments": {}, "settings": {}}


@pytest.mark.parametrize(
    ("command", "saved", "is_saved"),
    [
        ("train", {}, False),
        ("train", {"recipe.json": {}}, True),
        ("train", {"recipe.json": {}, "metrics.json": {}}, False),  # a run of before
        ("train", {"recipe.json": {}, "metrics.json": {}, ".next/recipe.json": {}}, True),
        ("train", {"restarts/begun.json": RESTARTS}, True),
        ("tune", {}, False),
        ("tune", {"search.json": {}}, True),
        ("tune", {"search.json": {}, "best/metrics.json": {}}, False),
        ("tune", {"search.json": {}, "best/metrics.json": {}, ".next/search.json": {}}, True),
    ],
)
def test_what_is_interrupted_says_how_it_continues(monkeypatch, capsys, tmp_path, command, saved, is_saved):
    out = tmp_path / "my run"
    monkeypatch.setattr(run, "train", interrupt(out, saved))
    monkeypatch.setattr("zoo.tuning.tune.tune", functools.wraps(tune)(interrupt(out, saved)))
    call = recipe_command.run_recipe if command == "train" else recipe_command.tune_recipe
    with pytest.raises(SystemExit) as ended:
        call("reverse", ["--units", "7", "--force", "--out", str(out)])
    assert ended.value.code == 130
    again = f"zoo: interrupted. Continue with: zoo {command} reverse --units 7 --out '{out}' --resume\n"
    assert capsys.readouterr().err == (again if is_saved else NOTHING)


@pytest.mark.parametrize("none", ["none", "None"])
def test_none_is_none_where_an_argument_may_be_none(asked, none):
    trained = asked("--attention", none, "--code", none)
    assert trained["attention"] is None
    assert trained["code"] == none  # a name only


def test_every_recipe_has_a_line():
    lines = recipe_command.recipe_lines()
    assert set(lines) == set(recipe_command.RECIPES)
    assert all(lines.values())


@pytest.fixture
def searched(monkeypatch):
    """Runs a recipe's search; gives back what it was asked for."""

    def call(*tokens):
        arguments = {}
        monkeypatch.setattr("zoo.tuning.tune.tune", _like(arguments))
        with pytest.raises(SystemExit) as ended:
            recipe_command.tune_recipe("reverse", tokens)
        assert not ended.value.code
        return arguments

    return call


def _like(arguments):
    """A function of the signature of `tune` that writes down what it is given."""

    @functools.wraps(tune)
    def written(recipe, **given):
        arguments.update(given, recipe=recipe.__name__)

    return written


def test_only_what_is_given_is_kept_from_the_search(searched):
    asked = searched("--units", "128", "--attention", "none", "--trials", "3", "--quick", "--seed", "0")
    assert asked["recipe"] == "zoo.recipes.reverse" and asked["trials"] == 3
    own = {name: value for name, value in asked.items() if name not in inspect.signature(tune).parameters}
    assert own == {"units": 128, "attention": None, "quick": True, "seed": 0}


def test_a_search_has_a_folder_of_its_own(searched):
    assert str(searched()["out"]) == "runs/reverse_search"


def test_the_help_of_a_search_tells_of_both(capsys):
    with pytest.raises(SystemExit):
        recipe_command.tune_recipe("reverse", ["--help"])
    told = capsys.readouterr().out
    for name in ("--units", "--learning-rate", "--tuner", "--max-failed", "--strategy", "--resume"):
        assert name in told
    assert told.count("--resume") == 1 and "--restarts" not in told
