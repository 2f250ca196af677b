"""What recipes compile with: the steps that AdamW then takes, losses, and schedules to the end of a training."""

import keras
import numpy as np
import pytest

import zoo
from zoo.data.batches.padded import Batches
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.optimizers import compile_model, plateau_callbacks
from zoo.experiments.recipe import load_recipe
from zoo.experiments.settings import monitor_of


class Slope(keras.Model):
    """A model with its own loss: `slope` times its only weight, summed."""

    def __init__(self, slope=1.0):
        super().__init__()
        self.slope = slope
        self.weight = self.add_weight(shape=(2,), initializer="zeros", name="weight")

    def call(self, inputs):
        return keras.ops.multiply(inputs, self.weight)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.sum(self.weight) * self.slope


def compiled(model, **arguments):
    return compile_model(model, **{"epochs": 1, "steps_per_epoch": 10, **arguments})


def fitted(model, updates):
    data = np.ones((updates, 2), "float32")
    model.fit(data, data, batch_size=1, verbose=0)
    return np.asarray(model.weight)


def test_validation_counts_no_filling():
    """Five rows in batches of four: Keras' loss counts the second batch, one real row, as much as the first."""
    model = zoo.build("many_to_one", features=2, units=2)
    frames = np.random.default_rng(0).normal(size=(5, 3, 2)).astype("float32")
    batches = Batches({"frames": frames}, [0, 1, 0, 1, 1], batch_size=4)
    logs = compiled(model).evaluate(batches, verbose=0, return_dict=True)
    probabilities = model.predict(frames, verbose=0)
    nats = -np.log(probabilities[np.arange(5), [0, 1, 0, 1, 1]])
    assert logs["nats"] == pytest.approx(nats.mean(), rel=1e-5)
    assert logs["loss"] == pytest.approx((nats[:4].mean() + nats[4]) / 2, rel=1e-5)  # why it is not monitored


def test_no_recipe_monitors_the_loss_over_batches():
    for name in list_recipes():
        recipe = load_recipe(name)
        assert all(monitor_of(recipe, {recipe.CHOICE: choice}) != "val_loss" for choice in recipe.MODELS)


@pytest.mark.parametrize(
    ("activation", "targets", "metrics"),
    [
        ("softmax", [0, 1], {"accuracy", "nats"}),
        ("sigmoid", [[0.0, 1.0]] * 2, {"accuracy", "nats"}),
        (None, [[1.0, 2.0]] * 2, {"mse"}),
    ],
)
def test_the_activation_decides_the_loss(activation, targets, metrics):
    model = compiled(zoo.build("many_to_one", features=2, units=2, activation=activation), activation=activation)
    frames = np.ones((2, 3, 2), "float32")
    logs = model.evaluate(frames, np.array(targets), verbose=0, return_dict=True)
    assert set(logs) == {"loss", *metrics}
    said = model.predict(frames, verbose=0).astype("float64")
    expected = {
        "softmax": lambda: -np.log(said[[0, 1], [0, 1]]).mean(),
        "sigmoid": lambda: -np.log(np.where(np.array(targets) > 0.5, said, 1 - said)).mean(),
        None: lambda: ((said - np.array(targets)) ** 2).mean(),
    }[activation]()
    assert logs["loss"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.each_backend
def test_the_model_brings_its_loss_and_the_schedule_its_rates():
    # Adam's step against a constant gradient is the learning rate: 1/4 + 2/4 + 3/4 + 1 + sqrt(4/5) + sqrt(4/6) of it.
    model = compiled(Slope(), learning_rate=1e-2, schedule="inverse_square_root", warmup_steps=4)
    np.testing.assert_allclose(fitted(model, 6), [-1e-2 * (2.5 + 0.8**0.5 + (4 / 6) ** 0.5)] * 2, rtol=1e-4)


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_a_rate_that_falls_has_fallen_when_the_training_ends(schedule):
    for epochs in (2, 5):
        model = compiled(Slope(), schedule=schedule, epochs=epochs, steps_per_epoch=4, warmup_steps=2)
        rate = keras.optimizers.schedules.deserialize(model.optimizer.get_config()["learning_rate"])
        assert float(rate(4 * epochs)) == pytest.approx(0, abs=1e-9)
        assert float(rate(4 * epochs - 2)) > 0


def test_halving_counts_epochs():
    model = compiled(
        Slope(),
        schedule="halving",
        learning_rate=1.0,
        epochs=10,
        steps_per_epoch=3,
        constant_epochs=4,
        halving_epochs=2,
    )
    rate = keras.optimizers.schedules.deserialize(model.optimizer.get_config()["learning_rate"])
    assert [float(rate(3 * epoch)) for epoch in range(1, 11)] == [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25]


def test_the_gradient_is_clipped_as_a_whole():
    for clipnorm, largest in ((0.5, 0.5), (0.0, 300 * 2**0.5)):
        optimizer = compiled(Slope(), clipnorm=clipnorm).optimizer
        clipped = optimizer._clip_gradients([keras.ops.ones((2,)) * 300])
        assert float(keras.ops.norm(clipped[0])) == pytest.approx(largest, rel=1e-5)


def test_weight_decay_reaches_keras():
    model = compiled(Slope(0.0), learning_rate=0.1, weight_decay=0.2)
    model.weight.assign([1.0, 1.0])
    np.testing.assert_allclose(fitted(model, 2), [(1 - 0.1 * 0.2) ** 2] * 2, rtol=1e-6)


def test_a_plateau_halves_a_plain_rate():
    model = compiled(Slope(0.0), learning_rate=0.1, schedule="plateau")
    (falling,) = plateau_callbacks("plateau", "loss", 2)
    data = np.ones((2, 2), "float32")
    model.fit(data, data, epochs=3, verbose=0, callbacks=[falling])  # epochs 2 and 3 are no better than 1
    assert float(model.optimizer.learning_rate) == pytest.approx(0.025)


def test_a_plateau_is_measured_in_epochs_of_enough_updates():
    assert plateau_callbacks("cosine", "val_nats", 4) == []
    (one,) = plateau_callbacks(
        "plateau", "val_exact", 4, plateau_monitor="val_nats", plateau_patience=2, plateau_steps=60
    )
    assert (one.monitor, one.patience) == ("val_nats", 15)
    (one,) = plateau_callbacks("plateau", "val_nats", 400, plateau_patience=2, plateau_steps=60)
    assert (one.monitor, one.patience) == ("val_nats", 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"schedule": "plateau", "warmup_steps": 3},
            "plain learning rate, which has no warm-up. Received: warmup_steps=3",
        ),
        ({"schedule": "cosin"}, "Unknown schedule: 'cosin'. Did you mean 'cosine'"),
    ],
)
def test_schedules_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        compiled(Slope(), **arguments)
