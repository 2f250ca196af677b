import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.reference.pictures import regions
from zoo.layers.picture_encoder import BACKBONES, PictureEncoder, coordinates

SHAPE = (2, 4, 8, 2)


def encoder(**options):
    layer = PictureEncoder(3, filters=2, blocks=2, **options)
    layer.build(SHAPE)
    return with_drawn_weights(layer)


@pytest.mark.parametrize("positions", ["coordinates", "learned"])
def test_it_agrees_with_the_equations(positions):
    layer, pictures = encoder(positions=positions), np.abs(draw(*SHAPE))
    found = numpy(layer(ops.convert_to_tensor(pictures)))
    assert layer.grid == (1, 2) and found.shape == (2, 2, 3)
    convolutions, normalization = list(map(weights_by_name, layer.layers)), weights_by_name(layer.normalization)
    places = {"places": numpy(layer.position_vectors)} if positions == "learned" else {}
    for row, picture in enumerate(pictures):
        expected = regions(picture, convolutions, normalization, weights_by_name(layer.projection), **places)
        np.testing.assert_allclose(found[row], expected, rtol=1e-4, atol=1e-5)


def test_regions_come_row_by_row():
    where = coordinates(2, 3)
    np.testing.assert_allclose(where[:, 0], [-2 / 3, 0, 2 / 3] * 2, atol=1e-6)
    assert where[:, 1].tolist() == [-0.5] * 3 + [0.5] * 3
    layer = PictureEncoder(8, filters=8, blocks=1)
    pictures = np.zeros((1, 4, 8, 1), "float32")
    pictures[0, 2, 6] = 1.0
    plain, changed = (numpy(layer(ops.convert_to_tensor(p))) for p in (np.zeros_like(pictures), pictures))
    # A region of 2 x 2 pixels sees one more below and to the right.
    assert np.flatnonzero(np.abs(plain - changed).max(axis=(0, 2)) > 1e-5).tolist() == [2, 3, 6, 7]


def test_without_positions_a_plain_picture_is_the_same_everywhere_inside():
    pictures = ops.ones((1, 16, 16, 1)) * 0.3
    told = {name: numpy(PictureEncoder(8, blocks=1, positions=name)(pictures))[0] for name in ("coordinates", "none")}
    inside = told["none"].reshape(8, 8, 8)[:-1, :-1].reshape(-1, 8)
    np.testing.assert_allclose(inside, np.broadcast_to(inside[0], inside.shape), atol=1e-6)
    assert len(np.unique(told["coordinates"].round(5), axis=0)) > 30


def test_a_network_of_keras_applications_is_a_backbone(tmp_path):
    pictures = ops.convert_to_tensor(np.random.default_rng(0).random((1, 64, 96, 3)).astype("float32"))
    inputs = keras.Input((64, 96, 3))
    layer = PictureEncoder(4, backbone="MobileNet", frozen=True)
    model = keras.Model(inputs, layer(inputs))
    network = layer.layers[0]
    assert layer.grid == network.output_shape[1:3] == (2, 3)
    assert [weight.path.split("/")[-2] for weight in layer.trainable_weights] == ["projection"] * 2
    features = network(keras.applications.mobilenet.preprocess_input(255 * pictures), training=False)
    joined = np.concatenate([numpy(features).reshape(1, 6, -1), coordinates(2, 3)[None]], axis=-1)
    np.testing.assert_allclose(numpy(model(pictures)), numpy(layer.projection(joined)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(numpy(model(pictures, training=True)), numpy(model(pictures)), rtol=1e-5)
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(numpy(loaded(pictures)), numpy(model(pictures)))


def test_weights_come_from_a_path_and_are_not_asked_for_again(tmp_path):
    path = str(tmp_path / "a.weights.h5")
    network = BACKBONES["MobileNet"](include_top=False, weights=None, input_shape=(32, 32, 3), alpha=1.0)
    network.save_weights(path)
    layer = PictureEncoder(2, backbone="MobileNet", weights=path)
    layer.build((None, 32, 32, 3))
    for one, other in zip(network.get_weights(), layer.layers[0].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert layer.get_config()["weights"] is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backbone": "MobileNetV22"}, "MobileNetV2"),
        ({"positions": "coordinate"}, "coordinates"),
        ({"weights": "imagenet"}, "no trained weights"),
        ({"blocks": 0}, "at least 1"),
    ],
    ids=str,
)
def test_what_it_does_not_know(options, message):
    with pytest.raises(ValueError, match=message):
        PictureEncoder(2, **options)


def test_sizes_are_fixed_and_applications_read_colours():
    with pytest.raises(ValueError, match="fixed"):
        PictureEncoder(2).build((None, None, 8, 3))
    with pytest.raises(ValueError, match="3 channels"):
        PictureEncoder(2, backbone="MobileNet").build((None, 32, 32, 1))
