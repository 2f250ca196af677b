"""The folder of a search."""

import os
from pathlib import Path

from zoo.storage.run_folder import RunFolder
from zoo.tuning.journal import Journal

RECORD = "search.json"
CONTENTS = (
    *("trials", "workers", "best", "tensorboard", "ray"),
    *("journal.jsonl", RECORD, "trials.csv", "trials.jsonl", "best.json", "search.png"),
)


def search_folder(path: str | os.PathLike) -> RunFolder:
    """Return the folder of a search, which has finished with the model of its best values."""
    return RunFolder(
        Path(path).expanduser(),
        noun="search",
        record=RECORD,
        result="best/metrics.json",
        contents=CONTENTS,
        required=("recipe", "engine", "tuner", "objective", "arguments", "max_parameters", "space", "backend"),
    )


def has_results(path: Path) -> bool:
    """Return whether any trial of a search has ended."""
    return any(event["event"] == "finished" for event in Journal(path / "journal.jsonl").events)
