"""Rewards of whole outputs: plain Python, any metric."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.special_ids import PAD

# (outputs, examples) -> one number an output. Outputs are arrays of ids without start and end; examples are dicts by
# input name of what belongs to them, without padding, "target" being the true ids.
Reward = Callable[[list[np.ndarray], list[dict[str, np.ndarray]]], Sequence[float]]


def from_text_metric(metric: Callable[[list[str], list[str]], float], vocabulary: Any) -> Reward:
    """Return the reward of each output by a metric of texts.

        from_text_metric(text_metrics.bleu, vocabularies["target"]),    from_text_metric(lambda a, b: 1 -
        token_error(a, b), vocabulary)

    Args:
        metric: (outputs, targets), lists of texts, to a number; more is better.
        vocabulary: of the targets.
    """

    def reward(outputs, examples):
        pairs = zip(outputs, examples, strict=True)
        return [metric([text(output)], [text(example["target"])]) for output, example in pairs]

    def text(ids):
        if isinstance(vocabulary, CopyVocabulary):  # a copied token has no name here, but a distinct number
            names = [vocabulary.name(number) if number < len(vocabulary) else f"<{number}>" for number in ids]
            return vocabulary.join(names)
        return vocabulary.decode(ids)

    return reward


class RewardFunction:
    """A reward as the host function of a training step: unpads a batch, calls the reward, and validates its result.

    Args:
        reward: of outputs and examples.
        names: of the inputs, in the order they are passed.
    Attributes:
        error: the last error, which a compiled step may show only in part.
    """

    def __init__(self, reward: Reward, names: Sequence[str]):
        self.reward, self.names = reward, list(names)
        self.error: Exception | None = None

    def __call__(self, tokens, lengths, rows, *columns) -> np.ndarray:
        """(B, N, T), (B, N), (B,) 1 for real examples, and the inputs -> (B, N) float32, 0 where no example is."""
        try:
            return self._compute(tokens, lengths, rows, dict(zip(self.names, columns, strict=True)))
        except Exception as error:
            self.error = error
            raise

    def _compute(self, tokens, lengths, rows, columns):
        outputs, examples = [], []
        for row in np.flatnonzero(rows):
            example = {name: _without_padding(name, columns, row) for name in columns}
            for sample, length in zip(tokens[row], lengths[row], strict=True):
                outputs.append(sample[:length])
                examples.append(example)
        answers = np.asarray(self.reward(outputs, examples), "float64")
        if answers.shape != (len(outputs),):
            raise ValueError(
                f"A reward gives one number for each output, here {len(outputs)}. Received: shape {answers.shape}"
            )
        broken = np.flatnonzero(~np.isfinite(answers))
        if broken.size:
            raise ValueError(
                f"A reward is a finite number. Received: {answers[broken[0]]} for output {broken[0]} of the batch, "
                f"{outputs[broken[0]].tolist()}"
            )
        rewards = np.zeros(lengths.shape, "float32")
        rewards[np.flatnonzero(rows)] = answers.reshape(-1, lengths.shape[1])
        return rewards


def _without_padding(name: str, columns: Mapping[str, np.ndarray], row: int) -> np.ndarray:
    values = columns[name][row]
    if name == "target":  # as it is fed: the start, then the target
        return values[1:][values[1:] != PAD]
    if name == "source" and "source_lengths" in columns:
        return values[: columns["source_lengths"][row]]
    return values[values != PAD] if name in ("source", "source_as_target") else values
