import keras
from keras import ops

from zoo.layers.attention_scores import SCORES
from zoo.layers.composite import Composite
from zoo.lookup import lookup
from zoo.ops.masking import masked_softmax


@keras.saving.register_keras_serializable(package="zoo")
class Attention(Composite):
    """Looks up a memory by a query: a soft choice of positions, and what stands there.

        e_ts = match(h_t, m_s),   a_t = softmax over real s (e_t),   c_t = sum_s a_ts m_s

    With several heads each compares its own projection of the query with its own of the memory (both `units / heads`
    wide) and reads that; the context joins the heads', and the alignment is their mean.

    What does not change over time is done once, by `prepare`; `attend` is one step, or all at once where no step needs
    the one before.

    Args:
        match: a name of `zoo.layers.attention_scores.SCORES`: dot, scaled_dot, cosine, general, additive, location,
            coverage.
        units: width of an additive comparison; of all heads together.
        heads: how many.
    Shapes:
        prepare(memory (B, S, D), mask (B, S) True = real) -> dict of tensors, batch first;
        attend(query (B, Q) or (B, T, Q), prepared, previous (B, S)) -> context (B, D) or (B, T, D), alignment (B, S)
        or (B, T, S), which sums to 1 over real positions, is exactly 0 on padding, and all 0 for a row of nothing else.
        With heads the context is `units` wide.
    Raises:
        ValueError: an unknown match, with the closest names; heads that do not divide units.
    Reference: arXiv:1409.0473 (Bahdanau et al. 2015); arXiv:1508.04025 (Luong et al. 2015); arXiv:1706.03762 (heads).
    """

    def __init__(self, match: str = "additive", units: int = 128, *, heads: int = 1, **kwargs):
        super().__init__(**kwargs)
        if heads < 1 or units % heads:
            raise ValueError(f"`heads` must divide `units`. Received: heads={heads}, units={units}")
        match_class = lookup("attention", match, SCORES)
        self.heads, self.units = heads, units
        self.uses_previous_alignment = match_class.uses_previous_alignment
        self.matches = [match_class(units // heads, dtype=self.dtype_policy, name=f"match_{n}") for n in range(heads)]
        self.query_projection = self._projection("query", units) if heads > 1 else None
        self.memory_projection = self._projection("memory", units) if heads > 1 else None
        self.value_projection = self._projection("value", units) if heads > 1 else None

    def _projection(self, name, width):
        return keras.layers.Dense(width, use_bias=False, dtype=self.dtype_policy, name=f"{name}_projection")

    def build(self, query_shape, memory_shape, mask_shape=None):
        query, memory = query_shape[-1], memory_shape[-1]
        if self.heads > 1:
            self.query_projection.build((None, query))
            self.memory_projection.build((None, memory))
            self.value_projection.build((None, memory))
            query = memory = self.units // self.heads
        elif self.matches[0].same_width and query != memory:
            self.memory_projection = self._projection("memory", query)
            self.memory_projection.build((None, memory))
            memory = query
        for match in self.matches:
            match.build((None, query), (None, None, memory))

    def width(self, memory_width: int) -> int:
        """Width of the context."""
        return self.units if self.heads > 1 else memory_width

    def prepare(self, memory, mask) -> dict:
        projected = memory if self.memory_projection is None else self.memory_projection(memory)
        values = memory if self.value_projection is None else self.value_projection(memory)
        keys = [match.prepare(part) for match, part in zip(self.matches, self._split(projected), strict=True)]
        return {"keys": keys, "values": self._split(values), "mask": mask}

    def attend(self, query, prepared: dict, previous=None):
        queries = self._split(query if self.query_projection is None else self.query_projection(query))
        mask = prepared["mask"] if len(query.shape) == 2 else ops.expand_dims(prepared["mask"], 1)
        pattern = "bs,bsd->bd" if len(query.shape) == 2 else "bts,bsd->btd"
        contexts, alignments = [], []
        for match, head, keys, values in zip(self.matches, queries, prepared["keys"], prepared["values"], strict=True):
            scores = match.score(head, keys, previous)
            alignments.append(masked_softmax(scores, mask))
            contexts.append(ops.einsum(pattern, alignments[-1], values))
        if self.heads == 1:
            return contexts[0], alignments[0]
        return ops.concatenate(contexts, axis=-1), sum(alignments) / self.heads

    def initial_state(self, prepared: dict) -> dict:
        """Return the attention's part of a decoder state before the first step: `previous`, if the score uses it."""
        if not self.uses_previous_alignment:
            return {}
        return {"previous": ops.zeros_like(prepared["mask"], dtype=self.compute_dtype)}

    def next_state(self, alignment, previous) -> dict:
        """Return that part of the state after a step."""
        return {"previous": self.matches[0].update(previous, alignment)} if self.uses_previous_alignment else {}

    def call(self, query, memory, mask):
        return self.attend(query, self.prepare(memory, mask))

    def _split(self, values):
        return ops.split(values, self.heads, axis=-1) if self.heads > 1 else [values]
