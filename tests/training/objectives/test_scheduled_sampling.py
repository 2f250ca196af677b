"""What is fed against a loop of the model's own steps in float64, what is learned against one pass over that."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import weight_gradients
from tests.training.toys import END, PAD, SIZE, START, batch, build, tensors
from zoo.data.batches.padded import Batches
from zoo.training.callbacks.checkpoint import Checkpoint
from zoo.training.objectives.sampling_schedules import Exponential, Linear
from zoo.training.objectives.scheduled_sampling import ScheduledSampling


def always(probability):
    return lambda update: ops.full((), probability)


def own_steps(model, inputs, probability, draws):
    """The truth where the coin says so, else what the step before drew: the first token whose cumulated chance exceeds
    the number drawn."""
    target, (coins, chances) = inputs["target"], draws.astype("float64")
    context = model.encode(tensors(inputs))
    state, fed, own = model.start(context, target.shape[1]), np.zeros_like(target), target[:, 0]
    for t in range(target.shape[1]):
        fed[:, t] = np.where((coins[t] < probability) | (t == 0), target[:, t], own)
        scores, state, _ = model.step(ops.convert_to_tensor(fed[:, t]), state, context)
        scores = ops.convert_to_numpy(scores).astype("float64")
        scores[:, [0, 2]] = -np.inf  # padding and start are never said
        mass = np.cumsum(np.exp(scores - scores.max(1, keepdims=True)), axis=1)
        own = (mass <= chances[t][:, None] * mass[:, -1:]).sum(1)
    return fed


@pytest.mark.parametrize(
    ("name", "probability"),
    [("encoder_decoder", 0.0), pytest.param("pointer_network", 0.4, marks=pytest.mark.each_backend)],
)
def test_it_feeds_the_truth_or_its_own_draws(name, probability):
    model = build(name)
    inputs, seed = batch(model)[0], 7
    regime = ScheduledSampling(model, always(probability), seed=seed)
    draws = keras.random.uniform((2, *inputs["target"].T.shape), seed=keras.random.SeedGenerator(seed))
    fed, truly = (ops.convert_to_numpy(found) for found in regime.mix(tensors(inputs), probability))
    np.testing.assert_array_equal(fed, own_steps(model, inputs, probability, ops.convert_to_numpy(draws)))
    assert truly[:, 0].all()
    assert truly[:, 1:].any() == (probability > 0)
    assert (fed != inputs["target"]).any()


def learned(model, loss):
    return weight_gradients(loss, model.trainable_variables)


@pytest.mark.parametrize(("name", "options"), [("encoder_decoder", {"label_smoothing": 0.1}), ("copying", {})])
def test_all_truth_is_teacher_forcing(name, options):
    """Loss, gradients and figures."""
    model, found = build(name, penalties={"coverage": 0.3}, **options), []
    inputs, targets, weights = tensors(batch(model))
    regime = ScheduledSampling(model, always(1.0))
    for loss in (
        lambda: regime.training_loss(inputs, targets, weights),
        lambda: model.compute_loss(inputs, targets, model(inputs, training=True), weights),
    ):
        for figure in regime.validation_metrics:
            figure.reset_state()
        value, gradient = learned(model, loss)
        found.append(
            {"loss": value, **gradient} | {figure.name: float(figure.result()) for figure in regime.validation_metrics}
        )
    assert float(regime.teacher_forcing.result()) == 1
    assert int(model.penalties.updates) == 2
    for name, expected in found[1].items():
        np.testing.assert_allclose(found[0][name], expected, rtol=1e-5, atol=1e-7, err_msg=name)


def test_no_gradient_passes_through_the_draws():
    """It is that of the model's own loss on what was fed, a constant."""
    model, regimes = build(), []
    inputs, targets, weights = tensors(batch(model))
    regimes = [ScheduledSampling(model, always(0.0), seed=5) for _ in range(2)]
    fed = {"target": ops.convert_to_numpy(regimes[0].mix(inputs, 0.0)[0])}
    assert len(np.unique(fed["target"][:, 1:])) > 2
    loss, found = learned(model, lambda: regimes[1].training_loss(inputs, targets, weights))
    expected_loss, expected = learned(
        model, lambda: model.compute_loss(fed, targets, model(tensors(fed), training=True), weights)
    )
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-6)
    for path, gradient in expected.items():
        np.testing.assert_allclose(found[path], gradient, atol=1e-7, err_msg=path)


def test_every_token_has_a_coin_of_its_own():
    """As many as the probability says, and neighbours know nothing of each other: five standard errors."""
    model, probability, rows, steps = build(units=1, embedding_size=1), 0.3, 300, 24
    regime = ScheduledSampling(model, always(probability), seed=1)
    inputs = {"target": ops.full((rows, steps), START, dtype="int32")}
    coins = ops.convert_to_numpy(regime.mix(inputs, probability)[1])[:, 1:].astype("float64")
    spread = np.sqrt(probability * (1 - probability))
    assert abs(coins.mean() - probability) < 5 * spread / np.sqrt(coins.size)
    unlike = (coins - probability) / spread
    for one, other in ((unlike[:, 1:], unlike[:, :-1]), (unlike[1:], unlike[:-1])):
        assert abs((one * other).mean()) < 5 / np.sqrt(one.size)
    again = ops.convert_to_numpy(regime.mix(inputs, probability)[1])[:, 1:]
    assert 0.5 < (again == coins).mean() < 0.65  # 0.58: other coins in every batch


def test_what_the_own_history_rules_out_is_no_target():
    """A place that was visited by mistake cannot be visited again, and is nothing to learn from."""
    model = build("pointer_network", visits="all")
    inputs, targets, weights = batch(model)
    mistaken = {**inputs, "target": inputs["target"].copy()}
    mistaken["target"][0, 1], mistaken["target"][2, 1] = targets[0, 1], targets[2, 1]
    regime = ScheduledSampling(model, always(0.5))
    regime.mix = lambda given, probability: tensors((mistaken["target"], mistaken["target"] > 0))
    found = float(regime.training_loss(*tensors((inputs, targets, weights))))
    scores = ops.convert_to_numpy(model(tensors(mistaken))["scores"]).astype("float64")
    chances = np.exp(scores - scores.max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    picked = np.take_along_axis(chances, targets[..., None], axis=-1)[..., 0]
    possible = (picked > 0) & (weights > 0)
    assert 3 < possible.sum() < weights.sum()
    np.testing.assert_allclose(found, -np.log(picked[possible]).mean(), rtol=1e-5)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        (Linear(100, begin=1.2), "a number from 0 to 1, at every update. Received: 1.2.* at update 0, from Linear"),
        (Linear(100, floor=-0.5), "Received: -0.5 at update 100, from Linear"),
        (Exponential(1.01), "Received: 1.0.* at update 1, from Exponential"),
        (always(float("nan")), "Received: nan at update 0"),
    ],
)
def test_a_schedule_of_no_probabilities_is_an_error(schedule, message):
    with pytest.raises(ValueError, match=message):
        ScheduledSampling(build(), schedule)


@pytest.fixture
def fit(tmp_path):
    """Trains from the checkpoint in a folder if there is one."""
    draw = np.random.default_rng(2)
    targets = [np.array([*draw.integers(4, SIZE, length), END], "int32") for length in draw.integers(1, 6, 21)]
    fed = [np.array([START, *target[:-1]], "int32") for target in targets]
    batches = Batches({"target": fed}, targets, batch_size=4, buckets=1, shuffle=True, seed=1, aligned=True)
    assert any((batches[number][0]["target"] == PAD).all(1).any() for number in range(len(batches)))

    def train(epochs, folder, callbacks=()):
        keras.utils.set_random_seed(4)
        (tmp_path / folder).mkdir(exist_ok=True)
        regime = ScheduledSampling(build(dropout=0.1), Linear(24), seed=3)
        regime.compile(keras.optimizers.Adam(0.01), jit_compile=False)
        checkpoint = Checkpoint(tmp_path / folder / "checkpoint.npz", batches)
        regime.fit(
            batches,
            shuffle=False,
            callbacks=[*callbacks, checkpoint],
            initial_epoch=checkpoint.epoch,
            epochs=epochs,
            verbose=0,
        )
        return regime, checkpoint.history

    return train


class Killed(keras.callbacks.Callback):
    """Ends the second epoch in the midst of it."""

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.updates) == 9:
            raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.tensorflow
def test_killed_and_resumed_it_ends_as_one_never_interrupted(fit):
    """The schedule goes on where it was, and so do coins and draws."""
    whole, history = fit(4, "whole")
    with pytest.raises(KeyboardInterrupt):
        fit(4, "parts", [Killed()])
    parts, resumed = fit(4, "parts")
    assert resumed == history
    for one, other in zip(parts.variables, whole.variables, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=one.path)
    assert int(parts.updates) == 24
    truth = [epoch["teacher_forcing"] for epoch in history]
    steps = 6  # of which the first is the start
    for epoch, share in enumerate(truth):
        chance = np.mean([1 - update / 24 for update in range(6 * epoch, 6 * epoch + 6)])
        assert abs(share - (1 + (steps - 1) * chance) / steps) < 5 * 0.5 / np.sqrt(6 * 4 * steps)
