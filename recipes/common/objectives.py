"""How recipes train a generator otherwise than by the truth alone: scheduled sampling, and rewards of whole outputs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.data.splits import Splits
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.lookup import lookup
from zoo.models.pointer_network import PointerNetwork
from zoo.training.metrics import text_metrics
from zoo.training.objectives import rewards
from zoo.training.objectives.baselines import BASELINES
from zoo.training.objectives.sampling_schedules import Exponential, InverseSigmoid, Linear
from zoo.training.objectives.scheduled_sampling import ScheduledSampling
from zoo.training.objectives.sequence_level import Mixer, SequenceLevel

# By name, from the number of updates in which the truth becomes rare.
FEEDINGS = {
    "truth": lambda updates, end: None,
    "linear": lambda updates, end: Linear(steps=updates, end=end),
    "exponential": lambda updates, end: Exponential(0.5 ** (2 / updates), end),
    "inverse_sigmoid": lambda updates, end: InverseSigmoid(_half(updates / 2), end),
}


def of(named: Mapping[str, Callable[[Splits], rewards.Reward]]) -> Callable[..., keras.Model]:
    """A recipe's `regime`: what is fitted instead of its model alone. The command line reads its arguments.

    Args:
        named: what outputs can be rewarded by: from the recipe's splits to a reward.
    """

    def regime(
        model: keras.Model,
        splits: Splits,
        *,
        feeding: str = "truth",
        feeding_updates: int = 5000,
        feeding_end: float = 0.0,
        reward: str | None = None,
        baseline: str = "self_critical",
        samples: int = 1,
        longest: int = 100,
        cross_entropy: float = 0.0,
        mixer_updates: int = 0,
    ) -> keras.Model:
        """What is fitted.

        Args:
            feeding: what the decoder reads in training: truth, or ever more of its own words (scheduled sampling) as
                linear, exponential or inverse_sigmoid say.
            feeding_updates: updates until little of it is the truth: none (linear), a quarter (exponential); half of
                it after half of them (inverse_sigmoid).
            feeding_end: the least of it that stays the truth, a share.
            reward: train by the reward of whole outputs, not by the truth's likelihood; begin with a trained model
                (--start). A figure of the recipe.
            baseline: what rewards are measured against: self_critical, learned, moving_average, other_samples, none.
            samples: outputs sampled for each example.
            longest: tokens of a sampled output.
            cross_entropy: weight of the truth's likelihood beside the reward.
            mixer_updates: MIXER: every so many updates two more of the last tokens are left to the model; 0: all are.
        """
        lookup("feeding", feeding, FEEDINGS)
        learns_the_truth = reward is None or cross_entropy or mixer_updates
        if learns_the_truth and isinstance(model, PointerNetwork):
            model.check_targets(splits.raw)
        if reward is None:
            schedule = FEEDINGS[feeding](feeding_updates, feeding_end)
            return model if schedule is None else ScheduledSampling(model, schedule, seed=splits.train.seed)
        if feeding != "truth":
            raise ValueError(f"A reward needs no feeding: the model reads its own words. Received: feeding={feeding!r}")
        return SequenceLevel(
            model,
            lookup("reward", reward, named)(splits),
            baseline=lookup("baseline", baseline, BASELINES)(),
            samples=samples,
            maximum_length=longest,
            cross_entropy=cross_entropy,
            truth_first=Mixer(longest, 0, mixer_updates) if mixer_updates else None,
            seed=splits.train.seed,
        )

    return regime


def _half(updates: float) -> float:
    """k of an inverse sigmoid that is 1/2 at this update: k ln k = updates."""
    k = 2.0
    for _ in range(50):  # Newton's method
        k = max(1.0, k - (k * np.log(k) - updates) / (np.log(k) + 1))
    return float(k)


def of_positions(metric: Callable[[Sequence[list[int]], Sequence[dict[str, Any]]], float]) -> rewards.Reward:
    """The reward that a metric of (said positions, examples) gives each output by itself."""

    def reward(outputs, examples):
        answers = []
        for said, example in zip(outputs, examples, strict=True):
            true = [int(number) - PointerVocabulary.FIRST for number in example["target"]]
            answers.append(metric([[int(n) - PointerVocabulary.FIRST for n in said]], [{**example, "target": true}]))
        return answers

    return reward


def _of_texts(metric):
    return lambda splits: rewards.from_text_metric(metric, splits.vocabularies["target"])


of_texts = of(
    {
        "exact": _of_texts(text_metrics.exact),
        "bleu": _of_texts(lambda said, expected: text_metrics.bleu(said, expected) / 100),
        "token_error": _of_texts(lambda said, expected: 1 - text_metrics.token_error(said, expected)),
        "character_error": _of_texts(lambda said, expected: 1 - text_metrics.character_error(said, expected)),
    }
)
without_rewards = of({})
