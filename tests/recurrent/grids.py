"""How a layer over a grid is compared with itself, place by place."""

import numpy as np
from keras import ops

from tests.cells.oracle import numpy


def place_by_place(layer, grid):
    """What the steps say, (B, H, W, U), each place fed as a value alone."""
    batch, height, width, _ = grid.shape
    state, rows = layer.start(batch, width), []
    for row in range(height):
        state = layer.begin_row(state) if row else state
        said = []
        for column in range(width):
            output, state = layer.step(
                ops.convert_to_tensor(grid[:, row, column]), ops.full((batch,), column, dtype="int32"), state
            )
            said.append(numpy(output))
        rows.append(np.stack(said, axis=1))
    return np.stack(rows, axis=1)
