"""A run's folder: model, vocabularies, arguments and figures, saved and loaded together."""

import json
import os
import shutil
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from zoo.data.files import replace_file
from zoo.data.vocabularies import load_vocabulary
from zoo.generation import generate
from zoo.prediction import Prediction, predict

# What a run consists of. A folder may hold more (pictures, a person's own files): that is left alone.
FILES = ("vocabularies", "recipe.json", "metrics.json", "history.csv", "curves.png", "checkpoint.npz", "model.keras")


@dataclass
class Run:
    """What `zoo.load` gives back: a model with what it needs to take text and give text.

    Args:
        folder: where it was loaded from.
        model: the Keras model.
        vocabularies: by the name of what they encode ("tokens", "characters", "labels").
        recipe: arguments, seed, versions and data fingerprint of the training, {} if there was no recipe.
        metrics: figures by split, {} if none were saved.
    """

    folder: Path
    model: keras.Model
    vocabularies: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)

    def predict(self, inputs: list, *, batch_size: int = 64) -> list[Prediction]:
        """What the model says about texts, token lists or arrays of frames. See `zoo.predict`."""
        return predict(self.model, inputs, vocabularies=self.vocabularies, batch_size=batch_size)

    def generate(self, inputs: Any, *, decoder: Any = "greedy", batch_size: int = 32, **arguments: Any) -> list:
        """What the model writes for texts, classes or beginnings. See `zoo.generate`."""
        return generate(self, inputs, decoder=decoder, batch_size=batch_size, **arguments)


def save(
    folder: str | os.PathLike,
    model: keras.Model,
    *,
    vocabularies: dict[str, Any] | None = None,
    recipe: dict[str, Any] | None = None,
    metrics: dict[str, Any] | None = None,
) -> Path:
    """Saves a model with what belongs to it: everything is written beside the old files, and only then put in place.

    Args:
        folder: made if it does not exist.
        model: any Keras model.
        vocabularies: what encodes its inputs ("tokens", "characters") and names its outputs ("labels"); others that
            the folder held are removed.
        recipe: where it comes from; anything that JSON can hold.
        metrics: its figures.
    Raises:
        OSError: a full or read-only disk; what was there before is still there.
    """
    folder, vocabularies = Path(folder), vocabularies or {}
    (folder / "vocabularies").mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:  # if one of them cannot be written, none is replaced
        model.save(files.enter_context(replace_file(folder / "model.keras")))
        for name, vocabulary in vocabularies.items():
            vocabulary.save(files.enter_context(replace_file(folder / "vocabularies" / f"{name}.json")))
        for name, content in (("recipe", recipe), ("metrics", metrics)):
            if content is not None:
                write_json(files.enter_context(replace_file(folder / f"{name}.json")), content)
    for file in (folder / "vocabularies").glob("*.json"):
        if file.stem not in vocabularies:
            file.unlink()
    return folder


def load(folder: str | os.PathLike) -> Run:
    """Loads what `save` or a recipe wrote.

    Raises:
        ValueError: the folder is no run, or its model is damaged.
        zoo.data.files.DataError: a vocabulary is damaged.
    """
    folder = Path(folder)
    path = folder / "model.keras"
    if not path.is_file():
        hint = ""
        if (folder / "checkpoint.npz").is_file() or (folder / "recipe.json").is_file():
            hint = "; its training has not finished: continue it with --resume"
        if (folder / ".former" / "model.keras").is_file():
            hint += f"; the run before it is in {folder / '.former'}"
        raise ValueError(f"A run is a folder that holds model.keras. Received: {folder}, which does not{hint}.")
    try:
        model = keras.saving.load_model(path)
    except (zipfile.BadZipFile, OSError, KeyError, EOFError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read as a Keras model: it is truncated, or written by a newer version ({error}). "
            "Copy it again from where it was trained, or train it again."
        ) from error
    files = sorted((folder / "vocabularies").glob("*.json"))
    return Run(
        folder=folder,
        model=model,
        vocabularies={file.stem: load_vocabulary(file) for file in files},
        recipe=read_json(folder / "recipe.json"),
        metrics=read_json(folder / "metrics.json"),
    )


def set_aside(folder: str | os.PathLike) -> None:
    """Makes room for a new run. One that has its model moves to `folder/.former`; an unfinished one is removed."""
    folder = Path(folder)
    former = folder / ".former"
    if (folder / "model.keras").is_file():
        shutil.rmtree(former, ignore_errors=True)
        former.mkdir()
        for name in FILES:
            if (folder / name).exists():
                os.replace(folder / name, former / name)
    for name in FILES:
        if name == "vocabularies":
            shutil.rmtree(folder / name, ignore_errors=True)
        else:
            (folder / name).unlink(missing_ok=True)


def forget_former(folder: str | os.PathLike) -> None:
    """Removes the run that was set aside, now that a new one is whole."""
    shutil.rmtree(Path(folder) / ".former", ignore_errors=True)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Writes JSON that a person can read, whole or not at all."""
    with replace_file(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Reads JSON; {} if there is no such file."""
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}:{error.lineno} is not JSON ({error.msg}): restore it, or remove it.") from error
