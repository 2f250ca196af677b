"""Training objectives by the arguments of recipes: scheduled sampling, and rewards of whole outputs."""

from collections.abc import Callable, Mapping
from typing import Any

import keras

from zoo.data.splits import Splits
from zoo.lookup import lookup
from zoo.models.pointer_network import PointerNetwork
from zoo.training.objectives.baselines import BASELINES
from zoo.training.objectives.mixer import Mixer
from zoo.training.objectives.sampling_schedules import SAMPLING_SCHEDULES
from zoo.training.objectives.scheduled_sampling import ScheduledSampling
from zoo.training.objectives.sequence_level import SequenceLevel


def make_objective(
    model: keras.Model,
    splits: Splits,
    rewards: Mapping[str, Callable[[Splits], Any]],
    *,
    scheduled_sampling: str | None = None,
    sampling_decay_steps: int = 5000,
    teacher_forcing_floor: float = 0.0,
    reward: str | None = None,
    baseline: str = "self_critical",
    samples: int = 1,
    reward_maximum_length: int = 100,
    cross_entropy: float = 0.0,
    mixer_updates: int = 0,
) -> keras.Model:
    """Return what is fitted: the model, or a training objective around it that shares its weights.

    Args:
        model, splits: of the recipe.
        rewards: the rewards of the recipe by name, each a function from the splits.
        scheduled_sampling: how the share of true tokens that the decoder reads falls, the rest being its own: linear,
            exponential or inverse_sigmoid; none: teacher forcing.
        sampling_decay_steps: updates until that share is 0 (linear) or a quarter (exponential); it is a half after half
            of them (inverse_sigmoid).
        teacher_forcing_floor: the least share of true tokens.
        reward: train by a reward of whole outputs, not by the likelihood of the targets; start from a trained model
            (--init-from). A name of the recipe's rewards.
        baseline: of the reward: self_critical, learned, moving_average, other_samples or none.
        samples: outputs sampled for each example (with a reward).
        reward_maximum_length: tokens of a sampled output.
        cross_entropy: weight of the likelihood of the targets beside the reward.
        mixer_updates: MIXER: after every so many updates two more of the last tokens are sampled; 0: all are at once.
    Raises:
        UnknownNameError: a name of none of these.
        ValueError: a reward with scheduled sampling; targets that the model cannot emit.
    """
    uses_targets = reward is None or cross_entropy or mixer_updates
    if uses_targets and isinstance(model, PointerNetwork):
        model.check_targets(splits.raw)
    if reward is None:
        if scheduled_sampling is None:
            return model
        make: Any = lookup("scheduled_sampling", scheduled_sampling, SAMPLING_SCHEDULES)
        schedule = make(sampling_decay_steps, teacher_forcing_floor)
        return ScheduledSampling(model, schedule, seed=splits.train.seed)
    if scheduled_sampling is not None:
        raise ValueError(
            "A reward is of the model's own tokens, which leaves nothing to scheduled sampling. Received: reward="
            f"{reward!r} and scheduled_sampling={scheduled_sampling!r}. Omit one of them."
        )
    return SequenceLevel(
        model,
        lookup("reward", reward, rewards)(splits),
        baseline=lookup("baseline", baseline, BASELINES)(),
        samples=samples,
        maximum_length=reward_maximum_length,
        cross_entropy=cross_entropy,
        forced_tokens=Mixer(reward_maximum_length, 0, mixer_updates) if mixer_updates else None,
        seed=splits.train.seed,
    )
