"""The trials of a search, and the tables that are written of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zoo.storage.files import dump_json, replace_file

# status -> what it means
STATUSES = {
    "running": "started and not finished",
    "completed": "trained to its end; the only ones that can be the best",
    "nan": "its loss or a weight was no longer finite",
    "too_large": "more parameters than --max-parameters, and not trained",
    "out_of_memory": "the memory of the device or machine was exhausted",
    "crashed": "its process died, again and again",
    "failed": "it raised an error",
    "stopped": "ended early by the scheduler, being worse than others at the same epoch (Ray)",
}
FAILURES = ("failed", "crashed", "out_of_memory")


class TooManyFailedError(ValueError):
    """More trials failed than were allowed to."""


@dataclass
class Trial:
    """One trial.

    Args:
        number: from 0, in the order in which trials were proposed.
        values: what was searched, by the name of the argument.
        status: a key of STATUSES.
        score: of the objective.
        seconds: of training, in all processes that had a part in it.
        history: one dict of metrics an epoch.
        error: its message.
        parameters: of the model.
    """

    number: int
    values: dict[str, Any]
    status: str = "running"
    score: float | None = None
    seconds: float | None = None
    history: list[dict[str, float]] = field(default_factory=list)
    error: str | None = None
    parameters: int | None = None

    @property
    def row(self) -> dict[str, Any]:
        """Its line of trials.csv."""
        own = {"trial": self.number, "status": self.status, "score": self.score}
        return {**own, "epochs": len(self.history), "seconds": self.seconds, **self.values}


def best_of(trials: Sequence[Trial], *, rising: bool) -> Trial | None:
    """The completed trial of the best score, the first of equals; None without one."""
    scored = [(trial.score, trial) for trial in trials if trial.status == "completed" and trial.score is not None]
    ranked = sorted(scored, key=lambda pair: (-pair[0] if rising else pair[0], pair[1].number))
    return ranked[0][1] if ranked else None


def write_trials(folder: Path, trials: Sequence[Trial], *, objective: str, rising: bool) -> None:
    """Writes trials.csv, trials.jsonl and best.json, each whole or not at all.

    trials.csv has a line a trial (trial, status, score, epochs, seconds, and a column for every hyperparameter),
    trials.jsonl a line an epoch of every trial that has ended (trial, epoch, metrics), best.json the best completed
    trial.
    """
    names = list(dict.fromkeys(name for trial in trials for name in trial.values))
    with replace_file(folder / "trials.csv") as path, open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["trial", "status", "score", "epochs", "seconds", *names])
        writer.writeheader()
        writer.writerows(trial.row for trial in trials)
    with replace_file(folder / "trials.jsonl") as path, open(path, "w", encoding="utf-8") as file:
        for trial in trials:
            for metrics in trial.history:
                file.write(dump_json({"trial": trial.number, **metrics}) + "\n")
    best = best_of(trials, rising=rising)
    if best is not None:
        with replace_file(folder / "best.json") as path:
            text = dump_json(summary(best, objective=objective, rising=rising), indent=2)
            path.write_text(text + "\n", encoding="utf-8")


def summary(best: Trial, *, objective: str, rising: bool) -> dict[str, Any]:
    """The best trial, as best.json has it."""
    return {
        "trial": best.number,
        "objective": objective,
        "direction": "max" if rising else "min",
        "score": best.score,
        "values": best.values,
        "parameters": best.parameters,
        "epochs": len(best.history),
        "seconds": best.seconds,
    }


def show_values(values: Mapping[str, Any]) -> str:
    """Values on one line."""
    return ", ".join(f"{name} {value}" for name, value in values.items())
