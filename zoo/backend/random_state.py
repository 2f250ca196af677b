"""The state of a backend's global random generator, from which torch draws the dropout of layers without a seed."""

import keras
import numpy as np


def random_state() -> dict[str, np.ndarray]:
    """Return the state by device, uint8 each; {} where every draw comes from a seed of Keras' own."""
    if keras.backend.backend() != "torch":
        return {}
    import torch

    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return {device: state.numpy() for device, state in states.items()}


def restore_random_state(states: dict[str, np.ndarray]) -> None:
    """Set the state that `random_state` returned; that of a device that is not here is left out."""
    if keras.backend.backend() != "torch":
        return
    import torch

    if "cpu" in states:
        torch.set_rng_state(torch.from_numpy(states["cpu"].copy()))
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(torch.from_numpy(states["cuda"].copy()))
