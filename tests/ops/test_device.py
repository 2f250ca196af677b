import keras

from zoo.ops.device import has_gpu


def test_it_agrees_with_what_the_backend_lists():
    listed = [device for device in keras.distribution.list_devices() if device.lower().startswith(("gpu", "cuda"))]
    assert has_gpu() == bool(listed)
