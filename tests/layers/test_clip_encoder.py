import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import numpy, weights_by_name, with_drawn_weights
from zoo.layers.clip_encoder import ClipEncoder


def test_every_frame_is_all_its_regions_joined_and_padding_is_not_read(random):
    layer = ClipEncoder(3, filters=2, blocks=1)
    frames = random.random((2, 3, 4, 4, 1)).astype("float32")
    mask = np.array([[True, True, True], [True, False, False]])
    layer.build(frames.shape)
    with_drawn_weights(layer)
    poisoned = frames.copy()
    poisoned[1, 1:] = np.nan
    found = numpy(layer(ops.convert_to_tensor(poisoned), ops.convert_to_tensor(mask)))
    assert found.shape == (2, 3, 3) and np.isfinite(found).all()
    for clip, frame in zip(*np.nonzero(mask), strict=True):
        regions = numpy(layer.encoder(ops.convert_to_tensor(frames[clip, frame][None])))
        joining = weights_by_name(layer.joining)
        expected = np.maximum(np.concatenate(regions[0]) @ joining["kernel"] + joining["bias"], 0)
        np.testing.assert_allclose(found[clip, frame], expected, rtol=1e-5, atol=1e-5)


def test_it_refuses_what_its_pictures_refuse():
    with pytest.raises(ValueError, match="no trained weights"):
        ClipEncoder(2, weights="imagenet")
    assert ClipEncoder(2, backbone="MobileNet", weights="imagenet").get_config()["weights"] is None
