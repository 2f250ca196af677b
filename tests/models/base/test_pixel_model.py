"""What all models of pixels share: the future is out of sight, steps are the call, probabilities are of pictures."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import numpy
from tests.gradients import gradients, weighed
from tests.models.steps import stepped

MODELS = ("raster_lstm", "row_lstm", "diagonal_bilstm")
EACH = pytest.mark.parametrize("name", MODELS)
SHAPE = (6, 6)


def built(name, shape=SHAPE, **options):
    model = zoo.build(name, picture_shape=shape, **{"units": 8, "layers": 2, "kernel": 3, **options})
    draw = np.random.default_rng(5)
    for weight in model.trainable_weights:
        weight.assign(draw.normal(size=weight.shape, scale=0.5))
    model.hidden.bias.assign(np.ones(model.hidden.bias.shape))  # what is rectified lets something through
    return model


def fed(pictures):
    """The values before each pixel: (N, T, 1) -> {"target": ...}."""
    return {"target": np.concatenate([np.zeros_like(pictures[:, :1]), pictures[:, :-1]], axis=1)}


def reached(model, places):
    """Which pixels move the scores of each of some places, by derivative: (P, T) bool. Exactly 0 is out of sight."""
    one = np.random.default_rng(1).normal(size=(1, model.maximum_target, 1)).astype("float32")
    pixels = np.tile(one, (len(places), 1, 1))  # a row of the batch for each place: rows do not see each other
    asked = np.zeros((*pixels.shape[:2], model.distribution.size), "float32")
    asked[np.arange(len(places)), places] = [1.0, *[0.3] * (model.distribution.size - 1)]

    def said(values):
        target = ops.concatenate([ops.zeros_like(values[:, :1]), values[:, :-1]], axis=1)
        return weighed(model({"target": target}, training=False)["scores"], asked)

    _, (gradient,) = gradients(said, pixels)
    return np.abs(gradient[..., 0]) > 0


@EACH
@pytest.mark.parametrize("output", ["bernoulli", "levels"])
def test_no_pixel_is_said_by_itself_or_by_what_is_behind_it(name, output):
    model = built(name, output=output, levels=5)
    places = [0, 1, 5, 6, 14, 29, 35]
    for place, seen in zip(places, reached(model, places), strict=True):
        assert not seen[place:].any(), place
        assert place == 0 or seen[place - 1], place


@EACH
@pytest.mark.parametrize(("output", "residual"), [("bernoulli", False), ("levels", True)])
def test_steps_are_the_call(name, output, residual, random):
    model = built(name, (4, 5), output=output, levels=5, residual=residual)
    inputs = fed(random.integers(0, 2 if output == "bernoulli" else 5, (2, 20, 1)).astype("float32"))
    expected = numpy(model(inputs))["scores"]
    assert expected.std() > 0.01
    np.testing.assert_allclose(stepped(model, inputs)["scores"], expected, rtol=1e-5, atol=1e-5)


@EACH
@pytest.mark.parametrize(("output", "levels"), [("bernoulli", 2), ("levels", 3)])
def test_probabilities_of_all_pictures_add_up_to_1(name, output, levels):
    model = built(name, (2, 2), output=output, levels=levels)
    pictures = np.array(list(itertools.product(range(levels), repeat=4)), "float32")[..., None]
    scores = model(fed(pictures))["scores"]
    log_prob = numpy(model.distribution.log_prob(scores, pictures)).sum(axis=1)
    assert log_prob.std() > 0.1
    np.testing.assert_allclose(np.exp(log_prob.astype("float64")).sum(), 1, rtol=1e-5)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    "name", ["raster_lstm", *(pytest.param(name, marks=pytest.mark.slow) for name in MODELS if name != "raster_lstm")]
)
def test_decoders_say_whole_pictures_and_go_on_with_given_ones(name):
    model = built(name, (3, 4), layers=1)
    prefix = np.array([1, 0, 1, 1, 0, 1], "float32")[:, None]
    for arguments in ({"decoder": "sampling", "seed": 1}, {"decoder": "greedy"}):
        found = zoo.generate(model, [None, prefix, None], **arguments)
        for (best,) in found:
            assert best.tokens.shape == (12, 1)
            assert set(np.unique(best.tokens)) <= {0.0, 1.0}
            scores = model(fed(best.tokens[None]))["scores"]
            expected = numpy(model.distribution.log_prob(scores, best.tokens[None])).sum()
            assert best.log_probability == pytest.approx(float(expected), rel=1e-4)
        np.testing.assert_array_equal(found[1][0].tokens[:6], prefix)
    greedy = found[1][0].tokens
    scores = numpy(model(fed(greedy[None]))["scores"])[0, :, 0]
    np.testing.assert_array_equal(greedy[6:, 0], scores[6:] > 0)


@pytest.mark.usefixtures("either_way")
def test_a_picture_has_an_end():
    model = built("row_lstm", (3, 4))
    assert model.maximum_target == 12
    with pytest.raises(ValueError, match="A picture of 3 x 4 has 12 pixels. Received: a length of 13"):
        zoo.generate(model, 1, maximum_length=13)
    ((short,),) = zoo.generate(model, 1, maximum_length=5)
    assert len(short.tokens) == 5
    with pytest.raises(ValueError, match="Beam search chooses among tokens; this model emits Bernoulli"):
        zoo.generate(model, 1, decoder="beam_search")


def test_its_figure_is_the_mean_over_pixels(random):
    model = built("row_lstm", (3, 4), output="levels", levels=4)
    model.compile("adam")
    pictures = random.integers(0, 4, (2, 12, 1)).astype("float32")
    found = model.test_on_batch(fed(pictures), pictures, return_dict=True)
    scores = numpy(model(fed(pictures))["scores"]).astype("float64")
    log_probs = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    expected = -np.take_along_axis(log_probs, pictures.astype(int), axis=-1).mean()
    assert found["nats"] == pytest.approx(expected, rel=1e-5)
    assert set(found) == {"loss", "nats"}


def test_what_cannot_be():
    with pytest.raises(ValueError, match="output"):
        zoo.build("row_lstm", output="bernouli")
    with pytest.raises(ValueError, match="at least 2 levels"):
        zoo.build("row_lstm", output="levels", levels=1)


@pytest.mark.usefixtures("either_way")
def test_a_saved_one_draws_the_same_pictures(tmp_path):
    model = built("diagonal_bilstm", (3, 3), output="levels", levels=4, residual=True, readout_units=6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    one, other = (zoo.generate(each, 2, decoder="sampling", seed=3) for each in (model, loaded))
    for (first,), (second,) in zip(one, other, strict=True):
        np.testing.assert_array_equal(first.tokens, second.tokens)
