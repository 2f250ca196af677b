import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class GRUResetBeforeCell(Cell):
    """The gated recurrent unit as first published: the reset gate acts on the state before its product.

        z_t = sigmoid(x_t W_z + h_{t-1} U_z + b_z)
        r_t = sigmoid(x_t W_r + h_{t-1} U_r + b_r)
        g_t = tanh(x_t W_h + (r_t * h_{t-1}) U_h + b_h)
        h_t = z_t * h_{t-1} + (1 - z_t) * g_t                    (Cho et al. 2014)

    Args:
        units: width of the state.
    Shapes:
        inputs (B, D), state (B, units) -> output (B, units), the same as the new state.
        Columns of the kernels: z, r, h.
    Reference: arXiv:1406.1078v3, the form of keras.layers.GRU(reset_after=False), whose weights fit here unchanged.
    """

    gates = 3

    def step(self, projected, states):
        units = self.units
        z, r, g = ops.split(projected, 3, axis=-1)
        gates = ops.matmul(states[0], self.recurrent_kernel[:, : 2 * units])
        z, r = ops.sigmoid(z + gates[:, :units]), ops.sigmoid(r + gates[:, units:])
        g = ops.tanh(g + ops.matmul(r * states[0], self.recurrent_kernel[:, 2 * units :]))
        h = z * states[0] + (1 - z) * g
        return h, [h]
