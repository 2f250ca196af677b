from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keras import ops

from zoo.backend.replicas import all_reduce_sum


@dataclass(frozen=True)
class Rollout:
    """N sampled outputs for each of B examples, with their rewards.

    Args:
        rewards: (B, N).
        hidden: (B, N, T, U), the hidden states from which the scores of each step are computed.
        mask: (B, N, T), 1 where a token was emitted.
        example_mask: (B,), 1 for real examples.
        greedy_rewards: () -> (B,), the rewards of greedy outputs.
    """

    rewards: Any
    hidden: Any
    mask: Any
    example_mask: Any
    greedy_rewards: Callable[[], Any]

    def mean_reward(self):
        """Return the mean reward of the real examples, on all replicas together."""
        total = all_reduce_sum(ops.mean(self.rewards, axis=1) * self.example_mask)
        return total / ops.maximum(all_reduce_sum(self.example_mask), 1.0)

    def reward_weights(self):
        """Return the weight of each reward: (B, N), 1 for real examples."""
        return ops.broadcast_to(ops.expand_dims(self.example_mask, -1), ops.shape(self.rewards))

    def variance(self, values):
        """Return the variance of values (B, N) of the real examples, on all replicas together."""
        weights = self.reward_weights()
        count = ops.maximum(all_reduce_sum(weights), 1.0)
        mean = all_reduce_sum(values * weights) / count
        return all_reduce_sum(ops.square(values - mean) * weights) / count
