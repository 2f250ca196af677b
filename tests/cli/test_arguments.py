import inspect
from pathlib import Path

import pytest
from cyclopts import CycloptsError

from zoo.cli.arguments import call, option_names, option_value, with_name
from zoo.experiments.arguments import Argument

ARGUMENTS = [
    Argument("units", int, 3, "width of a layer."),
    Argument("attention", str | None, "general", "a name."),
    Argument("cell", str, "lstm", ""),
    Argument("tied", bool, False, ""),
    Argument("penalties", dict[str, float] | None, None, ""),
    Argument("ramp", tuple[int, int], (0, 0), ""),
]


@pytest.fixture
def received():
    """The arguments that a command line passes."""

    def run(*tokens, **options):
        values = []
        with pytest.raises(SystemExit) as ended:
            call(
                "zoo test",
                "Tests.",
                lambda *given, **named: values.append((given, named)),
                ARGUMENTS,
                tokens,
                **options,
            )
        assert not ended.value.code
        return values[0] if values else None

    return run


def test_only_what_stands_on_the_command_line_is_passed(received):
    assert received() == ((), {})
    assert received("--units", "3") == ((), {"units": 3})
    found = received("--no-tied", "--penalties.coverage", "0.5", "--ramp", "3", "5")
    assert found == ((), {"tied": False, "penalties": {"coverage": 0.5}, "ramp": (3, 5)})


@pytest.mark.parametrize("none", ["none", "None"])
def test_none_is_none_where_an_argument_may_be_none(received, none):
    assert received("--attention", none, "--cell", none) == ((), {"attention": None, "cell": none})


def test_positional_arguments_stand_before_options(received):
    folder = inspect.Parameter("folder", inspect.Parameter.POSITIONAL_ONLY, annotation=Path)
    assert received("runs/a", "--units", "2", positional=[folder]) == ((Path("runs/a"),), {"units": 2})


def test_help_shows_texts_and_defaults(received, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert received("--help") is None
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "--units" in line]
    assert "width of a layer. [default: 3]" in line


def test_an_unknown_option_is_answered_with_the_closest(received):
    with pytest.raises(CycloptsError, match='Unknown option: "?--unit"?. Did you mean "?--units'):
        call("zoo test", "", print, ARGUMENTS, ["--unit", "3"])


def test_options_are_found_before_the_rest_is_known():
    tokens = ["runs/a", "--model", "transformer", "--beam-width=3", "--no-tied", "--", "--model"]
    assert option_value(tokens, "model") == "transformer" and option_value(tokens, "beam_width") == "3"
    assert option_value(["--", "--model", "a"], "model") is None and option_value(["--model"], "model") is None
    assert option_names(tokens) == {"model", "beam_width", "tied"}


def test_a_flag_may_have_another_name(capsys):
    flag = with_name(Argument("json", bool, False, ""), "--json")
    with pytest.raises(SystemExit):
        call("zoo test", "", lambda **named: print(named), [flag], ["--json"])
    assert capsys.readouterr().out == "{'json': True}\n"
