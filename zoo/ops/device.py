"""What this process computes on."""

import keras


def has_gpu() -> bool:
    """Whether Keras' backend sees a GPU here. Nothing is started or reserved by asking."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        return bool(tf.config.list_physical_devices("GPU"))
    if backend == "jax":
        import jax

        return jax.default_backend() == "gpu"
    if backend == "torch":
        import torch

        return torch.cuda.is_available()
    return False
