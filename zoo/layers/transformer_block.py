from typing import Any

import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.multi_head_attention import MultiHeadAttention
from zoo.lookup import lookup

NONLINEARITIES = {"relu": "as in the paper", "gelu": "smooth, as in GPT and BERT"}


@keras.saving.register_keras_serializable(package="zoo")
class TransformerBlock(Composite):
    """Pre-norm Transformer block: self-attention, optional cross-attention, feed-forward, each with a residual.

        h = x + attention(LN(x), LN(x))
        h = h + attention(LN(h), memory)            only with a memory
        y = h + max(0, LN(h) W_1 + b_1) W_2 + b_2

    Args:
        units: width of the steps.
        heads: of each attention; they share the units.
        feed_forward: width of the hidden layer of the feed-forward network.
        reads_memory: whether there is cross-attention to a memory.
        nonlinearity: of the hidden layer, a name of `NONLINEARITIES`.
        dropout: rate on the output of each sublayer.
    Shapes:
        vectors (B, T, units), attention_mask (B or 1, T, T) True = step t may attend to step s, and with a memory
        memory_cache (the result of `project_memory(memory (B, S, M))`) and memory_mask (B, 1, S) -> (B, T, units),
        alignment (B, T, S) with the memory or None. `step`: vectors (B, units), cache {"keys", "values"} (B, length,
        heads, units / heads), position (B,).
    Raises:
        ValueError: heads that do not divide units; an unknown nonlinearity.
    Reference: Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020, arXiv:2002.04745. Differs from the first: each
        sublayer normalises its input instead of its output (pre-norm), which trains without a long warm-up.
    """

    def __init__(
        self,
        units: int,
        heads: int,
        feed_forward: int,
        *,
        reads_memory: bool = False,
        nonlinearity: str = "relu",
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        lookup("nonlinearity", nonlinearity, NONLINEARITIES)
        policy: dict[str, Any] = {"dtype": self.dtype_policy}
        self.units, self.reads_memory = units, reads_memory
        self.self_attention = MultiHeadAttention(units, heads, name="self_heads", **policy)
        self.cross_attention = MultiHeadAttention(units, heads, name="memory_heads", **policy) if reads_memory else None
        self.expand = keras.layers.Dense(feed_forward, activation=nonlinearity, name="inner", **policy)
        self.contract = keras.layers.Dense(units, name="outer", **policy)
        norms = ["self_norm", *["memory_norm"] * reads_memory, "feed_forward_norm"]
        self.norms = {name: keras.layers.LayerNormalization(epsilon=1e-5, name=name, **policy) for name in norms}
        self.dropouts = [keras.layers.Dropout(dropout, **policy) for _ in norms] if dropout else []

    def build(self, vectors_shape, memory_width: int | None = None):
        self.self_attention.build(vectors_shape, vectors_shape)
        if self.cross_attention is not None:
            self.cross_attention.build(vectors_shape, (None, None, memory_width))
        for norm in self.norms.values():
            norm.build(vectors_shape)
        self.expand.build(vectors_shape)
        self.contract.build((*vectors_shape[:-1], self.expand.units))

    def project_memory(self, memory) -> dict:
        """Return the keys and values of a memory, computed once for all steps."""
        return {} if self.cross_attention is None else self.cross_attention.project_memory(memory)

    def call(self, vectors, attention_mask, memory_cache=None, memory_mask=None):
        normalized = self.norms["self_norm"](vectors)
        cache = self.self_attention.project_memory(normalized)
        return self._sublayers(vectors, normalized, cache, attention_mask, memory_cache, memory_mask)

    def start(self, rows, length: int) -> dict:
        """Return an empty key-value cache for `length` steps."""
        shape = (rows, length, self.self_attention.heads, self.units // self.self_attention.heads)
        return {name: ops.zeros(shape, dtype=self.compute_dtype) for name in ("keys", "values")}

    def step(self, vectors, cache: dict, position, memory_cache=None, memory_mask=None):
        vectors = ops.expand_dims(vectors, 1)  # (B, 1, units)
        normalized = self.norms["self_norm"](vectors)
        length, position = ops.shape(cache["keys"])[1], ops.expand_dims(position, -1)  # (B, 1)
        positions = ops.arange(length, dtype="int32")
        is_current = ops.reshape(ops.equal(positions, position), (-1, length, 1, 1))
        current = self.self_attention.project_memory(normalized)  # (B, 1, heads, units / heads)
        # Selected instead of written: that has a gradient on every backend.
        cache = {name: ops.where(is_current, current[name], cached) for name, cached in cache.items()}
        attention_mask = ops.expand_dims(positions <= position, 1)  # (B, 1, length)
        vectors, alignment = self._sublayers(vectors, normalized, cache, attention_mask, memory_cache, memory_mask)
        return vectors[:, 0], cache, None if alignment is None else alignment[:, 0]

    def _sublayers(self, vectors, normalized, cache, attention_mask, memory_cache, memory_mask):
        """The sublayers, for all steps or for one, given the keys and values of the steps."""
        alignment = None
        vectors = vectors + self._dropped(0, self.self_attention.attend(normalized, cache, attention_mask)[0])
        if self.cross_attention is not None:
            query = self.norms["memory_norm"](vectors)
            context, alignment = self.cross_attention.attend(query, memory_cache, memory_mask)
            vectors = vectors + self._dropped(1, context)
        feed_forward = self.contract(self.expand(self.norms["feed_forward_norm"](vectors)))
        return vectors + self._dropped(-1, feed_forward), alignment

    def _dropped(self, sublayer: int, values):
        return self.dropouts[sublayer](values) if self.dropouts else values
