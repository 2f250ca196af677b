import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import algorithms

SMALL = {"examples": 16, "batch_size": 8, "batches": 4, "units": 16, "slots": 8, "slot_size": 6, "jit_compile": False}


def test_a_quick_run_is_measured_by_size_and_drawn(tmp_path):
    settings = Settings(quick=True, epochs=2, verbose=0)
    run = train("algorithms", out=tmp_path / "run", settings=settings, **SMALL)
    figures = run.metrics["test"]
    assert set(figures) == {"bits", *(f"{name}_{size}" for name in ("bits", "guess") for size in (1, 2, 4, 8))}
    assert figures["guess_8"] == 64
    assert figures["bits"] == pytest.approx(np.mean([figures[f"bits_{size}"] for size in (1, 2, 4)]))
    assert (run.folder / "tape.png").stat().st_size > 5000
    tape = algorithms.tape_of(zoo.load(run.folder).model, np.ones((1, 7, 9), "float32"))
    shapes = {name: values.shape for name, values in tape.items()}
    assert shapes == {
        "inputs": (7, 9),
        "outputs": (7, 8),
        "added": (7, 6),
        "read": (7, 6),
        "read_weights": (7, 1, 8),
        "write_weights": (7, 1, 8),
    }
    np.testing.assert_allclose(tape["read_weights"].sum(-1), 1, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("task", ["repeat_copy", "associative_recall", "priority_sort", "ngrams"])
def test_every_task_is_learned_from(task):
    splits = splits_of("algorithms", task=task, batches=2, batch_size=4, examples=4, largest=10, smallest=10)
    model = model_of(
        "algorithms", splits, **{key: SMALL[key] for key in ("units", "slots", "slot_size", "jit_compile")}
    )
    assert np.isfinite(model.train_on_batch(*splits.train[0])).all()
    figures = algorithms.evaluate(model, splits)
    assert figures["bits_10"] == pytest.approx(figures["guess_10"], rel=0.3)  # it has learned nothing yet
    assert set(algorithms.baseline(splits)) == ({"bayes_bits_10", "bayes_bits_20"} if task == "ngrams" else set())


def test_the_control_is_an_lstm():
    splits = splits_of("algorithms", batches=2, batch_size=4, examples=4, largest=2)
    model = model_of("algorithms", splits, model="lstm", units=3, layers=2)
    assert model.name == "many_to_many"
    assert np.isfinite(model.train_on_batch(*splits.train[0])).all()
    with pytest.raises(ValueError, match="Did you mean 'lstm'"):
        model_of("algorithms", splits, model="lst")


def test_bits_are_counted_where_an_answer_is_asked():
    said = np.full((2, 3, 1), 0.25)
    targets = np.array([[[0.0], [1.0], [1.0]], [[0.0], [0.0], [0.0]]])
    weights = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    np.testing.assert_allclose(algorithms.bits(said, targets, weights), [4.0, -np.log2(0.75)])


def test_two_shapes_hold_all_sizes():
    splits = splits_of("algorithms", batches=45, batch_size=2, examples=2)
    assert {splits.train[index][0].shape for index in range(len(splits.train))} == {(2, 21, 9), (2, 42, 9)}
