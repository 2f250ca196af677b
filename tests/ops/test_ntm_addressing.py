"""Each thing that a head does against the loops of the paper; ten thousand random steps in either precision."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.gradients import finite_differences, gradients, weighed
from tests.reference import turing_machine as reference
from zoo.ops import ntm_addressing
from zoo.ops.scan import scan

BATCH, HEADS, SLOTS, WIDTH, REACH = 2, 3, 6, 4, 2
DTYPES = pytest.mark.parametrize("dtype", ["float32", "float16"])


def draw(*shape, seed=0, scale=1.0):
    return (np.random.default_rng(seed).normal(size=shape) * scale).astype("float32")


def shares(*shape, seed=0):
    """Distributions over the last axis."""
    return np.random.default_rng(seed).dirichlet(np.ones(shape[-1]), size=shape[:-1]).astype("float32")


def rates(*shape, seed=0):
    return np.random.default_rng(seed).uniform(size=shape).astype("float32")


def found(function, *arrays, dtype="float32"):
    return ops.convert_to_numpy(function(*(ops.convert_to_tensor(array, dtype=dtype) for array in arrays)))


def assert_each_head(function, same, *arrays):
    """`same` takes what one head of one row is given; a memory, of one less head, is for all heads."""
    together = found(function, *arrays)
    for row in range(BATCH):
        for head in range(HEADS):
            given = [array[row] if array.shape[1] == SLOTS else array[row, head] for array in arrays]
            np.testing.assert_allclose(together[row, head], same(*given), rtol=1e-5, atol=1e-5)


KEYS, STRENGTHS, MEMORY = draw(BATCH, HEADS, WIDTH), 5 * rates(BATCH, HEADS), draw(BATCH, SLOTS, WIDTH, seed=1)
WEIGHTS, PREVIOUS = shares(BATCH, HEADS, SLOTS, seed=2), shares(BATCH, HEADS, SLOTS, seed=3)
MOVES, GATES, GAMMAS = shares(BATCH, HEADS, 2 * REACH + 1), rates(BATCH, HEADS), 1 + 4 * rates(BATCH, HEADS)


def test_it_looks_by_content():
    memory = MEMORY.copy()
    memory[0, 2] = 0  # a slot that holds nothing is like no key
    assert_each_head(ntm_addressing.by_content, reference.by_content, KEYS, STRENGTHS, memory)
    assert_each_head(ntm_addressing.by_content, reference.by_content, 0 * KEYS, STRENGTHS, memory)


def test_it_goes_from_where_it_was():
    assert_each_head(ntm_addressing.interpolate, reference.interpolate, GATES, WEIGHTS, PREVIOUS)
    ones, zeros = np.ones_like(GATES), np.zeros_like(GATES)
    np.testing.assert_array_equal(found(ntm_addressing.interpolate, ones, WEIGHTS, PREVIOUS), WEIGHTS)
    np.testing.assert_array_equal(found(ntm_addressing.interpolate, zeros, WEIGHTS, PREVIOUS), PREVIOUS)


@pytest.mark.parametrize("reach", [0, 1, 2])
def test_it_shifts_round_the_end(reach):
    assert_each_head(ntm_addressing.shift, reference.shift, WEIGHTS, shares(BATCH, HEADS, 2 * reach + 1))


def test_a_shift_by_one_goes_to_the_next_slot():
    """The sign of eq. 8: the last of the moves is forward, and behind the last slot comes the first."""
    at = np.zeros((1, 2, 4), "float32")
    at[0, 0, 1] = at[0, 1, 3] = 1
    moved = found(ntm_addressing.shift, at, np.tile(np.array([0, 0, 1], "float32"), (1, 2, 1)))
    assert moved[0].argmax(-1).tolist() == [2, 0]
    assert (moved.max(-1) == 1).all()


@pytest.mark.parametrize("largest", [1.0, 5.0, 80.0])
@pytest.mark.parametrize("slots", [SLOTS, 500])
def test_it_sharpens(largest, slots):
    """Also where a head is at one slot alone: it loses nothing to the many others."""
    weights = np.random.default_rng(4).dirichlet(np.full(slots, 0.2), size=(BATCH, HEADS)).astype("float32")
    weights[0, 0] = np.eye(slots)[3]
    assert_each_head(ntm_addressing.sharpen, reference.sharpen, weights, 1 + (largest - 1) * rates(BATCH, HEADS))


def test_it_writes_and_reads():
    erase, add = rates(BATCH, HEADS, WIDTH), draw(BATCH, HEADS, WIDTH)
    written = found(ntm_addressing.erase_and_add, MEMORY, WEIGHTS, erase, add)
    looked = found(ntm_addressing.read, MEMORY, WEIGHTS)
    for row in range(BATCH):
        expected = reference.write(MEMORY[row], WEIGHTS[row], erase[row], add[row])
        np.testing.assert_allclose(written[row], expected, rtol=1e-5, atol=1e-5)
        expected = [reference.read(MEMORY[row], weight) for weight in WEIGHTS[row]]
        np.testing.assert_allclose(looked[row], expected, rtol=1e-5, atol=1e-5)


def step(memory, previous, given):
    """All of a machine's step but the controller; the first head reads, the others write."""
    weights = ntm_addressing.by_content(given["key"], given["strength"], memory)
    weights = ntm_addressing.interpolate(given["gate"], weights, previous)
    weights = ntm_addressing.shift(weights, given["moves"])
    weights = ntm_addressing.sharpen(weights, given["gamma"])
    memory = ntm_addressing.erase_and_add(memory, weights[:, 1:], given["erase"], given["add"])
    return memory, weights, ntm_addressing.read(memory, weights[:, :1])


class Walk(keras.Model):
    """Compiled, as one loop."""

    def call(self, given):
        def one(carry, x):
            memory, weights, looked = step(*carry, x)
            return (memory, weights), (weights, looked)

        first = given["gate"][0]
        memory = ops.full((BATCH, SLOTS, WIDTH), ntm_addressing.COSINE_EPSILON, dtype=first.dtype)
        weights = ops.broadcast_to(ops.cast(ops.arange(SLOTS) == 0, first.dtype), (BATCH, HEADS, SLOTS))
        (memory, _), (weights, looked) = scan(one, (memory, weights), given)
        return {"memory": memory, "weights": weights, "looked": looked}


def extremes(steps, dtype):
    """What a controller may ask at worst: every size of number, gates and moves shut and open all the way."""
    random = np.random.default_rng(0)
    shape = steps, BATCH, HEADS

    def sizes(*more, largest):
        return random.choice([0, 1e-4, 1e-2, 1, largest], size=(*shape, *more))

    sharp = random.normal(size=(*shape, 2 * REACH + 1)) * random.choice([0, 1, 100], size=(*shape, 1))
    moves = np.exp(sharp - sharp.max(-1, keepdims=True))
    writers = (steps, BATCH, HEADS - 1, WIDTH)
    given = {
        "key": random.normal(size=(*shape, WIDTH)) * sizes(1, largest=1e3),
        "strength": np.abs(random.normal(size=shape)) * sizes(largest=1e4),
        "gate": random.choice([0.0, 1.0, 0.5, 1e-4], size=shape),
        "moves": moves / moves.sum(-1, keepdims=True),
        "gamma": 1 + np.abs(random.normal(size=shape)) * sizes(largest=1e4),
        "erase": random.choice([0.0, 1.0, 0.5, 1e-4], size=writers),
        "add": np.tanh(random.normal(size=writers) * random.choice([0, 1, 100], size=writers)),
    }
    return {name: array.astype(dtype) for name, array in given.items()}


@DTYPES
def test_ten_thousand_random_steps_stay_on_the_simplex(dtype):
    torch = keras.backend.backend() == "torch"  # whose compiler takes minutes for the loop
    walk = Walk(dtype=dtype)
    walk.compile(jit_compile=dtype == "float32" and not torch)  # XLA may compute float16 in float32
    said = walk.predict_on_batch(extremes(10_000, dtype))
    assert {array.dtype for array in said.values()} == {np.dtype(dtype)}
    weights = said["weights"].astype("float64")
    assert weights.shape == (10_000, BATCH, HEADS, SLOTS)
    assert all(np.isfinite(array).all() for array in said.values())
    assert (weights >= 0).all()
    assert np.abs(weights.sum(-1) - 1).max() <= {"float32": 1e-5, "float16": 1e-2}[dtype]
    # The walk went everywhere: sharp and blurred, at every slot.
    assert {share.max() > 0.3 for share in weights[-100:, 0, 0]} == {True, False}
    assert set(weights.argmax(-1).ravel()) == set(range(SLOTS))


@pytest.mark.each_backend
@pytest.mark.parametrize("gamma", [1.0, 1000.0])
@pytest.mark.parametrize("empty", [False, True])
@DTYPES
def test_gradients_of_extremes_are_finite(dtype, empty, gamma):
    """Empty slots, weights of 0, gates and moves all the way; in float32 also keys of every size, 0 among them, whose
    slopes are too steep for float16."""
    given = {name: array[0] for name, array in extremes(1, "float32").items()}
    given["strength"], given["gamma"] = 50 + 0 * STRENGTHS, gamma + 0 * GAMMAS
    if dtype == "float32":
        given["key"][0, 0] = 0
    else:
        given["key"] = np.sign(KEYS)
    memory = MEMORY * (np.arange(SLOTS) != 2)[:, None]
    if empty:
        memory = memory * (0 if dtype == "float32" else 0.01)
    previous = np.eye(SLOTS)[[[0, 1, 2], [3, 4, 5]]]

    def loss(memory, previous, *arrays):
        after, weights, looked = step(memory, previous, dict(zip(given, arrays, strict=True)))
        return sum(ops.sum(ops.square(ops.cast(tensor, "float32"))) for tensor in (after, weights, looked))

    value, slopes = gradients(loss, *(array.astype(dtype) for array in (memory, previous, *given.values())))
    assert np.isfinite(value)
    for name, slope in zip(["memory", "previous", *given], slopes, strict=True):
        assert np.isfinite(slope).all(), name
        assert name != "add" or np.abs(slope).max() > 0


@pytest.mark.each_backend
def test_gradients_are_those_of_the_equations():
    add, erase = draw(BATCH, HEADS - 1, WIDTH), rates(BATCH, HEADS - 1, WIDTH)
    arrays = {
        "memory": MEMORY,
        "previous": PREVIOUS,
        "key": KEYS,
        "strength": STRENGTHS,
        "gate": GATES,
        "moves": MOVES,
        "gamma": GAMMAS,
        "erase": erase,
        "add": add,
    }
    to = draw(BATCH, 1, WIDTH, seed=5)

    def loss(memory, previous, *others):
        given = dict(zip(list(arrays)[2:], others, strict=True))
        return weighed(step(memory, previous, given)[2], to)

    def same(**given):
        total = 0.0
        for row in range(BATCH):
            weights = []
            for head in range(HEADS):
                weight = reference.by_content(
                    given["key"][row, head], given["strength"][row, head], given["memory"][row]
                )
                weight = reference.interpolate(given["gate"][row, head], weight, given["previous"][row, head])
                weight = reference.shift(weight, given["moves"][row, head])
                weights.append(reference.sharpen(weight, given["gamma"][row, head]))
            memory = reference.write(given["memory"][row], weights[1:], given["erase"][row], given["add"][row])
            total += sum(a * float(b) for a, b in zip(reference.read(memory, weights[0]), to[row, 0], strict=True))
        return total

    value, slopes = gradients(loss, *arrays.values())
    assert value == pytest.approx(same(**arrays), rel=1e-5)
    for (name, array), slope in zip(arrays.items(), slopes, strict=True):
        differences = finite_differences(lambda changed, name=name: same(**{**arrays, name: changed}), array)
        assert np.abs(differences).max() > 1e-3, name
        np.testing.assert_allclose(slope, differences, rtol=1e-3, atol=1e-4, err_msg=name)


@DTYPES
def test_what_comes_in_half_precision_goes_out_so(dtype):
    arrays = [*(array.astype(dtype) for array in (KEYS, STRENGTHS, MEMORY))]
    assert found(ntm_addressing.by_content, *arrays, dtype=dtype).dtype == dtype
    assert found(ntm_addressing.sharpen, WEIGHTS, GAMMAS, dtype=dtype).dtype == dtype


@DTYPES
@pytest.mark.parametrize("gamma", [1.0, 20.0, 6e4])
def test_weights_that_are_nearly_nothing_are_sharpened_to_a_distribution(dtype, gamma):
    """A power of such weights is 0 everywhere in float32; and a head of one slot alone stays there."""
    even = np.full((1, 1, 500), 1 / 500)
    alone = np.eye(500)[None, :1]
    for weights in (even, alone):
        sharp = found(ntm_addressing.sharpen, weights, np.full((1, 1), gamma), dtype=dtype).astype("float64")
        assert np.isfinite(sharp).all()
        assert sharp.sum() == pytest.approx(1, abs=1e-5 if dtype == "float32" else 1e-2)
    assert sharp[0, 0].argmax() == 0
    assert sharp[0, 0, 0] > 0.999
