import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class GRUCell(Cell):
    """The gated recurrent unit, reset gate applied after the state's product (as cuDNN and Keras do).

        z_t = sigmoid(x_t W_z + b_z + h_{t-1} U_z + c_z)
        r_t = sigmoid(x_t W_r + b_r + h_{t-1} U_r + c_r)
        g_t = tanh(x_t W_h + b_h + r_t * (h_{t-1} U_h + c_h))
        h_t = z_t * h_{t-1} + (1 - z_t) * g_t

    Args:
        units: width of the state.
    Shapes:
        inputs (B, D), state (B, units) -> output (B, units), the same as the new state.
        Columns of the kernels: z, r, h. `bias` (2, 3 * units): b, then c.
    Reference: arXiv:1406.1078v1, the form of keras.layers.GRU(reset_after=True), whose weights fit here unchanged.
    """

    gates = 3

    @property
    def bias_shape(self):
        return (2, self.gates * self.units)

    def project(self, inputs):
        return self.product(inputs) + self.bias[0]

    def step(self, projected, states):
        z, r, g = ops.split(projected, 3, axis=-1)
        z_state, r_state, g_state = ops.split(ops.matmul(states[0], self.recurrent_kernel) + self.bias[1], 3, axis=-1)
        z, r = ops.sigmoid(z + z_state), ops.sigmoid(r + r_state)
        g = ops.tanh(g + r * g_state)
        h = z * states[0] + (1 - z) * g
        return h, [h]
