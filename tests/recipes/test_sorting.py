import pytest

from zoo.experiments.run import train
from zoo.experiments.settings import Settings


def test_a_short_run_is_measured_and_answers(tmp_path, command):
    arguments = {"batches": 4, "batch_size": 8, "examples": 8, "units": 8, "smallest": 3, "largest": 3, "beyond": 3}
    arguments |= {"encoder": "forward", "glimpses": 0}
    settings = Settings(quick=True, epochs=1, verbose=0)
    run = train("sorting", out=tmp_path / "run", settings=settings, **arguments)
    assert set(run.metrics["test"]) == {"exact"}
    assert all(0 <= share <= 1 for share in run.metrics["test"].values())
    assert (run.folder / "pointing.png").stat().st_size > 3000
    output, _, code = command("generate", run.folder, "0.9 0.1 0.5")
    assert code == 0 and sorted(output.split()) == ["0", "1", "2"]
    _, errors, code = command("generate", run.folder, "a b")
    assert code and "Points are numbers" in errors


@pytest.mark.slow
def test_a_quick_run_sorts(tmp_path, command):
    # Counts of numbers that share their shapes: every new one is compiled.
    arguments = {"batches": 60, "batch_size": 64, "examples": 20, "units": 32, "largest": 3, "beyond": 4}
    settings = Settings(quick=True, epochs=1, verbose=0)
    run = train("sorting", out=tmp_path / "run", settings=settings, **arguments)
    assert set(run.metrics["test"]) == {"exact", "exact_3", "exact_4"}
    assert run.metrics["test"]["exact_3"] > 0.5  # by chance 1/6
    assert (run.folder / "pointing.png").stat().st_size > 3000
    output, _, code = command("generate", run.folder, "0.9 0.1 0.5")
    assert code == 0 and sorted(output.split()) == ["0", "1", "2"]
    _, errors, code = command("generate", run.folder, "a b")
    assert code and "Points are numbers" in errors
