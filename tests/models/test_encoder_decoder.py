"""Every match in every order: builds, trains, and steps as it is called. Its errors; the papers' presets in small."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import numpy
from zoo.layers.match import MATCHES
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.registry import PRESETS

SIZES = {"source_vocabulary_size": 9, "target_vocabulary_size": 8}
TINY = {**SIZES, "units": 4, "embedding_size": 3, "cell": "gru"}
SOURCE = np.array([[4, 5, 6, 8], [7, 4, 0, 0]], "int32")
TARGET = np.array([[2, 5, 7], [2, 6, 4]], "int32")
Y = np.array([[5, 7, 3], [6, 4, 3]], "int32")
FORMS = {
    **{
        f"{match} {order}": {"attention": match, "order": order} for match in MATCHES for order in ("luong", "bahdanau")
    },
    **{f"{match} fed": {"attention": match, "input_feeding": True} for match in MATCHES},
    "heads": {"attention": "scaled_dot", "heads": 2},
    "every_step": {"attention": None, "code": "every_step"},
    "start": {"attention": None, "encoder": "backward", "residual": True, "layers": 2},
    "pyramid": {"encoder": "pyramid", "layers": 2, "attention": "location"},
}


def stepped(model, inputs):
    inputs = {name: ops.convert_to_tensor(array) for name, array in inputs.items()}
    context, rows = model.encode(inputs), []
    state = model.start(context, inputs["target"].shape[1])
    for t in range(inputs["target"].shape[1]):
        scores, state, trace = model.step(inputs["target"][:, t], state, context)
        rows.append({"scores": scores, **trace})
    return numpy(keras.tree.map_structure(lambda *tensors: ops.stack(tensors, axis=1), *rows))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_trains_and_steps_as_it_is_called(form):
    model = EncoderDecoder(**{**TINY, **FORMS[form]})
    model.compile(keras.optimizers.Adam(0.05), run_eagerly=True)
    before = model.get_weights()
    x = {"source": SOURCE, "target": TARGET}
    found = model.train_on_batch(x, Y, return_dict=True)
    assert np.isfinite(found["loss"])
    for weight, one, other in zip(model.weights, before, model.get_weights(), strict=True):
        assert not np.array_equal(one, other), weight.path
    called, alone = numpy(model(x)), stepped(model, x)
    attentive = bool(FORMS[form].get("attention", 1))
    assert set(alone) == {"scores"} | ({"alignment"} if attentive else set())
    assert set(called) == set(alone) | {"hidden"} | ({"memory_mask"} if attentive else set())
    for name, array in alone.items():
        np.testing.assert_allclose(array, called[name], rtol=1e-4, atol=1e-5)
    if "alignment" in called:
        np.testing.assert_allclose(called["alignment"].sum(-1), 1, rtol=1e-5)
        assert (called["alignment"][1, :, 1 if form == "pyramid" else 2 :] == 0).all()


def test_tied_it_says_by_the_vectors_that_it_reads():
    plain, tied = (EncoderDecoder(**{**TINY, "embedding_size": 4}, tied=tied) for tied in (False, True))
    assert plain.count_params() - tied.count_params() == 4 * 8
    assert tied.read_out.embedding is tied.get_layer("target_embedding")
    with pytest.raises(ValueError, match="There is no embedding to tie to"):
        EncoderDecoder(source_vocabulary_size=9, target_features=2, units=4, tied=True)


def test_frames_are_read_and_written():
    model = EncoderDecoder(source_features=2, target_features=3, units=4, embedding_size=3, order="bahdanau")
    x = {
        "source": np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32"),
        "source_lengths": np.array([4, 2], "int32"),
        "target": np.random.default_rng(1).integers(0, 2, (2, 3, 3)).astype("float32"),
    }
    called, alone = numpy(model(x)), stepped(model, x)
    assert called["scores"].shape == (2, 3, 3)
    for name, array in called.items():
        np.testing.assert_allclose(alone[name], array, rtol=1e-4, atol=1e-5)


def test_the_longest_source_is_kept_for_those_who_ask():
    model = EncoderDecoder(**TINY, maximum_source=7)
    assert model.maximum_source == model.get_config()["maximum_source"] == 7
    assert EncoderDecoder(**TINY).maximum_source is None


@pytest.mark.parametrize("name", [name for name, (model, _, _) in PRESETS.items() if model == "encoder_decoder"])
def test_presets_in_small(name):
    """What a paper names is what is built; only its widths are made small."""
    model = zoo.build(name, **SIZES, units=4, embedding_size=4, layers=min(2, PRESETS[name][1].get("layers", 1)))
    x = {"source": SOURCE, "target": TARGET}
    called = numpy(model(x))
    assert ("alignment" in called) == (PRESETS[name][1]["attention"] is not None)
    config = {key: value for key, value in PRESETS[name][1].items() if key not in ("units", "embedding_size", "layers")}
    assert config.items() <= model.get_config().items()
    for key, array in stepped(model, x).items():
        np.testing.assert_allclose(array, called[key], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"attention": "aditive"}, "Unknown attention: 'aditive'. Did you mean 'additive'"),
        ({"order": "luongg"}, "Unknown order: 'luongg'. Did you mean 'luong'"),
        ({"code": "every_stepp"}, "Unknown code: 'every_stepp'. Did you mean 'every_step'"),
        ({"encoder": "backwards"}, "Unknown encoder: 'backwards'. Did you mean 'backward'"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
        ({"input_feeding": True, "order": "bahdanau"}, "Input feeding belongs to attention in the order 'luong'"),
        ({"input_feeding": True, "attention": None}, "attention=None, order='luong', input_feeding=True"),
        ({"heads": 3}, "`heads` must divide `units`. Received: heads=3, units=4"),
        ({"units": 5}, "Two directions share `units`, which must be even. Received: units=5"),
        ({"source_vocabulary_size": None}, "A source is either tokens"),
        ({"target_features": 2}, "either tokens"),
        ({"target_vocabulary_size": 4}, "at least 5 ids"),
        ({"encoder": "pyramid", "residual": True}, "cannot be residual"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        EncoderDecoder(**{**TINY, **wrong})
