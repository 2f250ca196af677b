"""Trees of any shape as one loop of equal rounds: which nodes a round makes has been settled before, on the host."""

from collections.abc import Callable

import keras
from keras import ops

from zoo.ops.scan import scan


def bottom_up_scan(leaves, children, compose: Callable):
    """Makes all nodes of all trees, round by round, in one flat buffer.

        row 0: zeros, a child that is not there;   rows 1 .. L: the leaves;   row 1 + L + r N + n: lane n of round r
        buffer[1 + L + r N ..] = compose(buffer[children_r])

    A round reads rows of earlier rounds only; `zoo.data.batches.tree_schedule` makes such schedules.

    Args:
        leaves: the states of leaves.
        children: by round and lane, the rows of the children.
        compose: (N, A, D) -> (N, D).
    Shapes:
        leaves (L, D), children (R, N, A) int -> (1 + L + R N, D).
    Reference: Looks et al. 2017, arXiv:1702.02181 (dynamic batching, by depth; here by lanes, the deepest first).
    """
    rounds, lanes = ops.shape(children)[:2]
    count, width = ops.shape(leaves)
    nothing = ops.zeros((1, width), dtype=leaves.dtype)
    buffer = ops.concatenate([nothing, leaves, ops.zeros((rounds * lanes, width), dtype=leaves.dtype)], axis=0)
    slots = 1 + count + ops.reshape(ops.arange(rounds * lanes, dtype="int32"), (rounds, lanes))

    def step(buffer, x):
        own, below = x
        made = compose(ops.take(buffer, below, axis=0))
        # Nothing is to be stacked; a loop wants something.
        return _write_rows(buffer, own, ops.cast(made, buffer.dtype)), ops.zeros(())

    return scan(step, buffer, (slots, children))[0]


def _write_rows(buffer, slots, rows):
    """Writes rows (N, D) to the buffer rows `slots` (N,), one after the other. `slice_update` has no gradient on
    TensorFlow, and is the faster elsewhere."""
    if keras.backend.backend() == "tensorflow":
        return ops.scatter_update(buffer, ops.expand_dims(slots, -1), rows)
    return ops.slice_update(buffer, (slots[0], 0), rows)
