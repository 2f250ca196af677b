from typing import Any

import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.positional_encoding import PositionalEncoding
from zoo.layers.transformer_block import TransformerBlock
from zoo.ops.masking import zero_padding


@keras.saving.register_keras_serializable(package="zoo")
class TransformerStack(Composite):
    """Blocks of attention on top of each other, over vectors that know where they stand.

        h_0 = dropout(positions(x)),   h_l = block_l(h_{l-1}),   y = LN(h_L)

    Args:
        units, heads, feed_forward, nonlinearity, dropout: of every block; feed_forward None: 4 units.
        layers: how many blocks.
        causal: no step sees the steps behind it.
        reads_memory: every block looks at a memory, too.
        tokens, positions, maximum_length: what the vectors are and how places are told, see
            `zoo.layers.positional_encoding`.
    Shapes:
        vectors (B, T, D), mask (B, T) True = real, or None where only real steps can be seen (causal, padding on the
        right) -> (B, T, units), zeros on padding. With a memory (B, S, M) and memory_mask (B, S) -> the same and the
        alignment (B, T, S) of the last block, float32, exactly 0 on padding.
        `prepare(memory, memory_mask)` once, `start(rows, length)`, then `step(vectors (B, D), state, prepared)` ->
        (B, units), state, alignment (B, S) or None. State: keys and values of `length` steps a block, and how many
        there are.
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
        own: dict[str, Any] = {"dtype": self.dtype_policy}
        self.units, self.causal, self.reads_memory = units, causal, reads_memory
        self.positions = PositionalEncoding(
            units, kind=positions, maximum_length=maximum_length, tokens=tokens, name="positions", **own
        )
        self.dropout = keras.layers.Dropout(dropout, name="dropout", **own) if dropout else None
        self.blocks = [
            TransformerBlock(
                units,
                heads,
                4 * units if feed_forward is None else feed_forward,
                reads_memory=reads_memory,
                nonlinearity=nonlinearity,
                dropout=dropout,
                name=f"block_{number}",
                **own,
            )
            for number in range(layers)
        ]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-5, name="norm", **own)

    def build(self, vectors_shape, memory_shape=None):
        self.positions.build(vectors_shape)
        shape = (*vectors_shape[:-1], self.units)
        for block in self.blocks:
            block.build(shape, None if memory_shape is None else memory_shape[-1])
        self.norm.build(shape)

    def call(self, vectors, mask=None, memory=None, memory_mask=None):
        vectors = self._dropped(self.positions(vectors))
        seen, alignment = self._seen(ops.shape(vectors)[1], mask), None
        prepared = self.prepare(memory, memory_mask) if self.reads_memory else {}
        for block, kept in zip(self.blocks, self._kept(prepared), strict=True):
            vectors, alignment = block(vectors, seen, *kept)
        vectors = self.norm(vectors)
        if mask is not None:
            vectors = zero_padding(vectors, mask)
        return (vectors, alignment) if self.reads_memory else vectors

    def prepare(self, memory, memory_mask) -> dict:
        """What does not change from step to step: keys and values of the memory for each block, and its mask."""
        return {"mask": memory_mask, "blocks": [block.keep(memory) for block in self.blocks]}

    def start(self, rows, length: int) -> dict:
        self.positions.must_fit(length)
        blocks = [block.start(rows, length) for block in self.blocks]
        return {"position": ops.zeros((rows,), dtype="int32"), "blocks": blocks}

    def step(self, vectors, state: dict, prepared: dict | None = None):
        vectors, alignment, blocks = self._dropped(self.positions.step(vectors, state["position"])), None, []
        for block, own, kept in zip(self.blocks, state["blocks"], self._kept(prepared or {}), strict=True):
            vectors, own, alignment = block.step(vectors, own, state["position"], *kept)
            blocks.append(own)
        return self.norm(vectors), {"position": state["position"] + 1, "blocks": blocks}, alignment

    def _seen(self, length, mask):
        """(B or 1, T, T): which step may see which."""
        places = ops.arange(length, dtype="int32")
        before = ops.expand_dims(ops.expand_dims(places, -1) >= places, 0)
        if mask is None:
            return before if self.causal else ops.ones_like(before)
        real = ops.expand_dims(mask, 1)
        return ops.logical_and(before, real) if self.causal else ops.logical_and(ops.ones_like(before), real)

    def _kept(self, prepared):
        if not self.reads_memory:
            return [()] * len(self.blocks)
        seen = ops.expand_dims(prepared["mask"], 1)
        return [(kept, seen) for kept in prepared["blocks"]]

    def _dropped(self, vectors):
        return vectors if self.dropout is None else self.dropout(vectors)

    def compute_output_spec(self, vectors, mask=None, memory=None, memory_mask=None):
        # Torch would run `call` with a length of its own choice, which learned positions may not have room for.
        self.positions.must_fit(vectors.shape[1])
        outputs = keras.KerasTensor((*vectors.shape[:-1], self.units), self.compute_dtype)
        if not self.reads_memory:
            return outputs
        return outputs, keras.KerasTensor((*vectors.shape[:-1], memory.shape[1]), "float32")

    def compute_mask(self, *inputs, **masks):
        return None  # masks are arguments; none rides on an output
