import keras
from keras import ops

from zoo.cells.cell import forget_gate_open
from zoo.layers.composite import Composite
from zoo.layers.masked_convolution import MaskedConvolution
from zoo.ops.lstm import lstm
from zoo.ops.rasters import around, put


@keras.saving.register_keras_serializable(package="zoo")
class RowLayer(Composite):
    """The Row LSTM: it goes down a grid row by row, all columns of a row at once.

        [i ; f ; g ; o]_r = K_is * x_r + K_ss * h_{r-1} + b
        c_r = sigmoid(f) c_{r-1} + sigmoid(i) tanh(g),   h_r = sigmoid(o) tanh(c_r)

    K_is is a masked convolution along the row (a position and what is left of it), K_ss one over the row above, on both
    sides, as that row has been read. A position so reads a triangle above itself.

    Args:
        units: width of the LSTM.
        kernel_size: columns of both convolutions, odd.
    Shapes:
        (B, H, W, D) -> (B, H, W, units). `step`: (B, D), column (B,) int32, state -> (B, units), state.
    Raises:
        ValueError: units < 1, an even kernel size.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.1.
    """

    def __init__(self, units: int, *, kernel_size: int = 3, **kwargs):
        super().__init__(**kwargs)
        self.units, self.kernel_size = units, kernel_size
        self.inputs = MaskedConvolution(
            4 * units,
            (1, kernel_size),
            bias_initializer=forget_gate_open(units, gate=1),
            dtype=self.dtype_policy,
            name="inputs",
        )

    def build(self, grid_shape):
        self.inputs.build(grid_shape)
        shape = (self.kernel_size * self.units, 4 * self.units)
        self.recurrent_kernel = self.add_weight(shape=shape, initializer="orthogonal", name="recurrent_kernel")

    def call(self, grid):
        projected = ops.transpose(self.inputs(grid), (1, 0, 2, 3))  # (H, B, W, 4 units)
        start = ops.zeros((ops.shape(grid)[0], grid.shape[2], self.units), dtype=self.compute_dtype)
        everywhere = ops.ones((grid.shape[1], 1, grid.shape[2]), dtype="bool")
        beside = self.kernel_size // 2
        kernel = ops.cast(self.recurrent_kernel, self.compute_dtype)
        outputs, *_ = lstm(projected, kernel, start, start, everywhere, shifts=tuple(range(-beside, beside + 1)))
        return ops.transpose(outputs, (1, 0, 2, 3))

    def start(self, batch_size, width: int) -> dict:
        """Nothing has been read: h and c of the row above and of this row, and this row's inputs."""
        names = ("h_above", "c_above", "h", "c")
        rows = {name: ops.zeros((batch_size, width, self.units), dtype=self.compute_dtype) for name in names}
        return {**rows, "inputs": self.inputs.start(batch_size, width)}

    def begin_row(self, state: dict) -> dict:
        """The row that has been read becomes the one above."""
        return {**state, "inputs": self.inputs.begin_row(state["inputs"]), "h_above": state["h"], "c_above": state["c"]}

    def step(self, value, column, state: dict):
        projected, inputs = self.inputs.step(value, column, state["inputs"])
        near = around(state["h_above"], column, self.kernel_size // 2, self.kernel_size // 2)
        near = ops.reshape(near, (-1, self.kernel_size * self.units))
        gates = projected + ops.matmul(near, ops.cast(self.recurrent_kernel, near.dtype))
        i, f, g, o = ops.split(gates, 4, axis=-1)
        c = ops.sigmoid(f) * around(state["c_above"], column, 0, 0)[:, 0] + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        written = {"h": put(state["h"], column, h), "c": put(state["c"], column, c)}
        return h, {**state, "inputs": inputs, **written}
