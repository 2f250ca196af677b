import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class IRNNCell(Cell):
    """The Elman network with rectified units that starts as a copy of its own past.

        h_t = max(0, x_t W + h_{t-1} U + b),     U = I and W ~ N(0, 0.001) at the start    (Le et al. 2015)

    With U = I neither state nor gradient vanishes; both may explode, so clip the gradient's norm.

    Args:
        units: width of the state.
        kernel_initializer: start of W; N(0, 0.001) if None.
    Shapes:
        inputs (B, D), state (B, units) -> output (B, units), the same as the new state.
    Reference: arXiv:1504.00941.
    """

    def __init__(
        self,
        units: int,
        *,
        kernel_initializer=None,
        recurrent_initializer="identity",
        **kwargs,
    ):
        if kernel_initializer is None:
            kernel_initializer = keras.initializers.RandomNormal(stddev=0.001)
        super().__init__(
            units, kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer, **kwargs
        )

    def step(self, projected, states):
        h = ops.relu(projected + ops.matmul(states[0], self.recurrent_kernel))
        return h, [h]
