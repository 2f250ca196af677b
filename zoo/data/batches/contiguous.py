"""One long sequence in rows that continue from batch to batch, for truncated back-propagation through time."""

from collections.abc import Sequence

import numpy as np

from zoo.data.batches.epochs import EpochBatches
from zoo.special_ids import PAD, START


class ContiguousBatches(EpochBatches):
    """A long sequence of ids, cut into `rows` equal stretches that are read side by side, `steps` at a time.

    Row r of a batch continues row r of the batch before: a model that carries its state from batch to batch (and resets
    it with the epoch) reads every stretch from its beginning to its end, while gradients reach back `steps` at most.
    All batches have one shape.

    Args:
        ids: the sequence (N,), for instance a text's characters.
        rows: stretches read side by side, the batch size.
        steps: of a batch.
        drop_remainder: True to leave out what does not fill the rows; False to predict every id exactly once, the rows
            padded with 0 of weight 0.
        shuffle: True to begin every epoch a little further on, so that the cuts fall elsewhere each time; the rows
            continue all the same.
        seed: of the shuffling. The beginning is a pure function of `(seed, epoch)`.
    Shapes:
        batch i is `({"target": (rows, steps)}, targets (rows, steps), weights (rows, steps))`, int32, int32 and
        float32. Inputs are the targets one step earlier; each row of batch 0 begins with START.
    Raises:
        ValueError: too few ids for one batch, ids of another shape, or shuffle without drop_remainder.
    Reference: Mikolov et al. 2010; Zaremba et al. 2014 (arXiv:1409.2329).
    """

    def __init__(
        self,
        ids: np.ndarray,
        *,
        rows: int = 32,
        steps: int = 128,
        drop_remainder: bool = True,
        shuffle: bool = False,
        seed: int = 0,
    ):
        super().__init__()
        self.ids = np.asarray(ids, "int32")
        if min(rows, steps) < 1:
            raise ValueError(f"rows and steps must be at least 1, received: {rows} and {steps}.")
        if self.ids.ndim != 1 or len(self.ids) < (rows * steps if drop_remainder else 1):
            raise ValueError(
                f"a stream needs ids of shape (N,) that fill {rows} rows of {steps} steps, received: shape "
                f"{self.ids.shape}. Give more text, fewer rows or steps, or drop_remainder=False."
            )
        if shuffle and not drop_remainder:
            raise ValueError("shuffle=True leaves out some ids each epoch, received: drop_remainder=False. Drop one.")
        self.rows, self.steps, self.drop_remainder = rows, steps, drop_remainder
        self.shuffle, self.seed = shuffle, seed
        if drop_remainder:
            # Shuffled, the last `steps` ids are left to those epochs that begin later.
            usable = len(self.ids) - (steps if shuffle else 0)
            self._batches = max(1, usable // (rows * steps))
            self._stretch = self._batches * steps
        else:
            self._stretch = -(-len(self.ids) // rows)
            self._batches = -(-self._stretch // steps)
        self.epoch = 0

    @classmethod
    def join(cls, parts: Sequence["ContiguousBatches"]) -> "ContiguousBatches":
        """The ids of several streams, one after the other, in the form of the last, and not shuffled."""
        last = parts[-1]
        ids = np.concatenate([part.ids for part in parts])
        return cls(ids, rows=last.rows, steps=last.steps, drop_remainder=last.drop_remainder)

    @property
    def examples(self) -> int:
        """Number of ids that an epoch predicts."""
        return self.rows * self._stretch if self.drop_remainder else len(self.ids)

    def _arrange(self, epoch: int) -> None:
        spare = len(self.ids) - self.rows * self._stretch
        random = np.random.default_rng([self.seed, epoch])
        self._offset = int(random.integers(spare + 1)) if self.shuffle else 0

    def __len__(self) -> int:
        return self._batches

    def __getitem__(self, index: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
        if not 0 <= index < self._batches:
            raise IndexError(f"the stream has {self._batches} batches, received: index {index}.")
        inputs = np.full((self.rows, self.steps), PAD, "int32")
        targets, weights = inputs.copy(), np.zeros(inputs.shape, "float32")
        for row in range(self.rows):
            begin = self._offset + row * self._stretch
            end = min(begin + self._stretch, len(self.ids))
            start = begin + index * self.steps
            taken = self.ids[start : min(start + self.steps, end)]
            if len(taken):
                targets[row, : len(taken)], weights[row, : len(taken)] = taken, 1.0
                before = self.ids[start - 1] if index else START
                inputs[row, : len(taken)] = [before, *taken[:-1]]
        return {"target": inputs}, targets, weights
