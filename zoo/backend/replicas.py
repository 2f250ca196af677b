"""Sums over a whole batch, wherever its rows lie.

On TensorFlow a strategy of several replicas gives each its part of the batch, and adds up their gradients. A mean over
all real tokens is then the sum of every replica's own numerator over one denominator, that of the whole batch. On JAX
a batch that is spread over devices is still one array, and a sum is the sum.
"""

import keras
from keras import ops


def all_reduce_sum(values):
    """The sum of all values of the batch, over all replicas. It has no gradient: denominators are constants here."""
    own = ops.stop_gradient(ops.sum(values))
    context = _context()
    if context is None:
        return own
    import tensorflow as tf

    return context.all_reduce(tf.distribute.ReduceOp.SUM, own)


def num_replicas() -> int:
    """Return the number of replicas that share this batch."""
    context = _context()
    return 1 if context is None else context.num_replicas_in_sync


def _context():
    """TensorFlow's replica context inside a strategy of several replicas, else None."""
    if keras.backend.backend() != "tensorflow":
        return None
    import tensorflow as tf

    if not tf.distribute.has_strategy() or not tf.distribute.in_cross_replica_context():
        context = tf.distribute.get_replica_context()
        return context if context.num_replicas_in_sync > 1 else None
    return None
