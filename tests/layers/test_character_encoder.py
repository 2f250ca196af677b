"""A word's vector against a convolution written as loops over places, window and filters."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.layers.character_encoder import CharacterEncoder

CHARACTERS = np.array(
    [
        [[3, 2, 4, 1], [5, 0, 0, 0], [2, 3, 0, 0]],
        [[4, 4, 4, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
    ],
    "int32",
)


def encoder(window=3, **options):
    layer = CharacterEncoder(6, 5, embedding_size=2, window=window, **options)
    layer.build(CHARACTERS.shape)
    draw = np.random.default_rng(0)
    layer.set_weights([draw.normal(size=weight.shape) for weight in layer.weights])
    return layer


def by_hand(layer, word, window):
    """The word alone, with zeros on both sides of it."""
    table, kernel, bias = (array.astype("float64") for array in layer.get_weights())
    vectors = [table[character] for character in word if character]
    if not vectors:
        return np.zeros(len(bias))
    left = (window - 1) // 2
    scores = []
    for place in range(len(vectors)):
        score = bias.copy()
        for offset in range(window):
            at = place + offset - left
            if 0 <= at < len(vectors):
                score = score + vectors[at] @ kernel[offset]
        scores.append(score)
    return np.max(scores, axis=0)


@pytest.mark.parametrize("window", [1, 2, 3])
def test_a_word_is_the_maximum_of_each_filter_over_its_characters(window):
    layer = encoder(window)
    found = ops.convert_to_numpy(layer(CHARACTERS))
    assert found.shape == layer.compute_output_shape(CHARACTERS.shape) == (2, 3, 5)
    for place in np.ndindex(2, 3):
        np.testing.assert_allclose(found[place], by_hand(layer, CHARACTERS[place], window), atol=1e-5)


def test_more_padding_changes_nothing_whatever_its_vector():
    layer = encoder()
    before = ops.convert_to_numpy(layer(CHARACTERS))
    table, *others = layer.get_weights()
    table[0] = 1e4
    layer.set_weights([table, *others])
    padded = np.pad(CHARACTERS, ((0, 0), (0, 0), (0, 4)))
    np.testing.assert_allclose(ops.convert_to_numpy(layer(padded)), before, atol=1e-5)


def test_a_word_without_characters_is_zero():
    assert (ops.convert_to_numpy(encoder()(CHARACTERS))[1, 1:] == 0).all()


def test_dropout_acts_in_training_only():
    layer = encoder(dropout=0.5)
    plain = ops.convert_to_numpy(layer(CHARACTERS))
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(CHARACTERS, training=False)), plain)
    assert not np.allclose(ops.convert_to_numpy(layer(CHARACTERS, training=True)), plain)


def test_it_runs_at_every_length_of_sentence_and_word():
    inputs = keras.Input((None, None), dtype="int32")
    layer = encoder()
    model = keras.Model(inputs, layer(inputs))
    assert model.output_shape == (None, None, 5)
    for cut in (CHARACTERS, CHARACTERS[:1, :2, :3]):
        np.testing.assert_allclose(model.predict(cut, verbose=0), ops.convert_to_numpy(layer(cut)), atol=1e-6)


def test_its_configuration_makes_it_again():
    layer = CharacterEncoder(9, 4, embedding_size=3, window=5, dropout=0.25, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    assert again.convolution.kernel_size == (5,)


@pytest.mark.parametrize("wrong", [{"vocabulary_size": 0}, {"units": 0}, {"window": 0}])
def test_sizes_below_1_are_errors(wrong):
    with pytest.raises(ValueError):
        CharacterEncoder(**{"vocabulary_size": 4, **wrong})
