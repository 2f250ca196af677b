import keras
from keras import ops

from zoo.cells.cell import forget_gate_open
from zoo.layers.unmasked import Unmasked
from zoo.ops.lstm import lstm
from zoo.ops.rasters import around, put
from zoo.ops.scan import scan
from zoo.ops.skewing import skew, unskew

DIRECTIONS = ("rightward", "leftward")


@keras.saving.register_keras_serializable(package="zoo")
class DiagonalLayer(Unmasked):
    """The Diagonal BiLSTM: two LSTMs go over a grid diagonal by diagonal, one from each upper corner.

        rightward[r, c] = LSTM(x[r, c], h = (rightward[r, c - 1], rightward[r - 1, c]), cell of [r, c - 1])
        leftward[r, c]  = LSTM(x[r, c], h = (leftward[r, c + 1], leftward[r - 1, c]), cell of [r, c + 1])
        y[r, c]         = rightward[r, c] + leftward[r - 1, c]

    The second reads what stands to the right, so it is moved down one row: of the row above all is known. Together they
    read all that comes before a position. The grid is skewed, so that a diagonal is a column and all its positions are
    one step; outside of the grid states are zeros.

    Args:
        units: width of each LSTM, and of the result.
    Shapes:
        (B, H, W, D) -> (B, H, W, units). `step`: (B, D), column (B,) int32, state -> (B, units), state.
    Raises:
        ValueError: units < 1.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.2.
    """

    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be at least 1. Received: units={units}")
        self.units = units

    def build(self, grid_shape):
        self.features = grid_shape[-1]
        for name in DIRECTIONS:
            shapes = {"kernel": self.features, "recurrent_kernel": 2 * self.units}
            for kind, rows in shapes.items():
                start = "glorot_uniform" if kind == "kernel" else "orthogonal"
                weight = self.add_weight(shape=(rows, 4 * self.units), initializer=start, name=f"{name}_{kind}")
                setattr(self, f"{name}_{kind}", weight)
            start = forget_gate_open(self.units, gate=1)
            setattr(
                self, f"{name}_bias", self.add_weight(shape=(4 * self.units,), initializer=start, name=f"{name}_bias")
            )

    def call(self, grid):
        height, width = grid.shape[1:3]
        batch = ops.shape(grid)[0]
        # Both at once, as one LSTM of twice the width whose weights keep the halves apart.
        sides = [skew(self._project("rightward", grid)), skew(self._project("leftward", _mirrored(grid)))]
        gates = [ops.reshape(side, (-1, height, width + height - 1, 4, self.units)) for side in sides]
        joined = ops.reshape(ops.concatenate(gates, axis=-1), (-1, height, width + height - 1, 8 * self.units))
        projected = ops.transpose(joined, (2, 0, 1, 3))  # (W + H - 1, B, H, 8 units)
        column = ops.expand_dims(ops.arange(width + height - 1, dtype="int32"), -1) - ops.arange(height, dtype="int32")
        inside = ops.expand_dims(ops.logical_and(column >= 0, column < width), 1)
        start = ops.zeros((batch, height, 2 * self.units), dtype=self.compute_dtype)
        outputs, *_ = lstm(projected, self._both(), start, start, inside, shifts=(0, -1))
        right, left = ops.split(unskew(ops.transpose(outputs, (1, 2, 0, 3))), 2, axis=-1)
        return right + ops.pad(_mirrored(left), [[0, 0], [1, 0], [0, 0], [0, 0]])[:, :height]

    def start(self, batch_size, width: int) -> dict:
        """Nothing has been read: above and left, the outputs of both LSTMs for the row above; right and inputs, this
        row.
        """
        shapes: dict[str, tuple] = dict.fromkeys(("above", "left", "right"), (batch_size, width, self.units))
        shapes |= dict.fromkeys(("h", "c"), (batch_size, self.units))
        shapes |= {"inputs": (batch_size, width, self.features)}
        return {name: ops.zeros(shape, dtype=self.compute_dtype) for name, shape in shapes.items()}

    def begin_row(self, state: dict) -> dict:
        """The row that has been read is known as a whole: the second LSTM goes over it, once, from its right end."""
        projected = ops.transpose(self._project("leftward", state["inputs"]), (1, 0, 2))
        above = ops.transpose(state["left"], (1, 0, 2))

        def step(last, x):
            gates, above = x
            last = self._step("leftward", gates, *last, above)
            return last, last[0]

        nothing = ops.zeros_like(state["h"]), ops.zeros_like(state["c"])
        _, left = scan(step, nothing, (projected, above), reverse=True)
        row_state = {"h": nothing[0], "c": nothing[1], "left": ops.transpose(left, (1, 0, 2))}
        return {**state, "above": state["right"], **row_state}

    def step(self, value, column, state: dict):
        above = around(state["above"], column, 0, 0)[:, 0]
        h, c = self._step("rightward", self._project("rightward", value), state["h"], state["c"], above)
        written = {"right": put(state["right"], column, h), "inputs": put(state["inputs"], column, value)}
        return h + around(state["left"], column, 0, 0)[:, 0], {**state, "h": h, "c": c, **written}

    def _project(self, name, values):
        kernel, bias = getattr(self, f"{name}_kernel"), getattr(self, f"{name}_bias")
        return ops.matmul(values, ops.cast(kernel, values.dtype)) + ops.cast(bias, values.dtype)

    def _step(self, name, projected, h, c, above):
        kernel = ops.cast(getattr(self, f"{name}_recurrent_kernel"), h.dtype)
        gates = projected + ops.matmul(ops.concatenate([h, above], axis=-1), kernel)
        i, f, g, o = ops.split(gates, 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        return ops.sigmoid(o) * ops.tanh(c), c

    def _both(self):
        """The recurrent kernels as one: (4 units, 8 units), rows by neighbour and half, columns by gate and half."""
        halves = []
        for index, name in enumerate(DIRECTIONS):
            kernel = ops.cast(getattr(self, f"{name}_recurrent_kernel"), self.compute_dtype)
            kernel = ops.reshape(kernel, (2, 1, self.units, 4, 1, self.units))
            room = [index, 1 - index]
            halves.append(ops.pad(kernel, [[0, 0], room, [0, 0], [0, 0], room, [0, 0]]))
        return ops.reshape(halves[0] + halves[1], (4 * self.units, 8 * self.units))


def _mirrored(grid):
    return ops.flip(grid, axis=2)
