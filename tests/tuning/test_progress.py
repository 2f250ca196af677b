from zoo.tuning.progress import Progress
from zoo.tuning.trials import Trial

DONE = Trial(0, {"units": 8}, "completed", 0.5, 3.2, [{"val_loss": 0.5}] * 4)
FAILED = Trial(1, {"units": 16}, "failed", error="ValueError: no")


def progress(**changed):
    return Progress(**{"objective": "val_loss", "rising": False, "trials": 2, "verbose": 1, **changed})


def test_a_line_for_every_trial_that_ends(capsys):
    shown = progress()
    shown.epoch(DONE, {"epoch": 1, "val_loss": 0.7})
    shown.ended(DONE, [DONE])
    shown.ended(FAILED, [DONE, FAILED])
    shown.close()
    assert capsys.readouterr().out.splitlines() == [
        "trial 0/2 0.5000 (best 0.5000 of 0) 4 epochs 3 s: units 8",
        "trial 1/2 failed: ValueError: no (best 0.5000 of 0): units 16",
    ]


def test_at_a_terminal_epochs_are_shown_while_they_run(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    shown = progress()
    shown.epoch(DONE, {"epoch": 2, "val_loss": 0.7})
    shown.epoch(FAILED, {"epoch": 1})
    out = capsys.readouterr().out
    assert "trial 0 epoch 2 0.7000   trial 1 epoch 1\r" in out


def test_silent_but_for_what_went_wrong(capsys):
    shown = progress(verbose=0)
    shown.ended(DONE, [DONE])
    shown.say("Traceback\n")
    told = capsys.readouterr()
    assert told.out == "" and told.err == "Traceback\n"
