"""Trials without a model, and a search of them as a process that can be killed."""

import json
import math
import os
import signal
import sys
import time
from pathlib import Path

from zoo.experiments.trial import ConfigurationError
from zoo.training.callbacks.nan_guard import DivergedError
from zoo.tuning.job import SearchJob
from zoo.tuning.proposals import Proposals
from zoo.tuning.search import Search
from zoo.tuning.space import arguments_of, read_space
from zoo.tuning.trials import best_of

EPOCHS = 4


def space(hp):
    return {"x": hp.Float("x", -2.0, 2.0), "kind": hp.Choice("kind", ["a", "b"])}


def truth(values):
    """What `run` ends with, told without running it."""
    return (values["x"] - 0.5) ** 2 + (0.1 if values["kind"] == "b" else 0.0)


def run(values, *, folder, epoch_seconds=0.0, until=None, parent=None, first=False, data=None, report=None, **how):
    """A loss that falls to `truth` in EPOCHS epochs, with a checkpoint after each."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "checkpoint.npz"  # JSON in truth; the search knows a checkpoint by this name
    if parent and not kept.is_file():
        kept.write_bytes((Path(parent) / "checkpoint.npz").read_bytes())
    history = json.loads(kept.read_text()) if kept.is_file() else []
    with open(folder / "processes", "a") as file:
        file.write(f"{os.getpid()} {len(history)}\n")
    trouble = how.get("trouble", {}).get(str(int(folder.name)))
    while len(history) < (until or EPOCHS):
        time.sleep(epoch_seconds)
        epoch = len(history) + 1
        if epoch == 2:
            _break(trouble, folder)
        history.append({"epoch": epoch, "val_loss": truth(values) + (EPOCHS - epoch) / 10})
        kept.with_suffix(".new").write_text(json.dumps(history))
        kept.with_suffix(".new").replace(kept)
        report(history[-1])
    return {
        "status": "completed",
        "score": math.nan if trouble == "score" else history[-1]["val_loss"],
        "history": history,
        "seconds": 0.1,
        "parameters": 3,
        "data": "same",
    }


def _break(trouble, folder):
    if trouble == "error":
        raise ValueError("no good")
    if trouble == "nan":
        raise DivergedError("The loss became NaN")
    if trouble == "memory":
        raise MemoryError("all gone")
    if trouble == "mistake":
        raise ConfigurationError("nothing will do")
    once = len((folder / "processes").read_text().splitlines()) == 1
    if trouble == "dies" or (trouble == "dies once" and once):
        os.kill(os.getpid(), signal.SIGKILL)


def search(folder, *, tuner="random", trials=6, workers=1, seed=0, max_failed=5, hours=None, varied=space, **options):
    """A search of `run`, its trials not begun yet."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    searchable = read_space(varied)
    job = SearchJob(
        folder=folder,
        proposals=Proposals(tuner=tuner, space=searchable, rising=False, seed=seed, trials=trials, epochs=EPOCHS),
        arguments=lambda values: arguments_of(varied, searchable, values),
        function="tests.tuning.toys:run",
        options=options,
        workers=workers,
        objective="val_loss",
        rising=False,
        trials=trials,
        hours=hours,
        max_failed=max_failed,
        verbose=0,
    )
    return Search(job)


def table(trials):
    """What is the same in two searches that are the same."""
    return [(trial.number, trial.status, trial.score, trial.values, trial.history) for trial in trials]


if __name__ == "__main__":
    found = search(sys.argv[1], **json.loads(sys.argv[2])).run()
    print(best_of(found, rising=False).number)
