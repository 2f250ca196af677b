"""What only a captioner of clips promises: frames through the pictures' encoder, one place of the memory a frame."""

import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import numpy, with_drawn_weights
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.featurizers.images import VideoFrames
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.models.video_captioner import VideoCaptioner

TINY = {"picture_shape": (4, 4, 1), "vocabulary_size": 8, "units": 4, "embedding_size": 3, "cell": "gru"}
SEEN = {"region_units": 5, "filters": 2, "blocks": 1}


def test_its_memory_is_a_stack_over_the_vectors_of_frames_and_ends_with_them(random):
    model = with_drawn_weights(VideoCaptioner(**TINY, **SEEN))
    frames, lengths = random.random((2, 3, 4, 4, 1)).astype("float32"), np.array([3, 1], "int32")
    mask = np.arange(3) < lengths[:, None]
    frames[~mask] = np.nan
    x = {"source": frames, "source_lengths": lengths, "target": np.array([[2, 5], [2, 6]], "int32")}
    found = numpy(model(x))
    vectors = model.get_layer("clip_encoder")(ops.convert_to_tensor(frames), ops.convert_to_tensor(mask))
    memory, states = model.get_layer("encoder")(vectors, ops.convert_to_tensor(mask))
    hidden, trace = model.decoder(
        model.side.embed(ops.convert_to_tensor(x["target"])),
        memory,
        ops.convert_to_tensor(mask),
        model.bridge(ops.concatenate([states[0][0][0], states[0][1][0]], axis=-1)),
    )
    np.testing.assert_allclose(found["hidden"], numpy(hidden), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["alignment"], numpy(trace["alignment"]), rtol=1e-5, atol=1e-6)
    assert (found["alignment"][1, :, 1:] == 0).all()
    np.testing.assert_array_equal(found["memory_mask"], mask)
    assert model.reduction == 1


@pytest.mark.usefixtures("either_way")
def test_a_run_of_it_is_asked_by_clips_of_any_length(random, tmp_path):
    vocabularies = {"source": VideoFrames(4, 4, 1), "target": Vocabulary(["dawn", "dusk"])}
    zoo.save(
        tmp_path,
        with_drawn_weights(VideoCaptioner(**{**TINY, "vocabulary_size": 6}, **SEEN)),
        vocabularies=vocabularies,
    )
    clips = [random.random((count, 4, 4, 1)) for count in (3, 2)]
    (long,), (short,) = zoo.load(tmp_path).generate(clips, maximum_length=3)
    assert (long.alignment.shape[1], short.alignment.shape[1]) == (3, 2)
    np.testing.assert_allclose(short.alignment.sum(axis=1), 1, rtol=1e-5)


def test_clips_are_trained_on_with_their_lengths(random):
    vocabularies = {"source": VideoFrames(4, 4, 1), "target": Vocabulary(["dawn"])}
    examples = [{"source": random.random((count, 4, 4, 1)), "target": "dawn"} for count in (3, 2)]
    ((x, _, _),) = list(teacher_forced_batches(examples, vocabularies, batch_size=2, buckets=1))
    assert x["source"].shape == (2, 3, 4, 4, 1) and x["source_lengths"].tolist() == [3, 2]
    assert (x["source"][1, 2] == 0).all()
