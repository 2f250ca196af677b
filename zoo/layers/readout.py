from typing import Any

import keras
from keras import ops

from zoo.layers.unmasked import Unmasked


@keras.saving.register_keras_serializable(package="zoo")
class Readout(Unmasked):
    """From a hidden state to the scores of an output.

        scores = h W + b,         tied to an embedding E (V, D):   scores = (h P) E^T + b

    P only exists where the hidden state is not as wide as the embedding.

    A copy (loaded, cloned, from a configuration) is tied to the embedding of the same name that its hidden state is
    computed from, and where there is none to a copy of the embedding.

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
        self._embedding_config: dict[str, Any] | None = None

    def get_config(self) -> dict[str, Any]:
        embedding = self._embedding_config
        if self.embedding is not None:
            embedding = keras.saving.serialize_keras_object(self.embedding)
        return {**super().get_config(), "size": self.size, "embedding": embedding}

    @classmethod
    def from_config(cls, config: dict[str, Any]):
        layer = super().from_config({**config, "embedding": None})
        layer._embedding_config = config["embedding"]
        return layer

    def get_build_config(self) -> dict[str, Any] | None:
        # A tied copy is built by its first call, which knows the embedding.
        return super().get_build_config() if self.embedding is None else None

    def __call__(self, hidden, *arguments, **options):
        if self.embedding is None and self._embedding_config is not None:
            self.embedding = _find_upstream(hidden, self._embedding_config["config"]["name"])
            if self.embedding is None:
                self.embedding = keras.saving.deserialize_keras_object(self._embedding_config)
        return super().__call__(hidden, *arguments, **options)

    def build(self, hidden_shape):
        if self.embedding is not None and not self.embedding.built:
            self.embedding.build()
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


def _find_upstream(hidden, name: str) -> keras.layers.Embedding | None:
    """Return the embedding of this name among the layers that a symbolic tensor is computed from."""
    tensors, visited = [hidden] if isinstance(hidden, keras.KerasTensor) else [], set()
    while tensors:
        layer, node, _ = tensors.pop()._keras_history
        if layer.name == name and isinstance(layer, keras.layers.Embedding):
            return layer
        if (id(layer), node) not in visited:
            visited.add((id(layer), node))
            tensors.extend(layer._inbound_nodes[node].input_tensors)
    return None
