from typing import Any

import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.multi_head_attention import MultiHeadAttention
from zoo.lookup import lookup

NONLINEARITIES = {"relu": "as in the paper", "gelu": "smooth, as in GPT and BERT"}


@keras.saving.register_keras_serializable(package="zoo")
class TransformerBlock(Composite):
    """Every step looks at the steps, then (of a decoder) at a memory, then thinks by itself; each adds to what was.

        h = x + heads(LN(x), LN(x))
        h = h + heads(LN(h), memory)                only with a memory
        y = h + max(0, LN(h) W_1 + b_1) W_2 + b_2

    Args:
        units: width of the steps.
        heads: of each look; they share the units.
        feed_forward: width of the inner layer.
        reads_memory: whether there is a memory to look at.
        nonlinearity: of the inner layer, a name of `NONLINEARITIES`.
        dropout: rate on what each part adds.
    Shapes:
        vectors (B, T, units), seen (B or 1, T, T) True = step t may see step s, and with a memory kept (what
        `keep(memory (B, S, M))` gives) and memory_seen (B, 1, S) -> (B, T, units), alignment (B, T, S) with the memory
        or None. `step`: vectors (B, units), state {"keys", "values"} (B, length, heads, units / heads), position (B,).
    Raises:
        ValueError: heads that do not divide units; an unknown nonlinearity.
    Reference: Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020, arXiv:2002.04745. Differs from the first: each
        part normalises what it reads, not what comes out, which learns without a long warm-up.
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
        own: dict[str, Any] = {"dtype": self.dtype_policy}
        self.units, self.reads_memory = units, reads_memory
        self.self_heads = MultiHeadAttention(units, heads, name="self_heads", **own)
        self.memory_heads = MultiHeadAttention(units, heads, name="memory_heads", **own) if reads_memory else None
        self.inner = keras.layers.Dense(feed_forward, activation=nonlinearity, name="inner", **own)
        self.outer = keras.layers.Dense(units, name="outer", **own)
        norms = (
            ("self_norm", "memory_norm", "feed_forward_norm") if reads_memory else ("self_norm", "feed_forward_norm")
        )
        self.norms = {name: keras.layers.LayerNormalization(epsilon=1e-5, name=name, **own) for name in norms}
        self.dropouts = [keras.layers.Dropout(dropout, **own) for _ in norms] if dropout else []

    def build(self, vectors_shape, memory_width: int | None = None):
        self.self_heads.build(vectors_shape, vectors_shape)
        if self.memory_heads is not None:
            self.memory_heads.build(vectors_shape, (None, None, memory_width))
        for norm in self.norms.values():
            norm.build(vectors_shape)
        self.inner.build(vectors_shape)
        self.outer.build((*vectors_shape[:-1], self.inner.units))

    def keep(self, memory) -> dict:
        """Keys and values of a memory, made once for all steps."""
        return {} if self.memory_heads is None else self.memory_heads.keep(memory)

    def call(self, vectors, seen, kept=None, memory_seen=None):
        read = self.norms["self_norm"](vectors)
        return self._go_on(vectors, read, self.self_heads.keep(read), seen, kept, memory_seen)

    def start(self, rows, length: int) -> dict:
        """Room for the keys and values of as many steps as will be taken."""
        shape = (rows, length, self.self_heads.heads, self.units // self.self_heads.heads)
        return {name: ops.zeros(shape, dtype=self.compute_dtype) for name in ("keys", "values")}

    def step(self, vectors, state: dict, position, kept=None, memory_seen=None):
        vectors = ops.expand_dims(vectors, 1)
        read = self.norms["self_norm"](vectors)
        length, position = ops.shape(state["keys"])[1], ops.expand_dims(position, -1)
        places = ops.arange(length, dtype="int32")
        here = ops.reshape(ops.equal(places, position), (-1, length, 1, 1))
        new = self.self_heads.keep(read)
        # By choice, not by writing into it: that has a gradient on every backend.
        state = {name: ops.where(here, new[name], cache) for name, cache in state.items()}
        seen = ops.expand_dims(places <= position, 1)
        vectors, alignment = self._go_on(vectors, read, state, seen, kept, memory_seen)
        return vectors[:, 0], state, None if alignment is None else alignment[:, 0]

    def _go_on(self, vectors, read, own, seen, kept, memory_seen):
        """What a block does, for all steps or for one, once the keys and values of its own steps are there."""
        alignment = None
        vectors = vectors + self._dropped(0, self.self_heads.attend(read, own, seen)[0])
        if self.memory_heads is not None:
            found, alignment = self.memory_heads.attend(self.norms["memory_norm"](vectors), kept, memory_seen)
            vectors = vectors + self._dropped(1, found)
        thought = self.outer(self.inner(self.norms["feed_forward_norm"](vectors)))
        return vectors + self._dropped(-1, thought), alignment

    def _dropped(self, part, values):
        return self.dropouts[part](values) if self.dropouts else values

    def compute_mask(self, *inputs, **masks):
        return None  # masks are arguments; none rides on an output
