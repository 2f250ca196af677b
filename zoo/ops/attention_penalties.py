"""What attention may be asked for beside the likelihood: penalties on where it looks. Padding counts nowhere.

Each is (alignment (B, T, S), steps (B, T), places (B, S)) -> a number; steps and places are 1 or True where real.
"""

from keras import ops

from zoo.backend.replicas import all_reduce_sum


def doubly_stochastic(alignment, steps, places):
    """Every place is to be looked at about once in all:   mean over places s of (1 - sum_t a_ts)^2

    Reference: Xu et al. 2015, arXiv:1502.03044, equation 14. Differs: a mean where the paper sums.
    """
    received = ops.sum(_real(alignment, steps, places), axis=1)
    said = ops.any(ops.cast(steps, "bool"), axis=1, keepdims=True)
    return _mean(ops.square(1.0 - received), ops.logical_and(said, ops.cast(places, "bool")))


def coverage(alignment, steps, places):
    """No place is to be looked at again:   mean over steps t of sum_s min(a_ts, c_ts),   c_ts = sum_{t' < t} a_t's

    Reference: See et al. 2017, arXiv:1704.04368, equation 12.
    """
    alignment = _real(alignment, steps, places)
    before = ops.cumsum(alignment, axis=1) - alignment
    return _mean(ops.sum(ops.minimum(alignment, before), axis=-1), steps)


def entropy(alignment, steps, places):
    """Attention is to be sharp:   mean over steps t of - sum_s a_ts log a_ts"""
    alignment = _real(alignment, steps, places)
    return _mean(-ops.sum(alignment * ops.log(ops.maximum(alignment, 1e-9)), axis=-1), steps)


def supervised(alignment, steps, places, wanted):
    """Attention is to look where it is told:   mean over the steps t told of - sum_s w_ts log a_ts

    Args:
        wanted: (B, T, S), w_t sums to 1, or to 0 where a step is not told.
    Reference: Mi et al. 2016, arXiv:1608.00112 (cross-entropy).
    """
    wanted, alignment = _real(wanted, steps, places), _real(alignment, steps, places)
    missed = -ops.sum(wanted * ops.log(ops.maximum(alignment, 1e-9)), axis=-1)
    return _mean(missed, ops.any(wanted > 0, axis=-1))


PENALTIES = {
    "doubly_stochastic": doubly_stochastic,
    "coverage": coverage,
    "entropy": entropy,
    "supervised": supervised,
}


def _real(alignment, steps, places):
    """0 at padding, whatever stands there."""
    real = ops.logical_and(ops.cast(steps, "bool")[:, :, None], ops.cast(places, "bool")[:, None])
    alignment = ops.cast(alignment, "float32")
    return ops.where(real, alignment, ops.zeros_like(alignment))


def _mean(values, weights):
    weights = ops.cast(weights, "float32")
    return ops.sum(values * weights) / ops.maximum(all_reduce_sum(weights), 1e-9)
