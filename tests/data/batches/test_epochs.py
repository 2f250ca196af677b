import pytest

from zoo.data.batches.epochs import EpochBatches, padded_length


class Numbered(EpochBatches):
    def __init__(self):
        super().__init__()
        self.arranged = []
        self.epoch = 0

    def _arrange(self, epoch):
        self.arranged.append(epoch)


def test_an_epoch_is_arranged_when_it_is_set_and_when_the_one_before_ends():
    batches = Numbered()
    batches.epoch = 4
    batches.on_epoch_end()
    assert (batches.epoch, batches.arranged) == (5, [0, 4, 5])


@pytest.mark.parametrize("multiple", [1, 4])
def test_the_first_two_batches_never_have_one_length(multiple):
    for steps in range(1, 20):
        odd, even, other = (padded_length(steps, multiple, index) // multiple for index in (0, 1, 2))
        assert (odd % 2, even % 2) == (1, 0) and {odd, even} == {other, other + 1}
        assert (other - 1) * multiple < steps <= other * multiple
