"""Scores of outputs by an autoregressive model: log-probabilities, perplexity, rescoring of n-best lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from zoo.backend.tracing import quiet_retracing
from zoo.data.batches.padded import Batches
from zoo.data.batches.teacher_forcing import teacher_forced, without_steps
from zoo.inference.codec import TextCodec
from zoo.inference.compiled import compiled


@dataclass(frozen=True)
class Score:
    """The score of one output.

    Args:
        log_probability: of the whole, its end included, in nats.
        tokens: how many, the end included; of frames how many frames.
        token_log_probabilities: one a token.
    """

    log_probability: float
    tokens: int
    token_log_probabilities: np.ndarray

    @property
    def perplexity(self) -> float:
        """exp(-log_probability / tokens)."""
        return float(np.exp(-self.log_probability / self.tokens))


def score(
    model: Any,
    examples: Sequence[Any],
    *,
    vocabularies: Mapping[str, Any] | None = None,
    batch_size: int = 32,
) -> list[Score]:
    """Scores outputs for any number of examples, and answers in their order.

        zoo.score(run, [{"source": "A man sleeps.", "target": "Ein Mann schläft."}])[0].perplexity
        zoo.score(language_model, ["to be or not to be"])[0].log_probability

    Args:
        model: a generating model, or a run that holds one.
        examples: dicts by input name with the "target"; for a model that reads nothing, texts alone.
        vocabularies: by input name; those of the run if None. Ids without.
        batch_size: examples at a time.
    Raises:
        TypeError: one text instead of a list. ValueError: an example that cannot be encoded, by its position.
    """
    if isinstance(examples, str):
        raise TypeError(f"`examples` is a list. Received one text: {examples[:40]!r}. Put it in a list.")
    task = TextCodec.of(model, vocabularies)
    examples = [one if isinstance(one, dict) else {"target": one} for one in examples]
    if not examples:
        return []
    columns = task.inputs(examples)
    for number, example in enumerate(examples):
        if "target" not in example:
            raise ValueError(f"Example {number} has no target to score. Received: {list(example)}")
    pairs = [teacher_forced(values) for values in task.targets(examples)]
    batches = Batches(
        {**columns, "target": [shifted for shifted, _ in pairs]},
        [target for _, target in pairs],
        batch_size=batch_size,
        fixed=without_steps(columns),
        aligned=True,
        rounded=True,
    )
    scorer = compiled(task.model, "score", lambda: SequenceScorer(task.model))
    scores: list[Any] = [None] * len(examples)
    for index in range(len(batches)):
        inputs, targets, _ = batches[index]
        with quiet_retracing():
            gains = np.asarray(scorer.predict_on_batch({"inputs": inputs, "target": targets}))
        for slot, row in enumerate(batches.indices(index)):
            own = gains[slot, : len(pairs[row][1])]
            scores[row] = Score(float(own.sum(dtype="float64")), len(own), own)
    return scores


def rescore(
    model: Any,
    lists: Sequence[Sequence[tuple[str, float]]],
    *,
    weight: float = 1.0,
    length_bonus: float = 0.0,
    vocabularies: Mapping[str, Any] | None = None,
) -> list[list[tuple[str, float]]]:
    """Ranks n-best lists anew with a language model.

        score' = score + weight log p(text) + length_bonus |text|

    Args:
        model: a language model, or a run that holds one.
        lists: for each input its outputs as (text, score).
        weight: of the language model.
        length_bonus: added for every token, since every token costs.
        vocabularies: those of the run if None.
    Returns:
        The same lists with the new scores, best first; of equals the former order.
    """
    flat = [text for outputs in lists for text, _ in outputs]
    scores = iter(score(model, flat, vocabularies=vocabularies))
    ranked = []
    for outputs in lists:
        judged = []
        for text, old in outputs:
            new = next(scores)
            judged.append((text, old + weight * new.log_probability + length_bonus * new.tokens))
        ranked.append(sorted(judged, key=lambda pair: -pair[1]))
    return ranked


class SequenceScorer(keras.Model):
    """{"inputs": of a generating model, "target": (B, T, ...)} -> log-probabilities (B, T), nothing larger leaves
    it.
    """

    def __init__(self, model: keras.Model):
        super().__init__()
        self.model = model
        self.built = True

    def call(self, inputs):
        return self.model.distribution.log_prob(self.model(inputs["inputs"])["scores"], inputs["target"])
