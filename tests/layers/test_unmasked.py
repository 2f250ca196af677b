import keras
import numpy as np

from zoo.layers.unmasked import Unmasked


class Doubled(Unmasked):
    def call(self, vectors):
        return 2 * vectors


def test_no_mask_leaves_the_layer():
    vectors = keras.layers.Embedding(4, 3, mask_zero=True)(np.array([[1, 2, 0]]))
    assert getattr(vectors, "_keras_mask", None) is not None
    assert getattr(Doubled()(vectors), "_keras_mask", None) is None
