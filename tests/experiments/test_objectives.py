import numpy as np
import pytest

from tests.runs import model_of, splits_of
from zoo.experiments.objectives import make_objective
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes.common.rewards import TEXT_REWARDS
from zoo.training.objectives.scheduled_sampling import ScheduledSampling
from zoo.training.objectives.sequence_level import SequenceLevel

SMALL = {"examples": 150, "length": 3, "minimum_length": 3, "batch_size": 32, "units": 16}


@pytest.fixture(scope="module")
def built():
    splits = splits_of("reverse", examples=100, length=3, minimum_length=3)
    return model_of("reverse", splits, units=4), splits, TEXT_REWARDS


def test_targets_alone_need_no_objective(built):
    assert make_objective(*built) is built[0]


@pytest.mark.parametrize(
    ("name", "half", "end"), [("linear", 0.5, 0.0), ("exponential", 0.5, 0.25), ("inverse_sigmoid", 0.5, None)]
)
def test_scheduled_sampling_by_name(built, name, half, end):
    objective = make_objective(*built, scheduled_sampling=name, sampling_decay_steps=100)
    assert isinstance(objective, ScheduledSampling)
    shares = [float(objective.schedule(np.int32(update))) for update in (0, 50, 100, 1000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9 and shares[3] < 0.01
    assert shares[1] == pytest.approx(half, abs=0.01)
    assert end is None or shares[2] == pytest.approx(end, abs=0.01)
    floored = make_objective(*built, scheduled_sampling=name, sampling_decay_steps=100, teacher_forcing_floor=0.9)
    assert float(floored.schedule(np.int32(10_000))) == pytest.approx(0.9)


def test_a_reward_by_name(built):
    objective = make_objective(*built, reward="exact", samples=3, reward_maximum_length=7)
    assert isinstance(objective, SequenceLevel)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scheduled_sampling": "lineal"}, "Unknown scheduled_sampling: 'lineal'. Did you mean 'linear'"),
        ({"reward": "blue"}, "Unknown reward: 'blue'. Did you mean 'bleu'"),
        ({"reward": "bleu", "baseline": "greedy"}, "Unknown baseline"),
        ({"reward": "bleu", "scheduled_sampling": "linear"}, "leaves nothing to scheduled sampling"),
    ],
)
def test_wrong_names_are_refused(built, arguments, message):
    with pytest.raises(ValueError, match=message):
        make_objective(*built, **arguments)


def test_a_run_starts_with_the_weights_of_another(trained, tiny, tmp_path):
    settings = Settings(epochs=1, verbose=0, init_from=str(trained.folder))
    run = train("sentiment", out=tmp_path / "b", settings=settings, **tiny | {"learning_rate": 1e-9})
    assert run.recipe["init_from"] == str(trained.folder)
    for weights, expected in zip(run.model.get_weights(), trained.model.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-6)
    with pytest.raises(ValueError, match="another than this recipe builds"):
        train("sentiment", out=tmp_path / "c", settings=settings, **tiny | {"units": 8})


@pytest.mark.slow
def test_a_run_continues_another_by_its_reward_and_resumes(tmp_path):
    """Three trainings."""
    quick = Settings(quick=True, epochs=1, verbose=0)
    first = train("reverse", out=tmp_path / "a", settings=quick, **SMALL)
    settings = Settings(quick=True, epochs=1, verbose=0, init_from=str(first.folder))
    arguments = {**SMALL, "reward": "exact", "reward_maximum_length": 5, "learning_rate": 1e-3}
    second = train("reverse", out=tmp_path / "b", settings=settings, **arguments)
    header = (second.folder / "history.csv").read_text().splitlines()[0]
    assert {"reward", "baseline", "val_reward"} <= set(header.split(","))
    third = train("reverse", out=tmp_path / "b", settings=Settings(resume=True, epochs=2, verbose=0))
    assert len((third.folder / "history.csv").read_text().splitlines()) == 3
