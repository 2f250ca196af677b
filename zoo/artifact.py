"""A run's folder: model, vocabularies, arguments and figures, saved and loaded together."""

import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from zoo.data.files import replace_file
from zoo.data.vocabulary import load_vocabulary
from zoo.prediction import Prediction, predict


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


def save(
    folder: str | os.PathLike,
    model: keras.Model,
    *,
    vocabularies: dict[str, Any] | None = None,
    recipe: dict[str, Any] | None = None,
    metrics: dict[str, Any] | None = None,
) -> Path:
    """Saves a model with what belongs to it. Every file is written beside its old version and then put in its place.

    Args:
        folder: made if it does not exist.
        model: any Keras model.
        vocabularies: what encodes its inputs ("tokens", "characters") and names its outputs ("labels").
        recipe: where it comes from; anything that JSON can hold.
        metrics: its figures.
    Raises:
        OSError: a full or read-only disk; what was there before is still there.
    """
    folder = Path(folder)
    (folder / "vocabularies").mkdir(parents=True, exist_ok=True)
    with replace_file(folder / "model.keras") as path:
        model.save(path)
    for name, vocabulary in (vocabularies or {}).items():
        vocabulary.save(folder / "vocabularies" / f"{name}.json")
    for name, content in (("recipe", recipe), ("metrics", metrics)):
        if content is not None:
            write_json(folder / f"{name}.json", content)
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
        unfinished = "; its training has not finished: continue it with --resume" if checkpointed(folder) else ""
        raise ValueError(f"A run is a folder that holds model.keras. Received: {folder}, which does not{unfinished}.")
    try:
        model = keras.saving.load_model(path)
    except (zipfile.BadZipFile, OSError, KeyError, EOFError, ValueError) as error:
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


def checkpointed(folder: str | os.PathLike) -> bool:
    """Whether a training left its state in this folder."""
    return (Path(folder) / "checkpoint.npz").is_file()


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
