"""Each match against its equation in float64 loops; all steps at once equal one after another."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, weights_by_name, with_drawn_weights
from tests.gradients import weight_gradients
from tests.reference import attention as reference
from zoo.layers.attention_scores import SCORES, AttentionScore, LocationScore

BATCH, QUERIES, PLACES, WIDTH, UNITS = 2, 3, 6, 4, 5
EACH = pytest.mark.parametrize("name", SCORES)


def built(name, query=WIDTH, memory=WIDTH):
    options = {"filters": 2, "width": 3} if name == "location" else {}
    layer = SCORES[name](UNITS, **options)
    layer.build((None, query), (None, None, memory))
    return with_drawn_weights(layer)


def scored(layer, query, memory, previous=None):
    previous = None if previous is None else ops.convert_to_tensor(previous)
    keys = layer.prepare(ops.convert_to_tensor(memory))
    return ops.convert_to_numpy(layer.score(ops.convert_to_tensor(query), keys, previous))


@EACH
def test_agrees_with_the_equation(name):
    """Of other widths, too, where the match brings them together."""
    for query_width in {WIDTH, WIDTH if SCORES[name].same_width else 3}:
        layer = built(name, query_width)
        query, memory = draw(BATCH, query_width, seed=1), draw(BATCH, PLACES, WIDTH, seed=2)
        found = scored(layer, query, memory)
        for row in range(BATCH):
            expected = getattr(reference, name)(query[row], memory[row], weights_by_name(layer))
            np.testing.assert_allclose(found[row], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.each_backend
def test_vectors_of_zeros_have_no_angle_and_pull_nowhere():
    """Where a memory is padded: 0, with a gradient of 0."""
    layer = built("cosine")
    query = keras.Variable(draw(BATCH, WIDTH, seed=1) * [[0], [1]], dtype="float32")
    memory = keras.Variable(draw(BATCH, PLACES, WIDTH, seed=2) * (np.arange(PLACES) < 4)[:, None], dtype="float32")

    def loss():
        return ops.sum(layer.score(query.value, layer.prepare(memory.value)) ** 2)

    _, gradients = weight_gradients(loss, [query, memory])
    towards_query, towards_memory = gradients.values()
    assert np.isfinite(towards_query).all() and np.isfinite(towards_memory).all()
    assert not towards_query[0].any() and towards_query[1].any()
    assert not towards_memory[:, 4:].any() and towards_memory[1, :4].any()


@pytest.mark.parametrize("width", [1, 3, 5])
def test_location_sees_where_attention_was(width):
    layer = LocationScore(UNITS, filters=2, width=width)
    layer.build((None, WIDTH), (None, None, WIDTH))
    with_drawn_weights(layer)
    query, memory = draw(BATCH, WIDTH, seed=1), draw(BATCH, PLACES, WIDTH, seed=2)
    previous = np.random.default_rng(0).dirichlet(np.ones(PLACES), BATCH).astype("float32")
    found = scored(layer, query, memory, previous)
    for row in range(BATCH):
        expected = reference.location(query[row], memory[row], weights_by_name(layer), previous[row])
        np.testing.assert_allclose(found[row], expected, rtol=1e-5, atol=1e-5)
    assert np.abs(found - scored(layer, query, memory)).max() > 1e-2


def test_coverage_sees_how_much_attention_was_given_so_far():
    layer = built("coverage")
    query, memory = draw(BATCH, WIDTH, seed=1), draw(BATCH, PLACES, WIDTH, seed=2)
    alignments = np.random.default_rng(0).dirichlet(np.ones(PLACES), (3, BATCH)).astype("float32")
    given = np.zeros((BATCH, PLACES), "float32")
    for alignment in alignments:
        given = ops.convert_to_numpy(layer.update(given, alignment))
    np.testing.assert_allclose(given, alignments.astype("float64").sum(0), rtol=1e-6)
    found = scored(layer, query, memory, given)
    for row in range(BATCH):
        expected = reference.coverage(query[row], memory[row], weights_by_name(layer), given[row])
        np.testing.assert_allclose(found[row], expected, rtol=1e-5, atol=1e-5)
    plain = scored(layer, query, memory)
    np.testing.assert_allclose(scored(layer, query, memory, 0 * given), plain, rtol=1e-6)  # nothing was given yet
    assert np.abs(found - plain).max() > 1e-2


@EACH
def test_what_is_remembered_is_what_was_seen_last_or_all_of_it(name):
    layer, first, second = built(name), *np.random.default_rng(0).random((2, BATCH, PLACES)).astype("float32")
    expected = first + second if name == "coverage" else second
    np.testing.assert_array_equal(ops.convert_to_numpy(layer.update(first, second)), expected)
    assert layer.uses_previous_alignment == (name in ("location", "coverage"))


@EACH
def test_all_queries_at_once_are_each_alone(name):
    layer = built(name)
    queries, memory = draw(BATCH, QUERIES, WIDTH, seed=1), draw(BATCH, PLACES, WIDTH, seed=2)
    found = scored(layer, queries, memory)
    assert found.shape == (BATCH, QUERIES, PLACES)
    for step in range(QUERIES):
        np.testing.assert_allclose(found[:, step], scored(layer, queries[:, step], memory), rtol=1e-5, atol=1e-6)


@EACH
def test_call_is_its_two_halves(name):
    layer = built(name)
    query, memory = draw(BATCH, WIDTH, seed=1), draw(BATCH, PLACES, WIDTH, seed=2)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(query, memory)), scored(layer, query, memory))


def test_a_cosine_starts_sharp_enough_and_does_not_see_lengths():
    layer = SCORES["cosine"]()
    layer.build((None, WIDTH), (None, None, WIDTH))
    query, memory = draw(BATCH, WIDTH, seed=1), draw(BATCH, PLACES, WIDTH, seed=2)
    memory[:, 0] = 3 * query
    found = scored(layer, query, memory)
    np.testing.assert_allclose(found[:, 0], 4.0, rtol=1e-5)  # the same direction
    assert np.abs(found).max() <= 4.0 + 1e-5
    np.testing.assert_allclose(scored(layer, 100 * query, 0.01 * memory), found, rtol=1e-4)
    assert np.isfinite(scored(layer, 0 * query, 0 * memory)).all()


@EACH
def test_its_configuration_makes_it_again(name):
    options = {"filters": 3, "width": 7} if name == "location" else {}
    layer = SCORES[name](UNITS, **options)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
    assert again.units == UNITS


@EACH
def test_no_units_is_an_error(name):
    with pytest.raises(ValueError, match="`units` must be at least 1. Received: units=0"):
        SCORES[name](0)


def test_a_match_without_a_score_says_so():
    with pytest.raises(NotImplementedError):
        AttentionScore().score(None, None)
