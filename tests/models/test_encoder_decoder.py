"""Every match in every order: builds, trains, and steps as it is called. Its errors; the papers' presets in small."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import numpy, with_drawn_weights
from tests.reference import penalties
from zoo.layers.attention_scores import SCORES
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.presets import PRESETS

SIZES = {"source_vocabulary_size": 9, "target_vocabulary_size": 8}
TINY = {**SIZES, "units": 4, "embedding_size": 3, "cell": "gru"}
SOURCE = np.array([[4, 5, 6, 8], [7, 4, 0, 0]], "int32")
TARGET = np.array([[2, 5, 7], [2, 6, 4]], "int32")
Y = np.array([[5, 7, 3], [6, 4, 3]], "int32")
FORMS = {
    **{
        f"{match} {style}": {"attention": match, "attention_style": style}
        for match in SCORES
        for style in ("luong", "bahdanau")
    },
    **{f"{match} fed": {"attention": match, "input_feeding": True} for match in SCORES},
    "heads": {"attention": "scaled_dot", "heads": 2},
    "every_step": {"attention": None, "conditioning": "every_step"},
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


# Every match once, every order with several of them; the other pairs are slow.
FAST = {"dot luong", "general luong", "location luong", "additive bahdanau", "coverage bahdanau", "scaled_dot fed"}
FAST |= {"cosine fed", "heads", "every_step", "start", "pyramid"}


@pytest.mark.parametrize(
    "form", [form if form in FAST else pytest.param(form, marks=pytest.mark.slow) for form in FORMS]
)
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
    model = EncoderDecoder(source_features=2, target_features=3, units=4, embedding_size=3, attention_style="bahdanau")
    x = {
        "source": np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32"),
        "source_lengths": np.array([4, 2], "int32"),
        "target": np.random.default_rng(1).integers(0, 2, (2, 3, 3)).astype("float32"),
    }
    called, alone = numpy(model(x)), stepped(model, x)
    assert called["scores"].shape == (2, 3, 3)
    assert set(alone) == {"scores", "alignment"}
    for name, array in alone.items():
        np.testing.assert_allclose(array, called[name], rtol=1e-4, atol=1e-5)


# Of the target's eight ids the sources' 8 is none: they lend it as id 8; 4 and 5 are known.
LENT = {"source": np.array([[4, 8, 5, 8], [8, 4, 0, 0]], "int32"), "target": TARGET}
LENT["source_as_target"] = np.array([[4, 8, 5, 8], [8, 4, 0, 0]], "int32")


def copier(**more):
    return with_drawn_weights(EncoderDecoder(**TINY, copying="pointer_generator", attention_style="bahdanau", **more))


def test_what_the_vocabulary_lacks_is_said_by_looking_at_it():
    """With the gate's share of what all its places are given; all that may be said adds up to 1."""
    found = numpy(copier()({name: ops.convert_to_tensor(array) for name, array in LENT.items()}))
    p = np.exp(found["scores"].astype("float64"))
    assert p.shape == (2, 3, 8 + 4)
    np.testing.assert_allclose(p.sum(-1), 1, rtol=1e-5)
    there = LENT["source_as_target"] == 8
    expected = found["copy_gate"] * (found["alignment"] * there[:, None]).sum(-1)
    np.testing.assert_allclose(p[..., 8], expected, rtol=1e-5)
    assert (p[..., 9:] == 0).all()
    assert np.ptp(found["copy_gate"]) > 1e-3


def test_what_a_source_lent_is_read_as_unknown():
    model = copier()
    one, other = (
        numpy(model({**LENT, "target": np.array([[2, token, 5], [2, 4, token]], "int32")})) for token in (8, 1)
    )
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


WEIGHTS = {"coverage": 0.7, "entropy": 0.2, "doubly_stochastic": 0.3, "supervised": 0.4}


@pytest.mark.usefixtures("either_way")
def test_penalties_are_added_of_what_is_real():
    """To a loss without them, by the loops, of rows of three and two steps and of four and two places."""
    plain = with_drawn_weights(EncoderDecoder(**TINY, attention="coverage"))
    model = EncoderDecoder(**TINY, attention="coverage", penalties=WEIGHTS, penalty_ramp=(1, 3))
    model.set_weights([*plain.get_weights(), np.int32(0)])
    wanted = np.zeros((2, 3, 4), "float32")
    wanted[0, 0, 2] = wanted[1, 1, 1] = 1
    x = {"source": SOURCE, "target": TARGET, "target_alignment": wanted}
    weight = np.array([[1, 1, 1], [1, 1, 0]], "float32")
    alignment = numpy(plain(x))["alignment"]
    seen, told = ([array[0], array[1, :2, :2]] for array in (alignment, wanted))
    whole = sum(
        share * penalties.BY_NAME[name](seen, *([told] if name == "supervised" else []))
        for name, share in WEIGHTS.items()
    )
    plain.compile("sgd")
    model.compile(keras.optimizers.SGD(0.0))
    loss = plain.test_on_batch(x, Y, weight, return_dict=True)["loss"]
    assert model.test_on_batch(x, Y, weight, return_dict=True)["loss"] == pytest.approx(loss + whole, rel=1e-5)
    for share in (0, 0, 0.5, 1, 1):
        found = model.train_on_batch(x, Y, weight, return_dict=True)["loss"]
        assert found == pytest.approx(loss + share * whole, rel=1e-5)


@pytest.mark.usefixtures("either_way")
def test_a_ramp_goes_on_where_it_was_saved(tmp_path):
    model = EncoderDecoder(**TINY, penalties={"entropy": 1.0}, penalty_ramp=(0, 4))
    model.compile(keras.optimizers.SGD(0.0))
    x = {"source": SOURCE, "target": TARGET}
    losses = [model.train_on_batch(x, Y, return_dict=True)["loss"] for _ in range(2)]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.get_config() | {"penalty_ramp": (0, 4)} == model.get_config()
    assert int(loaded.penalties.updates) == 2
    losses += [loaded.train_on_batch(x, Y, return_dict=True)["loss"] for _ in range(4)]
    steps = np.diff(losses)
    np.testing.assert_allclose(steps[:4], steps[0], rtol=1e-3)
    assert steps[0] > 1e-3 > abs(steps[4])


def test_the_longest_source_is_kept_for_those_who_ask():
    model = EncoderDecoder(**TINY, maximum_source=7)
    assert model.maximum_source == model.get_config()["maximum_source"] == 7
    assert EncoderDecoder(**TINY).maximum_source is None


@pytest.mark.parametrize("name", [name for name, (model, _, _) in PRESETS.items() if model == "encoder_decoder"])
def test_presets_in_small(name):
    """What a paper names is what is built; only its widths are made small."""
    model = zoo.build(name, **SIZES, units=4, embedding_size=4, layers=min(2, PRESETS[name][1].get("layers", 1)))
    x = {"source": SOURCE, "target": TARGET, "source_as_target": SOURCE}
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
        ({"attention_style": "luongg"}, "Unknown attention_style: 'luongg'. Did you mean 'luong'"),
        ({"conditioning": "every_stepp"}, "Unknown conditioning: 'every_stepp'. Did you mean 'every_step'"),
        ({"encoder": "backwards"}, "Unknown encoder: 'backwards'. Did you mean 'backward'"),
        ({"cell": "grru"}, "Unknown cell: 'grru'. Did you mean 'gru'"),
        (
            {"input_feeding": True, "attention_style": "bahdanau"},
            "Input feeding belongs to attention of the style 'luong'",
        ),
        ({"input_feeding": True, "attention": None}, "attention=None, attention_style='luong', input_feeding=True"),
        ({"heads": 3}, "`heads` must divide `units`. Received: heads=3, units=4"),
        ({"units": 5}, "Two directions share `units`, which must be even. Received: units=5"),
        ({"source_vocabulary_size": None}, "A source is either tokens"),
        ({"target_features": 2}, "either tokens"),
        ({"target_vocabulary_size": 4}, "at least 5 ids"),
        ({"encoder": "pyramid", "residual": True}, "cannot be residual"),
        ({"copying": "pointer"}, "Unknown copying: 'pointer'. Did you mean 'pointer_generator'"),
        ({"copying": "pointer_generator", "attention": None}, "Copying and penalties are about where attention looks"),
        ({"penalties": {"entropy": 1.0}, "attention": None}, "choose an attention, not None"),
        ({"penalties": {"entropi": 1.0}}, "Unknown penalty: 'entropi'. Did you mean 'entropy'"),
        ({"copying": "pointer_generator", "label_smoothing": 0.1}, "no label smoothing. Received: .*smoothing=0.1"),
        (
            {"copying": "pointer_generator", "encoder": "pyramid"},
            "Copying needs tokens on both sides, one position",
        ),
        ({"copying": "pointer_generator", "target_features": 2}, "Received: source_features=None, target_features=2"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        EncoderDecoder(**{**TINY, **wrong})
