"""What holds for every task, and what it asks for."""

import numpy as np
import pytest

from zoo.data.batches.on_the_fly import OnTheFlyBatches
from zoo.data.synthetic.algorithms import TASKS

every_task = pytest.mark.parametrize("name", TASKS)
SIZES = {"copy": 7, "repeat_copy": 4, "associative_recall": 3, "ngrams": 25, "priority_sort": 10}


@every_task
def test_batches_are_what_a_model_is_told(name, random):
    task, size = TASKS[name], SIZES[name]
    inputs, targets, weights = task.draw(size, 6, random)
    rows, steps, features = inputs.shape
    assert (rows, features) == (6, task.features)
    assert targets.shape == (rows, steps, task.outputs) and weights.shape == (rows, steps)
    assert all(array.dtype == "float32" for array in (inputs, targets, weights))
    assert set(np.unique(targets)) == {0, 1} and set(np.unique(weights)) <= {0, 1}
    assert not targets[weights == 0].any()
    if name != "ngrams":
        assert not inputs[weights == 1].any()  # who answers is told nothing


@every_task
def test_the_generator_decides(name):
    first, again, other = (TASKS[name].draw(SIZES[name], 6, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert len({row.tobytes() for row in first[0]}) == 6


def asked(name, size, random):
    """Bits that are asked for: what who guesses pays."""
    return TASKS[name].draw(size, 1, random)[2].sum() * TASKS[name].outputs


def test_chances_of_the_literature(random):
    assert (asked("copy", 20, random), asked("copy", 120, random)) == (160, 960)
    assert asked("associative_recall", 2, random) == asked("associative_recall", 6, random) == 18
    assert asked("priority_sort", 20, random) == 16 * 8
    assert asked("ngrams", 200, random) == 200
    # 1 to 10 repeats of 3 steps and the end, 9 bits each.
    assert {asked("repeat_copy", 3, random) for _ in range(300)} == {9 * (3 * times + 1) for times in range(1, 11)}


@every_task
def test_training_sizes_can_be_drawn(name):
    task = TASKS[name]
    least, most = task.sizes
    fresh = OnTheFlyBatches(lambda size, random: task.draw(size, 2, random), sizes=task.sizes, batches=most - least + 2)
    assert all(np.isfinite(array).all() for index in range(len(fresh)) for array in fresh[index])


@every_task
def test_what_cannot_be_drawn(name, random):
    with pytest.raises(ValueError, match="Received: size=0, rows=2"):
        TASKS[name].draw(0, 2, random)
    with pytest.raises(ValueError, match="rows=0"):
        TASKS[name].draw(5, 0, random)
