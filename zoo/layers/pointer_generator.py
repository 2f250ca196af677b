import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.logits import LOWEST


@keras.saving.register_keras_serializable(package="zoo")
class PointerGenerator(Composite):
    """Mixes generating a token of the vocabulary with copying the source token under attention.

        g_t  = sigmoid(w [o_t ; e(y_{t-1})] + b)                                    the copy gate, p_copy
        p(y) = (1 - g_t) softmax(u_t)[y] + g_t sum_{s : x_s = y} a_ts               over V tokens and the source's own

    A token that stands several times in the source gathers the attention of all its positions. With g_t = 0 this is the
    plain read-out.

    Shapes:
        outputs o (B, T, U) or (B, U), vectors e (..., D), scores u (..., V), alignment a (..., S), and
        source_as_target (B, S) int32, each source token by its id in the extended vocabulary, 0 for padding
        -> log p (..., V + S) float32 with `LOWEST` for what is not on offer, g (...).
    Reference: See et al. 2017, arXiv:1704.04368, equations 8 and 9. Differs: the gate reads o_t, which is made of state
        and context, where the paper reads both; g is 1 - p_gen.
    """

    def __init__(self, **kwargs):
        super().__init__(autocast=False, **kwargs)  # half precision would round scores and alignment
        self.gate = keras.layers.Dense(1, dtype=self.dtype_policy, name="gate")

    def build(self, outputs_shape, vectors_shape, scores_shape=None, alignment_shape=None, source_as_target_shape=None):
        self.gate.build((None, outputs_shape[-1] + vectors_shape[-1]))

    def call(self, outputs, vectors, scores, alignment, source_as_target):
        gate = ops.cast(self.gate(ops.concatenate([outputs, vectors], axis=-1)), "float32")
        own = ops.log_softmax(ops.cast(scores, "float32"), axis=-1) + ops.log_sigmoid(-gate)
        positions = ops.shape(source_as_target)[1]
        own = ops.pad(own, [[0, 0]] * (len(own.shape) - 1) + [[0, positions]], constant_values=LOWEST)
        copied = _gather(ops.cast(alignment, "float32"), source_as_target, ops.shape(own)[-1])
        there = copied > 0
        copied = ops.log(ops.where(there, copied, ops.ones_like(copied))) + ops.log_sigmoid(gate)
        both = ops.logaddexp(own, ops.where(there, copied, LOWEST))
        return both, ops.squeeze(ops.sigmoid(gate), -1)

    def compute_output_shape(self, outputs_shape, vectors_shape, scores_shape, alignment_shape, source_as_target_shape):
        positions, size = source_as_target_shape[1], scores_shape[-1]
        return (*scores_shape[:-1], None if positions is None else size + positions), tuple(scores_shape[:-1])


def _gather(alignment, ids, size):
    """Sums the weights of positions with one id: (B, S) or (B, T, S), (B, S) -> (B, size) or (B, T, size)."""
    if len(alignment.shape) == 2:
        return _gather(alignment[:, None], ids, size)[:, 0]
    rows, steps, positions = (ops.shape(alignment)[axis] for axis in range(3))
    shape = (rows, steps, positions)
    row = ops.broadcast_to(ops.arange(rows, dtype="int32")[:, None, None], shape)
    step = ops.broadcast_to(ops.arange(steps, dtype="int32")[None, :, None], shape)
    column = ops.broadcast_to(ids[:, None, :], shape)
    where = ops.stack([ops.cast(part, "int32") for part in (row, step, column)], axis=-1)
    return ops.scatter(ops.reshape(where, (-1, 3)), ops.reshape(alignment, (-1,)), (rows, steps, size))


# How a model copies, by name.
COPYINGS = {"pointer_generator": PointerGenerator}
