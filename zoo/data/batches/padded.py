"""Batches of examples of different lengths in a few fixed shapes, the same on every backend."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data.batches.buckets import FAR, make_buckets, round_rows, round_shapes, show_lengths
from zoo.data.batches.epochs import EpochBatches

# Steps of a batch, padding included, and by how many times those of the longest may be more than those of others: of
# longer examples a batch has fewer rows, or one of them would cost the memory of all.
MAX_BATCH_STEPS, MAX_RATIO = 200_000, 10
# Steps of an example, unless more are allowed.
MAX_STEPS = 100_000
# Inputs of what generates that have steps: those of the source, and those of the target.
STEPPED = ("source", "source_as_target", "target", "target_alignment")


class Batches(EpochBatches):
    """Examples in batches of few shapes: every example is padded to the smallest of a few lengths that holds it.

    A compiled model is compiled again for every new shape. So all batches of one bucket have the identical shape
    (batch_size, length, ...), and the last one is filled up with empty rows of `sample_weight` 0. Batches are made when
    they are asked for; the examples are never copied as a whole.

    What generates reads an input "target" beside its source: the two have steps of their own, and a bucket has a length
    for each. Its inputs are always a dict.

    The order of an epoch is a pure function of `(seed, epoch)`, see `zoo.data.batches.epochs`. Pass `shuffle=False` to
    `fit`: Keras otherwise visits the batches in an order of its own, drawn from Python's global generator.

    The loss that Keras prints is the mean over batches, however few real rows one has; `weighted_metrics` are
    exact for one target an example; for one a step use `zoo.training.metrics.step_accuracy`, which counts every step
    alike. Models of `zoo` that map take `class_weight` beside these weights; others take
    `zoo.models.base.class_weights.ClassWeighted`.

    Args:
        inputs: examples by the name of the model's input ("tokens", "characters", "frames", "source"), each of shape
            (S, ...). An example has the same S in all of them. Only "target" is (T, ...), "target_alignment" is (T, S),
            and those in `fixed` are (...).
        targets: one target an example; None to predict.
        batch_size: rows of every batch; fewer of examples of more than `FAR` steps, where the batch would have more
            than `MAX_BATCH_STEPS`, or more than `MAX_RATIO` times those of all shorter ones.
        buckets: at most this many shapes, taken from the quantiles of the number of steps (S + T of an example with
            both); the last holds the longest example. Examples far longer than all others have a shape of their own.
        shuffle: new order every epoch, of rows within their bucket and of batches.
        seed: of the shuffling.
        aligned: True if targets have the steps of their example: (S,) or (S, K); beside an input "target", its steps:
            (T,) or (T, K). They are padded with it.
        lengths: True to add the input "lengths" to "frames" even if all examples are of one length.
        fixed: names of the inputs without steps: a label, a vector.
        tokens: budget of steps a batch, instead of `batch_size`: tokens // (S + T) rows, at least 1, where S and T are
            the lengths of the bucket.
        maximum_steps: of an example (S + T); a longer one is refused, as a model's memory grows with it.
        rounded: True to round lengths and rows up, so that batches of other examples have the same few shapes. Padding
            then stands also behind the longest example.
    Shapes:
        batch i is `(inputs, targets, sample_weight)`, without targets `(inputs,)`. One input is the plain array
        (B, S, ...), several are a dict, and so is "target" alone. "lengths" (B,). Targets (B, ...) with weights (B,),
        aligned (B, S, ...) or (B, T, ...) with weights (B, S) or (B, T). Whole numbers are int32, all others float32.
    Raises:
        ValueError: no examples, an empty or too long example, or lengths or shapes that do not belong together.
    """

    def __init__(
        self,
        inputs: Mapping[str, Sequence[np.ndarray]],
        targets: Sequence[Any] | None = None,
        *,
        batch_size: int = 32,
        buckets: int = 4,
        shuffle: bool = False,
        seed: int = 0,
        aligned: bool = False,
        lengths: bool = False,
        fixed: Sequence[str] = (),
        tokens: int | None = None,
        maximum_steps: int = MAX_STEPS,
        rounded: bool = False,
    ):
        super().__init__()
        if min(batch_size, buckets, 1 if tokens is None else tokens) < 1:
            raise ValueError(
                "batch_size, buckets and tokens must be at least 1, "
                f"received: {batch_size}, {buckets}{'' if tokens is None else f' and {tokens}'}."
            )
        if lengths and "frames" not in inputs:
            raise ValueError(f'lengths=True adds lengths to the input "frames", received the inputs: {list(inputs)}.')
        self.inputs: dict[str, Sequence[np.ndarray]] = dict(inputs)
        self.targets: Any = targets
        self.batch_size, self.shuffle, self.seed, self.aligned = batch_size, shuffle, seed, aligned
        self.fixed, self.tokens, self.maximum_steps = tuple(fixed), tokens, maximum_steps
        self._steps = _check(self.inputs, targets, aligned, self.fixed)
        longest = int(self._steps.sum(axis=1).argmax())
        if (count := int(self._steps[longest].sum())) > maximum_steps:
            raise ValueError(
                f"example {longest} must have at most {maximum_steps:,} steps, received: {count:,}. Cut it into parts, "
                "or raise maximum_steps."
            )
        self._dtypes = {name: _dtype(name, column) for name, column in self.inputs.items()}
        if targets is not None:
            self._dtypes["targets"] = _dtype("targets", targets)
        self._has_lengths = "frames" in inputs and (lengths or len(set(self._steps[:, 0])) > 1)
        self._buckets = make_buckets(self._steps, buckets)
        if rounded:
            self._buckets = round_shapes(self._buckets)
            self.batch_size = min(batch_size, round_rows(len(self._steps)))
        *shorter, _ = sorted(sum(shape) for shape, _ in self._buckets)
        self._most_steps = min(MAX_BATCH_STEPS, MAX_RATIO * batch_size * shorter[-1] if shorter else MAX_BATCH_STEPS)
        self.epoch = 0

    @classmethod
    def join(cls, parts: Sequence["Batches"]) -> "Batches":
        """All examples of several batches, one after the other, in the form of the last, and not shuffled."""
        last = parts[-1]
        return cls(
            {name: [example for part in parts for example in part.inputs[name]] for name in last.inputs},
            None if last.targets is None else [target for part in parts for target in part.targets],
            batch_size=last.batch_size,
            aligned=last.aligned,
            lengths=last._has_lengths,
            fixed=last.fixed,
            tokens=last.tokens,
            maximum_steps=last.maximum_steps,
        )

    @property
    def examples(self) -> int:
        """Number of real examples."""
        return len(self._steps)

    def _arrange(self, epoch: int) -> None:
        random = np.random.default_rng([self.seed, epoch])
        plan = []
        for shape, rows in self._buckets:
            rows = random.permutation(rows) if self.shuffle else rows
            size = self._rows(shape)
            plan += [(shape, rows[start : start + size]) for start in range(0, len(rows), size)]
        if self.shuffle:
            plan = [plan[index] for index in random.permutation(len(plan))]
        self._plan = show_lengths(plan)

    def __len__(self) -> int:
        return len(self._plan)

    def indices(self, index: int) -> np.ndarray:
        """Numbers of the examples in batch `index`, row by row; the rows after them are filling."""
        return self._plan[index][1]

    def __getitem__(self, index: int) -> tuple:
        shape, rows = self._plan[index]
        inputs = {name: self._pad(name, column, rows, shape) for name, column in self.inputs.items()}
        steps = np.zeros((self._rows(shape), len(shape)), "int32")
        steps[: len(rows)] = self._steps[rows]
        if self._has_lengths:
            inputs["lengths"] = steps[:, 0]
        taken = inputs if len(inputs) > 1 or "target" in inputs else inputs.popitem()[1]
        if self.targets is None:
            return (taken,)
        targets = self._pad("targets", self.targets, rows, shape)
        real = np.arange(shape[-1]) < steps[:, -1:] if self.aligned else steps[:, 0] > 0
        return taken, targets, real.astype("float32")

    def _rows(self, shape: tuple[int, ...]) -> int:
        steps = sum(shape)
        if self.tokens is not None:
            return max(1, self.tokens // steps)
        return self.batch_size if steps <= FAR else min(self.batch_size, max(1, self._most_steps // steps))

    def _pad(self, name: str, column: Sequence[Any], rows: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Stacks rows of a column to (B, length, ...), or to (B, ...) where it has no steps."""
        axes = _axes(name, self.aligned, self.fixed)
        inner = (*(shape[axis] for axis in axes), *np.shape(column[rows[0]])[len(axes) :])
        padded = np.zeros((self._rows(shape), *inner), self._dtypes[name])
        for index, row in enumerate(rows):
            filled: Any = [slice(steps) for steps in np.shape(column[row])[: len(axes)]]
            padded[(index, *filled)] = column[row]
        return padded


def _axes(name: str, aligned: bool, fixed: Sequence[str]) -> tuple[int, ...]:
    """Which of the lengths of an example, (source, target) or the only one, a column's first axes have."""
    if name in fixed or (name == "targets" and not aligned):
        return ()
    return {"target": (-1,), "targets": (-1,), "target_alignment": (-1, 0)}.get(name, (0,))


def _check(
    inputs: dict[str, Sequence[np.ndarray]], targets: Sequence[Any] | None, aligned: bool, fixed: Sequence[str]
) -> np.ndarray:
    """Returns the lengths of every example (N, K), after making sure that all columns agree on them."""
    if not inputs or not len(next(iter(inputs.values()))):
        raise ValueError("Batches need at least one input with at least one example, received none.")
    stepped = sorted((name for name in inputs if name not in fixed), key="target".__eq__)
    if not stepped or not set(fixed) <= set(inputs):
        raise ValueError(
            f"fixed names the inputs without steps, and one with steps must remain, received: fixed {list(fixed)} of "
            f"the inputs {list(inputs)}."
        )
    # The first source and the target define the steps of an example; all others follow them.
    leaders = list(dict.fromkeys([stepped[0], *({"target"} & set(stepped))]))
    columns = inputs if targets is None else inputs | {"targets": targets}
    first, examples = leaders[0], inputs[leaders[0]]
    for name, column in columns.items():
        if len(column) != len(examples):
            raise ValueError(
                f"inputs and targets must pair up, received: {len(examples)} {first}, {len(column)} {name}."
            )
    steps = np.array([[_length(name, row) for row in inputs[name]] for name in leaders]).T
    if not steps.all():
        raise ValueError(
            f"every example needs at least one step, received: example {steps.all(axis=1).argmin()} without. Drop it."
        )
    for name, column in columns.items():
        axes = _axes(name, aligned, fixed)
        shape = np.shape(column[0])[len(axes) :]
        for number, example in enumerate(column):
            for index, axis in enumerate(axes):
                if np.ndim(example) <= index or np.shape(example)[index] != steps[number, axis]:
                    raise ValueError(
                        f"example {number}: {name} must have as many steps as {leaders[axis]}, received: "
                        f"{np.shape(example)[index] if np.ndim(example) else 'one value'} and {steps[number, axis]}. "
                        "Targets of one value an example take aligned=False, inputs of one value fixed=[name]."
                    )
            if np.shape(example)[len(axes) :] != shape:
                raise ValueError(
                    f"example {number}: {name} must have the shape of example 0 {'at every step ' * bool(axes)}"
                    f"{shape}, received: {np.shape(example)[len(axes) :]}. Targets a step take aligned=True."
                )
    return steps


def _length(name: str, example: Any) -> int:
    if np.ndim(example) == 0:
        raise ValueError(f"{name} must have steps, received: one value, {example!r}. Name it in fixed=[{name!r}].")
    return len(example)


def _dtype(name: str, column: Sequence[Any]) -> str:
    kinds = {column.dtype.kind} if isinstance(column, np.ndarray) else {np.asarray(row).dtype.kind for row in column}
    if not kinds <= set("biuf"):
        raise ValueError(f"{name} must be numbers, received: {column[0]!r}. Encode texts and labels with a vocabulary.")
    return "float32" if "f" in kinds else "int32"
