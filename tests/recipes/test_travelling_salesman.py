import numpy as np
import pytest

from tests.runs import model_of, splits_of
from zoo.data.synthetic import tours
from zoo.experiments.objectives import make_objective
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import travelling_salesman

SMALL = {"batches": 40, "batch_size": 64, "examples": 20, "units": 32, "smallest": 4, "largest": 4, "beyond": 5}


def test_a_short_run_is_measured_and_drawn(tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0)
    short = {**SMALL, "batches": 4, "batch_size": 8, "examples": 8, "units": 8, "beyond": 4}
    run = train("travelling_salesman", out=tmp_path / "run", settings=settings, **short, encoder="forward", glimpses=0)
    test = run.metrics["test"]
    assert set(test) == {"length", "length_ratio"}
    assert test["length_ratio"] >= 1 - 1e-6  # no tour is shorter than the shortest
    assert 1 <= run.metrics["baseline"]["length_ratio"] < 1.2
    assert (run.folder / "tours.png").stat().st_size > 5000


@pytest.mark.slow
def test_by_examples_then_by_length_alone(tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0)
    first = train("travelling_salesman", out=tmp_path / "a", settings=settings, **SMALL)
    test = first.metrics["test"]
    assert set(test) == {f"{name}{size}" for name in ("length", "length_ratio") for size in ("", "_4", "_5")}
    assert all(test[f"length_ratio_{size}"] >= 1 - 1e-6 for size in (4, 5))  # nothing is shorter than the shortest
    assert 1 <= first.metrics["baseline"]["length_ratio"] < 1.2
    assert (first.folder / "tours.png").stat().st_size > 5000

    settings = Settings(quick=True, epochs=1, verbose=0, init_from=str(first.folder))
    arguments = {
        **SMALL,
        "solved": False,
        "reward": "length",
        "reward_maximum_length": 6,
        "samples": 2,
        "baseline": "other_samples",
    }
    second = train("travelling_salesman", out=tmp_path / "b", settings=settings, **arguments)
    assert second.metrics["test"]["length_4"] < test["length_4"] * 1.05
    assert (second.folder / "rewards.png").stat().st_size > 5000


def test_a_tour_that_leaves_a_city_out_is_nothing_to_learn_from(tmp_path):
    line = "0.1 0.1 0.9 0.2 0.5 0.8 0.1 0.7 output 1 2 3 4 1\n"
    (tmp_path / "tours.txt").write_text(line * 12 + line.replace("1 2 3 4 1", "1 3 4 1") + line * 7)
    splits = splits_of("travelling_salesman", data=str(tmp_path / "tours.txt"))
    model = model_of("travelling_salesman", splits, units=4)
    for learning in ({}, {"reward": "length", "cross_entropy": 0.1}):
        with pytest.raises(ValueError, match=r"train split: example 8: .*for 4 positions, the target \[0, 2, 3\]"):
            make_objective(model, splits, travelling_salesman.REWARDS, **learning)
    make_objective(model, splits, travelling_salesman.REWARDS, reward="length")


def test_without_solutions_no_example_has_an_answer():
    splits = splits_of("travelling_salesman", smallest=4, largest=5, beyond=6, batches=2, examples=2, solved=False)
    inputs, targets, _ = splits.train[0]
    assert inputs["target"].tolist() == [[2]] * len(targets)
    assert targets.tolist() == [[3]] * len(targets)
    assert not np.array_equal(inputs["source"], splits.train[1][0]["source"])


def test_the_reward_is_minus_the_length():
    (example,) = tours.generate(1, points=(5, 5))
    reward = travelling_salesman.REWARDS["length"](None)
    found = reward([np.array(example["target"]) + 4], [{**example, "target": np.array([])}])
    corners = example["source"][example["target"]]
    length = sum(np.linalg.norm(corners[place] - corners[place - 1]) for place in range(5))
    np.testing.assert_allclose(found, [-length], rtol=1e-6)
