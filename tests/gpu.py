"""`make gpu`: what a GPU may break, and what it is worth, on every backend that sees one; says plainly when none does.

    python -m tests.gpu                         all parts
    python -m tests.gpu tests --minutes 5       one part; what is not done by then is stopped, and what was done counts
    python -m tests.gpu --out FOLDER            keeps what is printed, a file a part

The parts are `tests`, those of ops, cells, layers, laws and decoding: on a GPU the LSTM and GRU of a stack take cuDNN,
padded and fully padded rows with them, and the same tests prove it there; `training`, recipes in half precision and
under the backend's strategy; and `benchmarks`, whose peers are on the GPU as well.
"""

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zoo.lookup import lookup
from zoo.training.strategies import STRATEGIES

PROBE = "from zoo.backend.device import has_gpu; import sys; sys.exit(0 if has_gpu() else 3)"
PARTS = {"tests": 0.5, "training": 0.15, "benchmarks": 0.35}  # name -> its share of the minutes
PYTEST = ["-m", "pytest", "-p", "no:cacheprovider", "--tb=short", "-rfE"]
RELOAD = "tests/laws/test_reload.py"  # it saves all models once: a file that processes must not share
ROOMS = ("backend", "ops", "cells", "layers", "recurrent", "laws", "decoding")
TESTS = [*(f"tests/{room}" for room in ROOMS), f"--deselect={RELOAD}"]
TRAININGS = {
    "mixed_bfloat16": ("sentiment", "tagging", "reverse", "language_model"),
    "mixed_float16": ("sentiment", "reverse"),
}
# The quickest first, should minutes be short.
BENCHMARKS = ["classifier", "attention", "beam_search", "memory_network", "turing_machine", "trees"]
# Processes side by side must not reserve the whole GPU each. Tests compare to 1e-5: float32 is then not to be TF32.
SHARED = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
# Elsewhere tests have XLA make machine code quickly; what a GPU runs is to be what users get.
EXACT = {"JAX_DEFAULT_MATMUL_PRECISION": "highest", "NVIDIA_TF32_OVERRIDE": "0", "XLA_FLAGS": ""}


def stages(part: str, backend: str, processes: int, folder: str) -> list[list[list[str]]]:
    """What a part runs with Python: one stage after another, the commands of a stage side by side."""
    if part == "tests":
        parallel = ["-n", str(processes), "--dist=worksteal"] if importlib.util.find_spec("xdist") else []
        differs, rest = ([*PYTEST, *parallel, *TESTS, "-m", marked] for marked in ("each_backend", "not each_backend"))
        return [[differs, [*PYTEST, RELOAD]], [rest]]
    if part == "training":
        wanted = [["--precision", precision, name] for precision, names in TRAININGS.items() for name in names]
        wanted += [["--strategy", strategy, "surnames"] for strategy, own in STRATEGIES.items() if own == backend]
        return [
            [
                ["-m", "zoo.cli.main", "train", name, *options, "--quick", "--verbose", "2", "--out", f"{folder}/{n}"]
                for n, (*options, name) in enumerate(wanted)
            ]
        ]
    return [[["-m", "benchmarks", "--rounds", "1", *BENCHMARKS]]]


def run(commands: list[list[str]], environment: dict[str, str], until: float, log: Path | None) -> int:
    """Runs commands side by side, and tells what each said when it ends; how many failed."""
    running = []
    for command in commands:
        said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the process
        whole = [sys.executable, *command]
        process = subprocess.Popen(whole, env=environment, stdout=said, stderr=said, start_new_session=True)
        running.append((command, process, said))
    failed, begun = 0, time.monotonic()
    stopped: list[subprocess.Popen] = []
    for command, process, said in running:
        if not stopped and not _ends(process, until):
            stopped = [each for _, each, _ in running if each.poll() is None]
            _stop(stopped)
        outcome = "done" if process.returncode == 0 else f"failed with {process.returncode}"
        outcome = "stopped: its time was up" if process in stopped else outcome
        failed += outcome.startswith("failed")
        said.seek(0)
        told = f"$ python {' '.join(command)}\n{said.read()}--- {outcome}, after {time.monotonic() - begun:.0f} s\n"
        print(told, flush=True)
        if log is not None:
            with log.open("a") as file:
                file.write(told)
    return failed


def _ends(process: subprocess.Popen, until: float) -> bool:
    """Whether it ends by itself in time."""
    try:
        process.wait(None if until == float("inf") else max(1.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _stop(processes: list[subprocess.Popen]) -> None:
    """Ends them together as Ctrl-C ends them, on which pytest still tells what it found; what then stays, by force."""
    for process in processes:
        os.killpg(process.pid, signal.SIGINT)
    until = time.monotonic() + 20
    for process in processes:
        if not _ends(process, until):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.gpu")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="of each backend, shared among the parts")
    parser.add_argument("--processes", type=int, default=max(1, (os.cpu_count() or 1) - 2), help="that test")
    parser.add_argument("--out", type=Path, help="folder of tests.log, training.log and benchmarks.log")
    chosen = parser.parse_args()
    parts = {part: lookup("part", part, PARTS) for part in chosen.parts or PARTS}
    if chosen.out is not None:
        chosen.out.mkdir(parents=True, exist_ok=True)
    found = failed = 0
    for backend in STRATEGIES.values():
        environment = {**os.environ, **SHARED, "KERAS_BACKEND": backend}
        probe = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, check=False)
        if probe.returncode != 0:
            print(f"gpu: {backend} {'sees no GPU' if probe.returncode == 3 else 'is not installed'}")
            continue
        found += 1
        print(f"gpu: {backend} sees a GPU", flush=True)
        for part, share in parts.items():
            until = time.monotonic() + 60 * chosen.minutes * share / sum(parts.values())
            log = None if chosen.out is None else chosen.out / f"{part}.log"
            variables = environment | (EXACT if part == "tests" else {})
            with tempfile.TemporaryDirectory() as folder:
                for commands in stages(part, backend, chosen.processes, folder):
                    if time.monotonic() < until:
                        failed += run(commands, variables, until, log)
    if not found:
        print(
            "gpu: NO GPU WAS FOUND. Nothing was run: cuDNN, GPU precision and GPU speed are unproved on this machine."
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
