"""A grid whose rows are each moved one position further than the row above: its diagonals become columns."""

from keras import ops


def skew(grid):
    """Moves row r of a grid r positions to the right, over zeros.

        skewed[r, r + c] = grid[r, c]

    What stands one to the left and what stands one above are then both one column before.

    Shapes:
        (B, H, W, D) -> (B, H, W + H - 1, D).
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.2, figure 3.
    """
    _, height, width, features = grid.shape
    # Rows one position longer than the result: laid end to end, each begins one position further than the row above.
    padded = ops.pad(grid, [[0, 0], [0, 0], [0, height], [0, 0]])
    flat = ops.reshape(padded, (-1, height * (width + height), features))
    return ops.reshape(flat[:, : height * (width + height - 1)], (-1, height, width + height - 1, features))


def unskew(skewed):
    """The grid of which this is the skewed one: (B, H, W + H - 1, D) -> (B, H, W, D)."""
    _, height, long, features = skewed.shape
    flat = ops.reshape(skewed, (-1, height * long, features))
    padded = ops.pad(flat, [[0, 0], [0, height], [0, 0]])
    return ops.reshape(padded, (-1, height, long + 1, features))[:, :, : long + 1 - height]
