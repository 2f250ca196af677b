"""The device of this process."""

import keras


def device_kind() -> str:
    """The kind of device that Keras' backend computes on: "GPU", "TPU" or "CPU". Nothing is started or reserved."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return next((kind for kind in ("GPU", "TPU") if tf.config.list_physical_devices(kind)), "CPU")
    if backend == "jax":
        import jax

        return {"gpu": "GPU", "tpu": "TPU"}.get(jax.default_backend(), "CPU")
    if backend == "torch":
        import torch

        return "GPU" if torch.cuda.is_available() else "CPU"
    return "CPU"


def has_gpu() -> bool:
    """Return whether Keras' backend sees a GPU here."""
    return device_kind() == "GPU"
