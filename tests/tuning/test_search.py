import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT
from tests.tuning import toys
from zoo.experiments.trial import ConfigurationError
from zoo.tuning.journal import Journal
from zoo.tuning.trials import TooManyFailedError, best_of

pytestmark = pytest.mark.usefixtures("light_workers")


def processes(folder, number):
    """By process that had a part in a trial: the epoch after which it began."""
    lines = (folder / "trials" / str(number) / "processes").read_text().splitlines()
    return [int(line.split()[1]) for line in lines]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A search of six trials that nobody disturbed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "numpy")
        return toys.search(tmp_path_factory.mktemp("whole")).run()


def test_a_trial_is_what_its_values_make_of_it(whole):
    assert [trial.number for trial in whole] == list(range(6))
    for trial in whole:
        assert trial.status == "completed" and trial.score == pytest.approx(toys.truth(trial.values))
        assert [row["epoch"] for row in trial.history] == [1, 2, 3, 4]


def test_a_score_that_is_not_finite_is_the_same_when_read_again(in_process, tmp_path):
    first = toys.search(tmp_path, trials=2, trouble={"1": "score"}).run()
    again = toys.search(tmp_path, trials=2, trouble={"1": "score"}).run()
    for trials in (first, again):
        assert [(trial.status, trial.score is None) for trial in trials] == [("completed", False), ("nan", True)]
    assert "NaN" not in (tmp_path / "journal.jsonl").read_text()


@pytest.mark.slow
def test_two_workers_finish_the_same_trials_as_one(whole, tmp_path):
    assert toys.table(toys.search(tmp_path, workers=2).run()) == toys.table(whole)


def test_a_search_that_was_killed_is_resumed(whole, tmp_path):
    """kill -9 of the search alone, while the first trial trains; its worker ends too, and the next search goes on."""
    child = _start(tmp_path, {"epoch_seconds": 1.0})
    _until(lambda: (tmp_path / "trials" / "0" / "checkpoint.npz").is_file())
    child.kill()
    child.wait()
    assert _events(tmp_path) == 1
    results = toys.search(tmp_path).run()
    assert toys.table(results) == toys.table(whole)
    assert best_of(results, rising=False).number == best_of(whole, rising=False).number
    restarted = [processes(tmp_path, trial.number) for trial in results]
    assert [len(epochs) for epochs in restarted] == [2, 1, 1, 1, 1, 1] and restarted[0][1] > 0
    assert (tmp_path / "trials.csv").read_text().count("\n") == 7


def _start(folder, options):
    """A search in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.tuning.toys", str(folder), json.dumps(options)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_killed_three_times_at_random_it_ends_as_one_that_was_not(whole, tmp_path):
    """kill -9, the search alone: its workers must not go on. Where the journal stood is told by the seed."""
    moments, options = random.Random(3), {"epoch_seconds": 0.3}
    for _ in range(3):
        begun = len(Journal(tmp_path / "journal.jsonl").events)
        child = _start(tmp_path, options)
        _until(lambda begun=begun: (tmp_path / "journal.jsonl").is_file() and _events(tmp_path) > begun)
        time.sleep(moments.uniform(0.0, 4.0))
        child.send_signal(signal.SIGKILL)
        child.wait()
    found = toys.search(tmp_path, **options).run()
    assert toys.table(found) == toys.table(whole)
    assert best_of(found, rising=False).number == best_of(whole, rising=False).number
    restarted = [processes(tmp_path, trial.number) for trial in found]
    assert sum(map(len, restarted)) > 6, "no kill met a running trial"
    assert (tmp_path / "trials.csv").read_text().count("\n") == 7


def _events(folder):
    return (folder / "journal.jsonl").read_bytes().count(b"\n")


@pytest.mark.parametrize("workers", [1, 2])
def test_proposals_that_listen_are_the_same_when_continued(either_crew, tmp_path, workers):
    """The Gaussian process hears trials in their order; cut anywhere, the journal leads to the same proposals."""
    options = {"tuner": "bayesian", "trials": 9, "workers": workers}
    expected = toys.table(toys.search(tmp_path / "whole", **options).run())
    lines = (tmp_path / "whole" / "journal.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "journal.jsonl").write_bytes(b"".join(lines[:13]) + lines[13][:20])
    assert toys.table(toys.search(tmp_path / "cut", **options).run()) == expected


def test_hyperband_continues_trials_from_their_checkpoints(either_crew, tmp_path):
    found = toys.search(tmp_path, tuner="hyperband", trials=None).run()
    longest = [trial for trial in found if len(trial.history) == toys.EPOCHS]
    assert longest and len({len(trial.history) for trial in found}) > 1
    continued = [trial for trial in found if processes(tmp_path, trial.number)[0] > 0]
    assert continued
    for trial in continued:
        assert trial.score == pytest.approx(toys.truth(trial.values) + (toys.EPOCHS - len(trial.history)) / 10)


def test_what_trials_die_of_is_told_apart(either_crew, tmp_path, capfd):
    trouble = {"0": "error", "1": "nan", "2": "memory", "3": "score", "4": "dies once"}
    found = toys.search(tmp_path, trouble=trouble, workers=2).run()
    assert [trial.status for trial in found] == ["failed", "nan", "out_of_memory", "nan", "completed", "completed"]
    assert best_of(found, rising=False).number in (4, 5)
    assert found[0].error == "ValueError: no good"
    told = capfd.readouterr().err
    assert told.count("Traceback") == 1 and "in _break" in told  # the first, and no other
    # The one whose process died went on after the epoch that it had finished, and its table is as if it had not.
    assert processes(tmp_path, 4) == [0, 1]
    assert [row["epoch"] for row in found[4].history] == [1, 2, 3, 4]
    assert found[4].score == pytest.approx(toys.truth(found[4].values))


def test_a_trial_whose_process_dies_again_and_again_takes_only_itself(either_crew, tmp_path, capfd):
    found = toys.search(tmp_path, trouble={"0": "dies"}, trials=2).run()
    assert [trial.status for trial in found] == ["crashed", "completed"]
    assert "died 3 times" in found[0].error and "SIGKILL" in found[0].error
    assert processes(tmp_path, 0) == [0, 1, 1]
    assert capfd.readouterr().err.count("another continues the trial") == 2


def test_failures_are_counted_and_the_search_can_go_on(either_crew, tmp_path, capfd):
    trouble = {"0": "error", "1": "error"}
    with pytest.raises(TooManyFailedError, match=r"2 trials failed, and 1 are allowed.*ValueError: no good"):
        toys.search(tmp_path, trouble=trouble, max_failed=1).run()
    with pytest.raises(TooManyFailedError, match="2 trials failed"):
        toys.search(tmp_path, trouble=trouble, max_failed=1).run()
    found = toys.search(tmp_path, trouble=trouble, max_failed=2, trials=3).run()
    assert [trial.status for trial in found] == ["failed", "failed", "completed"]


def test_a_mistake_of_configuration_stops_at_once_and_mended_is_run_again(either_crew, tmp_path, capfd):
    with pytest.raises(ConfigurationError, match="nothing will do"):
        toys.search(tmp_path, trouble={"0": "mistake"}).run()
    assert _events(tmp_path) == 1
    found = toys.search(tmp_path, trials=1).run()
    assert found[0].status == "completed" and processes(tmp_path, 0) == [0, 1]


def test_hours_are_those_of_all_that_belongs_to_the_search(either_crew, tmp_path):
    found = toys.search(tmp_path, trials=None, hours=2 / 3600, epoch_seconds=0.2).run()
    assert 1 <= len(found) < 30 and all(trial.status == "completed" for trial in found)
    assert len(toys.search(tmp_path, trials=None, hours=2 / 3600).run()) == len(found)
    assert len(toys.search(tmp_path, trials=len(found) + 1).run()) == len(found) + 1


def test_other_proposals_than_those_of_the_journal_are_refused(in_process, tmp_path):
    toys.search(tmp_path, trials=1).run()
    with pytest.raises(ValueError, match="cannot be reproduced: trial 0"):
        toys.search(tmp_path, seed=1)


def test_a_space_that_is_used_up_ends_the_search(either_crew, tmp_path):
    def few(hp):
        return {"x": hp.Choice("x", [0.0, 1.0]), "kind": hp.Choice("kind", ["a", "b"])}

    found = toys.search(tmp_path, tuner="grid", trials=None, varied=few, workers=2).run()
    assert sorted((trial.values["x"], trial.values["kind"]) for trial in found) == [
        (0.0, "a"),
        (0.0, "b"),
        (1.0, "a"),
        (1.0, "b"),
    ]


@pytest.mark.slow
def test_workers_are_renewed(tmp_path):
    search = toys.search(tmp_path, trials=25)
    search.run()
    lines = [(tmp_path / "trials" / str(n) / "processes").read_text().split()[0] for n in range(25)]
    assert len(set(lines)) == 3 and str(os.getpid()) not in lines


def _until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)
