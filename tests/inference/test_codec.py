"""What stands between a person's inputs and arrays."""

import numpy as np
import pytest

import zoo
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.decoding import BeamSearch, Greedy
from zoo.inference.codec import Hypothesis, TextCodec
from zoo.inference.compiled import make_decoder

SOURCE, TARGET = Vocabulary(["a", "cold", "house"]), Vocabulary(["ein", "haus"])
PAIR = {"source": SOURCE, "target": TARGET}
TINY = {"units": 4, "embedding_size": 4}


@pytest.fixture(scope="module")
def translator():
    sizes = {"source_vocabulary_size": len(SOURCE), "target_vocabulary_size": len(TARGET)}
    return zoo.build("encoder_decoder", **sizes, **TINY, cell="gru")


@pytest.fixture(scope="module")
def writer():
    return zoo.build("language_model", vocabulary_size=len(TARGET), **TINY, layers=1)


def test_a_decoder_is_made_by_its_name_or_taken_as_it_is(translator):
    made = make_decoder(translator, "beam_search", beam_width=2)
    assert (type(made), made.beam_width, made.model) == (BeamSearch, 2, translator)
    assert make_decoder(translator, made) is made
    with pytest.raises(ValueError, match="Unknown decoder: 'greddy'. Did you mean 'greedy'"):
        make_decoder(translator, "greddy")


def test_decoders_and_models_that_do_not_fit(translator, writer):
    with pytest.raises(ValueError, match="The decoder was made for another model"):
        make_decoder(writer, Greedy(translator))
    with pytest.raises(ValueError, match="This decoder is made already; it takes no beam_width"):
        make_decoder(translator, Greedy(translator), beam_width=2)
    mapping = zoo.build("many_to_one", vocabulary_size=5, outputs=2, units=2)
    with pytest.raises(
        ValueError, match=r"Only autoregressive models generate and score.*many_to_one, maps: use zoo\.predict"
    ):
        make_decoder(mapping, "greedy")


def test_inputs_in_any_form_are_dicts_and_prefixes(translator, writer):
    reading, writing = TextCodec.of(translator, PAIR), TextCodec.of(writer, {"target": TARGET})
    assert (reading.reads, writing.reads) == (["source"], [])
    assert reading.examples(["a", {"source": "cold", "target": "ein"}], None) == (
        [{"source": "a"}, {"source": "cold", "target": "ein"}],
        [None, "ein"],
    )
    assert writing.examples(2, None) == ([{}, {}], [None, None])
    assert writing.examples(["ein", {"target": "haus"}], None) == ([{}, {}], ["ein", "haus"])
    with pytest.raises(ValueError, match="Omit `prefixes`"):
        writing.examples(["ein"], ["ein"])


def test_what_is_encoded_starts_with_the_start(translator):
    columns = TextCodec.of(translator, PAIR).encode([{"source": "a cold"}], ["ein haus"], Greedy(translator))
    assert {name: column[0].tolist() for name, column in columns.items()} == {"source": [4, 5], "target": [2, 4, 5]}


def test_a_vocabulary_that_belongs_to_another_model(translator):
    with pytest.raises(ValueError, match="does not belong to this model: it has 7 target tokens, the model 6"):
        TextCodec.of(translator, {**PAIR, "target": SOURCE})
    with pytest.raises(ValueError, match="it has 6 source tokens, the model 7"):
        TextCodec.of(translator, {**PAIR, "source": PAIR["target"]})


@pytest.fixture(scope="module")
def copier():
    sizes = {"source_vocabulary_size": len(SOURCE), "target_vocabulary_size": len(TARGET)}
    return zoo.build("encoder_decoder", **sizes, **TINY, cell="gru", copying="pointer_generator")


OPEN = {"source": SOURCE, "target": CopyVocabulary(["ein", "haus"])}


def test_a_source_comes_with_its_tokens_by_the_ids_of_the_output(copier):
    task, examples = TextCodec.of(copier, OPEN), [{"source": "a Mora house"}, {"source": "a"}]
    assert task.reads == ["source"]
    columns = task.encode(examples, ["ein Mora", None], Greedy(copier))
    assert {name: [ids.tolist() for ids in column] for name, column in columns.items()} == {
        "source": [[4, 1, 6], [4]],
        "source_as_target": [[6, 7, 8], [6]],
        "target": [[2, 4, 7], [2]],
    }
    assert [task.name(number, examples[0]) for number in (4, 7, 8, 3)] == ["ein", "Mora", "house", "<end>"]
    assert task.text([4, 7, 3], examples[0]) == "ein Mora"
    with pytest.raises(ValueError, match="example 1: the target's 'Mora' is in neither the vocabulary nor the source"):
        task.encode(examples, [None, "Mora"], Greedy(copier))


def test_ids_of_what_sources_lend_may_be_given_without_vocabularies(copier):
    task, example = TextCodec.of(copier, {}), {"source": [4, 1], "source_as_target": [6, 7], "target": [7, 4]}
    columns = task.encode([example], [[7, 4]], Greedy(copier))
    assert {name: column[0].tolist() for name, column in columns.items()} == {
        "source": [4, 1],
        "source_as_target": [6, 7],
        "target": [2, 7, 4],
    }
    with pytest.raises(ValueError, match="example 0 has no 'source_as_target'"):
        task.inputs([{"source": [4, 1]}])
    with pytest.raises(ValueError, match=r"example 0: target ids are 0 or more. Received: \[-1\]"):
        task.targets([example | {"target": [-1]}])


def test_positions_need_no_vocabulary():
    pointer = zoo.build("pointer_network", source_features=2, units=4, embedding_size=3, cell="gru", visits="once")
    points = np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32")
    task = TextCodec.of(pointer, {})
    columns = task.encode([{"source": points[0]}, {"source": points[1, :2]}], [[3, 0], None], Greedy(pointer))
    assert [ids.tolist() for ids in columns["target"]] == [[2, 7, 4], [2]]
    assert [int(length) for length in columns["source_lengths"]] == [4, 2]
    ((one,), (other,)) = zoo.generate(pointer, [points[0], points[1, :2]], prefixes=["3 0", ""], maximum_length=6)
    assert one.tokens[:2] == [3, 0]
    assert all(type(position) is int for position in one.tokens + other.tokens)
    assert one.source is None
    assert other.alignment.shape == (len(other.tokens), 2)
    with pytest.raises(ValueError, match="example 1: A position is between 0 and 1, the source's last. Received: 2"):
        zoo.score(pointer, [{"source": points[0], "target": [1]}, {"source": points[1, :2], "target": [0, 2]}])
    with pytest.raises(ValueError, match="The vocabulary does not belong to this model: it has 6 target tokens"):
        TextCodec.of(pointer, {"target": TARGET})


def test_an_output_without_attention_has_no_alignment():
    hypothesis = Hypothesis(tokens=["ein"], text="ein", score=-1.0, log_probability=-1.0, finished=True)
    assert hypothesis.alignment is None
    weights = np.arange(6.0).reshape(2, 3)  # of the token and of the end
    found = Hypothesis(["ein"], "ein", -1.0, -1.0, True, trace={"alignment": weights}).alignment
    np.testing.assert_array_equal(found, weights[:1])
