"""The trials of `toys`, which leave in a folder all machines see what processes had a part in them."""

import json
import os
from pathlib import Path

from tests.tuning import toys


def run(values, *, folder, seen, first, trouble=None, report, **how):
    folder, seen = Path(folder), Path(seen)
    kept = folder / "checkpoint.npz"
    begun = len(json.loads(kept.read_text())) if kept.is_file() else 0
    seen.mkdir(parents=True, exist_ok=True)
    with open(seen / str(values["x"]), "a") as file:
        file.write(f"{os.getpid()} {begun}\n")
    for name in ("history.csv", "data.json"):  # what a recipe leaves there
        (folder / name).write_text("")

    def told(figures):
        report(figures)
        with open(seen / f"{values['x']}.epochs", "a") as file:
            file.write(f"{figures['epoch']}\n")

    # The folder's name is its number there, and the first trial's is 0.
    named = folder / ("0" if first else "1")
    named.mkdir(exist_ok=True)
    if kept.is_file():
        (named / kept.name).write_bytes(kept.read_bytes())

    def reported(figures):
        kept.write_bytes((named / kept.name).read_bytes())
        told(figures)

    trouble = {"0": trouble["first"]} if trouble else {}
    return toys.run(values, folder=named, trouble=trouble, report=reported, first=first, **how)
