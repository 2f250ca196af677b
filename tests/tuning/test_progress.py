from zoo.tuning.progress import Progress
from zoo.tuning.trials import Trial

DONE = Trial(0, {"units": 8}, "completed", 0.5, 3.2, [{"val_loss": 0.5}] * 4)
FAILED = Trial(1, {"units": 16}, "failed", error="ValueError: no")


def progress(**changed):
    return Progress(**{"objective": "val_loss", "rising": False, "trials": 2, "verbose": 1, **changed})


def test_a_line_for_every_trial_that_ends(capsys):
    shown = progress()
    shown.epoch(DONE, {"epoch": 1, "val_loss": 0.7})
    shown.trial_finished(DONE, [DONE])
    shown.trial_finished(FAILED, [DONE, FAILED])
    shown.close()
    assert capsys.readouterr().out.splitlines() == [
        "trial 0 (1 of 2): val_loss 0.5000, the best so far, 4 epochs, 3 s: units 8",
        "trial 1 (2 of 2): failed: ValueError: no, best so far 0.5000 (trial 0): units 16",
    ]


def test_before_the_first_result_nothing_is_the_best(capsys):
    running = Trial(0, {"units": 8})
    progress().trial_finished(FAILED, [running, FAILED])
    progress(trials=None).trial_finished(Trial(2, {"units": 4}, "too_large"), [running, FAILED])
    assert capsys.readouterr().out.splitlines() == [
        "trial 1 (1 of 2): failed: ValueError: no: units 16",
        "trial 2: too_large: units 4",
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
    shown.trial_finished(DONE, [DONE])
    shown.print_line("Traceback\n")
    told = capsys.readouterr()
    assert told.out == "" and told.err == "Traceback\n"
