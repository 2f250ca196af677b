import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class ElmanCell(Cell):
    """The simple recurrent network: the state is a squashed mixture of input and former state.

        h_t = tanh(x_t W + h_{t-1} U + b)                        (Elman 1990)

    Its gradient over a lag of n steps holds the n-th power of U and of tanh', and vanishes: see `memory_span`.

    Args:
        units: width of the state.
    Shapes:
        inputs (B, D), state (B, units) -> output (B, units), the same as the new state.
    Reference: Elman, Finding Structure in Time, Cognitive Science 14 (1990). Differs: tanh for the logistic function.
    """

    def step(self, projected, states):
        h = ops.tanh(projected + ops.matmul(states[0], self.recurrent_kernel))
        return h, [h]
