"""torch as the benchmarks use it: on the GPU where there is one, as Keras does by itself."""

import numpy as np


def torch_here():
    """torch, whose new tensors and modules lie on the GPU if it sees one."""
    import torch

    if torch.cuda.is_available():
        torch.set_default_device("cuda")
        torch.set_float32_matmul_precision("high")  # TF32, as TensorFlow and JAX multiply float32 there
    return torch


def moved(array):
    """A NumPy array as a tensor where new tensors lie; whole numbers are int64."""
    torch = torch_here()
    whole = np.issubdtype(array.dtype, np.integer)
    return torch.from_numpy(array.astype("int64") if whole else array).to(torch.get_default_device())


def finish() -> None:
    """Waits until the GPU has done what it was given: a clock that does not measures the asking."""
    torch = torch_here()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
