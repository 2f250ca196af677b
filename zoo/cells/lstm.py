import keras
from keras import ops

from zoo.cells.cell import Cell, forget_gate_open


@keras.saving.register_keras_serializable(package="zoo")
class LSTMCell(Cell):
    """Long short-term memory with a forget gate, which starts open (bias 1).

        i_t = sigmoid(x_t W_i + h_{t-1} U_i + b_i)
        f_t = sigmoid(x_t W_f + h_{t-1} U_f + b_f)
        g_t = tanh(x_t W_g + h_{t-1} U_g + b_g)
        o_t = sigmoid(x_t W_o + h_{t-1} U_o + b_o)
        c_t = f_t * c_{t-1} + i_t * g_t
        h_t = o_t * tanh(c_t)

    Args:
        units: width of the output h and of the memory c.
    Shapes:
        inputs (B, D), states h, c (B, units) -> output h (B, units), the new states h, c.
        Columns of the kernels: i, f, g, o.
    Reference: Hochreiter & Schmidhuber 1997; Gers et al. 2000 (forget gate). The form of keras.layers.LSTM, whose
        weights fit here unchanged.
    """

    gates = 4

    @property
    def state_size(self):
        return [self.units, self.units]

    def bias_start(self, shape, dtype=None):
        return forget_gate_open(self.units, gate=1)(shape, dtype)

    def step(self, projected, states):
        h, c = states
        i, f, g, o = ops.split(projected + ops.matmul(h, self.recurrent_kernel), 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]
