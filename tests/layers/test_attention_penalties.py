import keras
import numpy as np
import pytest
from keras import ops

from tests.reference.penalties import BY_NAME
from zoo.layers.attention_penalties import AttentionPenalties

ALIGNMENT = np.random.default_rng(0).dirichlet(np.ones(3), (2, 4)).astype("float32")
STEPS, PLACES = np.ones((2, 4), "float32"), np.ones((2, 3), bool)
WEIGHTS = {"coverage": 0.5, "entropy": 2.0, "doubly_stochastic": 0.0}
WHOLE = 0.5 * BY_NAME["coverage"](ALIGNMENT) + 2.0 * BY_NAME["entropy"](ALIGNMENT)


def built(weights=WEIGHTS, **options):
    layer = AttentionPenalties(weights, **options)
    layer.build()
    return layer


def asked(layer, **options):
    return float(layer(ALIGNMENT, STEPS, PLACES, **options))


@pytest.mark.parametrize(
    ("ramp", "shares"),
    [((0, 0), [1, 1, 1]), ((2, 2), [0, 0, 1, 1]), ((0, 4), [0, 0.25, 0.5, 0.75, 1, 1]), ((1, 3), [0, 0, 0.5, 1, 1])],
)
def test_they_grow_from_none_to_all_between_two_updates(ramp, shares):
    layer = built(ramp=ramp)
    for share in shares:
        assert asked(layer) == pytest.approx(WHOLE, rel=1e-5)  # outside of training: all, and no update
        assert asked(layer, training=True) == pytest.approx(share * WHOLE, rel=1e-5)
    assert int(layer.updates) == len(shares)


def test_supervised_needs_to_be_told():
    layer = built({"supervised": 3.0})
    wanted = np.random.default_rng(1).dirichlet(np.ones(3), (2, 4)).astype("float32")
    assert asked(layer, target_alignment=wanted) == pytest.approx(
        3 * BY_NAME["supervised"](ALIGNMENT, wanted), rel=1e-5
    )
    with pytest.raises(ValueError, match='"supervised" needs the input "target_alignment"'):
        asked(layer)


def test_its_configuration_makes_it_again():
    layer = AttentionPenalties(WEIGHTS, ramp=(3, 7), name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert (dict(again.penalties), tuple(again.ramp)) == (WEIGHTS, (3, 7))
    assert ops.shape(built(ramp=[0, 5]).updates) == ()


@pytest.mark.parametrize(
    ("weights", "ramp", "message"),
    [
        ({"covrage": 1.0}, (0, 0), "Unknown penalty: 'covrage'. Did you mean 'coverage'"),
        ({"coverage": -1.0}, (0, 0), "The weight of a penalty is 0 or above. Received: coverage=-1.0"),
        ({"coverage": float("nan")}, (0, 0), "Received: coverage=nan"),
        ({}, (0, 0), r"at least one name with its weight.*Received: \{\} and \(0, 0\)"),
        ({"coverage": 1.0}, (5, 2), r"0 <= begin <= end. Received: .* and \(5, 2\)"),
        ({"coverage": 1.0}, (-1, 2), r"and \(-1, 2\)"),
    ],
)
def test_wrong_arguments_are_errors(weights, ramp, message):
    with pytest.raises(ValueError, match=message):
        AttentionPenalties(weights, ramp)
