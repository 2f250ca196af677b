"""A process of its own that loads saved models and writes what they say: `python -m tests.laws.reload FOLDER`.

Beside each NAME.keras lies NAME.npz, the inputs by name; NAME.BACKEND.npz is written. The backend is KERAS_BACKEND.
"""

import sys
from pathlib import Path

import keras
import numpy as np

import zoo  # noqa: F401  (what is saved is registered by it)
from tests.laws.batches import taken, tensors


def said(model, inputs):
    """What a model says about inputs by name: outputs by name."""
    x = taken(inputs)
    # Op by op would compile every op on JAX.
    found = model.predict_on_batch(x) if keras.backend.backend() == "jax" else model(tensors(x))
    return keras.tree.map_structure(
        keras.ops.convert_to_numpy, found if isinstance(found, dict) else {"probabilities": found}
    )


def main(folder):
    for path in sorted(Path(folder).glob("*.keras")):
        with np.load(path.with_suffix(".npz")) as inputs:
            found = said(keras.saving.load_model(path), dict(inputs))
        np.savez(path.with_suffix(f".{keras.backend.backend()}.npz"), **found)


if __name__ == "__main__":
    main(sys.argv[1])
