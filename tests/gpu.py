"""`make gpu`: ops, cells and laws where a GPU is found, on every backend that sees one; says plainly when none does.

On a GPU the LSTM and GRU of a stack take cuDNN, padded and fully padded rows with them: the same tests prove it there.
"""

import os
import subprocess
import sys

PROBE = "from zoo.ops.device import has_gpu; import sys; sys.exit(0 if has_gpu() else 3)"
TESTS = ["tests/ops", "tests/cells", "tests/layers", "tests/laws", "tests/decoding"]


def main() -> int:
    found = 0
    for backend in ("tensorflow", "jax"):
        environment = {**os.environ, "KERAS_BACKEND": backend}
        probe = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, check=False)
        if probe.returncode == 0:
            found += 1
            print(f"gpu: {backend} sees a GPU", flush=True)
            failed = subprocess.run([sys.executable, "-m", "pytest", *TESTS], env=environment, check=False).returncode
            if failed:
                return failed
        elif probe.returncode == 3:
            print(f"gpu: {backend} sees no GPU")
        else:
            print(f"gpu: {backend} is not installed")
    if not found:
        print(
            "gpu: NO GPU WAS FOUND. Nothing was run: cuDNN, GPU precision and GPU speed are unproved on this machine."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
