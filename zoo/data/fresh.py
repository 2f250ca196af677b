"""Training examples that are drawn anew for every batch: for tasks that can be generated without end."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from zoo.data.generation import STEPPED, teacher_forced_batches


class Fresh(keras.utils.PyDataset):
    """Batches that are never seen twice. Batch i of epoch e is a pure function of `(seed, e, i)`.

    Args:
        draw: (size, random) -> the raw examples of one batch, each of that size, as `make_generation_splits` takes
            them.
        vocabularies: by input name.
        sizes: from the smallest to the largest; batches take turns.
        batches: of an epoch, at least 2.
        seed: of the draws.
    Raises:
        ValueError: sizes that are none, or fewer than 2 batches.
    """

    def __init__(
        self,
        draw: Callable[[int, np.random.Generator], list[dict[str, Any]]],
        vocabularies: Mapping[str, Any],
        *,
        sizes: tuple[int, int],
        batches: int,
        seed: int = 0,
    ):
        super().__init__()
        if batches < 2 or not 1 <= sizes[0] <= sizes[1]:
            raise ValueError(
                "`batches` is at least 2 and `sizes` go from a smallest to a largest. "
                f"Received: batches={batches}, sizes={sizes}"
            )
        self.draw, self.vocabularies, self.sizes = draw, vocabularies, tuple(sizes)
        self.batches, self.seed, self.epoch = batches, seed, 0

    def on_epoch_end(self) -> None:
        self.epoch += 1

    def __len__(self) -> int:
        return self.batches

    def __getitem__(self, index: int) -> tuple:
        least, most = self.sizes
        size = least + (self.epoch * self.batches + index) % (most - least + 1)
        examples = self.draw(size, np.random.default_rng([self.seed, self.epoch, index]))
        batches = teacher_forced_batches(examples, self.vocabularies, batch_size=len(examples), buckets=1)
        # Keras takes the shapes of a compiled step from the first two: whatever differs later must differ there.
        return _of_parity(1 - index, *batches[0]) if index < 2 else batches[0]


def _of_parity(parity: int, inputs: dict[str, np.ndarray], targets: np.ndarray, weights: np.ndarray) -> tuple:
    """The batch with padding until every number of steps is even (0) or odd (1)."""

    def pad(array, axes=1):
        more = [(0, (steps - parity) % 2) for steps in array.shape[1 : 1 + axes]]
        return np.pad(array, [(0, 0), *more] + [(0, 0)] * (array.ndim - 1 - axes))

    padded = {name: pad(inputs[name], 1 + (name == "wanted_alignment")) for name in inputs if name in STEPPED}
    return inputs | padded, pad(targets), pad(weights)
