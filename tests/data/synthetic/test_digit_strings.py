from itertools import pairwise

import numpy as np
import pytest

from zoo.data.synthetic import digit_strings


def test_lengths_and_digits_are_alike():
    strings = digit_strings.generate(6000, maximum_digits=4)
    lengths = np.bincount([len(string) for string in strings])
    assert lengths[0] == 0
    np.testing.assert_allclose(lengths[1:] / 6000, 1 / 4, atol=0.03)
    digits = np.bincount([int(digit) for string in strings for digit in string])
    np.testing.assert_allclose(digits / digits.sum(), 0.1, atol=0.01)


def test_who_counts_goes_on_by_one_or_doubles():
    strings = digit_strings.generate(3000, grammar="counting", seed=1)
    pairs = {(int(a), int(b)) for string in strings for a, b in pairwise(string)}
    assert pairs == {(d, f % 10) for d in range(10) for f in (d + 1, d + 9, 2 * d)}


def test_a_seed_decides():
    assert digit_strings.generate(9, seed=1) == digit_strings.generate(9, seed=1) != digit_strings.generate(9, seed=2)


def test_words():
    assert digit_strings.in_words("407") == "four zero seven"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"grammar": "dates"}, "one of any, counting"), ({"maximum_digits": 0}, "at least one digit")],
)
def test_what_cannot_be(wrong, message):
    with pytest.raises(ValueError, match=message):
        digit_strings.generate(1, **wrong)
