from dataclasses import dataclass

from keras import ops


@dataclass(frozen=True)
class Mixer:
    """MIXER's schedule: how many first tokens are those of the target, by the number of updates.

        m(i) = length                                               i < first
        m(i) = max(0, length - delta (1 + (i - first) // every))    i >= first

    Args:
        length: of the longest output, its end included.
        first: updates with the whole target.
        every: updates until the next `delta` tokens are sampled.
        delta: tokens.
    Reference: Ranzato et al. 2016, arXiv:1511.06732, algorithm 1 (in epochs there: 20 to 25, 5, and 2 or 3 tokens).
    """

    length: int
    first: int
    every: int
    delta: int = 2

    def __post_init__(self):
        if min(self.length, self.every, self.delta) < 1 or self.first < 0:
            raise ValueError(f"Mixer counts in whole numbers above 0 (first: 0 or more). Received: {self}")

    def __call__(self, update):
        sampled = self.delta * (1 + ops.floor_divide(update - self.first, self.every))
        return ops.where(update < self.first, self.length, ops.maximum(self.length - sampled, 0))
