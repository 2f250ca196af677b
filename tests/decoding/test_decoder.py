"""What all decoders share: a Keras model over a model, prefixes, arguments."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.decoding import table
from tests.decoding.table import SIZE, START, Table, prefixes, sources
from tests.training import toys
from zoo.decoding import DECODERS
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.models.language_model import LanguageModel

EACH = pytest.mark.parametrize("name", DECODERS)
CHANCES = table.table(kinds=2, length=5)


def test_without_a_prefix_there_is_the_start():
    decoder = DECODERS["greedy"](Table(CHANCES), maximum_length=3)
    found = ops.convert_to_numpy(decoder.prefix(sources([0, 1])))
    np.testing.assert_array_equal(found, [[START, 0, 0, 0]] * 2)


def test_a_prefix_is_padded_or_cut_to_the_longest_output():
    decoder = DECODERS["greedy"](Table(CHANCES), maximum_length=3)
    found = ops.convert_to_numpy(decoder.prefix(prefixes((4,), (5, 6, 7, 8))))
    np.testing.assert_array_equal(found, [[START, 4, 0, 0], [START, 5, 6, 7]])


@EACH
def test_what_predict_compiles_is_what_call_says(name):
    more = {"sampling": {"seed": 1}, "beam_search": {"beam_width": 2, "n_best": 2}}.get(name, {})
    compiled, called = (DECODERS[name](Table(CHANCES), maximum_length=4, **more) for _ in range(2))
    inputs = {**sources([1, 0]), **prefixes((), (4,))}
    expected = called({key: ops.convert_to_tensor(value) for key, value in inputs.items()})
    found = compiled.predict(inputs, verbose=0)
    assert set(found) == set(expected)
    for key in ("tokens", "lengths", "scores", "log_probabilities", "finished"):
        np.testing.assert_allclose(found[key], ops.convert_to_numpy(expected[key]), rtol=1e-5, err_msg=key)
    assert found["tokens"].shape == (2, more.get("n_best", 1), 4)
    assert (found["tokens"].dtype, found["lengths"].dtype, found["scores"].dtype) == ("int32", "int32", "float32")


@pytest.mark.parametrize("name", ["greedy", "beam_search"])
@pytest.mark.each_backend
def test_half_precision_decodes_what_its_own_model_says(name):
    """Also where `predict` compiles it: on JAX a model's own `call` is not told to compute in half."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = toys.build("encoder_decoder")
    finally:
        keras.config.set_dtype_policy(before)
    source = {"source": toys.batch(model)[0]["source"][:2]}
    found = DECODERS[name](model, maximum_length=3).predict(source, verbose=0)
    said = found["tokens"][:, 0]
    ended = np.arange(3) == found["lengths"][:, :1]
    values = np.where(ended, toys.END, said)
    fed = np.concatenate([np.full((2, 1), START), values[:, :-1]], axis=1).astype("int32")
    scores = ops.cast(model(toys.tensors({**source, "target": fed}))["scores"], "float32")
    log_p = np.take_along_axis(ops.convert_to_numpy(ops.log_softmax(scores)), values[..., None], axis=-1)[..., 0]
    expected = np.where(values != toys.PAD, log_p, 0).sum(1)
    np.testing.assert_allclose(found["log_probabilities"][:, 0], expected, atol=0.05)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name != "beam_search")) for name in DECODERS]
)
@pytest.mark.tensorflow
def test_xla_changes_nothing(name):
    """Which Keras turns on by itself where there is a GPU."""
    more = {"sampling": {"top_k": 1, "top_p": 0.9}, "beam_search": {"beam_width": 2, "coverage_penalty": 0.2}}.get(
        name, {}
    )
    found = []
    for jit_compile in (False, True):
        decoder = DECODERS[name](Table(CHANCES, table.looks()), maximum_length=5, no_repeat_ngram=2, **more)
        decoder.compile(jit_compile=jit_compile)
        found.append(decoder.predict_on_batch({**sources([1, 0]), **prefixes((), (4,))}))
    plain, compiled = found
    for key in ("tokens", "lengths", "scores", "finished"):
        np.testing.assert_allclose(compiled[key], plain[key], rtol=1e-5, err_msg=key)
    np.testing.assert_allclose(compiled["trace"]["alignment"], plain["trace"]["alignment"], atol=1e-6)


@EACH
def test_it_follows_its_model(name):
    """A decoder has no weights of its own: what the model learns later is what it says."""
    model = LanguageModel(vocabulary_size=6, units=3, layers=1)
    decoder = DECODERS[name](model, maximum_length=2, **({"beam_width": 2} if name == "beam_search" else {}))
    assert [weight.path for weight in decoder.trainable_weights] == [weight.path for weight in model.trainable_weights]
    for token in (4, 5):
        model.read_out.bias.assign(100.0 * np.eye(6)[token])
        assert decoder.predict_on_batch(prefixes(()))["tokens"].tolist() == [[[token, token]]]


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "float32"])
def test_a_model_in_half_precision_is_decoded_in_its_own(policy):
    """Whatever the precision of the day is."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        tiny = {"units": 4, "embedding_size": 4}
        pairs = {"source_vocabulary_size": 8, "target_vocabulary_size": 8, "attention_style": "bahdanau", **tiny}
        models = [LanguageModel(features=2, units=4, layers=1), EncoderDecoder(**pairs)]
        keras.config.set_dtype_policy(policy)
        asked = [{"target": np.zeros((1, 1, 2), "float32")}, {"source": np.array([[4, 5]], "int32")}]
        for model, inputs in zip(models, asked, strict=True):
            result = DECODERS["greedy"](model, maximum_length=3).predict_on_batch(inputs)
            assert result["scores"].dtype == "float32"
            assert np.isfinite(result["scores"]).all()
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("name", ["greedy", "sampling"])
def test_constraints_are_about_tokens(name):
    with pytest.raises(ValueError, match="Constraints are about tokens. This model emits Bernoulli"):
        DECODERS[name](LanguageModel(features=2, units=2, layers=1), minimum_length=1)


@EACH
def test_an_output_has_a_bounded_length(name):
    with pytest.raises(ValueError, match=r"`maximum_length` is at most 100,000 \(`length_limit`\).*1,000,000,000"):
        DECODERS[name](Table(CHANCES), maximum_length=10**9)
    assert DECODERS[name](Table(CHANCES), maximum_length=200_000, length_limit=200_000).maximum_length == 200_000
    with pytest.raises(ValueError, match="`maximum_length` must be at least 1. Received: 0"):
        DECODERS[name](Table(CHANCES), maximum_length=0)


@pytest.mark.parametrize("name", ["greedy", "sampling"])
def test_outputs_of_frames_have_a_bounded_length(name):
    model = LanguageModel(features=2, units=2, layers=1)
    for length, message in ((10**9, "at most 100,000"), (0, "must be at least 1")):
        with pytest.raises(ValueError, match=message):
            DECODERS[name](model, maximum_length=length)


def test_a_beam_has_a_bounded_width():
    with pytest.raises(ValueError, match="`beam_width` is at most 10,000. Received: 20,000"):
        DECODERS["beam_search"](table.OpenTable(CHANCES), beam_width=20_000)


@EACH
def test_contradictions_are_refused_before_anything_runs(name):
    with pytest.raises(ValueError, match="minimum_length=9, maximum_length=5"):
        DECODERS[name](Table(CHANCES), minimum_length=9, maximum_length=5)
    with pytest.raises(ValueError, match=f"ids below {SIZE}"):
        DECODERS[name](Table(CHANCES), banned_tokens=[99])
