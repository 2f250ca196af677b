"""The folder of a search: whether one may begin there or go on, and what a search was begun with."""

import json
import shutil
from pathlib import Path
from typing import Any

from zoo.inference.run_folder import NEXT, read_json
from zoo.storage.commit import commit
from zoo.storage.lock import is_empty
from zoo.tuning.journal import Journal

RECORD = "search.json"
# What a search that goes on must tell of itself.
REQUIRED = ("recipe", "engine", "tuner", "objective", "arguments", "max_parameters", "space", "backend")
# What a search writes.
FOLDERS = ("trials", "workers", "best", "tensorboard", "ray")
FILES = ("journal.jsonl", RECORD, "trials.csv", "trials.jsonl", "best.json", "search.png")
# Arguments of `tune` that hold from the first trial to the last; None: not given, and as the search was started.
FIXED = ("engine", "tuner", "objective", "max_parameters")


def read_former(folder: Path, *, resume: bool, force: bool) -> dict[str, Any]:
    """What the search to be resumed was begun with; empty for a new one.

    Raises:
        FileExistsError: the folder holds something, and no search that is to be resumed.
        ValueError: resume and force together.
    """
    if resume and force:
        raise ValueError("Resume continues a search and force begins anew: choose one of them.")
    former = read_json(current_search(folder) / RECORD, REQUIRED) if resume else {}
    if not is_empty(folder) and not former and not force:
        told = "holds no search to resume:" if resume else "exists and is not empty. Continue a search with --resume,"
        raise FileExistsError(f"{folder} {told} begin anew with --force, or choose another folder.")
    return former


def arguments_of_former(
    folder: Path, former: dict[str, Any], given: dict[str, Any], arguments: dict[str, Any]
) -> dict[str, Any]:
    """The recipe's arguments in the search that is resumed, after making sure that those given now are the same.

    Args:
        folder, former: of the search, and what it was started with.
        given: recipe and the names of `FIXED` now.
        arguments: of the recipe now.
    Raises:
        ValueError: something is given that it was not started with.
    """
    if former["recipe"] != given["recipe"]:
        raise ValueError(
            f"{folder} is a search of {former['recipe']}, not of {given['recipe']}: choose another folder."
        )
    started = {**former["arguments"], **{name: former[name] for name in FIXED}}
    fixed = {name: given[name] for name in FIXED if given[name] is not None}
    for name, value in {**fixed, **arguments}.items():
        if name not in started or started[name] != json.loads(json.dumps(value)):
            before = f"with {name}={started[name]!r}" if name in started else f"without {name}"
            raise ValueError(
                f"The search in {folder} was started {before}, which a resumed one keeps. Received: {name}={value!r}. "
                "Omit it, or start over with --force."
            )
    return former["arguments"]


def check_same(folder: Path, former: dict[str, Any], record: dict[str, Any]) -> None:
    """Makes sure that trials of before and new ones belong together.

    Raises:
        ValueError: another space or backend.
    """
    for key in ("space", "backend"):
        if former and former[key] != record[key]:
            raise ValueError(
                f"The {key} has changed since the search in {folder} was begun ({record[key]}, then {former[key]}): "
                "its trials and new ones do not belong together. Resume with what it was begun with, or begin anew "
                "with --force."
            )


def is_finished(folder: Path) -> bool:
    """Whether a search has ended, with the model of its best values."""
    return (folder / "best" / "metrics.json").is_file()


def has_results(folder: Path) -> bool:
    """Whether any trial has ended."""
    return any(event["event"] == "ended" for event in Journal(folder / "journal.jsonl").events)


def current_search(folder: Path) -> Path:
    """The folder of the search that was begun last: beside a finished one it is within `folder`."""
    return folder / NEXT if (folder / NEXT / RECORD).is_file() else folder


def publish_search(folder: Path) -> None:
    """Put the search in `folder/.next`, which has ended, in the place of the one in `folder`."""
    commit(folder / NEXT, folder, remove=[*FOLDERS, *FILES])


def remove_search(folder: Path) -> None:
    """Remove what a search writes, and nothing else."""
    for name in (*FOLDERS, NEXT):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
