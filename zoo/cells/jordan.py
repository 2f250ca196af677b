import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class JordanCell(Cell):
    """The network whose *output*, not its hidden layer, comes back at the next step.

        h_t = tanh(x_t W + y_{t-1} U + b)
        y_t = tanh(h_t V + c)                                    (Jordan 1986)

    Because the state is the output, training may put the true output in its place (teacher forcing): pass it as
    the state of `step`.

    Args:
        units: width of the hidden layer h.
        output_size: width of the output y, which is the state; `units` if None.
    Shapes:
        inputs (B, D), state (B, output_size) -> output (B, output_size), the same as the new state.
    Raises:
        ValueError: units or output_size < 1.
    Reference: Jordan, Serial Order, ICS Report 8604 (1986). Differs: tanh for the logistic function, and no
        self-decay of the fed-back output.
    """

    def __init__(self, units: int, *, output_size: int | None = None, **kwargs):
        super().__init__(units, **kwargs)
        if output_size is not None and output_size < 1:
            raise ValueError(f"`output_size` must be at least 1. Received: output_size={output_size}")
        self._output_size = output_size or units

    @property
    def state_size(self):
        return [self._output_size]

    @property
    def output_size(self):
        return self._output_size

    def build(self, inputs_shape, states_shape=None):
        super().build(inputs_shape)
        self.output_kernel = self.add_weight(
            shape=(self.units, self.output_size), initializer="glorot_uniform", name="output_kernel"
        )
        self.output_bias = self.add_weight(shape=(self.output_size,), initializer="zeros", name="output_bias")

    def step(self, projected, states):
        h = ops.tanh(projected + ops.matmul(states[0], self.recurrent_kernel))
        y = ops.tanh(ops.matmul(h, self.output_kernel) + self.output_bias)
        return y, [y]
