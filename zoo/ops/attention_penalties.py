"""Penalties on attention, added to the loss; padding does not count.

Each is (alignment (B, T, S), step_mask (B, T), memory_mask (B, S)) -> (); masks are 1 or True where real.
"""

from keras import ops

from zoo.backend.replicas import all_reduce_sum


def doubly_stochastic(alignment, step_mask, memory_mask):
    """Attention to each position that sums to about 1:   mean over positions s of (1 - sum_t a_ts)^2

    Reference: Xu et al. 2015, arXiv:1502.03044, equation 14. Differs: a mean where the paper sums.
    """
    received = ops.sum(_real(alignment, step_mask, memory_mask), axis=1)
    has_steps = ops.any(ops.cast(step_mask, "bool"), axis=1, keepdims=True)
    return _mean(ops.square(1.0 - received), ops.logical_and(has_steps, ops.cast(memory_mask, "bool")))


def coverage(alignment, step_mask, memory_mask):
    """No repeated attention to a position:   mean over steps t of sum_s min(a_ts, c_ts),   c_ts = sum_{t' < t} a_t's

    Reference: See et al. 2017, arXiv:1704.04368, equation 12.
    """
    alignment = _real(alignment, step_mask, memory_mask)
    before = ops.cumsum(alignment, axis=1) - alignment
    return _mean(ops.sum(ops.minimum(alignment, before), axis=-1), step_mask)


def entropy(alignment, step_mask, memory_mask):
    """Sharp attention:   mean over steps t of - sum_s a_ts log a_ts"""
    alignment = _real(alignment, step_mask, memory_mask)
    return _mean(-ops.sum(alignment * ops.log(ops.maximum(alignment, 1e-9)), axis=-1), step_mask)


def supervised(alignment, step_mask, memory_mask, target):
    """Cross-entropy with a target alignment:   mean over the steps t that have one of - sum_s w_ts log a_ts

    Args:
        target: (B, T, S), w_t sums to 1, or to 0 where a step has no target.
    Reference: Mi et al. 2016, arXiv:1608.00112 (cross-entropy).
    """
    target, alignment = _real(target, step_mask, memory_mask), _real(alignment, step_mask, memory_mask)
    cross_entropy = -ops.sum(target * ops.log(ops.maximum(alignment, 1e-9)), axis=-1)
    return _mean(cross_entropy, ops.any(target > 0, axis=-1))


PENALTIES = {
    "doubly_stochastic": doubly_stochastic,
    "coverage": coverage,
    "entropy": entropy,
    "supervised": supervised,
}


def _real(alignment, step_mask, memory_mask):
    """The alignment with 0 at padding."""
    real = ops.logical_and(ops.cast(step_mask, "bool")[:, :, None], ops.cast(memory_mask, "bool")[:, None])
    alignment = ops.cast(alignment, "float32")
    return ops.where(real, alignment, ops.zeros_like(alignment))


def _mean(values, weights):
    weights = ops.cast(weights, "float32")
    return ops.sum(values * weights) / ops.maximum(all_reduce_sum(weights), 1e-9)
