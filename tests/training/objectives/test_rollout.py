import numpy as np
import pytest
from keras import ops

from zoo.training.objectives.rollout import Rollout

REWARDS = np.array([[1.0, 3.0, 2.0], [2.0, 4.0, 9.0], [1e6, -1e6, 1e6]], "float32")
REAL = np.array([1.0, 1.0, 0.0], "float32")


def rollout(rewards=REWARDS, example_mask=REAL):
    hidden, mask = np.zeros((*rewards.shape, 2, 4), "float32"), np.ones((*rewards.shape, 2), "float32")
    tensors = map(ops.convert_to_tensor, (rewards, hidden, mask, example_mask))
    return Rollout(*tensors, greedy_rewards=lambda: None)


def test_means_and_variances_are_of_real_examples():
    assert float(rollout().mean_reward()) == pytest.approx(REWARDS[:2].mean())
    assert float(rollout().variance(ops.convert_to_tensor(REWARDS))) == pytest.approx(REWARDS[:2].var(), rel=1e-6)
    np.testing.assert_array_equal(rollout().reward_weights(), [[1] * 3, [1] * 3, [0] * 3])


def test_a_batch_without_real_examples_has_a_mean_of_zero():
    assert float(rollout(example_mask=np.zeros(3, "float32")).mean_reward()) == 0
