"""Hops over a memory of sentences against the float64 loop; ages, padding, linear start and noise."""

import collections
import itertools

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import finite_differences, weighed, weight_gradients
from tests.reference import memory_network as reference
from zoo.layers.memory_hops import TYINGS, MemoryHops
from zoo.layers.sentence_encoding import ENCODINGS

WORDS, UNITS, HOPS, MEMORY = 9, 3, 2, 4
# Five sentences, of which the memory holds four; two; none.
STORY = np.zeros((3, 5, 3), "int32")
STORY[0] = [[4, 2, 8], [7, 0, 0], [3, 5, 0], [6, 2, 4], [1, 8, 0]]
STORY[1, :2] = [[2, 6, 0], [5, 1, 3]]
QUESTION = np.array([[3, 7, 2, 5], [8, 4, 0, 0], [2, 6, 1, 0]], "int32")
SENTENCES = [5, 2, 0]
EACH_TYING = pytest.mark.parametrize("tying", TYINGS)


def built(**options):
    layer = MemoryHops(WORDS, UNITS, hops=HOPS, memory_size=MEMORY, **options)
    layer.build((None, None, None), (None, None))
    with_drawn_weights(layer)
    if layer.linear_updates:
        layer.updates.assign(0)
    return layer


def asked(layer, story=STORY, question=QUESTION, **options):
    return numpy(layer(ops.convert_to_tensor(story), ops.convert_to_tensor(question), **options))


def by_name(weights, tying, temporal=True):
    """The weights under the names of the paper: which are the same (section 2.2)."""

    def matrices(kind):
        of = [weights[name] for name in sorted(weights) if name.startswith(kind)]
        return {
            "adjacent": lambda: ([of[k] for k in range(HOPS)], [of[k + 1] for k in range(HOPS)]),
            "layer_wise": lambda: ([of[0]] * HOPS, [of[1]] * HOPS),
            "none": lambda: (of[:HOPS], of[HOPS : 2 * HOPS]),
            "single": lambda: ([of[0]] * HOPS, [of[0]] * HOPS),
        }[tying]()

    inputs, reads = matrices("embedding")
    ages = matrices("age") if temporal else (None, None)
    question = {"layer_wise": 2, "none": 2 * HOPS}.get(tying, 0)
    answer = weights[f"embedding_{HOPS}"].T if tying == "adjacent" else weights["words"]
    return {
        "A": inputs,
        "C": reads,
        "B": weights[f"embedding_{question}"],
        "W": answer,
        "H": weights.get("between"),
        "T_A": ages[0],
        "T_C": ages[1],
    }


def expected(weights, row, encoding="position", **options):
    """Scores (O,) and alignment (K, N) of a row of STORY."""
    story = [[word for word in sentence if word] for sentence in STORY[row, : SENTENCES[row]].tolist()]
    question = [word for word in QUESTION[row].tolist() if word]
    scores, looked = reference.answer(
        story, question, weights, encode=getattr(reference, encoding), memory_size=MEMORY, **options
    )
    alignment = np.zeros((HOPS, STORY.shape[1]))
    alignment[:, : len(story)] = looked
    return np.array(scores), alignment


@EACH_TYING
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("temporal", [False, True])
def test_agrees_with_the_equations(tying, encoding, temporal):
    layer = built(tying=tying, encoding=encoding, temporal=temporal)
    found = asked(layer)
    weights = by_name(weights_by_name(layer), tying, temporal)
    assert found["scores"].shape == (3, WORDS)
    for row in range(len(STORY)):
        scores, alignment = expected(weights, row, encoding)
        np.testing.assert_allclose(found["scores"][row], scores, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(found["alignment"][row], alignment, rtol=1e-5, atol=1e-5)


@pytest.mark.each_backend
@EACH_TYING
def test_gradients_are_those_of_the_equations(tying):
    """By every weight, of scores and alignment; a weight that is used twice gets both."""
    layer = built(tying=tying)
    by_score, by_share = draw(3, WORDS, seed=1), draw(3, HOPS, STORY.shape[1], seed=2)

    def loss():
        said = layer(ops.convert_to_tensor(STORY), ops.convert_to_tensor(QUESTION))
        return weighed(said["scores"], by_score) + weighed(said["alignment"], by_share)

    value, found = weight_gradients(loss, layer.trainable_variables)
    weights = weights_by_name(layer)

    def same(changed, name):
        named = by_name({**weights, name: changed}, tying)
        said = [expected(named, row) for row in range(len(STORY))]
        return sum(
            (scores * by_score[row]).sum() + (alignment * by_share[row]).sum()
            for row, (scores, alignment) in enumerate(said)
        )

    assert len(found) == len(weights)
    for path, gradient in found.items():
        name = path.split("/")[-1]
        assert value == pytest.approx(same(weights[name], name), rel=1e-4)
        differences = finite_differences(lambda changed, name=name: same(changed, name), weights[name])
        assert np.abs(differences).max() > 1e-2
        np.testing.assert_allclose(gradient, differences, rtol=1e-4, atol=1e-4, err_msg=name)


@EACH_TYING
def test_padding_of_sentences_words_and_rows_changes_nothing(tying):
    """Whatever vector its id has."""
    layer = built(tying=tying)
    before = asked(layer)
    if tying != "adjacent":  # there the vector is also the answer's
        for weight in layer.embeddings:
            weight.assign(np.concatenate([np.full((1, UNITS), 1e4), ops.convert_to_numpy(weight)[1:]]))
    after = asked(layer, np.pad(STORY, [(0, 2), (0, 3), (0, 2)]), np.pad(QUESTION, [(0, 2), (0, 1)]))
    np.testing.assert_allclose(after["scores"][:3], before["scores"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(after["alignment"][:3, :, :5], before["alignment"], rtol=1e-5, atol=1e-6)
    assert (after["alignment"][:3, :, 5:] == 0).all()
    assert (after["alignment"][3:] == 0).all()
    assert (after["scores"][3:] == 0).all()  # neither story nor question


@pytest.mark.parametrize("dtype", ["float32", "mixed_float16"])
def test_only_the_latest_are_read_and_the_rest_of_a_look_is_at_empty_places(dtype):
    found = asked(built(tying="none", dtype=dtype))["alignment"].astype("float32")
    assert (found[0, :, 0] == 0).all()  # one sentence too many for the memory
    assert (found[0, :, 1:] > 0).all()
    assert (found[1, :, :2] > 0).all()
    assert (found[1, :, 2:] == 0).all()
    assert (found[2] == 0).all()
    assert (found[:2].sum(-1) < 1).all()  # also of a full memory
    np.testing.assert_allclose(found, asked(built(tying="none"))["alignment"], atol=5e-2)


def test_a_look_at_nothing_is_shared_by_all_places():
    """With words of zeros every place has the same share: of four 1 / 4 with two sentences, of five 1 / 5 with four."""
    layer = built(temporal=False)
    for weight in layer.weights:
        weight.assign(0 * weight)
    alignment = asked(layer)["alignment"]
    np.testing.assert_allclose(alignment[0], np.tile([0, 0.2, 0.2, 0.2, 0.2], (HOPS, 1)), rtol=1e-5)
    np.testing.assert_allclose(alignment[1], np.tile([0.25, 0.25, 0, 0, 0], (HOPS, 1)), rtol=1e-5)


def test_what_is_not_read_changes_nothing():
    layer = built()
    before = asked(layer)
    other, cut = STORY.copy(), STORY[:, 1:]
    other[0, 0] = [8, 8, 8]
    assert np.array_equal(asked(layer, other)["scores"], before["scores"])
    np.testing.assert_allclose(asked(layer, cut[:1], QUESTION[:1])["scores"], before["scores"][:1], rtol=1e-5)
    other[0, 1] = [8, 8, 8]
    assert np.abs(asked(layer, other)["scores"][0] - before["scores"][0]).max() > 1e-3


@pytest.mark.parametrize("temporal", [False, True])
def test_the_order_of_sentences_counts_where_they_have_ages(temporal):
    layer = built(temporal=temporal)
    turned = STORY.copy()
    turned[0, 1:] = STORY[0, :0:-1]
    difference = np.abs(asked(layer, turned)["scores"][0] - asked(layer)["scores"][0]).max()
    assert difference > 1e-2 if temporal else difference < 1e-5


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_order_of_words_counts_by_position(encoding):
    layer = built(encoding=encoding)
    turned = STORY.copy()
    turned[0, 3] = STORY[0, 3, ::-1]
    difference = np.abs(asked(layer, turned)["scores"][0] - asked(layer)["scores"][0]).max()
    assert difference < 1e-5 if encoding == "bag" else difference > 1e-3


def test_a_linear_start_has_no_softmax_until_so_many_updates_of_training():
    layer = built(linear_updates=3)
    weights = by_name(weights_by_name(layer), "adjacent")
    for update in range(5):
        for training in (False, True):  # what does not train counts nothing
            assert int(layer.updates) == update
            found = asked(layer, training=training)
            for row in range(len(STORY)):
                scores, alignment = expected(weights, row, linear=update < 3)
                np.testing.assert_allclose(found["scores"][row], scores, rtol=1e-5, atol=1e-5)
                np.testing.assert_allclose(found["alignment"][row], alignment, rtol=1e-5, atol=1e-5)
    assert (asked(built(linear_updates=1))["alignment"] < 0).any()  # which no softmax says


def test_noise_only_makes_sentences_older():
    """Three sentences, very often: all ages that empty sentences behind them can make are seen, as often as chance has
    it, and nothing else."""
    noise, rows = 0.3, 600
    layer = built(noise=noise)
    weights = by_name(weights_by_name(layer), "adjacent")
    story, question = STORY[:1, 2:], QUESTION[:1]
    words = [[word for word in sentence if word] for sentence in story[0].tolist()]
    found = asked(layer, np.repeat(story, rows, 0), np.repeat(question, rows, 0), training=True)["alignment"]
    chances = collections.Counter()
    for blanks in itertools.product([0, 1], repeat=3):
        ages = tuple(min(2 - place + sum(blanks[place:]), MEMORY - 1) for place in range(3))
        chances[ages] += noise ** sum(blanks) * (1 - noise) ** (3 - sum(blanks))
    seen = np.zeros(rows)
    for ages, chance in chances.items():
        options = {"encode": reference.position, "memory_size": MEMORY, "ages": ages}
        _, looked = reference.answer(words, question[0].tolist(), weights, **options)
        hits = np.abs(found - looked).max(axis=(1, 2)) < 1e-5
        assert hits.mean() == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / rows))
        seen += hits
    assert len(chances) == 5
    assert (seen == 1).all()
    assert (found > 0).all()  # older than the memory is not forgotten


def test_noise_is_for_training_and_for_ages():
    plain, noisy = built(), built(noise=0.5)
    noisy.set_weights([*plain.get_weights(), *noisy.get_weights()[len(plain.get_weights()) :]])
    np.testing.assert_array_equal(asked(noisy)["scores"], asked(plain)["scores"])
    assert np.abs(asked(noisy, training=True)["scores"] - asked(plain)["scores"])[:2].max() > 1e-3
    ageless = built(noise=0.5, temporal=False)
    np.testing.assert_array_equal(asked(ageless, training=True)["scores"], asked(ageless)["scores"])


def test_its_configuration_makes_it_again():
    layer = built(tying="layer_wise", encoding="bag", temporal=False, noise=0.1, linear_updates=7, outputs=4, name="a")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(asked(again)["scores"], asked(layer)["scores"])
    assert asked(again)["scores"].shape == (3, 4)
    assert (again.noise, again.linear_updates) == (0.1, 7)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tying": "adjacend"}, "Unknown tying: 'adjacend'. Did you mean 'adjacent'"),
        ({"encoding": "positon"}, "Unknown encoding: 'positon'. Did you mean 'position'"),
        ({"units": 0}, "must be at least 1.*units=0, hops=3, memory_size=50"),
        ({"hops": 0}, "units=50, hops=0"),
        ({"memory_size": 0}, "memory_size=0"),
        ({"noise": 1.0}, r"`noise` is a rate in \[0, 1\). Received: noise=1.0"),
        ({"noise": -0.1}, "noise=-0.1"),
        ({"outputs": 4}, "With adjacent tying the answer is one of the words.*Received: outputs=4"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        MemoryHops(WORDS, **wrong)


def test_as_many_outputs_as_words_are_the_words():
    assert MemoryHops(WORDS, outputs=WORDS).outputs == MemoryHops(WORDS).outputs == WORDS
