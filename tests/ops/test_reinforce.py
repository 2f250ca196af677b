import numpy as np
import pytest
from keras import ops

from tests.gradients import gradients
from zoo.ops.reinforce import reinforce_loss

EXAMPLES, SAMPLES, STEPS = 3, 2, 4


def draw(seed):
    random = np.random.default_rng(seed)
    log_probs = np.log(random.uniform(0.1, 1.0, (EXAMPLES, SAMPLES, STEPS))).astype("float32")
    advantages = random.normal(size=(EXAMPLES, SAMPLES, STEPS)).astype("float32")
    lengths = random.integers(1, STEPS + 1, (EXAMPLES, SAMPLES, 1))
    return log_probs, advantages, (np.arange(STEPS) < lengths).astype("float32")


def by_loop(log_probs, advantages, mask, example_mask):
    total = 0.0
    for b in range(EXAMPLES):
        for n in range(SAMPLES):
            for t in range(STEPS):
                if example_mask[b] and mask[b, n, t]:
                    total += float(advantages[b, n, t]) * float(log_probs[b, n, t]) / SAMPLES
    return -total / example_mask.sum()


@pytest.mark.each_backend
def test_it_is_the_mean_over_examples_and_samples():
    log_probs, advantages, mask = draw(0)
    example_mask = np.array([1.0, 0.0, 1.0], "float32")
    poisoned = np.where(mask > 0, log_probs, -np.inf).astype("float32")  # padding does not count
    others = [ops.convert_to_tensor(array) for array in (advantages, mask, example_mask)]
    loss, (gradient,) = gradients(lambda values: reinforce_loss(values, *others), log_probs)
    assert loss == pytest.approx(by_loop(log_probs, advantages, mask, example_mask), rel=1e-5)
    assert float(reinforce_loss(ops.convert_to_tensor(poisoned), *others)) == loss
    expected = -advantages * mask * example_mask[:, None, None] / SAMPLES / example_mask.sum()
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)
