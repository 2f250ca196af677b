"""The model against the loops and its stock counterpart, its decoders against calls on the whole prefix, its errors."""

import numpy as np
import pytest

import zoo
from tests.cells.oracle import numpy, with_drawn_weights
from tests.layers.test_transformer_block import by_path
from tests.models import steps
from tests.reference import transformer as reference
from zoo.decoding.greedy import Greedy
from zoo.models.transformer_decoder import TransformerDecoder
from zoo.presets import PRESETS

TINY = {"vocabulary_size": 8, "units": 4, "heads": 2, "layers": 2, "feed_forward": 6}
TOKENS = np.array([[2, 5, 7, 4], [2, 6, 6, 5]], "int32")
LENGTH = 6


@pytest.mark.parametrize("tied", [False, True])
def test_it_is_the_equations_from_tokens_to_scores(tied):
    model = with_drawn_weights(TransformerDecoder(**TINY, tied=tied))
    found = numpy(model({"target": TOKENS}))
    table = numpy(model.get_layer("target_embedding").embeddings.value)
    matrix = table.T if tied else numpy(model.read_out.kernel.value)
    for row, tokens in enumerate(TOKENS):
        hidden, _ = reference.stack(table[tokens], by_path(model.get_layer("stack")), 2, reference.past)
        np.testing.assert_allclose(found["hidden"][row], hidden, rtol=1e-4, atol=1e-4)
        expected = np.array(hidden) @ matrix + numpy(model.read_out.bias.value)
        np.testing.assert_allclose(found["scores"][row], expected, rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("either_way")
@pytest.mark.each_backend
def test_cached_steps_decode_as_calls_on_the_whole_do():
    model = with_drawn_weights(TransformerDecoder(**TINY))
    nothing = {"target": np.array([[2], [2]], "int32")}
    greedy = Greedy(model, maximum_length=LENGTH).predict(nothing, verbose=0)
    said, total = steps.greedily(model, {}, LENGTH)
    for row in range(2):
        assert greedy["tokens"][row, 0, : int(greedy["lengths"][row, 0])].tolist() == said
        assert greedy["log_probabilities"][row, 0] == pytest.approx(total, abs=1e-3)


@pytest.mark.usefixtures("either_way")
def test_a_prefix_is_gone_on_from():
    """Given tokens fill the cache as said ones do."""
    model = with_drawn_weights(TransformerDecoder(**TINY))
    begun = Greedy(model, maximum_length=LENGTH).predict({"target": TOKENS[:1, :3]}, verbose=0)
    said = [5, 7]
    while len(said) < LENGTH:
        [found] = steps.log_probabilities(model, {}, [[2, *said]])
        token = int(np.argmax(np.where(np.isin(np.arange(8), (0, 2)), -np.inf, found)))
        if token == 3:
            break
        said.append(token)
    assert begun["tokens"][0, 0, : int(begun["lengths"][0, 0])].tolist() == said


@pytest.mark.parametrize(
    "form", [{"tied": True}, {"positions": "learned", "maximum_length": 4}, {"nonlinearity": "gelu"}]
)
def test_every_form_steps_as_it_is_called(form):
    model = with_drawn_weights(TransformerDecoder(**TINY, **form))
    called, alone = numpy(model({"target": TOKENS})), steps.stepped(model, {"target": TOKENS})
    np.testing.assert_allclose(alone["scores"], called["scores"], rtol=1e-4, atol=1e-5)


def test_no_more_is_written_than_places_were_learned():
    model = TransformerDecoder(**TINY, positions="learned", maximum_length=4)
    with pytest.raises(ValueError, match="Positions are learned for 4 steps. Received: 5"):
        Greedy(model, maximum_length=5).predict({"target": TOKENS[:, :1]}, verbose=0)


@pytest.mark.parametrize("name", [name for name, (model, _, _) in PRESETS.items() if model == "transformer_decoder"])
def test_presets_in_small(name):
    model = zoo.build(name, vocabulary_size=8, units=24, feed_forward=8, layers=1)
    config = {key: value for key, value in PRESETS[name][1].items() if key not in ("units", "feed_forward", "layers")}
    assert config.items() <= model.get_config().items()
    assert numpy(model({"target": TOKENS}))["scores"].shape == (2, 4, 8)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"vocabulary_size": None}, "either tokens"),
        ({"features": 3}, "either tokens"),
        ({"vocabulary_size": None, "features": 3, "tied": True}, "no embedding to tie to"),
        ({"heads": 3}, "`heads` must divide `units`. Received: heads=3, units=4"),
        ({"label_smoothing": 1.0}, "`label_smoothing` is a share"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        TransformerDecoder(**{**TINY, **wrong})
