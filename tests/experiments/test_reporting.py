from pathlib import Path
from types import SimpleNamespace

from zoo.experiments.reporting import format_metrics, print_report
from zoo.experiments.settings import Settings

RUN = SimpleNamespace(
    metrics={"test": {"nats": 0.5}, "seconds": 3.2, "parameters": 1234, "test_inputs_in_training": 0.152},
    folder=Path("runs/a"),
)
PLAIN = SimpleNamespace(format_report=lambda metrics: "")


def test_a_metric_that_is_not_defined_is_shown_as_a_dash():
    assert format_metrics({"mase": None, "mse": 0.25}) == "mase -, mse 0.2500"


def test_repeated_test_inputs_stand_beside_the_metrics(capsys):
    assert print_report(PLAIN, RUN, Settings(verbose=1)) is RUN
    assert capsys.readouterr().out.splitlines() == [
        "test: nats 0.5000",
        "15.2% of the test inputs occur in the training data, too.",
        "1,234 parameters, 3 s. Saved in runs/a",
    ]
    print_report(PLAIN, RUN, Settings(verbose=0))
    assert capsys.readouterr().out == ""


def test_a_recipe_adds_a_table_of_its_own(capsys):
    recipe = SimpleNamespace(format_report=lambda metrics: f"a table of {metrics['nats']}")
    print_report(recipe, RUN, Settings(verbose=1))
    assert capsys.readouterr().out.startswith("a table of 0.5\n")
