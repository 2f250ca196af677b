import keras
from keras import ops

from zoo.layers.pointed import FIRST

# How often a place may be pointed at.
VISITS = {
    "any": "as often as it likes",
    "once": "once at most",
    "all": "once, and no end before all places had their turn",
}


@keras.saving.register_keras_serializable(package="zoo")
class Visits(keras.layers.Layer):
    """Where a pointer may go, by where it has been.

    Args:
        rule: a name of `VISITS`.
    Shapes:
        call(tokens (B, T), mask (B, S)) -> (B, T, 1 + S) bool: whether it may end, then whether it may go to each
        place, before step t; `seen` is the same for one step: (seen (B, S), token (B,)) -> seen.
    """

    def __init__(self, rule: str = "any", **kwargs):
        super().__init__(**kwargs)
        self.rule = rule

    def call(self, tokens, mask):
        been = self._been(tokens, ops.shape(mask)[1])
        seen = ops.cumsum(ops.cast(been, "int32"), axis=1) > 0
        return self.allowed(seen, ops.expand_dims(mask, 1))

    def see(self, seen, token):
        return ops.logical_or(seen, self._been(token, ops.shape(seen)[1]))

    def allowed(self, seen, mask):
        """(..., S), (..., S) -> (..., 1 + S)."""
        free = ops.logical_and(ops.logical_not(seen), mask)
        may_end = ops.logical_not(ops.any(free, axis=-1, keepdims=True))
        if self.rule != "all":
            may_end = ops.ones_like(may_end)
        places = ops.logical_or(free, mask) if self.rule == "any" else free
        return ops.concatenate([may_end, ops.broadcast_to(places, ops.shape(seen))], axis=-1)

    def _been(self, tokens, size):
        return ops.equal(ops.expand_dims(tokens - FIRST, -1), ops.arange(size, dtype=tokens.dtype))

    def compute_mask(self, tokens, previous_mask):
        return None  # masks are arguments; none rides on an output
