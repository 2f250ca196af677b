"""The estimate against the exact gradient of the mean reward, by enumeration of all outputs of a tiny model."""

import itertools

import numpy as np
import pytest
from keras import ops

from tests.gradients import weight_gradients
from tests.training.toys import END, LENGTHS, PAD, SIZE, START, Everything, batch, build, log_probabilities, tensors
from zoo.training.objectives.baselines import BASELINES
from zoo.training.objectives.mixer import Mixer
from zoo.training.objectives.sequence_level import SequenceLevel

LENGTH = 3


def no_reward(outputs, examples):
    return [0.0] * len(outputs)


@pytest.fixture
def everything():
    return Everything(build(vocabulary_size=6), LENGTH)


@pytest.mark.parametrize(
    "name", ["none", "moving_average", "self_critical", pytest.param("learned", marks=pytest.mark.each_backend)]
)
def test_its_mean_is_the_gradient_of_the_mean_reward(everything, name):
    """Of every weight, whatever the baseline: it is there to lower the variance alone."""
    assert set(BASELINES) == {"none", "moving_average", "self_critical", "learned", "other_samples"}
    regime = SequenceLevel(everything.model, everything.reward, baseline=name, maximum_length=LENGTH)
    for number, variable in enumerate(regime.baseline.variables):
        variable.assign(ops.full(variable.shape, 0.7 + number))
    expected = everything.gradient()
    found = everything.estimate(regime, everything.chances)
    assert set(found) == set(expected)
    for path, gradient in expected.items():
        np.testing.assert_allclose(found[path], gradient, atol=1e-5, err_msg=path)
    assert max(np.abs(gradient).max() for gradient in expected.values()) > 0.1


def test_so_it_is_with_other_samples_as_a_baseline(everything):
    """The mean over all pairs of outputs, drawn one beside the other."""
    pairs = np.array(list(itertools.product(range(len(everything.outputs)), repeat=2)))
    regime = SequenceLevel(
        everything.model, everything.reward, baseline="other_samples", samples=2, maximum_length=LENGTH
    )
    said = {name: array[pairs, 0] for name, array in everything.said.items()}
    rewards, chances = everything.rewards[pairs, 0], everything.chances[pairs].prod(1)
    inputs = {"target": np.full((len(pairs), 1), START, "int32")}

    def loss():
        return regime.surrogate_loss(*tensors((inputs, said, rewards, chances)))

    found = weight_gradients(loss, everything.model.trainable_variables)[1]
    for path, gradient in everything.gradient().items():
        np.testing.assert_allclose(found[path], gradient, atol=1e-5, err_msg=path)


@pytest.mark.slow
@pytest.mark.tensorflow
def test_draws_of_its_own_come_to_the_same(everything):
    """A training step's own loss, draws and rewards and all: within four standard errors, in several directions."""
    import tensorflow as tf

    regime = SequenceLevel(
        everything.model, everything.reward, baseline="other_samples", samples=4, maximum_length=LENGTH, seed=3
    )
    inputs = {"target": np.full((16, 3), START, "int32")}
    targets = np.full((16, 3), END, "int32")

    @tf.function
    def draw():
        with tf.GradientTape() as tape:
            loss = regime.training_loss(tensors(inputs), tensors(targets), None)
        return tape.gradient(loss, [variable.value for variable in everything.model.trainable_variables])

    def flat(gradients):
        return np.concatenate([np.asarray(tf.convert_to_tensor(gradient)).ravel() for gradient in gradients])

    drawn = np.stack([flat(draw()) for _ in range(60)]).astype("float64")
    exact = flat(everything.gradient().values()).astype("float64")
    directions = np.random.default_rng(2).normal(size=(len(exact), 4))
    directions[:, 0] = exact
    along = drawn @ directions
    errors = along.std(axis=0, ddof=1) / np.sqrt(len(along))
    distances = np.abs(along.mean(axis=0) - exact @ directions)
    assert (distances < 4 * errors).all(), distances / errors
    assert exact @ exact > 10 * errors[0]  # so that no gradient at all would be noticed


def loss_by_hand(model, inputs, outputs, weights, length):
    """- sum_t w_t log p(y_t), with the end where an output has one: the mean in float64; `weights` (B, N, T)."""
    rows, samples = len(outputs), len(outputs[0])
    said = np.zeros((rows, samples, length), "int32")
    for place in np.ndindex(rows, samples):
        ended = [*outputs[place[0]][place[1]], END][:length]
        said[place][: len(ended)] = ended
    own = {name: np.repeat(array[:rows], samples, axis=0) for name, array in inputs.items()}
    log_p = ops.convert_to_numpy(log_probabilities(model, own, said.reshape(-1, length))).astype("float64")
    return -np.where(said != PAD, log_p.reshape(said.shape) * weights, 0).sum(-1).mean()


OUTPUTS = [[(4, 5, 1, 6), (4,)], [(), (5, 5, 4)], [(1, 1), (4, 6)], [(), ()]]


def said_of(outputs, length, behind):
    tokens = np.full((len(outputs), len(outputs[0]), length), behind, "int32")
    lengths = np.array([[len(output) for output in row] for row in outputs], "int32")
    for place in np.ndindex(lengths.shape):
        tokens[place][: lengths[place]] = outputs[place[0]][place[1]]
    return {"tokens": tokens, "lengths": lengths, "finished": lengths < length}


def test_the_end_counts_and_nothing_behind_it_and_no_row_that_fills():
    model = build("one_to_many")
    regime = SequenceLevel(model, no_reward, baseline="none", samples=2, maximum_length=4)
    inputs, rows = batch(model)[0], np.array([1.0, 1.0, 1.0, 0.0], "float32")
    rewards = np.random.default_rng(1).normal(size=(4, 2)).astype("float32")
    found = []
    for behind, filling in ((PAD, 0.0), (5, 1e4)):
        said, rewards[3] = said_of(OUTPUTS, 4, behind), filling
        inputs["label"][3] = behind // 2
        given = tensors((inputs, said, rewards, rows))
        found.append(weight_gradients(lambda given=given: regime.surrogate_loss(*given), model.trainable_variables))
    weights = np.repeat(rewards[..., None], 4, axis=-1)
    expected = loss_by_hand(model, inputs, OUTPUTS[:3], weights[:3], 4)
    for loss, gradient in found:
        np.testing.assert_allclose(loss, expected, rtol=1e-5)
        for path, one in found[0][1].items():
            np.testing.assert_allclose(gradient[path], one, atol=1e-6, err_msg=path)


class Recorder:
    """A reward that remembers what it was asked about."""

    def __init__(self, worth=lambda output: 1.0):
        self.worth, self.calls = worth, []

    def __call__(self, outputs, examples):
        self.calls.append(([tuple(map(int, output)) for output in outputs], examples))
        return [self.worth(output) for output in outputs]


def test_rows_that_fill_are_nowhere():
    """Neither judged, nor learned from, nor told of."""
    model, found = build("one_to_many"), []
    inputs, targets, weights = batch(model)
    for label, filling in ((0, PAD), (3, 5)):
        recorder = Recorder(lambda output: float(len(output)))
        regime = SequenceLevel(model, recorder, samples=3, maximum_length=4, cross_entropy=0.5, seed=1)
        inputs["label"][3], inputs["target"][3], targets[3] = label, filling, filling
        given = tensors((inputs, targets, weights))
        losses = weight_gradients(
            lambda regime=regime, given=given: regime.training_loss(*given), model.trainable_variables
        )
        figures = {name: float(figure.result()) for name, figure in regime.reward_metrics.items()}
        found.append((losses, figures))
        greedy, sampled = sorted((outputs for outputs, _ in recorder.calls), key=len)  # JAX asks in any order
        assert (len(sampled), len(greedy)) == (9, 3)
        lengths = np.array([len(output) for output in sampled], "float64")
        np.testing.assert_allclose(figures["reward"], lengths.mean(), rtol=1e-5)
        np.testing.assert_allclose(figures["reward_variance"], lengths.var(), rtol=1e-4)
    (one, figures), (other, others) = found
    assert figures == others
    np.testing.assert_allclose(other[0], one[0], rtol=1e-6)
    for path, gradient in one[1].items():
        np.testing.assert_allclose(other[1][path], gradient, atol=1e-6, err_msg=path)


@pytest.mark.parametrize("first", [0, 2, 4])
def test_the_first_tokens_are_the_truth_and_learned_as_such(first):
    """- log p for each of them, the end among them, whatever the reward; the others go on from them."""
    model = build("one_to_many")
    inputs, targets, weights = batch(model)
    recorder = Recorder(lambda output: 2.5 + len(output))
    regime = SequenceLevel(
        model, recorder, baseline="none", samples=2, maximum_length=4, forced_tokens=lambda update: first, seed=4
    )
    loss = float(regime.training_loss(*tensors((inputs, targets, weights))))
    outputs = recorder.calls[0][0]
    outputs = [outputs[place : place + 2] for place in (0, 2, 4)]
    factors = np.zeros((3, 2, 4))
    for row, samples in enumerate(outputs):
        true = targets[row][targets[row] != PAD]
        for sample, output in enumerate(samples):
            said = [*output, END][:4]
            assert said[: min(first, len(true))] == true[:first].tolist()
            factors[row, sample] = np.where(np.arange(4) < min(first, len(true)), 1.0, 2.5 + len(output))
    np.testing.assert_allclose(loss, loss_by_hand(model, inputs, outputs, factors, 4), rtol=1e-5)
    if first == 4:  # by the truth alone, every example to its end
        assert outputs == [[tuple(targets[row, :length])] * 2 for row, length in enumerate(LENGTHS[:3])]
    else:
        assert len({output for samples in outputs for output in samples}) > 3


def test_the_schedule_follows_the_updates():
    """A model that by itself would never say the truth shows how much of it was given."""
    model = build(spread=0.01)
    model.read_out.bias.assign(np.eye(SIZE)[5] * 30)
    recorder = Recorder()
    regime = SequenceLevel(model, recorder, baseline="none", maximum_length=5, forced_tokens=Mixer(5, 2, 2, 2))
    fed, targets = {"target": np.array([[START, 4, 4, 4, 4]], "int32")}, np.array([[4, 4, 4, 4, END]], "int32")
    for _ in range(7):
        regime.compute_loss(*tensors((fed, targets)))
    given = [outputs[0] for outputs, _ in recorder.calls]
    assert given == [(4,) * 4] * 2 + [(4, 4, 4, 5, 5)] * 2 + [(4, 5, 5, 5, 5)] * 2 + [(5,) * 5]


def test_cross_entropy_is_added_with_its_weight():
    model = build("one_to_many")
    given = tensors(batch(model))
    losses = [
        float(SequenceLevel(model, len_of, cross_entropy=share, maximum_length=3, seed=2).training_loss(*given))
        for share in (0.0, 0.3)
    ]
    inputs, targets, weights = given
    own = float(model.compute_loss(inputs, targets, model(inputs), weights))
    np.testing.assert_allclose(losses[1] - losses[0], 0.3 * own, rtol=1e-4)


def len_of(outputs, examples):
    return [len(output) for output in outputs]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"samples": 0}, "`samples` and `maximum_length` are at least 1, .* Received: 0, 100 and 0.0"),
        ({"maximum_length": 0}, "Received: 1, 0 and 0.0"),
        ({"cross_entropy": float("nan")}, "Received: 1, 100 and nan"),
        ({"baseline": "self_critic"}, "Unknown baseline: 'self_critic'. Did you mean 'self_critical'"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        SequenceLevel(build(), no_reward, **wrong)


@pytest.mark.tensorflow
def test_plain_python_is_not_compiled():
    with pytest.raises(ValueError, match="A reward is plain Python, which XLA cannot compile: omit jit_compile."):
        SequenceLevel(build(), no_reward).compile("sgd", jit_compile=True)
