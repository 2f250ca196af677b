import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class Readout(keras.layers.Layer):
    """From a hidden state to the scores of an output.

        scores = h W + b,         tied to an embedding E (V, D):   scores = (h P) E^T + b

    P only exists where the hidden state is not as wide as the embedding.

    Args:
        size: width of the scores.
        embedding: the `keras.layers.Embedding` whose matrix is used, transposed; a matrix of its own if None.
    Shapes:
        (..., units) -> (..., size) float32.
    Reference: Press & Wolf 2017, arXiv:1608.05859 (tied embeddings).
    """

    def __init__(self, size: int, *, embedding: keras.layers.Embedding | None = None, **kwargs):
        super().__init__(**kwargs)
        self.size, self.embedding = size, embedding

    def build(self, hidden_shape):
        width = hidden_shape[-1] if self.embedding is None else self.embedding.output_dim
        if self.embedding is None or width != hidden_shape[-1]:
            shape = (hidden_shape[-1], self.size if self.embedding is None else width)
            self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="kernel")
        else:
            self.kernel = None
        self.bias = self.add_weight(shape=(self.size,), initializer="zeros", name="bias")

    def call(self, hidden):
        if self.kernel is not None:
            hidden = ops.matmul(hidden, self.kernel)
        if self.embedding is not None:
            matrix = ops.cast(self.embedding.embeddings, self.compute_dtype)
            hidden = ops.matmul(hidden, ops.transpose(matrix))
        return ops.cast(hidden, "float32") + ops.cast(self.bias, "float32")

    def compute_mask(self, hidden, previous_mask):
        return None  # masks are arguments; none rides on an output
