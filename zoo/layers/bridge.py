import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.unmasked import Unmasked

# How a decoder without attention is conditioned on the summary vector of its source.
CONDITIONINGS = {
    "initial_state": "the summary becomes the first state",
    "every_step": "the summary is concatenated to the input of every step",
    "both": "the summary becomes the first state and is concatenated to the input of every step",
}


@keras.saving.register_keras_serializable(package="zoo")
class Bridge(Composite):
    """From one vector to the states that a recurrent stack starts with.

        s^l_0 = tanh(W^l v + b^l)          one W for every state of every layer (an LSTM has two)

    Args:
        sizes: per layer, the widths of its states.
    Shapes:
        (B, D) -> a list per layer of (B, size).
    Reference: arXiv:1406.1078 (Cho et al. 2014), arXiv:1409.0473 (Bahdanau et al. 2015, A.2.2).
    """

    def __init__(self, sizes: list, **kwargs):
        super().__init__(**kwargs)
        self.sizes = [list(layer) for layer in sizes]
        width = sum(sum(layer) for layer in self.sizes)
        self.projection = keras.layers.Dense(width, activation="tanh", dtype=self.dtype_policy, name="projection")

    def build(self, vector_shape):
        self.projection.build(vector_shape)

    def call(self, vector):
        projected, states, first = self.projection(vector), [], 0
        for layer in self.sizes:
            states.append([])
            for size in layer:
                states[-1].append(projected[:, first : first + size])
                first += size
        return states

    def compute_output_shape(self, vector_shape):
        return [[(vector_shape[0], size) for size in layer] for layer in self.sizes]


@keras.saving.register_keras_serializable(package="zoo")
class ConcatEveryStep(Unmasked):
    """Joins one vector (B, C) to that of every step: (B, T, D) -> (B, T, D + C); or of one: (B, D) -> (B, D + C)."""

    def call(self, sequences, vector):
        if len(sequences.shape) == 3:
            shape = (ops.shape(sequences)[0], ops.shape(sequences)[1], vector.shape[-1])
            vector = ops.broadcast_to(ops.expand_dims(vector, 1), shape)
        return ops.concatenate([sequences, ops.cast(vector, sequences.dtype)], axis=-1)
