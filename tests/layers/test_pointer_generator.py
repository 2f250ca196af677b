"""The pointer-generator against its float64 loops: what is said, in values and gradients; what is not on offer."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import finite_differences, gradients
from tests.reference.copying import gate, mixture
from zoo.layers.pointer_generator import COPYINGS, PointerGenerator
from zoo.ops.logits import LOWEST

SIZE, PLACES, STEPS, UNITS, WIDTH = 6, 4, 3, 3, 2
# 6 and 7 are words of a source that the vocabulary lacks: of the first source both, one of them twice.
IDS = np.array([[5, 7, 6, 7], [5, 6, 0, 0], [5, 5, 5, 5]], "int32")
LENGTHS = (4, 2, 4)
MASK = np.arange(PLACES) < np.array(LENGTHS)[:, None]


def built():
    layer = PointerGenerator()
    layer.build((None, None, UNITS), (None, None, WIDTH))
    return with_drawn_weights(layer)


def arrays():
    """Outputs, vectors, scores, alignment."""
    rows = len(LENGTHS)
    weights = np.where(MASK[:, None], np.random.default_rng(4).random((rows, STEPS, PLACES)), 0)
    alignment = (weights / weights.sum(-1, keepdims=True)).astype("float32")
    return (
        draw(rows, STEPS, UNITS, seed=1),
        draw(rows, STEPS, WIDTH, seed=2),
        draw(rows, STEPS, SIZE, seed=3),
        alignment,
    )


def mixed(layer, *given, ids=IDS):
    return layer(*map(ops.convert_to_tensor, (*given, ids)))


def expected(layer, row, step, outputs, vectors, scores, alignment):
    copied = gate(outputs[row, step], vectors[row, step], weights_by_name(layer.gate))
    length = LENGTHS[row]
    return copied, mixture(copied, scores[row, step], alignment[row, step, :length], IDS[row, :length])


def test_agrees_with_the_equations():
    """Words that come twice gather both, words that no vocabulary holds get what was looked at; all adds up to 1."""
    layer, given = built(), arrays()
    log_p, gates = numpy(mixed(layer, *given))
    assert log_p.shape == (len(LENGTHS), STEPS, SIZE + PLACES)
    assert gates.shape == (len(LENGTHS), STEPS)
    for row in range(len(LENGTHS)):
        for step in range(STEPS):
            copied, said = expected(layer, row, step, *given)
            assert gates[row, step] == pytest.approx(copied, rel=1e-5)
            assert sum(said.values()) == pytest.approx(1.0)
            assert set(np.flatnonzero(log_p[row, step] > LOWEST / 2)) == set(said)
            for number, p in said.items():
                np.testing.assert_allclose(log_p[row, step, number], np.log(p), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(np.exp(log_p.astype("float64")).sum(-1), 1, rtol=1e-5)


def test_one_step_is_the_same_as_among_many():
    layer, given = built(), arrays()
    log_p, gates = numpy(mixed(layer, *given))
    for step in range(STEPS):
        one, alone = numpy(mixed(layer, *(array[:, step] for array in given)))
        np.testing.assert_allclose(one, log_p[:, step], rtol=1e-5)
        np.testing.assert_allclose(alone, gates[:, step], rtol=1e-5)


def test_a_shut_gate_is_the_plain_readout():
    layer, given = built(), arrays()
    layer.gate.bias.assign([-np.inf])
    log_p, gates = numpy(mixed(layer, *given))
    scores = given[2].astype("float64")
    plain = scores - np.log(np.exp(scores).sum(-1, keepdims=True))
    np.testing.assert_allclose(log_p[..., :SIZE], plain, rtol=1e-5, atol=1e-6)
    assert (log_p[..., SIZE:] < LOWEST / 2).all()
    assert (gates == 0).all()


def test_an_open_gate_says_the_source_alone():
    layer, given = built(), arrays()
    layer.gate.bias.assign([50.0])
    log_p, gates = numpy(mixed(layer, *given))
    np.testing.assert_allclose(gates, 1, rtol=1e-5)
    for row in range(len(LENGTHS)):
        said = np.exp(log_p[row, :, sorted(set(IDS[row][MASK[row]]))].astype("float64"))
        np.testing.assert_allclose(said.sum(0), 1, rtol=1e-5)


@pytest.mark.parametrize("place", range(4), ids=["outputs", "vectors", "scores", "alignment"])
def test_gradients_are_those_of_the_equations(place):
    """By finite differences of the loops, of every number that a loss can ask for."""
    layer, given = built(), arrays()
    asked = [[5, 6, 7], [5, 6, 1], [5, 0, 5]]  # of each row at each step

    def loops(array):
        changed = [*given[:place], array, *given[place + 1 :]]
        return sum(
            np.log(expected(layer, row, step, *changed)[1][asked[row][step]])
            for row in range(len(LENGTHS))
            for step in range(STEPS)
        )

    def loss(*arrays):
        log_p, _ = mixed(layer, *arrays)
        return ops.sum(ops.take_along_axis(log_p, np.array(asked, "int32")[..., None], axis=-1))

    found = gradients(loss, *given)[1][place]
    wanted = finite_differences(loops, given[place])
    real = np.broadcast_to(MASK[:, None], wanted.shape) if place == 3 else np.ones(wanted.shape, bool)
    np.testing.assert_allclose(found[real], wanted[real], rtol=1e-4, atol=1e-5)
    assert np.isfinite(found).all()


def test_half_precision_rounds_no_scores():
    layer = PointerGenerator(dtype="mixed_float16")
    outputs, vectors, scores, alignment = arrays()
    scores = 100 * scores  # of which half precision would keep one digit behind the point
    log_p, gates = mixed(layer, outputs, vectors, scores, alignment)
    assert {keras.backend.standardize_dtype(tensor.dtype) for tensor in (log_p, gates)} == {"float32"}
    expected = scores.astype("float64") - scores.max(-1, keepdims=True)
    expected -= np.log(np.exp(expected).sum(-1, keepdims=True))
    shut = np.log1p(-numpy(gates).astype("float64"))
    np.testing.assert_allclose(numpy(log_p)[..., :5], (expected + shut[..., None])[..., :5], rtol=1e-5, atol=1e-4)


def test_its_configuration_makes_it_again():
    layer = COPYINGS["pointer_generator"](name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
