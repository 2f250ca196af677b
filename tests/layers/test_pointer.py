"""The pointer against its float64 loops, for every match, with glimpses and clipped; what may not be said."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import gradients
from tests.reference import attention as matches
from tests.reference.pointer import END, FIRST, point
from zoo.layers.attention_scores import SCORES
from zoo.layers.pointer import Pointer
from zoo.ops.logits import LOWEST

PLACES, STEPS, UNITS = 4, 2, 3
LENGTHS = (4, 2)
MASK = np.arange(PLACES) < np.array(LENGTHS)[:, None]
EACH = pytest.mark.parametrize("match", [name for name, match in SCORES.items() if not match.uses_previous_alignment])


def built(match="additive", memory=UNITS, **options):
    layer = Pointer(match, UNITS, **options)
    layer.build((None, None, UNITS), (None, None, memory))
    return with_drawn_weights(layer)


def arrays(memory=UNITS, filling=0.0):
    """Queries, a memory with poison on its padding, and what is drawn to be allowed."""
    stored = np.where(MASK[..., None], draw(len(LENGTHS), PLACES, memory, seed=2), filling).astype("float32")
    may = np.random.default_rng(3).random((len(LENGTHS), STEPS, 1 + PLACES)) < 0.7
    may[..., 1:] &= MASK[:, None]
    may[:, :, 0] = [[True, False], [False, True]]
    may[..., 1] = True
    return draw(len(LENGTHS), STEPS, UNITS, seed=1), stored, may


def pointed(layer, query, stored, may):
    return layer(*map(ops.convert_to_tensor, (query, stored, MASK, may)))


@EACH
@pytest.mark.parametrize(("glimpses", "clip"), [(0, 0.0), (2, 1.5)])
def test_agrees_with_the_equations(match, glimpses, clip):
    layer = built(match, glimpses=glimpses, clip=clip)
    query, stored, may = arrays(filling=50.0)
    found = numpy(pointed(layer, query, stored, may))
    assert found.shape == (len(LENGTHS), STEPS, FIRST + PLACES)
    assert 0 < may[:, :, 1:][MASK[:, None].repeat(STEPS, 1)].mean() < 1
    for row, length in enumerate(LENGTHS):
        for step in range(STEPS):
            expected = point(
                query[row, step],
                stored[row, :length],
                {END + number for number in np.flatnonzero(may[row, step])},
                match=getattr(matches, match),
                weights=weights_by_name(layer.match),
                end=numpy(layer.end),
                glimpses=[
                    (weights_by_name(seen.matches[0]), weights_by_name(combine))
                    for seen, combine in zip(layer.glimpses, layer.combine, strict=True)
                ],
                clip=clip,
            )
            expected = [np.float32(LOWEST) if score is None else score for score in expected]
            np.testing.assert_allclose(found[row, step, : FIRST + length], expected, rtol=1e-5, atol=1e-5)
            assert (found[row, step, FIRST + length :] == np.float32(LOWEST)).all()
    said = found[found > LOWEST / 2]
    assert clip == 0 or np.abs(said).max() < clip


def test_one_query_is_the_same_as_among_many():
    layer = built(glimpses=1, clip=10.0)
    query, stored, may = map(ops.convert_to_tensor, arrays())
    prepared = layer.prepare(stored, ops.convert_to_tensor(MASK))
    together = numpy(layer.point(query, prepared, may))
    for step in range(STEPS):
        alone = numpy(layer.point(query[:, step], prepared, may[:, step]))
        np.testing.assert_allclose(alone, together[:, step], rtol=1e-5, atol=1e-6)


def test_poison_on_padding_changes_no_gradients():
    layer = built(glimpses=1, clip=10.0)

    def loss(query, stored, may):
        return ops.sum(ops.log_softmax(pointed(layer, query, stored, may), axis=-1)[..., FIRST])

    (query, stored, may), poisoned = arrays(), arrays(filling=1e4)[1]
    value, (by_query, by_memory) = gradients(lambda *given: loss(*given, may), query, stored)
    again, (other, by_poisoned) = gradients(lambda *given: loss(*given, may), query, poisoned)
    assert again == pytest.approx(value, rel=1e-5)
    np.testing.assert_allclose(other, by_query, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(by_poisoned[MASK], by_memory[MASK], rtol=1e-4, atol=1e-6)
    assert (by_poisoned[~MASK] == 0).all()
    assert np.abs(by_memory[MASK]).max() > 0


@EACH
def test_a_memory_of_another_width_is_pointed_at_all_the_same(match):
    layer = built(match, memory=5, glimpses=1)
    found = numpy(pointed(layer, *arrays(memory=5)))
    assert np.isfinite(found).all()
    assert (layer.same_width is not None) == SCORES[match].same_width
    assert np.ptp(found[0, :, FIRST:], axis=-1).min() > 1e-3


def test_its_configuration_makes_it_again():
    layer = Pointer("general", 6, glimpses=2, clip=10.0, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert (len(again.glimpses), again.clip, again.units) == (2, 10.0, 6)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"match": "aditive"}, "Unknown attention: 'aditive'. Did you mean 'additive'"),
        ({"match": "location"}, "A pointer does not read where it pointed before. Received: 'location'; use additive"),
        ({"match": "coverage"}, "Received: 'coverage'"),
        ({"glimpses": -1}, "`glimpses` and `clip` are 0 or more. Received: -1 and 0.0"),
        ({"clip": -1.0}, "Received: 0 and -1.0"),
        ({"units": 0}, "`units` must be at least 1"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        Pointer(**wrong)
