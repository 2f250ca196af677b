"""The time loop against a plain Python loop: values, gradients, unknown lengths, precision, XLA."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import finite_differences, gradients
from zoo.ops import scan

pytestmark = pytest.mark.each_backend

BATCH, UNITS, STEPS = 2, 3, 5


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def step(kernel):
    """Carries a dict of a state, a pair and a counter; says a tuple of a dict and a scalar a row: other structures."""

    def run(carry, x):
        fast, (slow, count) = carry["fast"], carry["others"]
        fast = ops.tanh(x["value"] + fast @ kernel) * x["gate"]
        slow = 0.5 * slow + ops.sum(fast, axis=-1)
        return {"fast": fast, "others": (slow, count + 1)}, ({"product": fast * fast}, slow - fast[:, 0])

    return run


def loop(kernel, carry, xs, reverse):
    """The same in NumPy."""
    fast, slow, count = carry["fast"], carry["others"][0], carry["others"][1]
    steps = len(xs["value"])
    products, sums = [None] * steps, [None] * steps
    for t in reversed(range(steps)) if reverse else range(steps):
        fast = np.tanh(xs["value"][t] + fast @ kernel) * xs["gate"][t]
        slow = 0.5 * slow + fast.sum(-1)
        count = count + 1
        products[t], sums[t] = fast * fast, slow - fast[:, 0]
    return fast, slow, count, np.stack(products), np.stack(sums)


def example(steps=STEPS):
    carry = {"fast": draw(BATCH, UNITS, seed=1), "others": (draw(BATCH, seed=2), np.zeros((), "int32"))}
    xs = {"value": draw(steps, BATCH, UNITS, seed=3), "gate": draw(steps, BATCH, 1, seed=4)}
    return draw(UNITS, UNITS, seed=5), carry, xs


def tensors(nested):
    return keras.tree.map_structure(ops.convert_to_tensor, nested)


def arrays(nested):
    return keras.tree.map_structure(ops.convert_to_numpy, nested)


def close(found, expected, tolerance=1e-5):
    np.testing.assert_allclose(np.asarray(found), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("steps", [1, STEPS])
def test_values_are_those_of_a_loop(reverse, steps):
    kernel, carry, xs = example(steps)
    last, (said, sums) = arrays(scan(step(ops.convert_to_tensor(kernel)), tensors(carry), tensors(xs), reverse=reverse))
    fast, slow, count, products, expected_sums = loop(kernel, carry, xs, reverse)
    assert set(last) == {"fast", "others"}
    close(last["fast"], fast)
    close(last["others"][0], slow)
    assert last["others"][1] == count == steps
    close(said["product"], products)
    close(sums, expected_sums)


@pytest.mark.parametrize("reverse", [False, True])
def test_gradients_are_finite_differences_of_a_loop(reverse):
    """By the inputs, by the first carry and by what the closure captured."""
    kernel, carry, xs = example()
    weights = draw(STEPS, BATCH, UNITS, seed=6)

    def loss(value, fast, kernel):
        start = {"fast": fast, "others": tensors(carry["others"])}
        last, (said, sums) = scan(step(kernel), start, {"value": value, "gate": xs["gate"]}, reverse=reverse)
        return ops.sum(said["product"] * ops.convert_to_tensor(weights)) + ops.sum(sums * sums) + ops.sum(last["fast"])

    def same(value, fast, kernel):
        start = {"fast": fast, "others": carry["others"]}
        fast, _, _, products, sums = loop(kernel, start, {"value": value, "gate": xs["gate"]}, reverse)
        return (products * weights).sum() + (sums * sums).sum() + fast.sum()

    at = [xs["value"], carry["fast"], kernel]
    value, found = gradients(loss, *at)
    assert value == pytest.approx(same(*at), rel=1e-5)
    for number, gradient in enumerate(found):
        held = [array.astype("float64") for array in at]

        def one(array, number=number, held=held):
            return same(*held[:number], array, *held[number + 1 :])

        close(gradient, finite_differences(one, at[number]), 2e-4)


def test_what_a_step_says_may_be_nothing():
    last, said = scan(lambda carry, x: (carry + x, ()), ops.zeros(2), ops.ones((4, 2)))
    close(ops.convert_to_numpy(last), [4.0, 4.0])
    assert said == ()


def test_outputs_may_be_integers_and_booleans():
    def step(carry, x):
        return carry + x, {"even": ops.equal(carry % 2, 0), "seen": carry}

    last, said = arrays(scan(step, ops.zeros((), "int32"), ops.ones(4, "int32")))
    assert last == 4
    np.testing.assert_array_equal(said["seen"], [0, 1, 2, 3])
    np.testing.assert_array_equal(said["even"], [True, False, True, False])


@keras.saving.register_keras_serializable(package="tests")
class Decay(keras.layers.Layer):
    """A running mean of all steps, with a learned weight, so that unknown lengths and precisions reach the loop."""

    def build(self, shape):
        self.rate = self.add_weight(shape=(shape[-1],), initializer="ones", name="rate")

    def call(self, sequences):
        def step(carry, x):
            carry = carry * ops.sigmoid(ops.cast(self.rate, x.dtype)) + x
            return carry, {"state": carry, "size": ops.sum(carry, axis=-1, keepdims=True)}

        start = ops.zeros((ops.shape(sequences)[0], sequences.shape[-1]), dtype=sequences.dtype)
        last, said = scan(step, start, ops.transpose(sequences, (1, 0, 2)))
        return {"last": last, "states": ops.transpose(said["state"], (1, 0, 2))}


def decayed(sequences):
    state, states = 0.0, []
    for t in range(sequences.shape[1]):
        state = state / (1 + np.exp(-1.0)) + sequences[:, t]
        states.append(state)
    return np.stack(states, axis=1)


def test_one_model_runs_at_every_length():
    inputs = keras.Input((None, 2))
    model = keras.Model(inputs, Decay()(inputs))
    for steps in (1, 4, 6):
        sequences = draw(3, steps, 2)
        found = model.predict(sequences, verbose=0)
        close(found["states"], decayed(sequences))
        close(found["last"], decayed(sequences)[:, -1])


@pytest.mark.parametrize(("dtype", "tolerance"), [("float16", 2e-3), ("bfloat16", 3e-2)])
def test_a_layer_of_half_precision_carries_half_precision(dtype, tolerance):
    sequences = draw(3, 4, 2)
    found = Decay(dtype=f"mixed_{dtype}")(sequences)
    assert keras.backend.standardize_dtype(found["states"].dtype) == dtype
    close(ops.convert_to_numpy(ops.cast(found["states"], "float32")), decayed(sequences), tolerance)


@pytest.mark.parametrize("xs", [None, {}, ()])
def test_nothing_to_scan_is_an_error(xs):
    with pytest.raises(ValueError, match="holds no tensor"):
        scan(lambda carry, x: (carry, x), ops.zeros(2), xs)


def test_unequal_first_axes_are_an_error():
    with pytest.raises(ValueError, match=r"same first axis.*\(4, 2\).*\(3, 2\)"):
        scan(lambda carry, x: (carry, x[0]), ops.zeros(2), (ops.ones((4, 2)), ops.ones((3, 2))))


@pytest.mark.tensorflow
def test_a_changed_dtype_is_an_error_that_names_the_remedy():
    def step(carry, x):
        return ops.cast(carry, "float32") + x, x

    with pytest.raises(TypeError, match=r"keep the dtypes.*float32 for float16.*compute_dtype"):
        scan(step, ops.zeros(2, "float16"), ops.ones((3, 2)))


@pytest.mark.tensorflow
def test_a_changed_structure_is_an_error():
    with pytest.raises(TypeError, match="structure it was given"):
        scan(lambda carry, x: ([carry["state"]], x), {"state": ops.zeros(2)}, ops.ones((3, 2)))


@pytest.mark.tensorflow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_xla_and_graphs_of_unknown_length_give_the_same(jit_compile):
    import tensorflow as tf

    kernel, carry, xs = example()
    spec = {"value": tf.TensorSpec([None, BATCH, UNITS]), "gate": tf.TensorSpec([None, BATCH, 1])}

    @tf.function(input_signature=[spec, tf.TensorSpec([UNITS, UNITS])], jit_compile=jit_compile)
    def run(xs, kernel):
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            _, (said, sums) = scan(step(kernel), tensors(carry), xs)
            loss = tf.reduce_sum(said["product"]) + tf.reduce_sum(sums)
        return loss, sums, tape.gradient(loss, kernel)

    for steps in (STEPS, 1):
        cut = {name: array[:steps] for name, array in xs.items()}
        loss, sums, gradient = arrays(run(tensors(cut), ops.convert_to_tensor(kernel)))
        *_, products, expected_sums = loop(kernel, carry, cut, False)
        close(sums, expected_sums)
        assert loss == pytest.approx(products.sum() + expected_sums.sum(), rel=1e-5)

        def total(kernel, cut=cut):
            *_, products, sums = loop(kernel, carry, cut, False)
            return products.sum() + sums.sum()

        close(gradient, finite_differences(total, kernel), 2e-4)


@pytest.mark.tensorflow
def test_a_loop_within_a_loop_has_gradients():
    """A scan may run inside the step of another, as hops inside a sentence do."""

    def inner(carry, x):
        return scan(lambda c, y: (ops.tanh(c + y * x), c), carry, ops.ones((3, 2)))

    def loss(xs):
        last, _ = scan(lambda carry, x: (inner(carry, x)[0], carry), ops.zeros(2), xs)
        return ops.sum(last)

    def same(xs):
        state = np.zeros(2)
        for x in xs:
            for _ in range(3):
                state = np.tanh(state + x)
        return state.sum()

    xs = draw(2, 2)
    value, (gradient,) = gradients(loss, xs)
    assert value == pytest.approx(same(xs), rel=1e-5)
    close(gradient, finite_differences(same, xs), 1e-4)
