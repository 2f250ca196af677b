import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.masked_convolution import MaskedConvolution
from zoo.lookup import lookup
from zoo.ops.rasters import select, to_grid, to_sequence
from zoo.recurrent.diagonal_layer import DiagonalLayer
from zoo.recurrent.raster_layer import RasterLayer
from zoo.recurrent.row_layer import RowLayer

# How a layer goes over the picture.
SCAN_ORDERS = {"raster": RasterLayer, "row": RowLayer, "diagonal": DiagonalLayer}


@keras.saving.register_keras_serializable(package="zoo")
class PixelStack(Composite):
    """Reads a picture pixel by pixel: a masked convolution, and recurrent layers that go over the grid.

        x^0 = masked convolution of the pixels
        x^l = layer^l(x^{l-1}),     residual:  x^l = x^{l-1} + layer^l(x^{l-1}) W^l

    It is fed one pixel late: what comes in at a position is the pixel before (in raster order; at the first position
        of a row
    the last of the row above). So every part may read its own position, and none reads the pixel that is to be
    predicted.

    A step keeps rows: what each part must know of the rows above, and this row as far as it goes. No position is read
    twice; where a row begins, what needs the whole row above is computed, once.

    Args:
        scan_order: a name of `SCAN_ORDERS`: "raster", "row" or "diagonal".
        picture_shape: (H, W).
        units: width of each layer.
        layers: how many.
        kernel: rows and columns of the masked convolution, odd; 1 reads the pixel alone.
        residual: add each layer's input to its output; what goes through the stack is then 2 * units wide.
    Shapes:
        (B, T, D), T <= H * W -> (B, T, width). `step`: (B, D), state -> (B, width), state.
    Raises:
        ValueError: an unknown scan_order, with the closest; a picture, units or layers of less than 1; an even kernel.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, sections 3.3 and 3.6, table 1.
    """

    def __init__(
        self,
        scan_order: str,
        picture_shape: tuple[int, int],
        units: int,
        *,
        layers: int = 1,
        kernel: int = 7,
        residual: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if len(picture_shape) != 2 or min(picture_shape) < 1:
            raise ValueError(f"`picture_shape` is (height, width) in pixels. Received: {picture_shape}")
        if layers < 1 or units < 1:
            raise ValueError(f"`layers` and `units` must be at least 1. Received: layers={layers}, units={units}")
        options = {"dtype": self.dtype_policy}
        layer_class = lookup("scan_order", scan_order, SCAN_ORDERS)
        self.picture_shape, self.width = tuple(picture_shape), 2 * units if residual else units
        self.convolution = MaskedConvolution(self.width, (kernel, kernel), name="convolution", **options)
        self.layers = [layer_class(units, name=f"{scan_order}_{n}", **options) for n in range(layers)]
        self.projections = [
            keras.layers.Dense(self.width, name=f"projection_{n}", **options) for n in range(layers if residual else 0)
        ]

    def build(self, values_shape):
        self.convolution.build((None, *self.picture_shape, values_shape[-1]))
        for n, layer in enumerate(self.layers):
            layer.build((None, *self.picture_shape, self.width))
            if self.projections:
                self.projections[n].build((None, *self.picture_shape, layer.units))

    def call(self, values):
        grid = self.convolution(to_grid(values, *self.picture_shape))
        for n, layer in enumerate(self.layers):
            grid = self._joined(n, grid, layer(grid))
        return to_sequence(grid)[:, : ops.shape(values)[1]]

    def start(self, batch_size) -> dict:
        """The state before the first pixel."""
        width = self.picture_shape[1]
        return {
            "position": ops.zeros((batch_size,), dtype="int32"),
            "rows": {
                "convolution": self.convolution.start(batch_size, width),
                "layers": [layer.start(batch_size, width) for layer in self.layers],
            },
        }

    def step(self, values, state: dict):
        position, rows = state["position"], state["rows"]
        column = position % self.picture_shape[1]
        begins = ops.logical_and(ops.equal(column, 0), position > 0)
        rows = ops.cond(ops.any(begins), lambda: self._start_rows(begins, rows), lambda: rows)
        vectors, window = self.convolution.step(ops.cast(values, self.compute_dtype), column, rows["convolution"])
        states = []
        for n, (layer, own) in enumerate(zip(self.layers, rows["layers"], strict=True)):
            output, own = layer.step(vectors, column, own)
            vectors = self._joined(n, vectors, output)
            states.append(own)
        return vectors, {"position": position + 1, "rows": {"convolution": window, "layers": states}}

    def _start_rows(self, begins, rows):
        """The rows, where a row begins, with the row that has been read above."""
        new = {
            "convolution": self.convolution.begin_row(rows["convolution"]),
            "layers": [layer.begin_row(own) for layer, own in zip(self.layers, rows["layers"], strict=True)],
        }
        return keras.tree.map_structure(lambda one, other: select(begins, one, other), new, rows)

    def _joined(self, n, inputs, output):
        return inputs + self.projections[n](output) if self.projections else output

    def compute_output_shape(self, values_shape):
        return (*values_shape[:-1], self.width)
