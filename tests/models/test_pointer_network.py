"""Answers that are places: its equations by the pointer's loops, learning by heart, sizes it never saw, its errors."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.reference import attention as matches
from tests.reference.pointer import END, FIRST, allowed, point
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.synthetic import sortings
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.layers.visit_mask import VISITS
from zoo.models.pointer_network import PointerNetwork
from zoo.ops.logits import LOWEST

TINY = {"units": 4, "embedding_size": 3, "cell": "gru"}
LENGTHS = [4, 2, 3]
POINTS = np.where(np.arange(4)[:, None] < np.array(LENGTHS)[:, None, None], draw(3, 4, 2, seed=1), 0).astype("float32")
# Each place of a source at most once; then whatever.
SAID = np.array([[2, 5, 4, 7], [2, 5, 3, 0], [2, 6, 4, 3]], "int32")
INPUTS = {"source": POINTS, "source_lengths": np.array(LENGTHS, "int32"), "target": SAID}


def drawn(model):
    with_drawn_weights(model)
    return model


def tensors(inputs):
    return {name: ops.convert_to_tensor(array) for name, array in inputs.items()}


@pytest.mark.parametrize("visits", VISITS)
def test_it_points_by_its_states_at_places_that_may_be_visited(visits):
    """The pointer's loops over what decoder and encoder say; probabilities of the places are the alignment."""
    model = drawn(PointerNetwork(source_features=2, **TINY, visits=visits, glimpses=1, clip=5.0))
    found = numpy(model(tensors(INPUTS)))
    memory = numpy(model.reading.read(tensors(INPUTS))[0])
    pointer, layers = model.pointer, model.pointer.glimpses + model.pointer.combine
    glimpse, combine = (weights_by_name(layer) for layer in (layers[0].matches[0], layers[1]))
    for row, length in enumerate(LENGTHS):
        for step in range(SAID.shape[1]):
            may = allowed(SAID[row, 1 : step + 1].tolist(), length, visits)
            expected = point(
                found["hidden"][row, step],
                memory[row, :length],
                may,
                match=matches.additive,
                weights=weights_by_name(pointer.match),
                end=numpy(pointer.end),
                glimpses=[(glimpse, combine)],
                clip=5.0,
            )
            scores = np.array([np.float32(LOWEST) if score is None else score for score in expected])
            np.testing.assert_allclose(found["scores"][row, step, : FIRST + length], scores, rtol=1e-5, atol=1e-5)
            shares = np.where(scores > LOWEST / 2, np.exp(scores.clip(-99)), 0)
            shares /= shares.sum()
            np.testing.assert_allclose(found["alignment"][row, step, :length], shares[FIRST:], rtol=1e-5, atol=1e-6)
            assert (found["alignment"][row, step, length:] == 0).all()


def test_what_was_pointed_at_is_what_it_reads_next():
    """Another vector at a place changes what follows the pointing, and through the encoder's memory alone what does
    not: with an encoder that is cut off, nothing before."""
    model = drawn(PointerNetwork(source_features=2, **TINY))
    for layer in (model.reading.stack, model.bridge):
        for weight in layer.weights:
            weight.assign(0 * weight)
    other = INPUTS | {"source": POINTS.copy()}
    other["source"][0, 1] += 1.0  # position 1, id 5, is said first
    one, two = (numpy(model(tensors(inputs)))["hidden"] for inputs in (INPUTS, other))
    np.testing.assert_array_equal(one[1:], two[1:])
    np.testing.assert_array_equal(one[0, 0], two[0, 0])
    assert (np.abs(one[0, 1:] - two[0, 1:]).max(-1) > 1e-3).all()


@pytest.mark.slow
def test_it_learns_to_sort_by_heart_and_answers_for_any_size():
    """Three and four numbers; then sizes that it never saw, alone or beside larger ones."""
    examples = sortings.generate(12, points=(3, 4), seed=3)
    batch = teacher_forced_batches(examples, {"target": PointerVocabulary()}, batch_size=12, buckets=1)[0]
    model = PointerNetwork(source_features=1, units=16, embedding_size=8, cell="gru", visits="all")
    model.compile(keras.optimizers.Adam(0.03))
    for _ in range(300):
        if model.train_on_batch(*batch, return_dict=True)["nats"] < 0.02:
            break
        model.reset_metrics()
    found = zoo.generate(model, [example["source"] for example in examples], maximum_length=9)
    assert [outputs[0].tokens for outputs in found] == [example["target"] for example in examples]
    assert {len(outputs[0].tokens) for outputs in found} == {3, 4}
    others = [np.linspace(0, 1, size)[:, None].astype("float32") for size in (7, 1, 2)]
    together = zoo.generate(model, others, maximum_length=9)
    for source, (answer,) in zip(others, together, strict=True):
        assert sorted(answer.tokens) == list(range(len(source)))
        assert answer.finished
        assert answer.text == " ".join(map(str, answer.tokens))
        assert answer.alignment.shape == (len(source), len(source))
    ((alone,),) = zoo.generate(model, others[-1:], maximum_length=9)
    assert alone.tokens == together[-1][0].tokens
    assert alone.log_probability == pytest.approx(together[-1][0].log_probability, rel=1e-4, abs=1e-5)


def test_padding_of_sources_changes_nothing():
    """Whatever stands in it, in scores and in the loss."""
    model = drawn(PointerNetwork(source_features=2, **TINY, visits="once", glimpses=1))
    padded = INPUTS | {"source": np.full((3, 7, 2), np.nan, "float32")}
    for row, length in enumerate(LENGTHS):
        padded["source"][row, :length] = POINTS[row, :length]
    y = np.where(SAID[:, 1:] > 0, SAID[:, 1:], 0)
    y = np.concatenate([y, [[3], [0], [0]]], axis=1).astype("int32")
    losses = []
    for inputs in (INPUTS, padded):
        found = model(tensors(inputs))
        losses.append(float(model.compute_loss(tensors(inputs), ops.convert_to_tensor(y), found)))
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)
    one, two = (numpy(model(tensors(inputs))) for inputs in (INPUTS, padded))
    np.testing.assert_allclose(two["scores"][..., : FIRST + 4], one["scores"], rtol=1e-5, atol=1e-5)
    assert (two["scores"][..., FIRST + 4 :] < LOWEST / 2).all()
    assert (two["alignment"][..., 4:] == 0).all()


@pytest.mark.usefixtures("either_way")
def test_no_answer_breaks_the_rule_of_visits():
    """And each is as likely as it is said to be."""
    model = drawn(PointerNetwork(source_features=2, **TINY, visits="once"))
    sources = [draw(size, 2, seed=size) for size in (1, 4, 5)]
    found = zoo.generate(model, sources, decoder="beam_search", maximum_length=8, beam_width=7, n_best=4)
    pairs = []
    for source, answers in zip(sources, found, strict=True):
        assert len({tuple(answer.tokens) for answer in answers}) == len(answers)
        for answer in answers:
            said = [FIRST + position for position in answer.tokens]
            for step, token in enumerate([*said, END]):
                assert token in allowed(said[:step], len(source), "once")
            pairs.append(({"source": source, "target": answer.tokens}, answer.log_probability))
    for score, (_, log_p) in zip(zoo.score(model, [example for example, _ in pairs]), pairs, strict=True):
        assert score.log_probability == pytest.approx(log_p, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("visits", "first"), [("any", None), ("once", 2), ("all", 1)])
def test_a_target_that_it_could_never_say_is_named(visits, first):
    model = PointerNetwork(source_features=2, **TINY, visits=visits)
    examples = [{"source": POINTS[0], "target": target} for target in ([0, 3, 1, 2], [0, 1], np.array([0, 1, 0]))]
    model.check_targets({"train": examples[:1], "validation": []})
    if first is None:
        model.check_targets({"train": examples})
    else:
        with pytest.raises(
            ValueError, match=f"test split: example {first}: with visits='{visits}' .*for 4 positions, the target"
        ):
            model.check_targets({"train": examples[:1], "test": examples})


@pytest.mark.usefixtures("either_way")
def test_words_of_a_text_are_pointed_at():
    words = Vocabulary(["b", "a", "c"])
    model = drawn(PointerNetwork(source_vocabulary_size=len(words), **TINY, visits="once", encoder="forward"))
    vocabularies = {"source": words, "target": PointerVocabulary()}
    ((answer,),) = zoo.generate(model, ["c a b"], vocabularies=vocabularies, maximum_length=5, minimum_length=2)
    assert 2 <= len(answer.tokens) == len(set(answer.tokens)) <= 3
    assert set(answer.tokens) <= {0, 1, 2}
    assert answer.source == ["c", "a", "b"]
    assert answer.alignment.shape == (len(answer.tokens), 3)


def test_its_configuration_makes_it_again():
    model = PointerNetwork(source_features=2, **TINY, visits="once", glimpses=2, clip=10.0, attention="general")
    again = PointerNetwork.from_config(model.get_config())
    assert again.get_config() == model.get_config()
    assert [weight.shape for weight in again.weights] == [weight.shape for weight in model.weights]
    assert model.points and model.vocabulary_sizes == {"target": FIRST}
    assert PointerNetwork(source_vocabulary_size=9, **TINY).vocabulary_sizes == {"source": 9, "target": FIRST}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source_features": None}, "A source is either tokens"),
        ({"source_vocabulary_size": 9}, "A source is either tokens"),
        ({"encoder": "pyramid"}, "A pyramid joins positions, and a pointer needs each of them"),
        ({"encoder": "backwards"}, "Unknown encoder: 'backwards'. Did you mean 'backward'"),
        ({"visits": "ones"}, "Unknown visits: 'ones'. Did you mean 'once'"),
        ({"attention": "coverage"}, "A pointer does not read where it pointed before"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
        ({"clip": -1.0}, "`glimpses` and `clip` are 0 or more"),
        ({"units": 5}, "Two directions share `units`"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        PointerNetwork(**{"source_features": 2, **TINY, **wrong})
