import numpy as np
import pytest

from zoo.data.synthetic import copy_memory


@pytest.mark.parametrize("blanks", [1, 2, 30])
def test_layout_of_arjovsky(blanks):
    for inputs, targets in copy_memory.generate(20, blanks=blanks):
        assert inputs.shape == targets.shape == (blanks + 20,) and inputs.dtype == targets.dtype == np.int32
        digits = inputs[:10]
        assert digits.min() >= 1 and digits.max() <= 8
        assert (inputs[10 : blanks + 9] == 0).all() and len(inputs[10 : blanks + 9]) == blanks - 1
        assert inputs[blanks + 9] == 9
        assert (inputs[blanks + 10 :] == 0).all()
        assert (targets[: blanks + 10] == 0).all()
        assert (targets[blanks + 10 :] == digits).all()


def test_layout_of_bai_repeats_the_delimiter_to_the_end():
    plain, repeated = (copy_memory.generate(5, blanks=7, delimiters=delimiters) for delimiters in (1, 11))
    for (inputs, targets), (other, other_targets) in zip(plain, repeated, strict=True):
        assert (other[:16] == inputs[:16]).all() and (other[16:] == 9).all() and len(other[16:]) == 11
        assert (targets == other_targets).all()


def test_baseline_without_memory():
    """Digits by their frequencies at each place, blanks for certain, averaged over all steps."""
    targets = np.array([target for _, target in copy_memory.generate(20_000, blanks=100)])
    chances = np.stack([(targets == symbol).mean(axis=0) for symbol in range(9)])
    nats = -np.sum(chances * np.log(np.where(chances > 0, chances, 1)), axis=0).mean()
    assert nats == pytest.approx(10 * np.log(8) / 120, rel=1e-3)


@pytest.mark.parametrize("arguments", [{"blanks": 0}, {"delimiters": 0}, {"delimiters": 12}])
def test_impossible_layouts_are_errors(arguments):
    with pytest.raises(ValueError, match=f"Received: {next(iter(arguments))}="):
        copy_memory.generate(1, **arguments)
