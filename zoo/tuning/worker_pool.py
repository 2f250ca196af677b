"""A pool of worker processes: they are started warm, renewed after some trials, and replaced when they die."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

# Memory grows with every model that a process has built: a process is renewed after so many trials.
TRIALS_PER_PROCESS = 10


@dataclass
class Worker:
    """One process, and the trial that it runs."""

    index: int
    process: subprocess.Popen
    trial: int | None = None
    num_trials: int = 0
    ready: bool = False


class WorkerPool:
    """The workers of a search, each with its share of the machine's GPUs.

    Args:
        workers: how many.
        folder: where each writes what it prints, as N.log.
        trials_per_process: after which a process is renewed.
    """

    def __init__(self, *, workers: int, folder: Path, trials_per_process: int = TRIALS_PER_PROCESS):
        self.folder, self.trials_per_process = folder, trials_per_process
        self.environments = [worker_environment(index, workers, os.environ, visible_gpus()) for index in range(workers)]
        self._messages: SimpleQueue[tuple[Worker, dict[str, Any] | None]] = SimpleQueue()
        folder.mkdir(parents=True, exist_ok=True)
        self.workers = [self._start(index) for index in range(workers)]

    def _start(self, index: int) -> Worker:
        environment = {**self.environments[index], "PYTHONPATH": import_path()}
        with open(self.folder / f"{index}.log", "ab") as log:
            process = subprocess.Popen(
                # -P: without it Python would look for modules in the working directory first.
                [sys.executable, "-P", "-m", "zoo.tuning.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        worker = Worker(index, process)
        Thread(target=self._listen, args=(worker,), daemon=True).start()
        return worker

    def _listen(self, worker: Worker) -> None:
        """Put the messages of a worker on one queue; None is its end."""
        for line in worker.process.stdout or ():
            try:
                self._messages.put((worker, json.loads(line)))
            except (ValueError, RecursionError):  # it died in the middle of a line
                break
        self._messages.put((worker, None))

    @property
    def idle(self) -> Worker | None:
        """A worker without a trial, or None."""
        return next((worker for worker in self.workers if worker.trial is None), None)

    @property
    def busy(self) -> bool:
        """Return whether any trial runs."""
        return any(worker.trial is not None for worker in self.workers)

    def submit(self, worker: Worker, trial: int, message: Mapping[str, Any]) -> None:
        """Submit a trial to a worker."""
        if worker.num_trials >= self.trials_per_process:
            stop(worker)
            worker = self.workers[worker.index] = self._start(worker.index)
        worker.trial, worker.num_trials = trial, worker.num_trials + 1
        try:
            assert worker.process.stdin is not None
            worker.process.stdin.write(json.dumps(message).encode() + b"\n")
            worker.process.stdin.flush()
        except BrokenPipeError:
            pass  # it is dead, which `poll` reports

    def poll(self, seconds: float) -> Iterator[tuple[int, str, Any]]:
        """Yield messages of workers that arrive within some seconds.

        (trial, "epoch", metrics), (trial, "result", result), or (trial, "died", how its process ended); another process
        has then replaced it.
        """
        try:
            worker, message = self._messages.get(timeout=seconds)
        except Empty:
            return
        if worker is not self.workers[worker.index]:
            return  # one that was renewed has ended
        trial = worker.trial
        if message is None:
            code = worker.process.wait()
            self.workers[worker.index] = self._start(worker.index)
            if trial is None and not worker.ready:
                raise RuntimeError(
                    f"A worker process ended before its first trial ({describe_exit(code)}); its output is in "
                    f"{self.folder / f'{worker.index}.log'}."
                )
            if trial is not None:
                yield trial, "died", describe_exit(code)
        elif "ready" in message:
            worker.ready = True
        elif trial is not None and "epoch" in message:
            yield trial, "epoch", message["epoch"]
        elif trial is not None and "result" in message:
            worker.trial = None
            yield trial, "result", message["result"]

    def close(self) -> None:
        """Ends all workers; a trial that runs is lost but for its checkpoint."""
        for worker in self.workers:
            stop(worker)


def import_path() -> str:
    """PYTHONPATH of a process that can import what this one can.

    Where this process looks into its working directory (a notebook does), the other does so last: a file there is
    found by its own name, and takes the place of no installed module.
    """
    return os.pathsep.join([*filter(None, sys.path), *([os.getcwd()] if "" in sys.path else [])])


def stop(worker: Worker) -> None:
    """Ends a worker's process."""
    worker.process.kill()
    worker.process.wait()


def describe_exit(code: int) -> str:
    """Describe the exit of a process."""
    if code == -signal.SIGKILL:
        return "killed by SIGKILL, as a person does, or the system when memory runs out"
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def visible_gpus() -> list[str]:
    """The GPUs that this process may use, by the names that CUDA_VISIBLE_DEVICES takes."""
    if "CUDA_VISIBLE_DEVICES" in os.environ:
        return [gpu for gpu in os.environ["CUDA_VISIBLE_DEVICES"].split(",") if gpu.strip() not in ("", "-1")]
    try:
        listing = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [str(number) for number, line in enumerate(line for line in listing.splitlines() if line.startswith("GPU "))]


def worker_environment(index: int, workers: int, environment: Mapping[str, str], gpus: Sequence[str]) -> dict[str, str]:
    """The environment of one of several workers: its own GPUs, or its part of one, and of the processor's threads.

    Args:
        place: of the worker, from 0.
        workers: how many there are.
        environment: of the search; what is set in it by hand stays.
        gpus: names of those there are.
    """
    own = dict(environment)
    if gpus:
        mine = list(gpus[index::workers]) or [gpus[index % len(gpus)]]
        own["CUDA_VISIBLE_DEVICES"] = ",".join(mine)
        if workers > len(gpus):
            own.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
            sharing = sum(other % len(gpus) == index % len(gpus) for other in range(workers))
            own.setdefault("XLA_PYTHON_CLIENT_MEM_FRACTION", f"{0.9 / sharing:.2f}")
    elif workers > 1:
        threads = str(max(1, (os.cpu_count() or 1) // workers))
        own.setdefault("TF_NUM_INTRAOP_THREADS", threads)
        own.setdefault("OMP_NUM_THREADS", threads)
    return own
