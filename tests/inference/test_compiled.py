"""Decoders are traced once for their arguments, whatever is generated, and go with their model."""

import gc
import weakref

import keras
import numpy as np
import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.decoding import Greedy, Sampling
from zoo.inference.compiled import ATTRIBUTE, CAPACITY, argument_key, make_decoder

WORDS = Vocabulary(list("abcdefgh"), level="character")
PAIR = {"source": WORDS, "target": WORDS}


def build():
    sizes = {"source_vocabulary_size": len(WORDS), "target_vocabulary_size": len(WORDS)}
    return zoo.build("encoder_decoder", **sizes, units=4, embedding_size=4, cell="gru")


@pytest.fixture(scope="module")
def model():
    return build()


@pytest.fixture
def traces(monkeypatch):
    """The calls of the search in Python: where a backend compiles, one a trace."""
    calls, decode = [], Greedy._decode

    def counted(self, *arguments):
        calls.append(self)
        return decode(self, *arguments)

    monkeypatch.setattr(Greedy, "_decode", counted)
    return calls


def generate(model, texts, **arguments):
    outputs = zoo.generate(model, texts, vocabularies=PAIR, maximum_length=4, **arguments)
    return [one.text for (one, *_) in outputs]


def test_equal_calls_are_traced_once(model, traces):
    first = generate(model, ["abc"])
    before = len(traces)
    assert [generate(model, ["abc"]) for _ in range(20)] == 20 * [first]
    assert before > 0 and len(traces) == before


def test_lengths_and_numbers_of_inputs_share_a_trace(model, traces):
    generate(model, ["abcd", "ab", "c"])
    before = len(traces)
    for texts in (["a", "b", "c", "d"], ["abcdefgh", "a", "h"], ["abcde", "cde", "bcd", "fgh"]):
        generate(model, texts)
    assert len(traces) == before


def test_draws_begin_anew_with_their_seed(model, traces):
    one = {"decoder": "sampling", "seed": 1, "samples": 3}
    first = generate(model, ["abc"], **one)
    before = len(traces)
    other = generate(model, ["abc"], **{**one, "seed": 2})
    assert generate(model, ["abc"], **one) == first and len(traces) == before
    fresh = [zoo.generate(model, ["abc"], vocabularies=PAIR, decoder=decoder) for decoder in _samplers(model)]
    kept = [zoo.generate(model, ["abc"], vocabularies=PAIR, maximum_length=4, **{**one, "seed": n}) for n in (1, 2)]
    assert [[each.text for each in outputs] for (outputs,) in fresh] == [
        [each.text for each in outputs] for (outputs,) in kept
    ]
    assert first != other or generate(model, ["abc"], decoder="sampling", samples=3) is not None


def _samplers(model):
    return [Sampling(model, samples=3, seed=seed, maximum_length=4) for seed in (1, 2)]


def test_draws_without_a_seed_are_seeded_by_keras(model):
    drawn = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        drawn.append([generate(model, ["abc"], decoder="sampling", samples=4) for _ in range(3)])
    assert drawn[0] == drawn[1]


def test_other_arguments_are_another_decoder(model):
    chosen = make_decoder(model, "beam_search", beam_width=2, banned_tokens=[4, 5])
    assert make_decoder(model, "beam_search", beam_width=2, banned_tokens=(4, 5)) is chosen
    assert make_decoder(model, "beam_search", beam_width=3, banned_tokens=[4, 5]) is not chosen
    with pytest.raises(TypeError, match="seed"):
        make_decoder(model, "beam_search", beam_width=2, banned_tokens=[4, 5], seed=1)


def test_keys_are_of_values():
    one = {"allowed_next": np.eye(2), "banned_tokens": [1, 2], "temperature": 1.0}
    assert argument_key(one) == argument_key({**one, "allowed_next": np.eye(2), "banned_tokens": (1, 2)})
    assert argument_key(one) != argument_key({**one, "allowed_next": np.eye(2, k=1)})
    assert argument_key({"samples": 1}) != argument_key({"samples": True})
    assert argument_key({"model": object()}) is None


def test_few_are_kept_and_none_is_saved(tmp_path):
    model = build()
    for length in range(1, CAPACITY + 4):
        make_decoder(model, "greedy", maximum_length=length)
    assert len(vars(model)[ATTRIBUTE].by_key) == CAPACITY
    weights = len(model.weights)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert len(model.weights) == len(loaded.weights) == weights and ATTRIBUTE not in vars(loaded)


def test_they_go_with_their_model():
    model = build()
    decoder = weakref.ref(make_decoder(model, "greedy", maximum_length=3))
    del model
    gc.collect()
    assert decoder() is None


def test_scores_are_traced_once(model, monkeypatch):
    calls, call = [], type(model.distribution).log_prob

    def counted(self, *arguments):
        calls.append(1)
        return call(self, *arguments)

    monkeypatch.setattr(type(model.distribution), "log_prob", counted)
    examples = [{"source": "abc", "target": "cba"}]
    first = zoo.score(model, examples, vocabularies=PAIR)[0].log_probability
    before = len(calls)
    assert zoo.score(model, examples, vocabularies=PAIR)[0].log_probability == first and len(calls) == before
