"""Batches that somebody draws: anew for every step of training, or once, to measure by."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from zoo.data.batches.epochs import EpochBatches, padded_length
from zoo.data.batches.padded import STEPPED

# The index of a batch that may have any number of multiples.
ANY = 2


class OnTheFlyBatches(EpochBatches):
    """Batches that are never seen twice. Batch i of epoch e is a pure function of `(seed, e, i)`.

    Batches 0 and 1 are padded to an odd and an even number of multiples, see `zoo.data.batches.epochs.padded_length`.

    Args:
        draw: (size, random) -> (inputs, targets, weights), a whole batch whose examples are of that size.
        sizes: from the smallest to the largest; batches take turns.
        batches: of an epoch, at least 2.
        seed: of the draws.
        multiple: steps are padded up to a multiple of this, on the right and with zeros. The larger it is, the fewer
            shapes a compiled step is made for.
    Shapes:
        inputs an array (B, T, ...), or a dict of which "source", "source_as_target" and "target" are (B, T, ...),
        "target_alignment" (B, T, S), and all others without steps; weights (B, T) or (B,); targets (B, T, ...), or
        (B, ...) where weights have no steps.
    Raises:
        ValueError: sizes that are none, fewer than 2 batches, or a multiple below 1.
    """

    def __init__(
        self,
        draw: Callable[[int, np.random.Generator], Any],
        *,
        sizes: tuple[int, int],
        batches: int,
        seed: int = 0,
        multiple: int = 1,
    ):
        super().__init__()
        if batches < 2 or not 1 <= sizes[0] <= sizes[1]:
            raise ValueError(
                "`batches` is at least 2 and `sizes` go from a smallest to a largest. "
                f"Received: batches={batches}, sizes={sizes}"
            )
        self.draw, self.sizes, self.multiple = draw, tuple(sizes), _checked(multiple)
        self.batches, self.seed, self.epoch = batches, seed, 0

    def batch(self, size: int, random: np.random.Generator) -> tuple:
        """A batch of a size, before it is padded."""
        return self.draw(size, random)

    def __len__(self) -> int:
        return self.batches

    def __getitem__(self, index: int) -> tuple:
        least, most = self.sizes
        size = least + (self.epoch * self.batches + index) % (most - least + 1)
        batch = self.batch(size, np.random.default_rng([self.seed, self.epoch, index]))
        return _padded(batch, self.multiple, index)


class FixedBatches(keras.utils.PyDataset):
    """Batches that stay as they were drawn, to validate and to test by, in their order.

    They are padded as those of `OnTheFlyBatches` are, and where their shapes differ, so do those of the first two.

    Args:
        batches: (inputs, targets, weights), each with the shapes of `OnTheFlyBatches`.
        multiple: steps are padded up to a multiple of this.
    Attributes:
        raw: the batches without padding.
    Raises:
        ValueError: no batches, or a multiple below 1.
    """

    def __init__(self, batches: Sequence[tuple], *, multiple: int = 1):
        super().__init__()
        if not len(batches):
            raise ValueError("There must be at least one batch to measure by. Received: none")
        self.raw, self.multiple = list(batches), _checked(multiple)
        self._differ = len({_shapes(_padded(batch, multiple)) for batch in self.raw}) > 1

    @classmethod
    def join(cls, parts: Sequence["FixedBatches"]) -> "FixedBatches":
        """All batches, one part after the other, padded as those of the last."""
        return cls([batch for part in parts for batch in part.raw], multiple=parts[-1].multiple)

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, index: int) -> tuple:
        return _padded(self.raw[index], self.multiple, index if self._differ else ANY)


def _checked(multiple: int) -> int:
    if multiple < 1:
        raise ValueError(f"Steps are padded to a `multiple` of 1 or more. Received: multiple={multiple}")
    return multiple


def _shapes(batch: tuple) -> tuple:
    inputs, targets, weights = batch
    columns = [inputs[name] for name in sorted(inputs)] if isinstance(inputs, dict) else [inputs]
    return tuple(array.shape for array in [*columns, targets, weights])


def _padded(batch: tuple, multiple: int, index: int = ANY) -> tuple:
    """Pads every axis of steps as batch `index` is padded, see `padded_length`."""
    inputs, targets, weights = batch

    def pad(array, axes=1):
        more = []
        for steps in array.shape[1 : 1 + axes]:
            more.append((0, padded_length(steps, multiple, index) - steps))
        return np.pad(array, [(0, 0), *more] + [(0, 0)] * (array.ndim - 1 - len(more)))

    if isinstance(inputs, dict):
        stepped = {name: pad(inputs[name], 1 + (name == "target_alignment")) for name in inputs if name in STEPPED}
        inputs = inputs | stepped
    else:
        inputs = pad(inputs)
    return inputs, pad(targets, weights.ndim - 1), pad(weights, weights.ndim - 1)
