"""The CRF against the list of all its paths, in float64."""

import itertools

import keras
import numpy as np
import pytest

from tests.reference import crf as reference
from zoo.ops import crf

# Full, ragged, one step, nothing but padding.
LENGTHS = [5, 3, 1, 0]
FUNCTIONS = ("path_score", "log_partition", "log_likelihood", "viterbi", "weighted_log_likelihood")


class Case:
    """One batch: scores and tags (B, S, C), (B, S) with `lengths` real steps, and the tables."""

    def __init__(self, *, lengths=LENGTHS, steps=5, classes=4, seed=0, scale=2.0):
        random = np.random.default_rng(seed)
        self.lengths = lengths
        self.scores = random.normal(size=(len(lengths), steps, classes), scale=scale).astype("float32")
        self.tags = random.integers(0, classes, (len(lengths), steps)).astype("int32")
        self.mask = np.arange(steps) < np.array(lengths)[:, None]
        self.weights = np.random.default_rng(seed + 1).random((len(lengths), steps)).astype("float32")
        self.tables = [
            random.normal(size=shape, scale=scale).astype("float32") for shape in [(classes, classes), classes, classes]
        ]

    def arguments(self, name):
        tags = [self.tags] if name in ("path_score", "log_likelihood", "weighted_log_likelihood") else []
        weights = []
        if name == "weighted_log_likelihood":  # padding may hold anything
            weights = [np.full(self.mask.shape, np.nan, "float32")]
            weights[0][:, : self.weights.shape[1]] = self.weights
        return [self.scores, *tags, self.mask, *weights, *self.tables]

    def run(self, name):
        results = getattr(crf, name)(*self.arguments(name))
        return keras.tree.map_structure(keras.ops.convert_to_numpy, results)

    def rows(self):
        """(row, scores of its real steps, tags of its real steps) of every row that has any."""
        for row, length in enumerate(self.lengths):
            if length:
                yield row, self.scores[row, :length], tuple(self.tags[row, :length])


CASES = [
    Case(),
    Case(classes=3, steps=4, lengths=[4, 4, 2], seed=1),
    Case(classes=1, seed=2),
    Case(steps=1, lengths=[1, 0]),
]


def gradient(function, value):
    """d sum(function(value)) / d value on the backend in use."""
    return keras.ops.convert_to_numpy(_gradient(function, keras.ops.convert_to_tensor(value)))


def _gradient(function, value):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(value)
            total = tf.reduce_sum(function(value))
        return tape.gradient(total, value)
    if keras.backend.backend() == "torch":
        import torch

        return torch.autograd.grad(function(value.requires_grad_(True)).sum(), value)[0]
    import jax

    return jax.grad(lambda v: function(v).sum())(value)


def compiled(function):
    """The same function through XLA. Torch has none here and runs it as it is."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(function, jit_compile=True)
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    return function


@pytest.mark.parametrize("case", CASES)
def test_path_score_and_log_partition_equal_enumeration(case):
    score, log_z, likelihood = (case.run(name) for name in FUNCTIONS[:3])
    for row, scores, tags in case.rows():
        expected_score = reference.path_score(scores, tags, *case.tables)
        expected_log_z = reference.log_partition(scores, *case.tables)
        np.testing.assert_allclose(score[row], expected_score, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(log_z[row], expected_log_z, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(likelihood[row], expected_score - expected_log_z, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_viterbi_equals_enumeration(case):
    tags, score = case.run("viterbi")
    assert tags.dtype == "int32" and tags.shape == case.mask.shape
    assert (tags[~case.mask] == 0).all()
    for row, scores, _ in case.rows():
        expected_path, expected_score = reference.best_path(scores, *case.tables)
        assert tuple(tags[row, : len(scores)]) == expected_path
        np.testing.assert_allclose(score[row], expected_score, rtol=1e-5, atol=1e-5)


@pytest.mark.each_backend
@pytest.mark.parametrize("case", CASES)
def test_token_weights_count_each_tag_given_those_before(case):
    """The probability of a tag given those before it, from the list of all paths."""
    values = case.run("weighted_log_likelihood")
    for row, scores, tags in case.rows():
        steps = reference.conditional_log_probabilities(scores, tags, *case.tables)
        np.testing.assert_allclose(values[row], steps @ case.weights[row, : len(scores)], rtol=1e-4, atol=1e-4)


def test_equal_weights_count_whole_paths():
    """In values and gradients, however long the path."""
    case = Case(lengths=[60, 7], steps=60)
    case.weights[:] = [[0.5], [3.0]]
    np.testing.assert_allclose(
        case.run("weighted_log_likelihood"), case.run("log_likelihood") * [0.5, 3.0], rtol=1e-5, atol=1e-4
    )
    tags, mask, weights, *tables = case.arguments("weighted_log_likelihood")[1:]
    weighted = gradient(lambda s: crf.weighted_log_likelihood(s, tags, mask, weights, *tables), case.scores)
    whole = gradient(lambda s: crf.log_likelihood(s, tags, mask, *tables), case.scores)
    np.testing.assert_allclose(weighted, whole * case.weights[..., None], atol=1e-5)


def test_gradient_of_weighted_likelihood_is_finite_on_poison():
    case = Case()
    scores = np.where(case.mask[..., None], case.scores, np.nan).astype("float32")
    tags, mask, weights, *tables = case.arguments("weighted_log_likelihood")[1:]
    values, clean = (
        gradient(lambda s: crf.weighted_log_likelihood(s, tags, mask, weights, *tables), each)
        for each in (scores, case.scores)
    )
    np.testing.assert_allclose(values, clean, atol=1e-6)
    assert (values[~case.mask] == 0).all()


def test_probabilities_of_all_paths_sum_to_one():
    case = Case(lengths=[3], steps=3, classes=3)
    paths = np.array(list(reference.paths(3, 3)), "int32")
    scores, mask = np.repeat(case.scores, len(paths), 0), np.repeat(case.mask, len(paths), 0)
    likelihoods = keras.ops.convert_to_numpy(crf.log_likelihood(scores, paths, mask, *case.tables))
    np.testing.assert_allclose(np.exp(likelihoods.astype("float64")).sum(), 1.0, rtol=1e-5)


def test_gradient_of_log_partition_is_the_marginals():
    case = Case()
    found = gradient(lambda scores: crf.log_partition(scores, case.mask, *case.tables), case.scores)
    expected = np.zeros_like(case.scores)
    for row, scores, _ in case.rows():
        expected[row, : len(scores)] = reference.marginals(scores, *case.tables)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert (found[~case.mask] == 0).all()


def test_gradient_of_the_path_score_counts_what_the_path_uses():
    case = Case()
    transitions, start, end = case.tables
    found = gradient(lambda table: crf.path_score(case.scores, case.tags, case.mask, table, start, end), transitions)
    expected = np.zeros_like(transitions)
    for _, _, tags in case.rows():
        for move in itertools.pairwise(tags):
            expected[move] += 1.0
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("poison", [1e30, -1e30, np.nan])
def test_padding_never_matters(name, poison):
    plain, poisoned = Case(steps=5), Case(steps=5)
    poisoned.scores = np.concatenate(
        [np.where(plain.mask[..., None], plain.scores, poison), np.full((4, 3, 4), poison)], 1
    )
    poisoned.scores = poisoned.scores.astype("float32")
    poisoned.tags = np.pad(np.where(plain.mask, plain.tags, 999_999), [(0, 0), (0, 3)], constant_values=-7)
    poisoned.mask = np.pad(plain.mask, [(0, 0), (0, 3)])
    first = keras.tree.flatten(plain.run(name))
    second = keras.tree.flatten(poisoned.run(name))
    if name == "viterbi":
        assert (second[0][:, 5:] == 0).all()
        second[0] = second[0][:, :5]
    for left, right in zip(first, second, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-6, atol=1e-6)
        assert (left[3] == 0).all()  # nothing but padding


def test_poisoned_padding_gets_no_gradient():
    case = Case()
    scores = np.where(case.mask[..., None], case.scores, np.nan).astype("float32")
    found = gradient(lambda s: crf.log_likelihood(s, case.tags, case.mask, *case.tables), scores)
    clean = gradient(lambda s: crf.log_likelihood(s, case.tags, case.mask, *case.tables), case.scores)
    np.testing.assert_allclose(found, clean, atol=1e-6)


def test_forbidden_moves_leave_values_and_gradients_finite():
    case = Case(lengths=[5, 2, 0])
    legal = np.random.default_rng(3).integers(0, 2, (4, 4))
    np.fill_diagonal(legal, 1)
    case.tables[0] = (case.tables[0] + (1 - legal) * crf.FORBIDDEN).astype("float32")
    case.tables[1] = np.array([0.3, -0.2, crf.FORBIDDEN, 0.1], "float32")
    tags, _ = case.run("viterbi")
    for row, scores, _ in case.rows():
        allowed = list(reference.legal_paths(len(scores), legal, [1, 1, 0, 1], [1, 1, 1, 1]))
        totals = [reference.path_score(scores, path, *case.tables) for path in allowed]
        assert tuple(tags[row, : len(scores)]) == allowed[int(np.argmax(totals))]
        # The sum over legal paths alone: illegal ones hold no probability.
        expected = np.log(np.sum(np.exp(totals)))
        np.testing.assert_allclose(case.run("log_partition")[row], expected, rtol=1e-5)
    _, start, end = case.tables
    found = gradient(lambda t: crf.log_likelihood(case.scores, case.tags, case.mask, t, start, end), case.tables[0])
    assert np.isfinite(found).all() and np.abs(found).max() > 0.1


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_scores_are_summed_in_float32(dtype):
    case = Case()
    half = keras.ops.cast(case.scores, dtype)
    case.scores = keras.ops.convert_to_numpy(keras.ops.cast(half, "float32"))
    for name in ("log_partition", "viterbi"):
        low = keras.tree.flatten(getattr(crf, name)(half, case.mask, *case.tables))
        for found, expected in zip(low, keras.tree.flatten(case.run(name)), strict=True):
            assert keras.backend.standardize_dtype(found.dtype) in ("float32", "int32")
            np.testing.assert_allclose(keras.ops.convert_to_numpy(found), expected, rtol=1e-6)


# log_partition is compiled with its gradient below.
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "log_partition"])
def test_compiled_equals_eager(name):
    case = Case()
    tensors = [keras.ops.convert_to_tensor(argument) for argument in case.arguments(name)]
    found = keras.tree.flatten(compiled(getattr(crf, name))(*tensors))
    for left, right in zip(found, keras.tree.flatten(case.run(name)), strict=True):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(left), right, rtol=1e-5, atol=1e-5)


def test_compiled_gradient_is_the_marginals_too():
    case = Case()
    mask, *tables = (keras.ops.convert_to_tensor(argument) for argument in case.arguments("log_partition")[1:])
    found = compiled(lambda value: _gradient(lambda scores: crf.log_partition(scores, mask, *tables), value))(
        keras.ops.convert_to_tensor(case.scores)
    )
    for row, scores, _ in case.rows():
        expected = reference.marginals(scores, *case.tables)
        np.testing.assert_allclose(keras.ops.convert_to_numpy(found)[row, : len(scores)], expected, atol=1e-5)
