import os
import signal
import sys
import threading
import time

import pytest
import ray

from tests.conftest import ROOT
from tests.tuning import toys
from zoo.experiments.trial import ConfigurationError
from zoo.tuning.job import SearchJob
from zoo.tuning.on_ray import search_on_ray
from zoo.tuning.proposals import Proposals
from zoo.tuning.space import arguments_of, read_space
from zoo.tuning.trials import best_of


@pytest.fixture(scope="module")
def cluster():
    """This machine as a cluster of four processors, for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "numpy")
        environment = {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": "numpy"}
        ray.init(num_cpus=4, log_to_driver=False, include_dashboard=False, runtime_env={"env_vars": environment})
        yield
        ray.shutdown()


def search(folder, *, trials=4, workers=2, asha=False, max_failed=5, tuner="random", **options):
    folder.mkdir(exist_ok=True)
    space = read_space(toys.space)
    job = SearchJob(
        folder=folder,
        proposals=Proposals(tuner=tuner, space=space, rising=False, seed=0, trials=trials, epochs=toys.EPOCHS),
        arguments=lambda values: arguments_of(toys.space, space, values),
        function="tests.tuning.toys_on_ray:run",
        options={"seen": str(folder / "seen"), **options},
        workers=workers,
        objective="val_loss",
        rising=False,
        trials=trials,
        hours=None,
        max_failed=max_failed,
        verbose=0,
    )
    return search_on_ray(job, epochs=toys.EPOCHS, asha=asha)


def processes(folder, trial):
    """(process, epochs it began with) of all that had a part in a trial."""
    lines = (folder / "seen" / f"{trial.values['x']}").read_text().splitlines()
    return [tuple(map(int, line.split())) for line in lines]


@pytest.mark.slow
def test_the_same_trials_as_worker_processes_though_one_is_killed(cluster, light_workers, tmp_path):
    """Ray starts the killed one again, and it goes on after the epoch that it had finished."""
    folder = tmp_path / "killed"
    killed = []

    def kill():
        while not killed:
            for epochs in (folder / "seen").glob("*.epochs"):
                process = int((folder / "seen" / epochs.name.removesuffix(".epochs")).read_text().split()[0])
                if epochs.read_text():
                    os.kill(process, signal.SIGKILL)
                    killed.append(process)
                    return
            time.sleep(0.05)

    (folder / "seen").mkdir(parents=True)
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    found = search(folder, epoch_seconds=1.0)
    killer.join(5)
    expected = toys.search(tmp_path / "processes", trials=4).run()
    assert toys.table(found) == toys.table(expected)
    again = [trial for trial in found if len(processes(folder, trial)) > 1]
    assert len(killed) == 1 and len(again) == 1
    (first, begun), (second, went_on) = processes(folder, again[0])
    assert first == killed[0] != second and begun == 0 < went_on
    assert (folder / "trials.csv").read_text().count("\n") == 5
    # Run again, a search that has ended is read and not repeated.
    assert toys.table(search(folder, epoch_seconds=1.0)) == toys.table(found)
    assert sum(len(processes(folder, trial)) for trial in found) == 5


@pytest.mark.slow
def test_asha_ends_the_worse(cluster, tmp_path):
    found = search(tmp_path / "asha", trials=8, workers=4, asha=True, epoch_seconds=0.2)
    stopped = [trial for trial in found if trial.status == "stopped"]
    whole = [trial for trial in found if trial.status == "completed"]
    assert stopped and whole and len(found) == 8
    assert all(0 < len(trial.history) < toys.EPOCHS for trial in stopped)
    assert all(len(trial.history) == toys.EPOCHS for trial in whole)
    assert best_of(found, rising=False).status == "completed"


@pytest.mark.slow
def test_failures_and_mistakes_are_told_apart(cluster, tmp_path, capfd):
    found = search(tmp_path / "failures", trouble={"first": "error"})
    assert sorted(trial.status for trial in found) == ["completed"] * 3 + ["failed"]
    assert "ValueError: no good" in next(trial.error for trial in found if trial.status == "failed")
    assert "in _break" in capfd.readouterr().err
    with pytest.raises(ConfigurationError, match="met an error that no other trial would avoid.*nothing will do"):
        search(tmp_path / "mistake", trouble={"first": "mistake"}, trials=2)


def test_without_ray(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ModuleNotFoundError, match=r"seqzoo\[ray\]"):
        search(tmp_path / "none")
