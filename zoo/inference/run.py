"""A run's folder: model, vocabularies, arguments and metrics, saved and loaded together."""

import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from zoo.data.vocabularies.load import load_vocabulary
from zoo.inference.generate import generate
from zoo.inference.predict import Prediction, predict
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.storage.commit import commit, finish_commit, staging_folder
from zoo.storage.files import file_hash
from zoo.storage.json_files import read_json, write_json
from zoo.storage.run_folder import RunFolder

# What a run consists of. A folder may hold more (pictures, a person's own files): that is left alone.
FILES = (
    "vocabularies",
    "recipe.json",
    "metrics.json",
    "history.csv",
    "curves.png",
    "rewards.png",
    "checkpoint.npz",
    "model.keras",
    "manifest.json",
)
MANIFEST = "manifest.json"
# Keys of every metrics.json of a recipe.
METRICS = ("test", "validation", "seconds", "parameters")


@dataclass
class Run:
    """A trained model with its vocabularies, arguments and metrics, as `zoo.load` returns it.

    Args:
        folder: where it was loaded from.
        model: the Keras model.
        vocabularies: by the name of what they encode ("tokens", "characters", "labels").
        recipe: arguments, seed, versions and data fingerprint of the training, {} if there was no recipe.
        metrics: values by split, {} if none were saved.
    """

    folder: Path
    model: keras.Model
    vocabularies: dict[str, Any] = field(default_factory=dict)
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)

    @property
    def generates(self) -> bool:
        """Return whether the model is autoregressive, rather than mapping inputs to outputs."""
        return isinstance(self.model, AutoregressiveModel)

    def predict(self, inputs: list, *, batch_size: int = 64, on_batch: Any = None) -> list[Prediction]:
        """Predict for texts, token lists or arrays of frames, see `zoo.predict`."""
        return predict(self.model, inputs, vocabularies=self.vocabularies, batch_size=batch_size, on_batch=on_batch)

    def generate(self, inputs: Any, *, decoder: Any = "greedy", batch_size: int = 32, **arguments: Any) -> list:
        """Generate for texts, classes or prefixes, see `zoo.generate`."""
        return generate(self, inputs, decoder=decoder, batch_size=batch_size, **arguments)


def save(
    folder: str | os.PathLike,
    model: keras.Model,
    *,
    vocabularies: dict[str, Any] | None = None,
    recipe: dict[str, Any] | None = None,
    metrics: dict[str, Any] | None = None,
) -> Path:
    """Save a model with what belongs to it; a folder that holds a run keeps it whole until the new one is.

    The names and hashes of model and vocabularies go into manifest.json, by which `load` knows that they belong
    together.

    Args:
        folder: made if it does not exist. Other files in it stay, recipe and metrics too where None is given.
        model: any Keras model.
        vocabularies: what encodes its inputs ("tokens", "characters") and names its outputs ("labels"); others that
            the folder held are removed.
        recipe: where it comes from; anything that JSON can hold.
        metrics: by split.
    Raises:
        OSError: a full or read-only disk; what was there before is still there.
    """
    folder, vocabularies = Path(folder).expanduser(), vocabularies or {}
    folder.mkdir(parents=True, exist_ok=True)
    with staging_folder(folder) as staged:
        model.save(staged / "model.keras")
        (staged / "vocabularies").mkdir()
        for name, vocabulary in vocabularies.items():
            vocabulary.save(staged / "vocabularies" / f"{name}.json")
        names = ["model.keras", *(f"vocabularies/{name}.json" for name in vocabularies)]
        write_json(staged / MANIFEST, {name: file_hash(staged / name) for name in names})
        for name, content in (("recipe", recipe), ("metrics", metrics)):
            if content is not None:
                write_json(staged / f"{name}.json", content)
        commit(staged, folder, remove=["vocabularies"])
    return folder


def load(folder: str | os.PathLike) -> Run:
    """Loads what `save` or a recipe wrote.

    Raises:
        ValueError: the folder is no run, its model is damaged, or its files were not saved together.
        zoo.storage.files.DataError: a vocabulary is damaged.
    """
    folder = Path(folder).expanduser()
    finish_commit(folder)
    path = folder / "model.keras"
    if not path.is_file():
        hint = ""
        if (folder / "checkpoint.npz").is_file() or (folder / "recipe.json").is_file():
            hint = "; its training has not finished: continue it with --resume"
        raise ValueError(f"A run is a folder that holds model.keras. Received: {folder}, which does not{hint}.")
    files = _files_of(folder)
    try:
        model = keras.saving.load_model(path)
    except (zipfile.BadZipFile, OSError, KeyError, EOFError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read as a Keras model: it is truncated, or written by a newer version ({error}). "
            "Copy it again from where it was trained, or train it again."
        ) from error
    return Run(
        folder=folder,
        model=model,
        vocabularies={file.stem: load_vocabulary(file) for file in files},
        recipe=read_json(folder / "recipe.json"),
        metrics=read_json(folder / "metrics.json"),
    )


def _files_of(folder) -> list[Path]:
    """The files of the vocabularies, after making sure that they and the model were saved together."""
    manifest = read_json(folder / MANIFEST)
    for name, expected in manifest.items():
        if not (folder / name).is_file() or file_hash(folder / name) != expected:
            raise ValueError(
                f"{folder / name} is not the file that was saved with this run: {folder / MANIFEST} names another "
                "content. Copy the whole folder again from where it was trained; if the file was changed on purpose, "
                "remove manifest.json."
            )
    files = sorted((folder / "vocabularies").glob("[!.]*.json"))
    return [file for file in files if not manifest or f"vocabularies/{file.name}" in manifest]


def run_folder(path: str | os.PathLike) -> RunFolder:
    """Return the folder of a training's run."""
    return RunFolder(
        Path(path).expanduser(),
        noun="run",
        record="recipe.json",
        result="metrics.json",
        contents=(*FILES, "restarts"),
        required=("recipe", "arguments", "epochs", "data"),
    )
