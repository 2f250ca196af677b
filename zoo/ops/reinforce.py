"""The policy-gradient loss of sampled sequences."""

from keras import ops

from zoo.backend.replicas import all_reduce_sum


def reinforce_loss(log_probs, advantages, mask, example_mask):
    """Return the REINFORCE loss, whose gradient estimates that of the negative expected reward.

        L = - 1/B sum_b 1/N sum_n sum_t A_bnt log p(y_bnt | y_bn,<t, x_b)

    Args:
        log_probs: of the sampled tokens.
        advantages: A, rewards minus a baseline; constants.
        mask: which tokens were emitted, their end included.
        example_mask: 1 for real examples; B counts these, on all replicas together.
    Shapes:
        log_probs, advantages, mask (B, N, T); example_mask (B,) -> ().
    Reference: Williams 1992.
    """
    objective = ops.sum(advantages * ops.where(mask > 0, log_probs, 0.0), axis=-1)  # (B, N)
    examples = ops.maximum(all_reduce_sum(example_mask), 1.0)
    return -ops.sum(ops.mean(objective, axis=1) * example_mask) / examples
