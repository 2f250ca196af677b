"""The order of batches: a pure function of the seed and the epoch, so that a resumed training sees what it would
have.
"""

import keras


class EpochBatches(keras.utils.PyDataset):
    """Base class of batches whose content depends on the epoch.

    Keras calls `on_epoch_end` once before the first epoch of every `fit`, so that epoch has the number `epoch + 1`. To
    resume a run at `initial_epoch=k`, set `epoch = k` before `fit`. A new kind sets `epoch = 0` at the end of its
    constructor, and defines `_arrange`, which an epoch's order is made by.
    """

    _epoch: int

    @property
    def epoch(self) -> int:
        """Number of the epoch that the batches are of; `on_epoch_end` adds one."""
        return self._epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        self._epoch = epoch
        self._arrange(epoch)

    def on_epoch_end(self) -> None:
        self.epoch += 1

    def _arrange(self, epoch: int) -> None:
        """Set the order of an epoch, by `self.seed` and its number alone."""


def padded_length(steps: int, multiple: int, index: int) -> int:
    """Return the steps that batch `index` is padded to: a whole number of multiples, odd in batch 0 and even in batch
    1.

    On TensorFlow, Keras takes the shapes of all batches from the first two: what differs later must differ there.
    """
    count = -(-steps // multiple)
    if index < 2:
        count += count % 2 == index
    return count * multiple
