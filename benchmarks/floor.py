"""How fast this machine multiplies large matrices: the arithmetic floor under every benchmark.

On the GPU where torch sees one, else on the processor. It is a process of its own: whoever measures after it finds the
GPU as it was.
"""

import importlib.util
import json
import platform
import subprocess
import sys
import time

import numpy as np


def measured() -> tuple[float, str]:
    """FLOP/s of a float32 matrix product, and the device that has made it."""
    run = subprocess.run([sys.executable, "-m", "benchmarks.floor"], capture_output=True, text=True, check=True)
    found = json.loads(run.stdout.strip().split("\n")[-1])
    return found["rate"], found["device"]


def rate(multiply, size: int, seconds: float = 1.0) -> float:
    """FLOP/s of `multiply`, one product of matrices of a size: the best of those that fit into `seconds`."""
    multiply()
    best, end = np.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        begun = time.perf_counter()
        multiply()
        best = min(best, time.perf_counter() - begun)
    return 2 * size**3 / best


def _on_this_machine() -> dict:
    if importlib.util.find_spec("torch") is not None:
        from benchmarks.peer import finish, torch_here

        torch = torch_here()
        if torch.cuda.is_available():
            a, b = torch.randn(2, 8192, 8192)
            return {"rate": rate(lambda: (a @ b, finish()), 8192), "device": torch.cuda.get_device_name()}
    a, b = np.random.default_rng(0).normal(size=(2, 2048, 2048)).astype("float32")
    return {"rate": rate(lambda: a @ b, 2048), "device": f"{platform.machine()} processor"}


if __name__ == "__main__":
    print(json.dumps(_on_this_machine()))
