import keras
from keras import ops

from zoo.cells.lstm import LSTMCell


@keras.saving.register_keras_serializable(package="zoo")
class PeepholeLSTMCell(LSTMCell):
    """Long short-term memory whose gates also see the memory, each unit its own.

        i_t = sigmoid(x_t W_i + h_{t-1} U_i + p_i * c_{t-1} + b_i)
        f_t = sigmoid(x_t W_f + h_{t-1} U_f + p_f * c_{t-1} + b_f)
        g_t = tanh(x_t W_g + h_{t-1} U_g + b_g)
        c_t = f_t * c_{t-1} + i_t * g_t
        o_t = sigmoid(x_t W_o + h_{t-1} U_o + p_o * c_t + b_o)
        h_t = o_t * tanh(c_t)

    Args:
        units: width of the output h and of the memory c.
    Shapes:
        inputs (B, D), states h, c (B, units) -> output h (B, units), the new states h, c.
        Columns of the kernels: i, f, g, o. Peepholes (units,), which start at zero: a plain LSTM.
    Reference: Gers & Schmidhuber, Recurrent Nets that Time and Count, IJCNN 2000.
    """

    def build(self, inputs_shape, states_shape=None):
        super().build(inputs_shape)
        shape = (self.units,)
        self.input_peephole = self.add_weight(shape=shape, initializer="zeros", name="input_peephole")
        self.forget_peephole = self.add_weight(shape=shape, initializer="zeros", name="forget_peephole")
        self.output_peephole = self.add_weight(shape=shape, initializer="zeros", name="output_peephole")

    def step(self, projected, states):
        h, c = states
        i, f, g, o = ops.split(projected + ops.matmul(h, self.recurrent_kernel), 4, axis=-1)
        i = ops.sigmoid(i + self.input_peephole * c)
        f = ops.sigmoid(f + self.forget_peephole * c)
        c = f * c + i * ops.tanh(g)
        h = ops.sigmoid(o + self.output_peephole * c) * ops.tanh(c)
        return h, [h, c]
