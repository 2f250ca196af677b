import keras
from keras import ops

from zoo.layers.attention import Attention
from zoo.layers.attention_scores import SCORES
from zoo.layers.composite import Composite
from zoo.lookup import lookup
from zoo.ops.logits import LOWEST
from zoo.special_ids import FIRST


@keras.saving.register_keras_serializable(package="zoo")
class Pointer(Composite):
    """Points at one position of a memory, or at the end.

        q^0 = h_t,      q^l = tanh(W^l [q^{l-1} ; glimpse^l(q^{l-1}, m)])
        u_s = match(q, m_s),      u_end = match(q, a learned key),      scores = u, or C tanh(u) if clipped

    Args:
        match: a name of `zoo.layers.attention_scores.SCORES`, without memory of the step before (no location, no
            coverage).
        units: width of the comparison and of the query.
        glimpses: how often the query looks around before it points.
        clip: C; scores stay within (-C, C), so that no choice is certain too early. 0: not clipped.
    Shapes:
        prepare(memory (B, S, M), mask (B, S)) -> dict of tensors; point(query (B, units) or (B, T, units), prepared,
        allowed (B, 1 + S) or (B, T or 1, 1 + S) bool, the end first) -> scores (..., 4 + S) float32: the special ids,
        of which only the end can be emitted, then the positions. What is not allowed or padding gets `LOWEST`.
    Raises:
        ValueError: an unknown match, or one that reads the step before; negative glimpses or clip.
    Reference: Vinyals et al. 2015, arXiv:1506.03134 (pointing); Bello et al. 2016, arXiv:1611.09940, appendix A.1
        (glimpses, clipped scores). Differs: a glimpse joins the query where Bello et al. replace it.
    """

    def __init__(self, match: str = "additive", units: int = 128, *, glimpses: int = 0, clip: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        match_class = lookup("attention", match, SCORES)
        if match_class.uses_previous_alignment:
            raise ValueError(f"A pointer does not read where it pointed before. Received: {match!r}; use additive.")
        if glimpses < 0 or clip < 0:
            raise ValueError(f"`glimpses` and `clip` are 0 or more. Received: {glimpses} and {clip}")
        self.units, self.clip = units, clip
        self.match = match_class(units, dtype=self.dtype_policy, name="match")
        self.glimpses = [Attention(match, units, dtype=self.dtype_policy, name=f"glimpse_{n}") for n in range(glimpses)]
        self.combine = [
            keras.layers.Dense(units, activation="tanh", dtype=self.dtype_policy, name=f"combine_{n}")
            for n in range(glimpses)
        ]
        self.same_width: keras.layers.Dense | None = None

    def build(self, query_shape, memory_shape, real_shape=None, allowed_shape=None):
        width = memory_shape[-1]
        self.end = self.add_weight(shape=(width,), initializer="glorot_uniform", name="end")
        for glimpse, combine in zip(self.glimpses, self.combine, strict=True):
            glimpse.build((None, self.units), memory_shape)
            combine.build((None, self.units + glimpse.width(width)))
        if self.match.same_width and width != self.units:
            self.same_width = keras.layers.Dense(self.units, use_bias=False, dtype=self.dtype_policy, name="same_width")
            self.same_width.build((None, width))
            width = self.units
        self.match.build((None, self.units), (None, None, width))

    def prepare(self, memory, mask) -> dict:
        end = ops.broadcast_to(ops.cast(self.end, memory.dtype), (ops.shape(memory)[0], 1, memory.shape[-1]))
        positions = ops.concatenate([end, memory], axis=1)
        keys = self.match.prepare(positions if self.same_width is None else self.same_width(positions))
        return {"keys": keys, "glimpses": [glimpse.prepare(memory, mask) for glimpse in self.glimpses], "mask": mask}

    def point(self, query, prepared, allowed):
        for glimpse, combine, glimpse_memory in zip(self.glimpses, self.combine, prepared["glimpses"], strict=True):
            context, _ = glimpse.attend(query, glimpse_memory)
            query = combine(ops.concatenate([query, context], axis=-1))
        scores = ops.cast(self.match.score(query, prepared["keys"]), "float32")
        if self.clip:
            scores = self.clip * ops.tanh(scores)
        scores = ops.where(allowed, scores, LOWEST)
        never = [[0, 0]] * (len(scores.shape) - 1) + [[FIRST - 1, 0]]
        return ops.pad(scores, never, constant_values=LOWEST)

    def call(self, query, memory, real, allowed):
        return self.point(query, self.prepare(memory, real), allowed)

    def compute_output_shape(self, query_shape, memory_shape, real_shape, allowed_shape):
        positions = memory_shape[1]
        return (*query_shape[:-1], None if positions is None else positions + FIRST)
