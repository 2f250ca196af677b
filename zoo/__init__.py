"""Sequence models on Keras 3: built by name, trained by recipes, saved with their vocabularies."""

import importlib
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.public import *  # noqa: F403

__version__ = version("seqzoo")


def __getattr__(name: str) -> Any:
    """Import the public names when the first of them is used."""
    if name.startswith("__"):
        raise AttributeError(name)
    _import_public_names()
    if name not in globals():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]


def _import_public_names() -> None:
    try:
        public = importlib.import_module("zoo.public")
    except ModuleNotFoundError as error:
        if error.name in ("tensorflow", "jax", "torch"):
            raise ModuleNotFoundError(
                f"Keras is set to the backend {error.name!r}, which is not installed. Install one with "
                "`pip install 'seqzoo[tensorflow]'` (or `[jax]`, `[torch]`), and choose it by KERAS_BACKEND.",
                name=error.name,
            ) from error
        raise
    globals().update({name: getattr(public, name) for name in public.__all__})


# In Python everything is imported at once, so that Keras knows the layers of a saved model. The command `zoo` imports
# what its arguments need: `zoo list` answers without Keras.
if Path(sys.argv[0] if sys.argv else "").stem != "zoo":
    _import_public_names()
