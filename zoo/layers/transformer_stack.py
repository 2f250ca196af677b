from typing import Any

import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.positional_encoding import PositionalEncoding
from zoo.layers.transformer_block import TransformerBlock
from zoo.ops.masking import zero_padding


@keras.saving.register_keras_serializable(package="zoo")
class TransformerStack(Composite):
    """A stack of Transformer blocks with positional encoding.

        h_0 = dropout(positions(x)),   h_l = block_l(h_{l-1}),   y = LN(h_L)

    Args:
        units, heads, feed_forward, nonlinearity, dropout: of every block; feed_forward None: 4 units.
        layers: how many blocks.
        causal: no step attends to later steps.
        reads_memory: every block has cross-attention to a memory.
        tokens, positions, maximum_length: of `zoo.layers.positional_encoding.PositionalEncoding`.
    Shapes:
        vectors (B, T, D), mask (B, T) True = real, or None where no real step can attend to padding (causal, padding on
        the right) -> (B, T, units), zeros on padding. With a memory (B, S, M) and memory_mask (B, S) -> the same and
        the alignment (B, T, S) of the last block, float32, exactly 0 on padding.
        `prepare(memory, memory_mask)` once, `start(rows, length)`, then `step(vectors (B, D), state, prepared)` ->
        (B, units), state, alignment (B, S) or None. State: a key-value cache of `length` steps for each block, and the
        position.
    Raises:
        ValueError: as of `TransformerBlock` and `Positions`; layers < 1.
    Reference: Vaswani et al. 2017, arXiv:1706.03762; see `TransformerBlock` for the order of its parts.
    """

    def __init__(
        self,
        units: int,
        *,
        layers: int,
        heads: int,
        feed_forward: int | None = None,
        nonlinearity: str = "relu",
        causal: bool = False,
        reads_memory: bool = False,
        tokens: bool = True,
        positions: str = "sinusoidal",
        maximum_length: int | None = None,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if layers < 1:
            raise ValueError(f"A stack has at least one layer. Received: layers={layers}")
        policy: dict[str, Any] = {"dtype": self.dtype_policy}
        self.units, self.causal, self.reads_memory = units, causal, reads_memory
        self.positions = PositionalEncoding(
            units, kind=positions, maximum_length=maximum_length, tokens=tokens, name="positions", **policy
        )
        self.dropout = keras.layers.Dropout(dropout, name="dropout", **policy) if dropout else None
        self.blocks = [
            TransformerBlock(
                units,
                heads,
                4 * units if feed_forward is None else feed_forward,
                reads_memory=reads_memory,
                nonlinearity=nonlinearity,
                dropout=dropout,
                name=f"block_{number}",
                **policy,
            )
            for number in range(layers)
        ]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-5, name="norm", **policy)

    def build(self, vectors_shape, memory_shape=None):
        self.positions.build(vectors_shape)
        shape = (*vectors_shape[:-1], self.units)
        for block in self.blocks:
            block.build(shape, None if memory_shape is None else memory_shape[-1])
        self.norm.build(shape)

    def call(self, vectors, mask=None, memory=None, memory_mask=None):
        vectors = self._dropped(self.positions(vectors))
        attention_mask, alignment = self._attention_mask(ops.shape(vectors)[1], mask), None
        prepared = self.prepare(memory, memory_mask) if self.reads_memory else {}
        for block, memory_arguments in zip(self.blocks, self._memory_arguments(prepared), strict=True):
            vectors, alignment = block(vectors, attention_mask, *memory_arguments)
        vectors = self.norm(vectors)
        if mask is not None:
            vectors = zero_padding(vectors, mask)
        return (vectors, alignment) if self.reads_memory else vectors

    def prepare(self, memory, memory_mask) -> dict:
        """Return what is the same at all steps: keys and values of the memory for each block, and its mask."""
        return {"mask": memory_mask, "blocks": [block.project_memory(memory) for block in self.blocks]}

    def start(self, rows, length: int) -> dict:
        self.positions.check_length(length)
        blocks = [block.start(rows, length) for block in self.blocks]
        return {"position": ops.zeros((rows,), dtype="int32"), "blocks": blocks}

    def step(self, vectors, state: dict, prepared: dict | None = None):
        vectors, alignment, caches = self._dropped(self.positions.step(vectors, state["position"])), None, []
        arguments = self._memory_arguments(prepared or {})
        for block, cache, memory_arguments in zip(self.blocks, state["blocks"], arguments, strict=True):
            vectors, new_cache, alignment = block.step(vectors, cache, state["position"], *memory_arguments)
            caches.append(new_cache)
        return self.norm(vectors), {"position": state["position"] + 1, "blocks": caches}, alignment

    def _attention_mask(self, length, mask):
        """(B or 1, T, T): which step may attend to which."""
        positions = ops.arange(length, dtype="int32")
        is_before = ops.expand_dims(ops.expand_dims(positions, -1) >= positions, 0)  # (1, T, T)
        allowed = is_before if self.causal else ops.ones_like(is_before)
        return allowed if mask is None else ops.logical_and(allowed, ops.expand_dims(mask, 1))

    def _memory_arguments(self, prepared):
        """For each block the cache of the memory and its mask; nothing without a memory."""
        if not self.reads_memory:
            return [()] * len(self.blocks)
        memory_mask = ops.expand_dims(prepared["mask"], 1)  # (B, 1, S)
        return [(cache, memory_mask) for cache in prepared["blocks"]]

    def _dropped(self, vectors):
        return vectors if self.dropout is None else self.dropout(vectors)

    def compute_output_spec(self, vectors, mask=None, memory=None, memory_mask=None):
        # Torch would run `call` with a length of its own choice, which may exceed the learned positions.
        self.positions.check_length(vectors.shape[1])
        outputs = keras.KerasTensor((*vectors.shape[:-1], self.units), self.compute_dtype)
        if not self.reads_memory:
            return outputs
        return outputs, keras.KerasTensor((*vectors.shape[:-1], memory.shape[1]), "float32")
