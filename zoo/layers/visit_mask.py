from collections.abc import Sequence

import keras
from keras import ops

from zoo.layers.unmasked import Unmasked
from zoo.special_ids import FIRST

# How often a position may be pointed at.
VISITS = {
    "any": "as often as it likes",
    "once": "once at most",
    "all": "once, and no end before all positions are visited",
}


@keras.saving.register_keras_serializable(package="zoo")
class VisitMask(Unmasked):
    """Mask of source positions that may still be pointed at.

    Args:
        rule: a name of `VISITS`.
    Shapes:
        call(tokens (B, T), mask (B, S)) -> (B, T, 1 + S) bool: whether it may end, then whether it may go to each
        position, before step t; (B, 1, 1 + S) of "any", to which all steps are alike. `initial_state`, `update` and
        `allowed` do the same one step at a time, with a state that holds nothing for "any".
    """

    def __init__(self, rule: str = "any", **kwargs):
        super().__init__(**kwargs)
        self.rule = rule

    def call(self, tokens, mask):
        state = {}
        if self.rule != "any":
            been = ops.cast(self._visited(tokens, ops.shape(mask)[1]), "int32")
            state = {"seen": ops.cumsum(been, axis=1) > 0}
        return self.allowed(state, ops.expand_dims(mask, 1))

    def initial_state(self, mask) -> dict:
        """Return the rule's part of a decoder state before the first step: the visited positions, if it uses them."""
        return {} if self.rule == "any" else {"seen": ops.zeros_like(mask)}

    def update(self, state: dict, token) -> dict:
        """Return that part of the state after a token (B,)."""
        if self.rule == "any":
            return {}
        return {"seen": ops.logical_or(state["seen"], self._visited(token, ops.shape(state["seen"])[1]))}

    def allowed(self, state: dict, mask):
        """(..., S) -> (..., 1 + S)."""
        free = mask if self.rule == "any" else ops.logical_and(ops.logical_not(state["seen"]), mask)
        may_end = ops.logical_not(ops.any(free, axis=-1, keepdims=True))
        if self.rule != "all":
            may_end = ops.ones_like(may_end)
        return ops.concatenate([may_end, free], axis=-1)

    def is_violated_by(self, positions: Sequence[int], count: int) -> bool:
        """Return whether the rule forbids an output, positions from 0 of a source of `count`."""
        different = len(set(positions))
        return (self.rule != "any" and different < len(positions)) or (self.rule == "all" and different < count)

    def _visited(self, tokens, size):
        return ops.equal(ops.expand_dims(tokens - FIRST, -1), ops.arange(size, dtype=tokens.dtype))
