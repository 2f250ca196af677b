import csv
import json
import math

from zoo.tuning.trials import STATUSES, Trial, best_of, write_trials

TRIALS = [
    Trial(0, {"units": 8}, "completed", 0.5, 1.0, [{"epoch": 1, "val_loss": 0.5}], parameters=10),
    Trial(1, {"units": 16}, "failed", None, None, [], "ValueError: no"),
    Trial(2, {"units": 8, "cell": "gru"}, "completed", 0.25, 2.0, [{"epoch": 1, "val_loss": 0.4}] * 2),
    Trial(3, {"units": 4}, "stopped", 0.1),
    Trial(4, {"units": 4}, "completed", 0.25),
    Trial(5, {"units": 4}),
]


def test_only_a_completed_trial_is_the_best():
    assert best_of(TRIALS, rising=False).number == 2
    assert best_of(TRIALS, rising=True).number == 0
    assert best_of(TRIALS[1:2], rising=True) is None
    assert {trial.status for trial in TRIALS} <= set(STATUSES)


def test_the_files(tmp_path):
    write_trials(tmp_path, TRIALS, objective="val_loss", rising=False)
    with open(tmp_path / "trials.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["trial", "status", "score", "epochs", "seconds", "units", "cell"]
    assert list(rows[1].values()) == ["1", "failed", "", "0", "", "16", ""]
    assert rows[2]["epochs"] == "2"
    epochs = [json.loads(line) for line in (tmp_path / "trials.jsonl").read_text().splitlines()]
    assert [epoch["trial"] for epoch in epochs] == [0, 2, 2] and epochs[0]["val_loss"] == 0.5
    best = json.loads((tmp_path / "best.json").read_text())
    assert best["trial"] == 2 and best["values"] == {"units": 8, "cell": "gru"} and best["direction"] == "min"


def test_files_hold_no_number_that_json_does_not_have(tmp_path):
    trial = Trial(0, {}, "completed", 0.5, 1.0, [{"epoch": 1, "val_loss": math.inf}])
    write_trials(tmp_path, [trial, Trial(1, {}, "nan", None)], objective="val_loss", rising=False)
    assert (tmp_path / "trials.jsonl").read_text() == '{"trial": 0, "epoch": 1, "val_loss": null}\n'


def test_without_a_best_there_is_no_file_of_it(tmp_path):
    write_trials(tmp_path, TRIALS[1:2], objective="val_loss", rising=False)
    assert not (tmp_path / "best.json").exists()
