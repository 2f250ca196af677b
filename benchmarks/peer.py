"""torch as the benchmarks use it: on the GPU where there is one, as Keras does by itself."""


def torch_here():
    """torch, whose new tensors and modules lie on the GPU if it sees one."""
    import torch

    if torch.cuda.is_available():
        torch.set_default_device("cuda")
    return torch


def moved(array):
    """A NumPy array as a tensor of whole numbers, where new tensors lie."""
    torch = torch_here()
    return torch.from_numpy(array.astype("int64")).to(torch.get_default_device())


def finish() -> None:
    """Waits until the GPU has done what it was given: a clock that does not measures the asking."""
    torch = torch_here()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
