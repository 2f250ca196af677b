"""Words to utterances to context, against a float64 walk."""

import numpy as np
import pytest

from tests.cells.oracle import numpy, weights_by_name, with_drawn_weights
from tests.reference import dialogue
from zoo.recurrent.dialogue_encoder import DialogueEncoder

UNITS, WORDS = 4, 3
# The second has nothing in its middle and at its end; the third says nothing at all.
HISTORIES = [
    [[1, 2, 3], [4], [5, 6]],
    [[2, 2], [], [3, 1, 4], []],
    [],
]


def encoder(memory_level, **more):
    layer = DialogueEncoder(7, cell="elman", units=UNITS, memory_level=memory_level, embedding_size=2, **more)
    layer.build((None, None, None))
    return with_drawn_weights(layer)


def padded(histories, utterances=4, words=WORDS):
    ids = np.zeros((len(histories), utterances, words), "int32")
    for row, history in zip(ids, histories, strict=True):
        for utterance, said in zip(row, history, strict=False):
            utterance[: len(said)] = said
    return ids


def expected(layer, history):
    while history and not history[-1]:
        history = history[:-1]
    (forward, backward), (context,) = layer.words.directions[0], layer.context.directions[0]
    cells = [weights_by_name(one.cell) for one in (forward, backward, context)]
    embedding, turns = (np.asarray(numpy(w.value), "float64") for w in (layer.embedding.embeddings, layer.turns))
    return history, *dialogue.read(history, embedding, turns, *cells)


def test_places_are_utterances():
    layer = encoder("utterances")
    memory, mask, code = numpy(layer(padded(HISTORIES)))
    assert mask.tolist() == [[True] * 3 + [False], [True, False, True, False], [False] * 4]
    for row, history in enumerate(HISTORIES[:2]):
        kept, _, after = expected(layer, history)
        for place, words in enumerate(kept):
            wanted = after[place] if words else 0
            np.testing.assert_allclose(memory[row, place], np.broadcast_to(wanted, UNITS), rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(code[row], after[-1], rtol=1e-5, atol=1e-5)
    assert not memory[2].any()
    assert not code[2].any()


def test_places_are_words_with_their_utterance():
    layer = encoder("words")
    memory, mask, _ = numpy(layer(padded(HISTORIES)))
    assert memory.shape == (3, 4 * WORDS, 2 * UNITS)
    for row, history in enumerate(HISTORIES[:2]):
        kept, said, after = expected(layer, history)
        for number, words in enumerate(kept):
            places = slice(number * WORDS, number * WORDS + len(words))
            wanted = np.concatenate([said[number], np.tile(after[number], (len(words), 1))], axis=1)
            np.testing.assert_allclose(memory[row, places], wanted, rtol=1e-5, atol=1e-5)
            assert mask[row, number * WORDS : (number + 1) * WORDS].tolist() == [n < len(words) for n in range(WORDS)]
    assert mask.sum() == sum(len(words) for history in HISTORIES for words in history)


@pytest.mark.parametrize("pooling", ["last", "mean", "max", "attention"])
def test_more_padding_changes_nothing(pooling):
    layer = encoder("utterances", pooling=pooling)
    memory, mask, code = numpy(layer(padded(HISTORIES)))
    more = numpy(layer(padded(HISTORIES, 6, 5)))
    np.testing.assert_allclose(more[0][:, :4], memory, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(more[1][:, :4], mask)
    np.testing.assert_allclose(more[2], code, rtol=1e-5, atol=1e-6)


def test_who_speaks_is_counted_from_the_last():
    layer = encoder("utterances")
    layer.turns.assign(np.zeros((2, 2), "float32"))
    without = numpy(layer(padded([[[1], [2]]])))[0][0]
    layer.turns.assign(np.array([[1, 1], [0, 0]], "float32"))
    told = numpy(layer(padded([[[1], [2]]])))[0][0]
    np.testing.assert_array_equal(told[0], without[0])
    assert np.abs(told[1] - without[1]).max() > 1e-3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"memory_level": "word"}, "words"),
        ({"pooling": "sum"}, "pooling"),
        ({"units": 3}, "must be even. Received: units=3"),
    ],
)
def test_what_cannot_be(wrong, message):
    with pytest.raises(ValueError, match=message):
        DialogueEncoder(7, **wrong)
