import keras
import numpy as np

from tests.runs import model_of, splits_of
from zoo.experiments.assembly import resolve_arguments
from zoo.experiments.fit import fit, on_one_device
from zoo.experiments.recipe import load_recipe
from zoo.experiments.settings import Settings, resolve_settings

SMALL = {"examples": 60, "batch_size": 16, "units": 2, "embedding_size": 2, "dropout": 0.0}


def test_a_fit_stops_where_it_is_told_and_continues(tmp_path):
    recipe = load_recipe("surnames")
    settings = resolve_settings(recipe, Settings(epochs=3, verbose=0))
    arguments = resolve_arguments(recipe, SMALL)
    splits = splits_of("surnames", **SMALL)
    seen = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    for until, epochs in ((1, 1), (None, 3)):
        keras.utils.set_random_seed(0)
        model = model_of("surnames", splits, **SMALL)
        done = fit(recipe, model, splits, arguments, tmp_path, settings, until=until, callbacks=[watch])
        assert len(done.history) == epochs
    assert seen == [0, 1, 2]
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 4


def test_weights_of_several_devices_become_those_of_one():
    splits = splits_of("surnames", **SMALL)
    trained, single = (model_of("surnames", splits, **SMALL) for _ in range(2))
    assert on_one_device(single, trained) is single
    for one, other in zip(single.get_weights(), trained.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
