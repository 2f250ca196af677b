"""The reading side: what each encoder's memory, mask and code are."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy
from zoo.models.base.source import ENCODERS, Reverse, Source

OPTIONS = {"cell": "gru", "units": 4, "layers": 1, "embedding_size": 3, "residual": False, "dropout": 0.0}
TOKENS = np.array([[4, 5, 6, 7, 5], [6, 4, 0, 0, 0]], "int32")
LENGTHS = [5, 2]


def read(side, **inputs):
    return numpy(side.read({name: ops.convert_to_tensor(array) for name, array in inputs.items()}))


@pytest.mark.parametrize("encoder", ENCODERS)
def test_memory_mask_and_code(encoder):
    """Of every row what it is alone, and of tokens what frames of the same vectors are."""
    side = Source(9, encoder=encoder, **{**OPTIONS, "layers": 2})
    memory, mask, code = read(side, source=TOKENS)
    places = 3 if encoder == "pyramid" else 5
    assert memory.shape == (2, places, 4)
    assert mask.sum(1).tolist() == ([3, 1] if encoder == "pyramid" else LENGTHS)
    assert (memory[~mask] == 0).all()
    assert code.shape == (2, 4)
    for row, length in enumerate(LENGTHS):
        alone, real, its_code = read(side, source=TOKENS[row : row + 1, :length])
        np.testing.assert_allclose(alone[0], memory[row, mask[row]], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(its_code[0], code[row], rtol=1e-5, atol=1e-6)
        assert real.all()


@pytest.mark.parametrize("encoder", ENCODERS)
def test_the_code_is_the_last_states(encoder):
    side = Source(9, encoder=encoder, **OPTIONS)
    memory, _, code = read(side, source=TOKENS)
    last = memory[[0, 1], [4, 1]]
    if encoder in ("forward", "backward"):
        np.testing.assert_array_equal(code, last)
    else:  # forward at the last real step, backward at the first
        np.testing.assert_array_equal(code, np.concatenate([last[:, :2], memory[:, 0, 2:]], axis=1))


def test_an_lstm_codes_outputs_and_memories():
    side = Source(9, encoder="forward", **{**OPTIONS, "cell": "lstm"})
    assert read(side, source=TOKENS)[2].shape == (2, 8)


def test_frames_come_with_their_lengths():
    side = Source(None, 2, encoder="bidirectional", **OPTIONS)
    frames = draw(2, 5, 2)
    frames[1, 2:] = np.nan
    memory, mask, code = read(side, source=frames, source_lengths=np.array(LENGTHS, "int32"))
    assert mask.sum(1).tolist() == LENGTHS
    assert np.isfinite(memory).all() and np.isfinite(code).all()
    assert set(side.inputs) == {"source", "source_lengths"}


def test_backward_reads_the_source_reversed():
    backward, forward = (Source(9, encoder=encoder, **OPTIONS) for encoder in ("backward", "forward"))
    for side in (backward, forward):
        read(side, source=TOKENS)
    forward.embedding.set_weights(backward.embedding.get_weights())
    forward.stack.set_weights(backward.stack.get_weights())
    turned = np.array([[5, 7, 6, 5, 4], [4, 6, 0, 0, 0]], "int32")
    for one, other in zip(read(backward, source=TOKENS), read(forward, source=turned), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_only_what_is_real_is_turned_around():
    sequences, mask = draw(3, 4, 2), np.arange(4) < np.array([4, 2, 0])[:, None]
    found = ops.convert_to_numpy(Reverse()(sequences, ops.convert_to_tensor(mask)))
    np.testing.assert_array_equal(found[0], sequences[0, ::-1])
    np.testing.assert_array_equal(found[1], sequences[1, [1, 0, 2, 3]])
    np.testing.assert_array_equal(found[2], sequences[2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"vocabulary_size": None}, "either tokens .* or frames .*source_vocabulary_size=None, source_features=None"),
        ({"features": 3}, "source_vocabulary_size=9, source_features=3"),
        ({"encoder": "biderectional"}, "Unknown encoder: 'biderectional'. Did you mean 'bidirectional'"),
        ({"units": 5}, "Two directions share `units`, which must be even. Received: units=5"),
        ({"encoder": "pyramid", "residual": True}, "Layers of a pyramid differ in length and cannot be residual"),
    ],
)
def test_wrong_arguments_are_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        Source(**{"vocabulary_size": 9, "encoder": "bidirectional", **OPTIONS, **arguments})


def test_dropout_acts_on_what_comes_in_too():
    side = Source(9, encoder="forward", **{**OPTIONS, "dropout": 0.4})
    assert (side.dropout.rate, side.stack.dropouts[0].rate) == (0.4, 0.4)
    assert isinstance(side.dropout, keras.layers.Dropout)
