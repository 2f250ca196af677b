"""Grids in raster order, row by row from the left: as sequences, and one position after another."""

from keras import ops


def to_grid(sequence, height: int, width: int):
    """(B, T, D), the first T positions in raster order -> (B, height, width, D), zeros where the sequence has ended."""
    features = sequence.shape[-1]
    padded = ops.pad(sequence, [[0, 0], [0, height * width], [0, 0]])[:, : height * width]
    return ops.reshape(padded, (-1, height, width, features))


def to_sequence(grid):
    """(B, H, W, D) -> (B, H * W, D)."""
    _, height, width, features = grid.shape
    return ops.reshape(grid, (-1, height * width, features))


def put(row, column, value):
    """A row with one position written: (B, W, D), (B,) int32, (B, D) -> (B, W, D)."""
    here = ops.expand_dims(ops.arange(row.shape[1], dtype="int32") == ops.expand_dims(column, -1), -1)
    return ops.where(here, ops.expand_dims(value, 1), row)


def around(row, column, left: int, right: int):
    """Return the window from `left` positions before a column to `right` behind it, zeros outside of the row.

    Shapes:
        (B, W, D), (B,) int32 -> (B, left + 1 + right, D).
    """
    padded = ops.pad(row, [[0, 0], [left, right], [0, 0]])
    columns = ops.expand_dims(column, -1) + ops.arange(left + 1 + right, dtype="int32")
    return ops.take_along_axis(padded, ops.expand_dims(columns, -1), axis=1)


def select(condition, one, other):
    """`ops.where` by examples: (B,) bool, (B, ...), (B, ...) -> (B, ...)."""
    return ops.where(ops.reshape(condition, (-1, *[1] * (len(one.shape) - 1))), one, other)
