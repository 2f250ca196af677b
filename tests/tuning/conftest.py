import json
import os
from collections import deque
from types import SimpleNamespace

import pytest

from zoo.tuning.worker import attempt


@pytest.fixture
def light_workers(monkeypatch):
    """Trials without a model need no backend that takes seconds to import."""
    monkeypatch.setenv("KERAS_BACKEND", "numpy")


class ProcessKilledError(BaseException):
    """Stands for the SIGKILL of a trial that runs in this process; no trial catches it."""


class InProcessPool:
    """`zoo.tuning.worker_pool.WorkerPool` without processes: trials run here, one after another."""

    def __init__(self, *, workers, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.workers = [SimpleNamespace(trial=None) for _ in range(workers)]
        self.queue = deque()

    @property
    def idle(self):
        return next((worker for worker in self.workers if worker.trial is None), None)

    @property
    def busy(self):
        return any(worker.trial is not None for worker in self.workers)

    def submit(self, worker, trial, message):
        worker.trial = trial
        self.queue.append((worker, json.loads(json.dumps(message))))

    def poll(self, seconds):
        worker, message = self.queue.popleft()
        trial, epochs = worker.trial, []
        try:
            result = attempt(message["function"], message["values"], message["options"], report=epochs.append)
        except ProcessKilledError:
            result = None
        worker.trial = None
        for metrics in epochs:
            yield trial, "epoch", json.loads(json.dumps(metrics))
        if result is None:
            yield trial, "died", "killed by SIGKILL"
        else:
            yield trial, "result", json.loads(json.dumps(result))

    def close(self):
        pass


def run_in_process(patch):
    """Let searches run their trials in this process: without the seconds that a process takes to import Keras."""

    def kill(process, signal):
        assert process == os.getpid()
        raise ProcessKilledError

    patch.setattr("zoo.tuning.search.WorkerPool", InProcessPool)
    patch.setattr("tests.tuning.toys.os", SimpleNamespace(getpid=os.getpid, kill=kill))


@pytest.fixture
def in_process(monkeypatch):
    """Trials run in this process."""
    run_in_process(monkeypatch)


@pytest.fixture(params=["in_process", pytest.param("processes", marks=pytest.mark.slow)])
def either_crew(request, monkeypatch):
    """Trials run in this process, or in worker processes."""
    if request.param == "in_process":
        run_in_process(monkeypatch)
