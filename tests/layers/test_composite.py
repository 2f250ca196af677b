import keras
import numpy as np
import pytest

from zoo.layers.clip_encoder import ClipEncoder
from zoo.layers.composite import Composite, freeze_sublayers, frozen_sublayers
from zoo.layers.picture_encoder import PictureEncoder
from zoo.layers.readout import Readout
from zoo.recurrent.recurrent_stack import RecurrentStack


def paths(model):
    return [weight.path for weight in model.trainable_weights]


def copies(model, folder):
    """Loaded, cloned, from its configuration."""
    model.save(folder / "model.keras")
    return [
        keras.saving.load_model(folder / "model.keras"),
        keras.models.clone_model(model),
        keras.Model.from_config(model.get_config()),
    ]


def reader():
    frames = keras.Input((None, 3))
    options = {"layers": 2, "bidirectional": True, "residual": True, "name": "stack"}
    outputs, _ = RecurrentStack("elman", 2, **options)(frames)
    return keras.Model(frames, outputs)


@pytest.mark.each_backend
@pytest.mark.parametrize(
    "choose",
    [
        lambda stack: [stack],
        lambda stack: [stack.directions[0][1]],
        lambda stack: [stack.directions[1][0].cell, stack.projection],  # one of them is made in `build`
        lambda stack: [],
    ],
)
def test_frozen_sublayers_stay_frozen_in_copies(choose, tmp_path):
    model = reader()
    for layer in choose(model.get_layer("stack")):
        layer.trainable = False
    for copy in copies(model, tmp_path):
        assert paths(copy) == paths(model)


def test_a_frozen_layer_can_be_thawed_in_a_copy():
    model = reader()
    model.get_layer("stack").trainable = False
    clone = keras.models.clone_model(model)
    clone.get_layer("stack").trainable = True
    assert paths(clone) == paths(reader())


@pytest.mark.parametrize("encoder", [PictureEncoder, ClipEncoder])
def test_a_thawed_backbone_stays_thawed(encoder, tmp_path):
    """Built frozen, then tuned as a whole: `frozen`, an argument, speaks of the start alone."""
    shape = (4, 4, 1) if encoder is PictureEncoder else (None, 4, 4, 1)
    pictures = keras.Input(shape)
    mask = () if encoder is PictureEncoder else (keras.Input((None,), dtype="bool"),)
    model = keras.Model(
        [pictures, *mask], encoder(2, filters=2, blocks=1, frozen=True, name="encoder")(pictures, *mask)
    )
    frozen = paths(model)
    assert all(paths(copy) == frozen for copy in copies(model, tmp_path))
    for trainable in (False, True):  # TensorFlow's layers pass over an attribute that is set to what it is
        model.get_layer("encoder").trainable = trainable
    assert len(paths(model)) > len(frozen)
    assert all(paths(copy) == paths(model) for copy in copies(model, tmp_path))


def test_addresses_are_places_among_the_sublayers():
    stack = reader().get_layer("stack")
    first = stack.directions[0][1]
    first.trainable = False
    addresses = frozen_sublayers(stack)
    assert min(addresses, key=len) in {address.rpartition(".")[0] for address in addresses}
    freeze_sublayers(stack, [])
    assert first.trainable and first.cell.trainable and frozen_sublayers(stack) == []


def test_its_configuration_keeps_the_constructors_arguments():
    stack = RecurrentStack("gru", 3, layers=2, dropout=0.1)
    config = stack.get_config()
    assert {"cell": "gru", "units": 3, "layers": 2, "dropout": 0.1, "frozen_sublayers": []}.items() <= config.items()
    assert RecurrentStack.from_config(config).get_config() == config


def test_every_layer_with_sublayers_is_a_composite():
    """Those that are registered, but for `Readout`, which serialises its embedding as Keras' own layers do."""
    registered = {value for name, value in keras.saving.get_custom_objects().items() if name.startswith("zoo>")}
    layers = [cls for cls in registered if issubclass(cls, keras.layers.Layer) and not issubclass(cls, keras.Model)]
    makers = [cls for cls in layers if "keras.layers." in _made(cls)]
    assert len(makers) > 10
    assert [cls for cls in makers if not issubclass(cls, Composite) and cls is not Readout] == []


def _made(cls):
    import inspect

    return inspect.getsource(cls.__init__).replace("keras.layers.Embedding |", "")


def test_weights_of_a_copy_are_the_same(tmp_path):
    model, frames = reader(), np.ones((1, 2, 3), "float32")
    loaded = copies(model, tmp_path)[0]
    one, other = (keras.ops.convert_to_numpy(each(frames)) for each in (model, loaded))
    np.testing.assert_array_equal(one, other)
