import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zoo.tuning import worker_pool
from zoo.tuning.worker_pool import WorkerPool, describe_exit, import_path, visible_gpus, worker_environment

pytestmark = pytest.mark.usefixtures("light_workers")


@pytest.mark.parametrize(
    ("workers", "gpus", "expected"),
    [
        (1, ["0", "1"], ["0,1"]),
        (2, ["0", "1"], ["0", "1"]),
        (2, ["0", "1", "2", "3"], ["0,2", "1,3"]),
        (3, ["4", "7"], ["4", "7", "4"]),
    ],
)
def test_gpus_are_shared_out(workers, gpus, expected):
    environments = [worker_environment(place, workers, {}, gpus) for place in range(workers)]
    assert [each["CUDA_VISIBLE_DEVICES"] for each in environments] == expected
    crowded = workers > len(gpus)
    assert ("TF_FORCE_GPU_ALLOW_GROWTH" in environments[0]) == crowded
    if crowded:  # the first GPU has two workers, the second has one
        fractions = [each["XLA_PYTHON_CLIENT_MEM_FRACTION"] for each in environments]
        assert fractions == ["0.45", "0.90", "0.45"]


def test_processors_are_shared_out_and_what_a_person_set_stays():
    own = worker_environment(0, 2, {"OMP_NUM_THREADS": "7"}, [])
    assert own["OMP_NUM_THREADS"] == "7"
    assert own["TF_NUM_INTRAOP_THREADS"] == str(max(1, os.cpu_count() // 2))
    assert worker_environment(0, 1, {}, []) == {}


def test_gpus_that_a_person_left_visible(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,GPU-abc")
    assert visible_gpus() == ["2", "GPU-abc"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert visible_gpus() == []


def test_gpus_that_the_driver_names(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    told = "GPU 0: A (UUID: GPU-1)\n  MIG 1g (UUID: MIG-2)\nGPU 1: A (UUID: GPU-3)\n"
    monkeypatch.setattr(
        worker_pool.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess((), 0, stdout=told, stderr="")
    )
    assert visible_gpus() == ["0", "1"]


def test_ends_in_words():
    assert "memory runs out" in describe_exit(-signal.SIGKILL)
    assert describe_exit(-signal.SIGSEGV) == "killed by SIGSEGV" and describe_exit(3) == "exit code 3"


def test_a_worker_ends_with_the_process_that_began_it(tmp_path):
    """Killed with -9, a search leaves no process behind that goes on training."""
    code = (
        "import sys, time; from pathlib import Path; from zoo.tuning.worker_pool import WorkerPool\n"
        "pool = WorkerPool(workers=1, folder=Path(sys.argv[1]))\n"
        "pool.submit(pool.idle, 0, {'function': 'tests.tuning.toys:run', 'values': {'x': 0.0, 'kind': 'a'},"
        " 'options': {'folder': sys.argv[1] + '/0', 'epoch_seconds': 60}})\n"
        "print(pool.workers[0].process.pid, flush=True); time.sleep(600)"
    )
    chief = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    worker = int(chief.stdout.readline())
    _until(lambda: (tmp_path / "0" / "processes").is_file())
    chief.kill()
    chief.wait()
    _until(lambda: not _lives(worker))


def test_a_worker_that_cannot_start_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "nonsense")
    workers = WorkerPool(workers=1, folder=tmp_path)
    with pytest.raises(RuntimeError, match=r"ended before its first trial \(exit code 1\).*0\.log"):
        _until(lambda: list(workers.poll(1.0)))
    assert "nonsense" in (tmp_path / "0.log").read_text()
    workers.close()


def test_no_file_of_the_working_directory_takes_the_place_of_a_module(tmp_path, monkeypatch):
    """Tried in a worker process, which no other test can stand for."""
    for name in ("queue", "keras", "json"):
        (tmp_path / f"{name}.py").write_text("open('executed', 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])  # as in a notebook
    workers = WorkerPool(workers=1, folder=tmp_path / "workers")
    _until(lambda: list(workers.poll(1.0)) or workers.workers[0].ready)
    workers.close()
    assert not (tmp_path / "executed").exists()


def test_what_can_be_imported_here_can_be_imported_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["/lib/python", "/lib/site-packages"])
    assert import_path() == f"/lib/python{os.pathsep}/lib/site-packages"
    monkeypatch.setattr(sys, "path", ["", "/lib/python"])
    assert import_path() == f"/lib/python{os.pathsep}{tmp_path}"


def _until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
