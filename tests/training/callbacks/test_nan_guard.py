"""One poisoned example among sound ones: the step, its epoch and its batch are named."""

import keras
import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.training.callbacks.nan_guard import NaNGuard


def model_of(loss="mse", rate=1e-3, steps=1):
    inputs = keras.Input((None, 2), name="frames")
    hidden = keras.layers.GlobalAveragePooling1D()(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.compile(keras.optimizers.SGD(rate), loss, steps_per_execution=steps)
    return model


@pytest.fixture
def batches(random):
    frames = [random.normal(size=(3, 2)).astype("float32") for _ in range(20)]
    return Batches({"frames": frames}, [1.0] * 20, batch_size=4, shuffle=True, seed=3)


def step_of(batches, example):
    return next(step for step in range(len(batches)) if example in batches.indices(step))


@pytest.mark.each_backend
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_poisoned_example_is_found_and_kept(batches, tmp_path, value):
    batches.inputs["frames"][13][2, 1] = value
    # TerminateOnNaN, in front as recipes have it, only asks for an end.
    with pytest.raises(ValueError, match="not finite, in frames: clean the data") as caught:
        model_of().fit(
            batches,
            shuffle=False,
            verbose=0,
            epochs=2,
            callbacks=[keras.callbacks.TerminateOnNaN(), NaNGuard(batches, tmp_path / "new")],
        )
    assert batches.epoch == 1  # the order of the first epoch
    step = step_of(batches, 13)
    assert f"in epoch 1 at step {step} (counted from 0); its batch is kept in" in str(caught.value)
    with np.load(tmp_path / "new" / "nan_batch.npz", allow_pickle=False) as file:
        assert sorted(file.files) == ["frames", "sample_weight", "targets"]
        np.testing.assert_array_equal(file["frames"], [batches.inputs["frames"][n] for n in batches.indices(step)])
        np.testing.assert_array_equal(file["targets"], [1.0] * 4)
        np.testing.assert_array_equal(file["sample_weight"], [1.0] * 4)


class Spoilt(Batches):
    """NaN in batch 2 of the third epoch, and in no other."""

    def __getitem__(self, index):
        frames, targets, weight = super().__getitem__(index)
        return (frames * np.nan if (self.epoch, index) == (3, 2) else frames), targets, weight


@pytest.mark.each_backend
def test_a_later_epoch_has_its_own_order(batches, tmp_path):
    spoilt = Spoilt(batches.inputs, batches.targets, batch_size=4, shuffle=True)
    with pytest.raises(ValueError, match=r"epoch 3 at step 2 \(counted"):
        model_of().fit(spoilt, shuffle=False, verbose=0, epochs=5, callbacks=[NaNGuard(spoilt, tmp_path)])
    with np.load(tmp_path / "nan_batch.npz") as file:
        assert np.isnan(file["frames"]).all()


def test_weights_that_break_on_sound_data(batches, tmp_path):
    with pytest.raises(ValueError, match=r"The batch itself is finite\..*lower the learning rate"):
        model_of(rate=1e30).fit(batches, shuffle=False, verbose=0, callbacks=[NaNGuard(batches, tmp_path)])


def test_a_sound_training_is_left_alone(batches, tmp_path):
    history = model_of().fit(batches, shuffle=False, verbose=0, epochs=2, callbacks=[NaNGuard(batches, tmp_path)])
    assert len(history.history["loss"]) == 2
    assert list(tmp_path.iterdir()) == []


class Several(keras.utils.PyDataset):
    """Dictionaries of inputs and of targets."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        numbers = np.full((3, 1), float(index), "float32")
        return {"left": numbers, "right": numbers + 1}, {"sum": 1 / numbers if index == 0 else numbers}


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:The model does not have any trainable")
def test_several_inputs_and_targets_keep_their_names(tmp_path):
    left, right = keras.Input((1,), name="left"), keras.Input((1,), name="right")
    model = keras.Model({"left": left, "right": right}, {"sum": keras.layers.Add()([left, right])})
    model.compile("sgd", {"sum": "mse"})
    data = Several()
    with pytest.raises(ValueError, match=r"infinite in epoch 1 at step 0 .* in targets/sum: clean"):
        model.fit(data, shuffle=False, verbose=0, callbacks=[NaNGuard(data, tmp_path)])
    with np.load(tmp_path / "nan_batch.npz") as file:
        assert sorted(file.files) == ["left", "right", "targets/sum"]
        np.testing.assert_array_equal(file["right"], np.ones((3, 1)))


def test_steps_executed_as_one(batches, tmp_path):
    with pytest.raises(ValueError, match=r"steps_per_execution=1\. Received: 2"):
        model_of(steps=2).fit(batches, shuffle=False, verbose=0, callbacks=[NaNGuard(batches, tmp_path)])
