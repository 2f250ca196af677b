"""The model against the loops, its forms, its errors."""

import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.layers.test_transformer_block import by_path
from tests.reference import transformer as reference
from zoo.layers.pooling import POOLINGS
from zoo.models.transformer_encoder import transformer_encoder

TINY = {"vocabulary_size": 9, "units": 4, "heads": 2, "layers": 2, "feed_forward": 6, "outputs": 3}
TOKENS = np.array([[4, 5, 6, 8], [7, 4, 0, 0]], "int32")


def head(model, hidden):
    kernel, bias = (numpy(weight.value) for weight in model.get_layer("head").weights)
    powers = np.exp(np.asarray(hidden) @ kernel + bias)
    return powers / powers.sum(-1, keepdims=True)


def hidden(model, row, length, causal=False):
    table = numpy(model.get_layer("embedding").embeddings.value)
    may_see = reference.past if causal else reference.everything
    return reference.stack(table[TOKENS[row, :length]], by_path(model.get_layer("stack")), 2, may_see)[0]


@pytest.mark.parametrize("causal", [False, True])
def test_it_is_the_equations_from_tokens_to_probabilities(causal):
    pooled, stepwise = (
        with_drawn_weights(transformer_encoder(**TINY, causal=causal, per_step=per_step)) for per_step in (False, True)
    )
    found, by_step = (numpy(model(ops.convert_to_tensor(TOKENS))) for model in (pooled, stepwise))
    for row, length in enumerate((4, 2)):
        steps = hidden(pooled, row, length, causal)
        np.testing.assert_allclose(found[row], head(pooled, np.mean(steps, axis=0)), rtol=1e-3, atol=1e-5)
        np.testing.assert_allclose(by_step[row, :length], head(stepwise, steps), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_every_pooling_leaves_padding_out(pooling):
    model = with_drawn_weights(transformer_encoder(**TINY, pooling=pooling))
    found, longer = (
        numpy(model(ops.convert_to_tensor(tokens))) for tokens in (TOKENS, np.pad(TOKENS, [(0, 0), (0, 3)]))
    )
    np.testing.assert_allclose(found, longer, rtol=1e-5, atol=1e-6)
    assert np.abs(found[0] - found[1]).max() > 1e-3


def test_the_order_of_the_tokens_matters():
    model = with_drawn_weights(transformer_encoder(**TINY))
    one, other = numpy(model(ops.convert_to_tensor(np.stack([TOKENS[0], TOKENS[0][::-1]]))))
    assert np.abs(one - other).max() > 1e-3


def test_words_are_read_with_their_spelling():
    model = with_drawn_weights(
        transformer_encoder(**TINY, per_step=True, embedding_size=3, character_vocabulary_size=6, character_units=2)
    )
    characters = np.random.default_rng(0).integers(1, 6, (2, 4, 3)).astype("int32")
    one, other = (
        numpy(model({"tokens": TOKENS, "characters": spelling}))
        for spelling in (characters, np.where(characters == 5, 1, characters))
    )
    assert one.shape == (2, 4, 3)
    assert np.abs(one - other)[0].max() > 1e-4
    assert model.get_layer("stack").positions.projection.kernel.shape == (5, 4)


def test_frames_are_standardised():
    model = transformer_encoder(features=2, variable_length=True, units=4, heads=2, layers=1, activation=None)
    frames = draw(8, 5, 2) * 3 + 7
    model.get_layer("standardize").adapt(frames)
    found = numpy(model({"frames": frames, "lengths": np.full(8, 3, "int32")}))
    frames[:, 3:] = np.nan
    again = numpy(model({"frames": frames, "lengths": np.full(8, 3, "int32")}))
    np.testing.assert_array_equal(found, again)
    assert found.shape == (8, 2)


def test_dropout_acts_in_training_alone():
    model = transformer_encoder(**TINY, dropout=0.5, token_dropout=0.3)
    tokens = ops.convert_to_tensor(TOKENS)
    once, again, trained = (numpy(model(tokens, training=training)) for training in (False, False, True))
    np.testing.assert_array_equal(once, again)
    assert np.abs(once - trained).max() > 1e-3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"vocabulary_size": None}, "either tokens"),
        ({"features": 2}, "either tokens"),
        ({"pooling": "meen"}, "Unknown pooling: 'meen'. Did you mean 'mean'"),
        ({"heads": 3}, "`heads` must divide `units`. Received: heads=3, units=4"),
        ({"nonlinearity": "gel"}, "Unknown nonlinearity: 'gel'. Did you mean 'gelu'"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        transformer_encoder(**{**TINY, **wrong})
