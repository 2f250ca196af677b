import pytest

from recipes import command_line, run


@pytest.fixture
def asked(monkeypatch):
    """Runs a recipe's command; gives back what a training was asked for."""

    def call(*tokens):
        arguments = {}
        monkeypatch.setattr(run, "train", lambda name, **given: arguments.update(given))
        with pytest.raises(SystemExit) as ended:  # as commands do
            command_line.run_recipe("commands", tokens)
        assert not ended.value.code
        return arguments

    return call


def test_arguments_reach_the_training(asked):
    trained = asked("--units", "7", "--out", "there", "--quick")
    assert (trained["units"], trained["out"].name, trained["settings"].quick) == (7, "there", True)


@pytest.mark.parametrize("none", ["none", "None"])
def test_none_is_none_where_an_argument_may_be_none(asked, none):
    trained = asked("--attention", none, "--split", none)
    assert trained["attention"] is None
    assert trained["split"] == none  # a name only


def test_every_recipe_has_a_line():
    lines = command_line.recipe_lines()
    assert set(lines) == set(command_line.RECIPES)
    assert all(lines.values())
