import pytest
from keras import ops

from zoo.training.objectives.mixer import Mixer


def test_a_schedule_of_the_truth_is_as_the_paper_has_it():
    mixer = Mixer(length=7, first=20, every=5, delta=3)
    counts = [int(mixer(ops.convert_to_tensor(update, "int32"))) for update in range(40)]
    assert counts == [7] * 20 + [4] * 5 + [1] * 5 + [0] * 10
    assert [int(Mixer(4, 0, 1)(ops.convert_to_tensor(update, "int32"))) for update in range(4)] == [2, 0, 0, 0]


@pytest.mark.parametrize("wrong", [{"length": 0}, {"every": 0}, {"delta": 0}, {"first": -1}])
def test_a_schedule_counts_in_whole_numbers(wrong):
    with pytest.raises(ValueError, match="Mixer counts in whole numbers above 0"):
        Mixer(**{"length": 5, "first": 0, "every": 1, "delta": 1} | wrong)
