import keras
from keras import ops

from zoo.cells.cell import forget_gate_open
from zoo.cells.lstm import LSTMCell


@keras.saving.register_keras_serializable(package="zoo")
class CoupledLSTMCell(LSTMCell):
    """Long short-term memory that writes exactly where it forgets: i = 1 - f. Three quarters of the LSTM's weights.

        f_t = sigmoid(x_t W_f + h_{t-1} U_f + b_f)
        g_t = tanh(x_t W_g + h_{t-1} U_g + b_g)
        o_t = sigmoid(x_t W_o + h_{t-1} U_o + b_o)
        c_t = f_t * c_{t-1} + (1 - f_t) * g_t
        h_t = o_t * tanh(c_t)

    Args:
        units: width of the output h and of the memory c.
    Shapes:
        inputs (B, D), states h, c (B, units) -> output h (B, units), the new states h, c.
        Columns of the kernels: f, g, o.
    Reference: the CIFG variant of Greff et al., arXiv:1503.04069.
    """

    gates = 3

    def bias_start(self, shape, dtype=None):
        return forget_gate_open(self.units, gate=0)(shape, dtype)

    def step(self, projected, states):
        h, c = states
        f, g, o = ops.split(projected + ops.matmul(h, self.recurrent_kernel), 3, axis=-1)
        f = ops.sigmoid(f)
        c = f * c + (1 - f) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]
