import keras

from zoo.backend.device import device_kind, has_gpu


def test_it_agrees_with_what_the_backend_lists():
    if keras.backend.backend() == "torch":  # whose devices Keras cannot list
        import torch

        count = torch.cuda.device_count()
    else:
        count = sum(name.lower().startswith(("gpu", "cuda")) for name in keras.distribution.list_devices())
    assert has_gpu() == (count > 0)
    assert device_kind() in (("GPU",) if count else ("CPU", "TPU"))
