import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class SimplifiedGRUCell(Cell):
    """The gated unit with an update gate only: each unit keeps its memory or takes the candidate.

        z_t = sigmoid(x_t W_z + h_{t-1} U_z + b_z)
        g_t = tanh(x_t W_h + h_{t-1} U_h + b_h)
        h_t = z_t * h_{t-1} + (1 - z_t) * g_t

    Args:
        units: width of the state.
    Shapes:
        inputs (B, D), state (B, units) -> output (B, units), the same as the new state.
        Columns of the kernels: z, h.
    Reference: the GRU of arXiv:1406.1078 with the reset gate held at 1; compare arXiv:1803.10225.
    """

    gates = 2

    def step(self, projected, states):
        z, g = ops.split(projected + ops.matmul(states[0], self.recurrent_kernel), 2, axis=-1)
        z, g = ops.sigmoid(z), ops.tanh(g)
        h = z * states[0] + (1 - z) * g
        return h, [h]
