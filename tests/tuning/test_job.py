import pytest

from zoo.tuning.job import SearchJob
from zoo.tuning.trials import TooManyFailedError, Trial


def job(folder, max_failed):
    return SearchJob(
        folder=folder,
        proposals=None,
        arguments=dict,
        function="module:name",
        options={},
        workers=1,
        objective="val_loss",
        rising=False,
        trials=3,
        hours=None,
        max_failed=max_failed,
    )


def test_it_ends_when_more_trials_failed_than_are_allowed(tmp_path):
    trials = [Trial(number, {}, status=status) for number, status in enumerate(("failed", "completed", "crashed"))]
    trials[0].error = "no good"
    job(tmp_path, 2).check_failures(trials)
    with pytest.raises(TooManyFailedError, match="2 trials failed, and 1 are allowed .*The first, trial 0: no good"):
        job(tmp_path, 1).check_failures(trials)


def test_it_writes_the_tables_of_its_trials(tmp_path):
    trials = [
        Trial(0, {"units": 3}, status="completed", score=0.5),
        Trial(1, {"units": 4}, status="completed", score=0.25),
    ]
    job(tmp_path, 0).write(trials)
    assert (tmp_path / "trials.csv").read_text().splitlines()[0].startswith("trial,status,score,epochs,seconds,units")
    assert '"trial": 1' in (tmp_path / "best.json").read_text()
