"""Sinusoidal positional encoding."""

from keras import ops


def sinusoidal(positions, width: int):
    """Waves of ever longer periods, from 2 pi to 10,000 times that, read at the positions.

        PE(p, 2i) = sin(p / 10000^(2i / width)),   PE(p, 2i + 1) = cos(p / 10000^(2i / width))

    There is no longest position: what is added for a step does not depend on how many there are.

    Args:
        positions: (...) int, from 0.
        width: of the vectors.
    Shapes:
        (...) -> (..., width) float32.
    Reference: Vaswani et al. 2017, arXiv:1706.03762, 3.5.
    """
    pairs = ops.arange((width + 1) // 2, dtype="float32")
    rates = ops.exp(pairs * (-2.0 / width * 9.210340371976184))  # ln 10000
    angles = ops.expand_dims(ops.cast(positions, "float32"), -1) * rates
    waves = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
    waves = ops.reshape(waves, (*ops.shape(angles)[:-1], 2 * pairs.shape[0]))
    return waves[..., :width]
