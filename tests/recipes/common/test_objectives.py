import numpy as np
import pytest

from zoo.experiments.run import Settings, train
from zoo.recipes import reverse
from zoo.recipes.common import objectives
from zoo.training.objectives.scheduled_sampling import ScheduledSampling
from zoo.training.objectives.sequence_level import SequenceLevel

SMALL = {"examples": 150, "length": 3, "minimum_length": 3, "batch_size": 32, "units": 16}


@pytest.fixture(scope="module")
def built():
    splits = reverse.data(examples=100, length=3, minimum_length=3)
    return reverse.model(splits, units=4), splits


def test_the_truth_needs_no_regime(built):
    assert objectives.of_texts(*built) is built[0]


@pytest.mark.parametrize("feeding", ["linear", "exponential", "inverse_sigmoid"])
def test_scheduled_sampling_by_name(built, feeding):
    regime = objectives.of_texts(*built, feeding=feeding, feeding_updates=100)
    assert isinstance(regime, ScheduledSampling)
    chances = [float(regime.schedule(np.int32(update))) for update in (0, 50, 100, 1000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.9 and chances[3] < 0.01
    expected = {"linear": (0.5, 0.0), "exponential": (0.5, 0.25), "inverse_sigmoid": (0.5, None)}[feeding]
    assert chances[1] == pytest.approx(expected[0], abs=0.01)
    assert expected[1] is None or chances[2] == pytest.approx(expected[1], abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"feeding": "lineal"}, "linear"),
        ({"reward": "blue"}, "bleu"),
        ({"reward": "bleu", "baseline": "greedy"}, "baseline"),
        ({"reward": "bleu", "feeding": "linear"}, "needs no feeding"),
    ],
)
def test_bad_names_are_refused(built, arguments, said):
    with pytest.raises(ValueError, match=said):
        objectives.of_texts(*built, **arguments)


def test_figures_of_texts_are_rewards(built):
    splits = built[1]
    word = splits.raw["train"][0]["target"]
    ids = splits.vocabularies["target"].encode(word)
    for name in ("exact", "character_error"):
        regime = objectives.of_texts(*built, reward=name)
        assert isinstance(regime, SequenceLevel)
        assert list(regime.judge.reward([ids], [{"target": ids}])) == [1.0]
    assert list(regime.judge.reward([ids[:2]], [{"target": ids}])) == pytest.approx([2 / 3])


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "a"
    return train("reverse", out=out, settings=Settings(quick=True, epochs=1, verbose=0), **SMALL)


def test_a_run_starts_with_the_weights_of_another(trained, tiny, tmp_path):
    settings = Settings(epochs=1, verbose=0, start=str(trained.folder))
    run = train("sentiment", out=tmp_path / "b", settings=settings, **tiny | {"learning_rate": 1e-9})
    assert run.recipe["start"] == str(trained.folder)
    for weights, expected in zip(run.model.get_weights(), trained.model.get_weights(), strict=True):
        np.testing.assert_allclose(weights, expected, atol=1e-6)
    with pytest.raises(ValueError, match="another than this recipe builds"):
        train("sentiment", out=tmp_path / "c", settings=settings, **tiny | {"units": 8})


@pytest.mark.slow
def test_a_run_goes_on_from_another_by_its_reward_and_resumes(first, tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0, start=str(first.folder))
    arguments = {**SMALL, "reward": "exact", "longest": 5, "learning_rate": 1e-3}
    second = train("reverse", out=tmp_path / "b", settings=settings, **arguments)
    assert second.recipe["start"] == str(first.folder)
    header = (second.folder / "history.csv").read_text().splitlines()[0]
    assert {"reward", "baseline", "val_reward"} <= set(header.split(","))
    third = train("reverse", out=tmp_path / "b", settings=Settings(resume=True, epochs=2, verbose=0))
    assert len((third.folder / "history.csv").read_text().splitlines()) == 3


@pytest.mark.slow
def test_another_model_is_no_start(first, tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0, start=str(first.folder))
    with pytest.raises(ValueError, match="another than this recipe builds"):
        train("reverse", out=tmp_path / "b", settings=settings, **{**SMALL, "units": 8})
