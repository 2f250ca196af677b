import keras
from keras import ops

from zoo.layers.unmasked import Unmasked
from zoo.ops.rasters import around, put


@keras.saving.register_keras_serializable(package="zoo")
class MaskedConvolution(Unmasked):
    """A convolution over a grid that reads a position and what comes before it in raster order, and nothing behind.

        y[r, c] = b + sum_{(i, j) <= (0, 0)} x[r + i, c + j] W[i, j],   -kernel // 2 <= i, j <= kernel // 2

    (i, j) <= (0, 0) are the rows above and, of the position's own row, what is left of it and itself (mask B). A first
    layer that must not read its own position (mask A) is this one on a picture that is fed one pixel late. What is
    masked has no weights. Outside of the picture are zeros.

    Args:
        filters: width of the result.
        kernel: rows and columns, both odd.
        bias_initializer: start of the bias.
    Shapes:
        (B, H, W, D) -> (B, H, W, filters).
    Raises:
        ValueError: filters < 1, a kernel that is not of odd numbers.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.4.
    """

    def __init__(self, filters: int, kernel: tuple[int, int] = (3, 3), *, bias_initializer="zeros", **kwargs):
        super().__init__(**kwargs)
        if filters < 1:
            raise ValueError(f"`filters` must be at least 1. Received: filters={filters}")
        if len(kernel) != 2 or any(size < 1 or size % 2 == 0 for size in kernel):
            raise ValueError(f"`kernel` is of two odd numbers, rows and columns. Received: {kernel}")
        self.filters, self.bias_initializer = filters, bias_initializer
        self.above, self.beside = kernel[0] // 2, kernel[1] // 2

    @property
    def taps(self) -> int:
        """Places that are read for one: those above, and those of its own row up to itself."""
        return self.above * (2 * self.beside + 1) + self.beside + 1

    def build(self, grid_shape):
        self.features = grid_shape[-1]
        self.kernel = self.add_weight(
            shape=(self.taps * self.features, self.filters), initializer="glorot_uniform", name="kernel"
        )
        self.bias = self.add_weight(shape=(self.filters,), initializer=self.bias_initializer, name="bias")

    def call(self, grid):
        kernel = ops.cast(self.kernel, grid.dtype)
        if self.taps == 1:
            return ops.matmul(grid, kernel) + ops.cast(self.bias, grid.dtype)
        width = 2 * self.beside + 1
        # Zeros stand for what is masked: the rest of the position's own row.
        whole = ops.pad(kernel, [[0, self.beside * self.features], [0, 0]])
        whole = ops.reshape(whole, (self.above + 1, width, self.features, self.filters))
        sides = [[0, 0], [self.above, 0], [self.beside, self.beside], [0, 0]]
        made = ops.conv(ops.pad(grid, sides), whole, padding="valid", data_format="channels_last")
        return made + ops.cast(self.bias, grid.dtype)

    def start(self, batch_size, width: int):
        """The rows that are read for the first row, itself the last of them: (B, above + 1, W, D) of zeros."""
        return ops.zeros((batch_size, self.above + 1, width, self.features), dtype=self.compute_dtype)

    def begin_row(self, rows):
        """The rows that are read for the next row."""
        return ops.concatenate([rows[:, 1:], ops.zeros_like(rows[:, :1])], axis=1)

    def step(self, value, column, rows):
        """One position: (B, D), (B,) int32, the rows -> (B, filters), the rows with the value in them."""
        own = put(rows[:, -1], column, value)
        read = [around(rows[:, row], column, self.beside, self.beside) for row in range(self.above)]
        read = ops.concatenate([*read, around(own, column, self.beside, 0)], axis=1)
        flat = ops.reshape(read, (-1, self.taps * self.features))
        made = ops.matmul(flat, ops.cast(self.kernel, flat.dtype)) + ops.cast(self.bias, flat.dtype)
        return made, ops.concatenate([rows[:, :-1], ops.expand_dims(own, 1)], axis=1)

    def compute_output_shape(self, grid_shape):
        return (*grid_shape[:-1], self.filters)
