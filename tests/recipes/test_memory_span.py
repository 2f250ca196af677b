"""The memory tasks through the whole path, on tiny sizes."""

import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.cells import CELLS
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import memory_span

TINY = {"examples": 300, "length": 8, "units": 6}
SETTINGS = Settings(epochs=1, verbose=0)


def test_adding_leaves_a_picture_of_the_gradient_and_reloads(tmp_path):
    run = train("memory_span", out=tmp_path / "a", settings=SETTINGS, **TINY)
    assert {"mse", "mean_error"} <= run.metrics["test"].keys()
    assert abs(run.metrics["baseline"]["mean_mse"] - 1 / 6) < 0.08
    assert (tmp_path / "a" / "gradient_by_lag.png").stat().st_size > 5000
    (prediction,) = zoo.load(tmp_path / "a").predict([np.full((8, 2), 0.5)])
    assert len(prediction.output) == 1


@pytest.mark.slow
def test_copying_is_measured_on_the_digits_alone(tmp_path):
    run = train("memory_span", out=tmp_path / "c", settings=SETTINGS, task="copy", **TINY)
    # Untrained, the ten digits are guessed; the blanks before them, easily said, do not count.
    assert run.metrics["test"]["accuracy"] < 0.5
    assert run.metrics["baseline"]["memoryless_nats"] == pytest.approx(10 * np.log(8) / 28)


def test_splits_do_not_overlap():
    splits = splits_of("memory_span", examples=50, length=10)
    rows = [example.tobytes() for split in splits.raw.values() for example, _ in split]
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(
    "cell", [cell if cell == "gru" else pytest.param(cell, marks=pytest.mark.slow) for cell in CELLS]
)
def test_every_cell_trains_a_step(cell):
    splits = splits_of("memory_span", examples=40, length=6, batch_size=32)
    model = model_of("memory_span", splits, cell=cell, units=4)
    assert np.isfinite(model.train_on_batch(*splits.train[0])).all()


def test_runs_are_compared_in_one_picture(tmp_path):
    folders = []
    for cell in ("elman", "gru"):
        splits = splits_of("memory_span", examples=40, length=6, batch_size=32)
        folders.append(zoo.save(tmp_path / cell, model_of("memory_span", splits, cell=cell, units=4)))
    memory_span.compare(folders, tmp_path / "lags.png", length=6)
    assert (tmp_path / "lags.png").stat().st_size > 5000


def test_other_data_and_other_tasks_are_refused():
    with pytest.raises(ValueError, match="generates its data"):
        splits_of("memory_span", data="somewhere")
    with pytest.raises(ValueError, match="Unknown task: 'sorting'. Known: adding, copy"):
        splits_of("memory_span", task="sorting")
