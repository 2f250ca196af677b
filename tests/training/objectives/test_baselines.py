import numpy as np
import pytest
from keras import ops

from tests.gradients import weight_gradients
from tests.training.toys import PAD, START, Everything, batch, build, tensors
from zoo.training.objectives.baselines import Learned, MovingAverage, OtherSamples
from zoo.training.objectives.rollout import Rollout
from zoo.training.objectives.sequence_level import SequenceLevel

ROWS = np.array([1.0, 1.0, 0.0], "float32")
REWARDS = np.array([[1.0, 3.0], [2.0, 4.0], [1e6, 1e6]], "float32")


def rollout(rewards=REWARDS, rows=ROWS, steps=2, units=3):
    random = np.random.default_rng(1)
    hidden = random.normal(size=(*rewards.shape, steps, units)).astype("float32")
    real = np.ones((*rewards.shape, steps), "float32")
    real[0, -1, 1:] = 0
    return Rollout(*tensors((rewards, hidden, real, rows)), lambda: None)


def test_a_moving_average_is_that_of_the_batches_before():
    baseline = MovingAverage(decay=0.8)
    baseline.build((None, None, 3))
    average = 2.5
    for factor in (1.0, 3.0, -2.0):
        level, loss = baseline.measure(rollout(REWARDS * np.float32(factor)))
        assert loss == 0.0
        np.testing.assert_allclose(np.ravel(level), [average], rtol=1e-6)
        average = 0.8 * average + 0.2 * 2.5 * factor
    with pytest.raises(ValueError, match=r"`decay` lies in \[0, 1\). Received: 1.0"):
        MovingAverage(1.0)


def test_other_samples_are_the_same_examples_others():
    rewards = np.array([[1.0, 2.0, 6.0], [0.0, 0.0, 3.0]], "float32")
    level, loss = OtherSamples().measure(rollout(rewards, np.ones(2, "float32")))
    assert loss == 0.0
    np.testing.assert_allclose(np.squeeze(level, -1), [[4, 3.5, 1.5], [1.5, 1.5, 0]], rtol=1e-6)
    with pytest.raises(ValueError, match=r"needs samples >= 2. Received: samples=1"):
        OtherSamples().measure(rollout(rewards[:, :1], np.ones(2, "float32")))


def test_a_learned_one_regresses_the_rewards_on_what_was_said():
    """Least squares in float64 over real steps of real rows, by which the hidden states learn nothing."""
    baseline, toy = Learned(), rollout()
    baseline.build((None, None, 3))
    baseline.regression.kernel.assign([[0.5], [-1.0], [2.0]])
    hidden, real = (ops.convert_to_numpy(array).astype("float64") for array in (toy.hidden, toy.mask))
    guessed = hidden @ [0.5, -1.0, 2.0]
    real *= ROWS[:, None, None]
    missed = (guessed - REWARDS[..., None]) * real
    loss, found = weight_gradients(lambda: baseline.measure(toy)[1], baseline.trainable_variables)
    np.testing.assert_allclose(baseline.measure(toy)[0], guessed, rtol=1e-5)
    np.testing.assert_allclose(loss, (missed**2).sum() / 7, rtol=1e-5)
    kernel, bias = (found[variable.path] for variable in baseline.trainable_variables)
    np.testing.assert_allclose(kernel[:, 0], 2 * np.einsum("bnt,bntu->u", missed, hidden) / 7, rtol=1e-4)
    np.testing.assert_allclose(bias, [2 * missed.sum() / 7], rtol=1e-4)


def test_self_critical_is_the_reward_of_the_greedy_output():
    """As validation tells it, too. Found here by asking the model for its likeliest next token again and again."""
    model = build("encoder_decoder")
    inputs = batch(model)[0]
    said = np.zeros((4, 4), "int32")
    for t in range(4):
        fed = np.concatenate([np.full((4, 1), START), said[:, :3]], axis=1)
        scores = ops.convert_to_numpy(model(tensors({**inputs, "target": fed.astype("int32")}))["scores"])[:, t]
        scores[:, [PAD, START]] = -np.inf
        said[:, t] = np.where((said[:, :t] == 3).any(1), PAD, scores.argmax(1))
    outputs = [tuple(token for token in row if token not in (0, 3)) for row in said.tolist()][:3]

    def worth(output):
        return float(np.dot(output, np.arange(1, len(output) + 1)))

    regime = SequenceLevel(
        model, lambda outputs, examples: [worth(output) for output in outputs], maximum_length=4, samples=2
    )
    inputs, targets, weights = tensors(batch(model))
    regime.training_loss(inputs, targets, weights)
    regime.reward_metrics["reward"].reset_state()
    regime.compute_loss(inputs, targets, model(inputs), weights, training=False)
    assert len(set(outputs)) > 1
    for name in ("baseline", "reward"):
        np.testing.assert_allclose(
            float(regime.reward_metrics[name].result()), np.mean([*map(worth, outputs)]), rtol=1e-5
        )


@pytest.mark.tensorflow
def test_a_learned_one_lowers_the_variance_of_the_estimate():
    """Its exact value, over all outputs: sum_y p(y) |g_y - g|^2, when rewards are far from zero."""
    import tensorflow as tf

    everything = Everything(build(vocabulary_size=6))
    everything.rewards = everything.rewards + 2
    variances = {}
    for name in ("none", "learned"):
        regime = SequenceLevel(everything.model, everything.reward, baseline=name, maximum_length=3)
        if name == "learned":  # as it is when it has learned: what is left are the differences
            regime.baseline.regression.bias.assign(np.sum(everything.chances[:, None] * everything.rewards, axis=0))
        estimate = tf.function(lambda rows, regime=regime: flat_gradient(everything, regime, rows))
        found = np.stack(
            [estimate(tf.constant(row)).numpy() for row in np.eye(len(everything.chances), dtype="float32")]
        )
        mean = everything.chances @ found
        variances[name] = everything.chances @ ((found - mean) ** 2).sum(1)
    assert variances["learned"] < 0.5 * variances["none"]


def flat_gradient(everything, regime, rows):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = regime.surrogate_loss(tensors(everything.inputs), *tensors((everything.said, everything.rewards)), rows)
    found = tape.gradient(loss, [variable.value for variable in everything.model.trainable_variables])
    return tf.concat([tf.reshape(tf.convert_to_tensor(gradient), [-1]) for gradient in found], axis=0)
