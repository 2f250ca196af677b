import keras


class Unmasked(keras.layers.Layer):
    """Base class of layers whose outputs carry no Keras mask: masks are arguments everywhere in this library."""

    def compute_mask(self, *inputs, **masks):
        return None
