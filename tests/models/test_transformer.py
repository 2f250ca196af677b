"""The model against the loops, its decoders against calls on the whole prefix, its penalties, presets and errors."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import draw, numpy, with_drawn_weights
from tests.layers.test_transformer_block import by_path
from tests.models import steps
from tests.reference import penalties
from tests.reference import transformer as reference
from zoo.decoding.beam_search import BeamSearch
from zoo.decoding.greedy import Greedy
from zoo.decoding.sampling import Sampling
from zoo.models.transformer import Transformer
from zoo.presets import PRESETS

SIZES = {"source_vocabulary_size": 9, "target_vocabulary_size": 8}
TINY = {**SIZES, "units": 4, "heads": 2, "layers": 2, "feed_forward": 6}
SOURCE = np.array([[4, 5, 6, 8], [7, 4, 0, 0]], "int32")
TARGET = np.array([[2, 5, 7], [2, 6, 4]], "int32")
Y = np.array([[5, 7, 3], [6, 4, 3]], "int32")
X = {"source": SOURCE, "target": TARGET}
LENGTH = 6


@pytest.fixture(scope="module")
def model():
    """Its weights drawn, so that outputs differ in tokens and in length."""
    return with_drawn_weights(Transformer(**TINY))


@pytest.mark.parametrize("tied", [False, True])
def test_it_is_the_equations_from_tokens_to_scores(tied):
    model = with_drawn_weights(Transformer(**TINY, tied=tied))
    found = numpy(model(X))
    sources, targets = (numpy(model.get_layer(f"{side}_embedding").embeddings.value) for side in ("source", "target"))
    matrix = targets.T if tied else numpy(model.read_out.kernel.value)
    encoder, decoder = (by_path(model.get_layer(name)) for name in ("encoder", "decoder"))
    for row, length in enumerate((4, 2)):
        memory, _ = reference.stack(sources[SOURCE[row, :length]], encoder, 2, reference.everything)
        hidden, shares = reference.stack(targets[TARGET[row]], decoder, 2, reference.past, memory)
        expected = hidden @ matrix + numpy(model.read_out.bias.value)
        np.testing.assert_allclose(found["scores"][row], expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(found["alignment"][row, :, :length], shares, rtol=1e-4, atol=1e-5)


FORMS = {
    "gelu": {"nonlinearity": "gelu"},
    "learned": {"positions": "learned", "maximum_length": 4},
    "tied, wider": {"tied": True, "units": 6, "heads": 3, "feed_forward": None},
    "dropout": {"dropout": 0.3},
}


FAST = ("learned", "tied, wider")


@pytest.mark.parametrize(
    "form", [form if form in FAST else pytest.param(form, marks=pytest.mark.slow) for form in FORMS]
)
def test_every_form_trains_and_steps_as_it_is_called(form):
    model = Transformer(**{**TINY, **FORMS[form]})
    model.compile(keras.optimizers.Adam(0.05), run_eagerly=True)
    before = model.get_weights()
    assert np.isfinite(model.train_on_batch(X, Y, return_dict=True)["loss"])
    for weight, one, other in zip(model.weights, before, model.get_weights(), strict=True):
        assert not np.array_equal(one, other), weight.path
    called, alone = numpy(model(X)), steps.stepped(model, X)
    assert set(alone) == {"scores", "alignment"}
    assert set(called) == {*alone, "hidden", "memory_mask"}
    for name, array in alone.items():
        np.testing.assert_allclose(array, called[name], rtol=1e-4, atol=1e-5)


def test_frames_are_read_and_written():
    model = with_drawn_weights(Transformer(source_features=2, target_features=3, units=4, heads=2, layers=1))
    x = {
        "source": draw(2, 4, 2),
        "source_lengths": np.array([4, 2], "int32"),
        "target": np.random.default_rng(1).integers(0, 2, (2, 3, 3)).astype("float32"),
    }
    called, alone = numpy(model(x)), steps.stepped(model, x)
    assert called["scores"].shape == (2, 3, 3)
    for name, array in alone.items():
        np.testing.assert_allclose(array, called[name], rtol=1e-4, atol=1e-5)


def test_frames_of_real_numbers_have_an_output_of_their_own():
    sizes = {"source_features": 2, "target_features": 1, "units": 4, "heads": 2, "layers": 1}
    model = Transformer(**sizes, output="mixture", components=3)
    x = {"source": draw(2, 4, 2), "source_lengths": np.array([4, 2], "int32"), "target": draw(2, 3, 1)}
    assert numpy(model(x))["scores"].shape == (2, 3, model.distribution.size)
    assert model.get_config()["components"] == 3


@pytest.mark.usefixtures("either_way")
@pytest.mark.each_backend
def test_cached_steps_decode_as_calls_on_the_whole_do(model):
    """Greedy, beams and drawn: by the model's own steps, and by calling it on everything said so far."""
    greedy = Greedy(model, maximum_length=LENGTH).predict({"source": SOURCE}, verbose=0)
    beam = BeamSearch(model, beam_width=3, maximum_length=LENGTH).predict({"source": SOURCE}, verbose=0)
    sampling = Sampling(model, maximum_length=LENGTH, seed=3)
    noise = numpy(Sampling(model, maximum_length=LENGTH, seed=3).draw_noise(2))
    sampled = sampling.predict({"source": SOURCE}, verbose=0)
    lengths = set()
    for row, length in enumerate((4, 2)):
        inputs = {"source": SOURCE[row : row + 1, :length]}
        for found, (said, total) in (
            (greedy, steps.greedily(model, inputs, LENGTH)),
            (beam, steps.by_beams(model, inputs, LENGTH, 3)),
        ):
            count = int(found["lengths"][row, 0])
            assert found["tokens"][row, 0, :count].tolist() == said
            assert found["log_probabilities"][row, 0] == pytest.approx(total, abs=1e-3)
            lengths.add(count)
        said = steps.drawn(model, inputs, LENGTH, noise[:, row])
        assert sampled["tokens"][row, 0, : int(sampled["lengths"][row, 0])].tolist() == said
        lengths.add(len(said))
    assert len(lengths) > 1


@pytest.mark.usefixtures("either_way")
def test_coverage_is_counted_of_the_last_look(model):
    """So that the penalty of beam search can be computed from what is told."""
    search = BeamSearch(model, beam_width=2, coverage_penalty=0.5, maximum_length=LENGTH)
    found = search.predict({"source": SOURCE}, verbose=0)
    for row, length in enumerate((4, 2)):
        covered = found["trace"]["alignment"][row, 0].sum(0)
        assert (covered[length:] == 0).all()
        penalty = 0.5 * np.log(np.minimum(covered[:length], 1)).sum()
        assert found["scores"][row, 0] == pytest.approx(found["log_probabilities"][row, 0] + penalty, abs=1e-4)


@pytest.mark.usefixtures("either_way")
def test_penalties_are_added_of_what_is_real(model):
    weights = {"entropy": 0.2, "doubly_stochastic": 0.3}
    penalised = Transformer(**TINY, penalties=weights)
    penalised.set_weights([*model.get_weights(), np.int32(0)])
    weight = np.array([[1, 1, 1], [1, 1, 0]], "float32")
    alignment = numpy(model(X))["alignment"]
    seen = [alignment[0], alignment[1, :2, :2]]
    whole = sum(share * penalties.BY_NAME[name](seen) for name, share in weights.items())
    losses = []
    for one in (model, penalised):
        one.compile("sgd")
        losses.append(one.test_on_batch(X, Y, weight, return_dict=True)["loss"])
    assert losses[1] - losses[0] == pytest.approx(whole, rel=1e-4)


def test_what_it_reads_and_keeps(model):
    context = model.encode({"source": ops.convert_to_tensor(SOURCE)})
    np.testing.assert_array_equal(numpy(context["memory"]["mask"]), SOURCE > 0)
    state = model.start(context, 5)
    assert [block["keys"].shape for block in state["blocks"]] == [(2, 5, 2, 2)] * 2
    assert (model.reduction, model.maximum_source) == (1, None)
    assert Transformer(**TINY, maximum_source=7).get_config()["maximum_source"] == 7


@pytest.mark.parametrize("name", [name for name, (model, _, _) in PRESETS.items() if model == "transformer"])
def test_presets_in_small(name):
    model = zoo.build(name, **SIZES, units=16, feed_forward=8, layers=1)
    config = {key: value for key, value in PRESETS[name][1].items() if key not in ("units", "feed_forward", "layers")}
    assert config.items() <= model.get_config().items()
    called = numpy(model(X))
    for key, array in steps.stepped(model, X).items():
        np.testing.assert_allclose(array, called[key], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"heads": 3}, "`heads` must divide `units`. Received: heads=3, units=4"),
        ({"layers": 0}, "at least one layer. Received: layers=0"),
        ({"source_vocabulary_size": None}, "A source is either tokens"),
        ({"target_features": 2}, "either tokens"),
        ({"positions": "learnt"}, "Unknown positions: 'learnt'. Did you mean 'learned'"),
        ({"positions": "learned"}, "Learned positions have a `maximum_length`"),
        ({"penalties": {"entropi": 1.0}}, "Unknown penalty: 'entropi'. Did you mean 'entropy'"),
        ({"target_vocabulary_size": None, "target_features": 2, "tied": True}, "no embedding to tie to"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        Transformer(**{**TINY, **wrong})
