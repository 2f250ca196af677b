"""What generating recipes compile with: the steps that AdamW then takes, and what does not go together."""

import keras
import numpy as np
import pytest

from zoo.data.batches.padded import Batches
from zoo.experiments.optimizers import compile_classifier, compile_generator, reduce_on_plateau
from zoo.experiments.recipe import RECIPES
from zoo.experiments.run import find


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


def fitted(model, updates):
    data = np.ones((updates, 2), "float32")
    model.fit(data, data, batch_size=1, verbose=0)
    return np.asarray(model.weight)


def test_validation_counts_no_filling():
    """Five rows in batches of four: Keras' loss counts the second batch, one real row, as much as the first."""
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.GlobalMaxPooling1D(), keras.layers.Softmax()])
    frames = np.random.default_rng(0).normal(size=(5, 3, 2)).astype("float32")
    batches = Batches({"frames": frames}, [0, 1, 0, 1, 1], batch_size=4)
    logs = compile_classifier(model, 0.1).evaluate(batches, verbose=0, return_dict=True)
    probabilities = model.predict(frames, verbose=0)
    nats = -np.log(probabilities[np.arange(5), [0, 1, 0, 1, 1]])
    assert logs["nats"] == pytest.approx(nats.mean(), rel=1e-5)
    assert logs["loss"] == pytest.approx((nats[:4].mean() + nats[4]) / 2, rel=1e-5)  # why it is not watched


def test_no_recipe_watches_the_loss_over_batches():
    assert all(find(name).MONITOR != "val_loss" for name in RECIPES)


@pytest.mark.each_backend
def test_the_model_brings_its_loss_and_the_schedule_its_rates():
    # Adam's step against a constant gradient is the learning rate: 1/4 + 2/4 + 3/4 + 1 + sqrt(4/5) + sqrt(4/6) of it.
    model = compile_generator(Slope(), 1e-2, schedule="inverse_square_root", warmup_steps=4)
    np.testing.assert_allclose(fitted(model, 6), [-1e-2 * (2.5 + 0.8**0.5 + (4 / 6) ** 0.5)] * 2, rtol=1e-4)


def test_the_gradient_is_clipped_as_a_whole():
    for clipnorm, largest in ((0.5, 0.5), (0.0, 300 * 2**0.5)):
        optimizer = compile_generator(Slope(), 1e-2, clipnorm=clipnorm).optimizer
        clipped = optimizer._clip_gradients([keras.ops.ones((2,)) * 300])
        assert float(keras.ops.norm(clipped[0])) == pytest.approx(largest, rel=1e-5)


def test_weight_decay_and_jit_reach_keras():
    model = compile_generator(Slope(0.0), 0.1, weight_decay=0.2, jit_compile=False)
    model.weight.assign([1.0, 1.0])
    np.testing.assert_allclose(fitted(model, 2), [(1 - 0.1 * 0.2) ** 2] * 2, rtol=1e-6)
    assert model.jit_compile is False


def test_a_plateau_lowers_a_plain_rate():
    model = compile_generator(Slope(0.0), 0.1)
    falling = reduce_on_plateau(model, "loss", factor=0.5)
    data = np.ones((2, 2), "float32")
    model.fit(data, data, epochs=3, verbose=0, callbacks=[falling])  # epochs 2 and 3 are no better than 1
    assert float(model.optimizer.learning_rate) == pytest.approx(0.025)


def test_plateau_and_schedule_do_not_go_together():
    with pytest.raises(ValueError, match="needs a plain learning rate, and the model was compiled with a schedule"):
        reduce_on_plateau(compile_generator(Slope(), 0.1, schedule="cosine", decay_steps=5), "loss")
    with pytest.raises(ValueError, match=r"is a callback, not a schedule.*Received: schedule='plateau'"):
        compile_generator(Slope(), 0.1, schedule="plateau")
