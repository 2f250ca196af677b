"""The report at the end of a training: metrics of the splits, and notes on them."""

from collections.abc import Mapping

from zoo.experiments.recipe import Recipe
from zoo.experiments.settings import Settings
from zoo.inference.run import Run
from zoo.storage.printable import printable


def format_metrics(metrics: Mapping[str, float | None]) -> str:
    """Return metrics in one line; "-" for one that is not defined."""
    shown = {name: "-" if value is None else f"{value:.4f}" for name, value in metrics.items()}
    return ", ".join(f"{name} {value}" for name, value in shown.items())


def print_report(recipe: Recipe, run: Run, settings: Settings) -> Run:
    """Print the metrics of a run, if its settings are verbose, and return the run."""
    if not settings.verbose:
        return run
    if table := recipe.format_report(run.metrics["test"]):
        print(printable(table))
    for part in ("baseline", "validation", "test"):
        if run.metrics.get(part):
            print(f"{part}: {format_metrics(run.metrics[part])}")
    if share := run.metrics.get("test_inputs_in_training"):
        print(f"{share:.1%} of the test inputs occur in the training data, too.")
    print(f"{run.metrics['parameters']:,} parameters, {run.metrics['seconds']:.0f} s. Saved in {run.folder}")
    return run
