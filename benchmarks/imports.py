"""`import zoo` against `import keras` (ms until the module is there)."""

import json
import resource
import sys
import time


def pairs():
    for backend in ("tensorflow", "jax"):
        environment = {"KERAS_BACKEND": backend}
        contender = lambda module: (module, ["-m", "benchmarks.imports", module], environment)  # noqa: E731, B023
        yield f"import, {backend}", contender("zoo"), contender("keras"), None


if __name__ == "__main__":
    begun = time.perf_counter()
    __import__(sys.argv[1])
    taken = time.perf_counter() - begun
    print(json.dumps({"ms": taken * 1e3, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
