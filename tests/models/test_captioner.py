"""What only a captioner promises: where its first state and its regions come from, its gate, its fixed picture."""

import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import numpy, weights_by_name, with_drawn_weights
from tests.reference import attention as matches
from tests.reference import cells, penalties
from tests.reference.decoders import bahdanau
from tests.reference.pictures import regions
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.featurizers.images import ImageResizer
from zoo.data.readers import pictures
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.models.captioner import Captioner
from zoo.presets import PRESETS

TINY = {
    "picture_shape": (4, 4, 2),
    "vocabulary_size": 8,
    "units": 3,
    "region_units": 4,
    "filters": 2,
    "blocks": 1,
    "embedding_size": 3,
    "cell": "gru",
}


def inputs(random):
    picture = random.random((2, 4, 4, 2)).astype("float32")
    return {"picture": picture, "target": np.array([[2, 5, 7], [2, 6, 4]], "int32")}


def test_it_looks_as_the_paper_says(random):
    """From pixels to outputs, in float64: annotations, the first state from their mean, attention, the gate."""
    model, x = with_drawn_weights(Captioner(**TINY, gated=True)), inputs(random)
    found = numpy(model(x))
    encoder, decoder = model.reading.encoder, model.decoder
    bridge, embedding = weights_by_name(model.bridge.projection), weights_by_name(model.side.embedding)["embeddings"]
    for row in range(2):
        memory = regions(
            x["picture"][row],
            [weights_by_name(encoder.layers[0])],
            weights_by_name(encoder.normalization),
            weights_by_name(encoder.projection),
        )
        start = np.tanh(memory.mean(axis=0) @ bridge["kernel"] + bridge["bias"])
        outputs, alignments, gates = bahdanau(
            embedding[x["target"][row]],
            memory,
            list(start),
            cell=cells.gru,
            match=matches.additive,
            cell_weights=weights_by_name(decoder.cells),
            match_weights=weights_by_name(decoder.attention.matches[0]),
            combine=weights_by_name(decoder.combine),
            gate=weights_by_name(decoder.gate),
        )
        np.testing.assert_allclose(found["hidden"][row], outputs, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(found["alignment"][row], alignments, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(found["gate"][row], gates, rtol=1e-4, atol=1e-5)
    assert encoder.grid == (2, 2) and found["memory_mask"].all()


@pytest.mark.parametrize("conditioning", ["initial_state", "every_step", "both"])
def test_without_attention_the_mean_of_the_regions_is_all_it_knows(conditioning, random):
    model, x = (
        with_drawn_weights(Captioner(**TINY, attention=None, conditioning=conditioning, positions="none")),
        inputs(random),
    )
    found = numpy(model(x))
    assert set(found) == {"scores", "hidden"}
    mean = numpy(ops.mean(model.reading.encoder(ops.convert_to_tensor(x["picture"])), axis=1))
    np.testing.assert_allclose(numpy(model.encode(x)["summary"]), mean, rtol=1e-5, atol=1e-6)
    other = numpy(model({**x, "picture": x["picture"][::-1]}))
    changed = np.abs(other["scores"] - found["scores"]).max(axis=(0, 2))
    assert (changed > 1e-4).all()


def test_every_region_about_once_is_part_of_the_loss(random):
    model, x = with_drawn_weights(Captioner(**TINY, penalties={"doubly_stochastic": 2.0})), inputs(random)
    model.compile("adam", run_eagerly=True)
    y, weight = np.array([[5, 7, 3], [6, 4, 3]]), np.array([[1, 1, 1], [1, 1, 0]], "float32")
    found = numpy(model(x))
    loss = float(model.compute_loss(x, y, model(x), weight, training=False))
    nats = float(model.nll_metrics[0].result())
    expected = penalties.doubly_stochastic([found["alignment"][0], found["alignment"][1, :2]])  # no padded step
    assert loss - nats == pytest.approx(2 * expected, rel=1e-4)


def test_a_run_of_it_is_asked_by_paths(random, tmp_path):
    vocabularies = {"picture": ImageResizer(4, 4), "target": Vocabulary(["dark", "light"])}
    shape = {"picture_shape": (4, 4, 3), "vocabulary_size": 6}
    zoo.save(
        tmp_path / "run", with_drawn_weights(Captioner(**{**TINY, **shape}, gated=True)), vocabularies=vocabularies
    )
    run = zoo.load(tmp_path / "run")
    drawn = random.integers(0, 256, (2, 4, 4, 3), "uint8")
    paths = [str(tmp_path / f"{number}.png") for number in range(2)]
    for path, pixels in zip(paths, drawn, strict=True):
        pictures.write(path, pixels)
    (one,), (other,), (again,), _ = run.generate([*paths, *drawn], maximum_length=3)
    assert again.tokens == one.tokens and one.log_probability == pytest.approx(again.log_probability)
    assert one.log_probability != other.log_probability
    assert one.alignment.shape == (len(one.tokens), 4)
    assert one.trace["gate"].shape == (len(one.tokens) + one.finished,)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"example 0: .*broken\.png: expected a whole picture"):
        run.generate([str(tmp_path / "broken.png")])


def test_a_picture_is_trained_on_without_steps(random):
    vocabularies = {"picture": ImageResizer(4, 4), "target": Vocabulary(["dark"])}
    examples = [{"picture": random.random((4, 4, 3)), "target": "dark " * count} for count in (3, 1)]
    ((x, y, weights),) = list(teacher_forced_batches(examples, vocabularies, batch_size=2, buckets=1))
    assert {name: array.shape for name, array in x.items()} == {"picture": (2, 4, 4, 3), "target": (2, 4)}
    assert y.shape == weights.shape == (2, 4) and x["picture"].dtype == "float32"


def test_its_gate_belongs_to_a_style():
    for wrong in ({"attention_style": "luong"}, {"attention": None}):
        with pytest.raises(ValueError, match="belongs to attention of the style 'bahdanau'"):
            Captioner(**TINY, gated=True, **wrong)


@pytest.mark.parametrize("name", ["vinyals_2015_show_and_tell", "xu_2015_show_attend_tell"])
def test_the_presets_build_in_small(name):
    _, arguments, _ = PRESETS[name]
    model = zoo.build(name, vocabulary_size=9, picture_shape=(16, 16, 3), units=4, embedding_size=3)
    assert model.attentive == (arguments["attention"] is not None)
    assert ("gate" in model.output) == arguments.get("gated", False)
    assert model.get_config()["units"] == 4
