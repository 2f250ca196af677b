import numpy as np
import pytest

from zoo.data.synthetic.algorithms.sequences import check, empty, random_bits


def test_batches_begin_empty():
    inputs, targets, weights = empty(2, 3, 5, 4)
    assert (inputs.shape, targets.shape, weights.shape) == ((2, 3, 5), (2, 3, 4), (2, 3))
    assert all(array.dtype == "float32" and not array.any() for array in (inputs, targets, weights))


def test_bits_are_fair_and_independent(random):
    bits = random_bits((4000, 6), random)
    assert bits.dtype == "float32" and set(np.unique(bits)) == {0, 1}
    # Standard errors are 0.008 and 0.016.
    np.testing.assert_allclose(bits.mean(axis=0), 0.5, atol=0.035)
    np.testing.assert_allclose(np.corrcoef(bits.T), np.eye(6), atol=0.07)


def test_what_is_too_small():
    check(1, 1)
    check(2, 1, smallest=2)
    with pytest.raises(ValueError, match="`size` is at least 2 and `rows` at least 1. Received: size=1, rows=3"):
        check(1, 3, smallest=2)
    with pytest.raises(ValueError, match="Received: size=1, rows=0"):
        check(1, 0)
