import inspect

import pytest

from zoo.cli import tune as cli_tune
from zoo.tuning.tune import tune


@pytest.fixture
def searched(monkeypatch):
    """Runs `zoo tune reverse`; gives back what a search was asked for."""

    def call(*tokens):
        arguments = {}
        monkeypatch.setattr(
            cli_tune, "search_command", lambda recipe, **given: arguments.update(given, recipe=recipe.name)
        )
        with pytest.raises(SystemExit) as ended:
            cli_tune.tune_recipe("reverse", tokens)
        assert not ended.value.code
        return arguments

    return call


def test_only_what_is_given_is_kept_from_the_search(searched):
    asked = searched("--units", "128", "--attention", "none", "--trials", "3", "--quick", "--seed", "0")
    assert asked["recipe"] == "reverse" and asked["trials"] == 3
    own = {name: value for name, value in asked.items() if name not in inspect.signature(tune).parameters}
    assert own == {"units": 128, "attention": None, "quick": True, "seed": 0}


def test_a_search_has_a_folder_of_its_own(searched):
    assert str(searched()["out"]) == "runs/reverse_search"


def test_the_help_of_a_search_shows_both_kinds_of_arguments(capsys):
    with pytest.raises(SystemExit):
        cli_tune.tune_recipe("reverse", ["--help"])
    shown = capsys.readouterr().out
    for name in ("--units", "--learning-rate", "--tuner", "--max-failed", "--strategy", "--resume"):
        assert name in shown
    assert shown.count("--resume") == 1 and "--restarts" not in shown
