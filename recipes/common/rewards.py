"""Rewards of whole outputs, which recipes offer by name: of texts, and of positions."""

from collections.abc import Callable, Sequence
from typing import Any

from zoo.data.splits import Splits
from zoo.special_ids import FIRST
from zoo.training.metrics import text_metrics
from zoo.training.objectives import rewards


def position_reward(metric: Callable[[Sequence[list[int]], Sequence[dict[str, Any]]], float]) -> rewards.Reward:
    """Return the reward that a metric of (predicted positions, examples) gives each output by itself."""

    def reward(outputs, examples):
        values = []
        for output, example in zip(outputs, examples, strict=True):
            target = [int(number) - FIRST for number in example["target"]]
            values.append(metric([[int(number) - FIRST for number in output]], [{**example, "target": target}]))
        return values

    return reward


def _of_text(metric: Callable[..., float]) -> Callable[[Splits], rewards.Reward]:
    return lambda splits: rewards.from_text_metric(metric, splits.vocabularies["target"])


TEXT_REWARDS = {
    "exact": _of_text(text_metrics.exact),
    "bleu": _of_text(lambda texts, references: text_metrics.bleu(texts, references) / 100),
    "token_error": _of_text(lambda texts, references: 1 - text_metrics.token_error(texts, references)),
    "character_error": _of_text(lambda texts, references: 1 - text_metrics.character_error(texts, references)),
}
