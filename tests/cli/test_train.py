import json

import pytest

from zoo.cli import train as cli_train
from zoo.cli import tune as cli_tune
from zoo.experiments import run
from zoo.experiments.assembly import recipe_arguments
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe


@pytest.fixture
def asked(monkeypatch):
    """Runs `zoo train commands`; gives back what a training was asked for."""

    def call(*tokens, name="commands"):
        arguments = {}
        monkeypatch.setattr(run, "train", lambda recipe, **given: arguments.update(given, recipe=recipe.name))
        with pytest.raises(SystemExit) as ended:  # as commands do
            cli_train.train_recipe(name, tokens)
        assert not ended.value.code
        return arguments

    return call


def test_arguments_reach_the_training(asked):
    trained = asked("--units", "7", "--out", "there", "--quick")
    assert (trained["units"], trained["out"].name, trained["settings"].quick) == (7, "there", True)
    assert trained["recipe"] == "commands"
    assert asked()["out"].as_posix() == "runs/commands"


def test_arguments_are_those_of_the_chosen_model(asked):
    trained = asked("--model", "transformer", "--heads", "2", "--warmup-steps", "9")
    assert (trained["model"], trained["heads"], trained["warmup_steps"]) == ("transformer", 2, 9)
    assert asked("--task=copy", "--bidirectional", name="memory_span")["bidirectional"] is True
    with pytest.raises(TypeError, match="commands with model='transformer' takes no argument 'cell'. recurrent does."):
        cli_train.train_recipe("commands", ["--model", "transformer", "--cell", "gru"])
    with pytest.raises(ValueError, match="Unknown model: 'transformr'"):
        cli_train.train_recipe("commands", ["--model", "transformr"])


def test_settings_that_are_given_are_marked_as_such(asked):
    settings = asked("--seed", "0", "--no-quick", "--resume")["settings"]
    assert settings.explicit == {"seed", "quick", "resume"}
    assert (settings.seed, settings.quick) == (0, False)
    assert asked()["settings"].explicit == frozenset()


def test_train_without_a_recipe_lists_them(command):
    for arguments in (["train"], ["train", "--help"], ["tune"]):
        output, _, code = command(*arguments)
        assert code == 0
        assert all(name in output for name in list_recipes())


@pytest.mark.parametrize("choice", ["recurrent", "transformer"])
def test_help_shows_every_argument_with_its_text_and_default(command, monkeypatch, choice):
    monkeypatch.setenv("COLUMNS", "200")
    output, _, code = command("train", "sentiment", "--model", choice, "--help")
    assert code == 0
    lines = output.split("\n")
    for name, argument in recipe_arguments(load_recipe("sentiment"), choice).items():
        (line,) = [line for line in lines if f"--{name.replace('_', '-')} " in line]
        assert len(line.split("[default:")[0].strip("│ ").split()) > 3, f"{name} is not documented"
        assert argument.default in (None, ()) or f"{argument.default}" in output
    for name in ("out", "seed", "epochs", "patience", "quick", "precision", "resume", "force", "verbose"):
        assert f"--{name} " in output
    assert "at most so many" in output and "[default: 20]" in output  # the recipe's epochs


def test_a_recipe_in_a_file_is_trained(asked, tmp_path):
    (tmp_path / "mine.py").write_text(load_recipe("reverse").module.__spec__.loader.get_source("zoo.recipes.reverse"))
    trained = asked("--units", "7", name=str(tmp_path / "mine.py"))
    assert trained["units"] == 7 and trained["out"].as_posix() == "runs/mine"


def interrupt(out, saved):
    """Stands for a training or search that saves files and is interrupted."""

    def run_until_interrupted(*_, **given):
        for name, content in saved.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(json.dumps(content))
        raise KeyboardInterrupt

    return run_until_interrupted


NOTHING = "zoo: interrupted. Nothing was saved yet: give the same command again.\n"


@pytest.mark.parametrize(
    ("command", "saved", "is_saved"),
    [
        ("train", {}, False),
        ("train", {"recipe.json": {}}, True),
        ("train", {"recipe.json": {}, "metrics.json": {}}, False),  # an earlier run
        ("train", {"recipe.json": {}, "metrics.json": {}, ".next/recipe.json": {}}, True),
        ("tune", {}, False),
        ("tune", {"search.json": {}}, True),
        ("tune", {"search.json": {}, "best/metrics.json": {}}, False),
        ("tune", {"search.json": {}, "best/metrics.json": {}, ".next/search.json": {}}, True),
    ],
)
def test_an_interrupted_command_says_how_it_continues(monkeypatch, capsys, tmp_path, command, saved, is_saved):
    out = tmp_path / "my run"
    monkeypatch.setattr(run, "train", interrupt(out, saved))
    monkeypatch.setattr("zoo.cli.tune.search_command", interrupt(out, saved))
    call = cli_train.train_recipe if command == "train" else cli_tune.tune_recipe
    with pytest.raises(SystemExit) as ended:
        call("reverse", ["--units", "7", "--force", "--out", str(out)])
    assert ended.value.code == 130
    again = f"zoo: interrupted. Continue with: zoo {command} reverse --units 7 --out '{out}' --resume\n"
    assert capsys.readouterr().err == (again if is_saved else NOTHING)
