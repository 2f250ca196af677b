import pytest

from zoo.experiments.recipe import load_recipe
from zoo.tuning.folder import search_folder
from zoo.tuning.plan import FIXED, TRIALS, make_plan

NONE = dict.fromkeys(FIXED)


def plan(folder, started=None, *, fixed=None, trials=None, hours=None, space=None, **arguments):
    recipe = load_recipe("reverse")
    return make_plan(
        recipe, search_folder(folder), started or {}, NONE | (fixed or {}), trials, hours, space, arguments
    )


def test_defaults_of_a_new_search(tmp_path):
    made = plan(tmp_path, quick=True)
    assert (made.engine, made.tuner, made.objective, made.limit) == ("processes", "random", "val_exact", TRIALS)
    assert made.rising and made.record["recipe"] == "reverse" and made.trials.settings == {"quick": True}
    assert plan(tmp_path, fixed={"tuner": "grid"}).limit is None  # it ends by itself
    assert plan(tmp_path, hours=2.0).limit is None


def test_given_arguments_are_not_searched(tmp_path):
    made = plan(tmp_path, units=64)
    assert "units" not in made.arguments(made.hyperparameters.values)
    transformer = plan(tmp_path, model="transformer")
    assert set(transformer.arguments(transformer.hyperparameters.values)) == {"units", "learning_rate"}


def test_a_misspelt_name_in_the_space_is_refused(tmp_path):
    with pytest.raises(ValueError, match="Unknown argument of reverse in the space of the search: 'unit'"):
        plan(tmp_path, space=lambda hp: {"unit": hp.Int("unit", 1, 5)})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fixed": {"tuner": "grid"}}, "started with tuner='random', .*Received: tuner='grid'"),
        ({"fixed": {"objective": "val_nats"}}, "started with objective='val_exact'"),
        ({"fixed": {"max_parameters": 5}}, "started with max_parameters=None"),
        ({"units": 5}, "started with no units, .*Received: units=5"),
        ({"seed": 1}, "started with seed=3"),
        ({"space": lambda hp: {"units": hp.Int("units", 1, 5)}}, "started with space="),
    ],
)
def test_a_search_is_resumed_as_it_was_started(tmp_path, changes, message):
    started = plan(tmp_path, trials=7, seed=3).record
    again = plan(tmp_path, started)
    assert again.record == started and again.limit == 7 and again.trials.seed == 3
    assert plan(tmp_path, started, trials=9).limit == 9
    with pytest.raises(ValueError, match=message):
        plan(tmp_path, started, **changes)


def test_ray_draws_all_trials_before_the_first(tmp_path):
    started = plan(tmp_path, trials=7, fixed={"engine": "ray"}).record
    assert plan(tmp_path, started, trials=7).limit == 7
    with pytest.raises(ValueError, match="started with trials=7, .*Received: trials=9"):
        plan(tmp_path, started, trials=9)
