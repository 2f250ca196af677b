import keras
import numpy as np
import pytest
from keras import ops

from zoo.layers.token_dropout import TokenDropout


@pytest.fixture
def tokens():
    """Many words; the last third of each row is padding."""
    drawn = np.random.default_rng(0).integers(2, 50, (60, 90)).astype("int32")
    drawn[:, 60:] = 0
    return drawn


def run(layer, tokens, training):
    return ops.convert_to_numpy(layer(ops.convert_to_tensor(tokens), training=training))


def test_it_is_the_identity_outside_training_and_at_rate_0(tokens):
    np.testing.assert_array_equal(run(TokenDropout(0.5), tokens, False), tokens)
    np.testing.assert_array_equal(run(TokenDropout(0.0), tokens, True), tokens)


def test_the_share_of_its_rate_becomes_the_unknown_token(tokens):
    found = run(TokenDropout(0.3, seed=1), tokens, True)
    changed = found != tokens
    assert found.dtype == tokens.dtype
    assert (found[changed] == 1).all()
    # 3600 draws of 0.3: four standard deviations are 0.031.
    assert abs(changed[:, :60].mean() - 0.3) < 0.031


def test_padding_stays_padding(tokens):
    assert (run(TokenDropout(0.9), tokens, True)[:, 60:] == 0).all()


def test_a_seed_decides_the_draws_and_every_call_draws_anew(tokens):
    layer = TokenDropout(0.5, seed=4)
    first, second = run(layer, tokens, True), run(layer, tokens, True)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(run(TokenDropout(0.5, seed=4), tokens, True), first)


def test_its_configuration_makes_it_again():
    layer = TokenDropout(0.25, seed=3, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert again.rate == 0.25


@pytest.mark.parametrize("rate", [1.0, -0.1])
def test_a_rate_outside_its_range_is_an_error(rate):
    with pytest.raises(ValueError, match=rf"`rate` is a share in \[0, 1\). Received: rate={rate}"):
        TokenDropout(rate)
