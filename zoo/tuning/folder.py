"""The folder of a search: whether one may begin there or go on, and what a search was begun with."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zoo.artifact import read_json
from zoo.tuning.trials import ConfigurationError

RECORD = "search.json"
# What a search writes.
FOLDERS = ("trials", "workers", "best", "tensorboard", "ray")
FILES = ("journal.jsonl", RECORD, "trials.csv", "trials.jsonl", "best.json", "search.png")
# Of `tune`: what is not given is as the search was begun.
DEFAULTS = {"tuner": "random", "objective": None}


def read_former(folder: Path, *, resume: bool, force: bool) -> dict[str, Any]:
    """What the search to be resumed was begun with; empty for a new one.

    Raises:
        FileExistsError: the folder holds something, and no search that is to be resumed.
        ValueError: resume and force together.
    """
    if resume and force:
        raise ValueError("Resume continues a search and force begins anew: choose one of them.")
    former = read_json(folder / RECORD) if resume else {}
    if folder.exists() and any(folder.iterdir()) and not former and not force:
        told = "holds no search to resume:" if resume else "exists and is not empty. Continue a search with --resume,"
        raise FileExistsError(f"{folder} {told} begin anew with --force, or choose another folder.")
    return former


def arguments_of_former(
    folder: Path, former: dict[str, Any], given: dict[str, Any], arguments: dict[str, Any]
) -> dict[str, Any]:
    """The recipe's arguments in the search that is resumed, after making sure that those given now are the same.

    Args:
        folder, former: of the search, and what it was begun with.
        given: recipe, tuner and objective now.
        arguments: of the recipe now.
    Raises:
        ValueError: something is given that it was not begun with.
    """
    if former["recipe"] != given["recipe"]:
        raise ValueError(
            f"{folder} is a search of {former['recipe']}, not of {given['recipe']}: choose another folder."
        )
    begun = {**former["arguments"], **{name: former[name] for name in DEFAULTS}}
    told = {name: given[name] for name, default in DEFAULTS.items() if given[name] != default}
    for name, value in {**told, **arguments}.items():
        if begun.get(name) != json.loads(json.dumps(value)):
            raise ValueError(
                f"The search in {folder} was begun with {name}={begun.get(name)!r}, and is to be resumed with "
                f"{value!r}. Resume with what it was begun with, or begin anew with --force."
            )
    return former["arguments"]


def check_same(folder: Path, former: dict[str, Any], record: dict[str, Any]) -> None:
    """Makes sure that trials of before and new ones belong together.

    Raises:
        ValueError: another engine, space or backend.
    """
    for key in ("engine", "space", "backend"):
        if former and former[key] != record[key]:
            raise ValueError(
                f"The {key} has changed since the search in {folder} was begun ({record[key]}, then {former[key]}): "
                "its trials and new ones do not belong together. Resume with what it was begun with, or begin anew "
                "with --force."
            )


def clear(folder: Path) -> None:
    """Removes what a search writes, and nothing else."""
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Makes sure that no other process searches in the folder.

    Raises:
        ConfigurationError: one does.
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # a system without such locks
        yield
        return
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(f"Another process searches in {folder}: wait for it, or end it.") from error
        yield
