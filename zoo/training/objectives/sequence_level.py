from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from zoo.backend.host_callback import host_callback
from zoo.backend.replicas import all_reduce_sum
from zoo.backend.without_gradients import without_gradients
from zoo.decoding.greedy import Greedy
from zoo.decoding.sampling import Sampling
from zoo.lookup import lookup
from zoo.training.objectives.baselines import BASELINES, Rollout
from zoo.training.objectives.rewards import Reward, RewardFunction
from zoo.training.objectives.training_objective import TrainingObjective, repeat


@dataclass(frozen=True)
class Mixer:
    """How many first tokens are still the truth, by the number of updates: all, then `delta` fewer every so often.

        m(i) = length                                          while i < first
        m(i) = max(0, length - delta (1 + (i - first) // every))    then

    Args:
        length: of the longest output, its end included.
        first: updates by the truth alone.
        every: updates until the next `delta` tokens are left to the model.
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
        fewer = self.delta * (1 + ops.floor_divide(update - self.first, self.every))
        return ops.where(update < self.first, self.length, ops.maximum(self.length - fewer, 0))


class SequenceLevel(TrainingObjective):
    """Trains a generator by how good its whole outputs are (REINFORCE).

        y ~ p(. | x) for each of N samples, to the end,     A_t = R(y) - b_t
        loss = - mean over examples and samples of sum_t A_t log p(y_t | y_<t, x)

    whose gradient is on average that of - E[R(y)]. R is plain Python; no gradient passes through rewards or baselines.
    The end's own log-probability counts, nothing behind it does. Outputs are sampled without dropout, so leave dropout
    away, and begin with a trained model: from scratch, rewards of long outputs teach nothing.

    Args:
        model: of tokens.
        reward: see `zoo.training.objectives.rewards`.
        baseline: a name of `zoo.training.objectives.baselines.BASELINES` (self_critical, learned, moving_average,
            other_samples, none), or such a layer.
        samples: N.
        maximum_length: tokens of a sampled output, its end included.
        cross_entropy: weight of the model's own loss on the truth, added to this one.
        truth_first: a function of the number of updates: so many first tokens are the truth, trained by their
            log-probability, and the model goes on from them; see `Mixer`. None: no token.
        seed: of the draws.
    Attributes:
        told: the figures of training: `reward`, `baseline`, and the variances of R and of R - b within batches. In
            validation `reward` is that of greedy outputs.
    Raises:
        ValueError: an unknown baseline; samples or maximum_length < 1; from `fit` and `evaluate`, a reward that is not
            a finite number for every output.
    Reference: Williams 1992; Ranzato et al. 2016, arXiv:1511.06732; Rennie et al. 2017, arXiv:1612.00563 (greedy
        baseline); Wu et al. 2016, arXiv:1609.08144, equation 8 (with cross-entropy).
    """

    monitor = "val_reward"

    def __init__(
        self,
        model: keras.Model,
        reward: Reward,
        *,
        baseline: str | keras.layers.Layer = "self_critical",
        samples: int = 1,
        maximum_length: int = 100,
        cross_entropy: float = 0.0,
        truth_first: Callable[[Any], Any] | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(model, name=name)
        if samples < 1 or maximum_length < 1 or not cross_entropy >= 0:
            raise ValueError(
                "`samples` and `maximum_length` are at least 1, `cross_entropy` is 0 or above. "
                f"Received: {samples}, {maximum_length} and {cross_entropy}"
            )
        self.judge = RewardFunction(reward, [tensor.name for tensor in model.inputs])
        self.baseline = lookup("baseline", baseline, BASELINES)() if isinstance(baseline, str) else baseline
        self.baseline.build(model.output["hidden"].shape)
        self.samples, self.maximum_length = samples, maximum_length
        self.cross_entropy, self.truth_first = cross_entropy, truth_first
        self.sampling = Sampling(model, maximum_length=maximum_length)
        self.greedy = Greedy(model, maximum_length=maximum_length)
        self.seed_generator = keras.random.SeedGenerator(seed)
        names = ("reward", "baseline", "reward_variance", "advantage_variance")
        self.told = {name: keras.metrics.Mean(name=name) for name in names}
        self.training_figures = [*self.told.values(), *(self.figures if cross_entropy else [])]
        self.figures = [*self.figures, self.told["reward"]]

    def compile(self, optimizer=None, loss=None, **options):
        """As of the model inside. On TensorFlow a reward in Python cannot be compiled with XLA."""
        if keras.backend.backend() == "tensorflow":
            if options.get("jit_compile") is True:
                raise ValueError("A reward is plain Python, which XLA cannot compile: leave jit_compile away.")
            options["jit_compile"] = False
        super().compile(optimizer, loss, **options)

    def fit(self, *arguments, **options):
        with self._mistakes_told():
            return super().fit(*arguments, **options)

    def evaluate(self, *arguments, **options):
        with self._mistakes_told():
            return super().evaluate(*arguments, **options)

    @contextmanager
    def _mistakes_told(self):
        """The reward's own error instead of what the backend makes of it."""
        self.judge.mistake = None
        try:
            yield
        except Exception:
            if self.judge.mistake is not None:
                raise self.judge.mistake from None
            raise

    def data_loss(self, x, y, y_pred, sample_weight, training):
        loss = super().data_loss(x, y, y_pred, sample_weight, training)
        if not training:
            rows = ops.cast(ops.any(self.model.weigh(y, sample_weight) > 0, axis=-1), "float32")
            self.told["reward"].update_state(self._greedy_rewards(x, rows), sample_weight=rows)
        return loss

    def training_loss(self, inputs, targets, sample_weight):
        rows = ops.cast(ops.any(self.model.weigh(targets, sample_weight) > 0, axis=-1), "float32")
        truth = self._truth(inputs, targets)
        shape = (self.maximum_length, ops.shape(rows)[0] * self.samples)
        chances = keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)
        with without_gradients(self.model):
            said = self.sampling.decode({**inputs, "target": truth}, self.samples, chances)
        rewards = self._rewards(said, inputs, rows)
        loss = self.surrogate(inputs, said, rewards, rows, self._given(truth))
        if self.cross_entropy:
            plain = self.model(inputs, training=True)
            truth, _ = self.model.data_loss(inputs, targets, plain, sample_weight, training=True)
            loss = loss + self.cross_entropy * truth
        return loss

    def surrogate(self, inputs: dict, said: dict, rewards, rows, given=None):
        """The loss whose gradient is the estimate.

        Args:
            inputs: the model's, B rows.
            said: "tokens" (B, N, T), "lengths" and "finished" (B, N), as decoders give them.
            rewards: (B, N). rows: (B,), 1 for real examples.
            given: (B, T), 1 where the token was the truth; None: nowhere.
        """
        tokens = ops.reshape(said["tokens"], (-1, self.maximum_length))
        lengths, finished = (ops.reshape(said[name], (-1, 1)) for name in ("lengths", "finished"))
        places = ops.arange(self.maximum_length, dtype=lengths.dtype)
        distribution = self.model.distribution
        ended = ops.logical_and(ops.equal(places, lengths), finished)
        values = ops.where(ended, distribution.END, tokens)
        start = ops.expand_dims(distribution.start(ops.shape(tokens)[0]), -1)
        fed = ops.concatenate([start, ops.cast(values[:, :-1], start.dtype)], axis=1)
        answered = self.model(repeat(inputs, self.samples, fed), training=True)

        def by_sample(tensor):
            return ops.reshape(tensor, (-1, self.samples, *ops.shape(tensor)[1:]))

        real = by_sample(ops.cast(ops.logical_or(places < lengths, ended), "float32"))
        log_p = by_sample(distribution.log_prob(distribution.mask_special(answered["scores"]), values))
        rollout = Rollout(
            rewards, by_sample(answered["hidden"]), real, rows, lambda: self._greedy_rewards(inputs, rows)
        )
        baseline, own_loss = self.baseline.measure(rollout)
        advantage = ops.stop_gradient(ops.expand_dims(rewards, -1) - baseline)
        if given is not None:  # the truth is made likelier whatever the reward
            advantage = ops.where(ops.expand_dims(given, 1) > 0, 1.0, advantage)
        self._tell(rewards, baseline, rows)
        gain = ops.sum(advantage * ops.where(real > 0, log_p, 0.0), axis=-1)
        examples = ops.maximum(all_reduce_sum(rows), 1.0)
        return own_loss - ops.sum(ops.mean(gain, axis=1) * rows) / examples

    def _truth(self, inputs, targets):
        """The start, and the first tokens that are the truth, the end among them."""
        start = inputs["target"][:, :1]
        if self.truth_first is None:
            return start
        first = ops.where(ops.arange(ops.shape(targets)[1], dtype="int32") < self.truth_first(self.updates), targets, 0)
        return ops.concatenate([start, ops.cast(first, start.dtype)], axis=1)

    def _given(self, truth):
        if self.truth_first is None:
            return None
        width = self.maximum_length
        padded = ops.pad(truth[:, 1:], [[0, 0], [0, width]])[:, :width]
        return ops.cast(self.model.distribution.is_observed(padded), "float32")

    def _rewards(self, said, inputs, rows):
        columns = [inputs[name] for name in self.judge.names]
        shape = ops.shape(said["lengths"])
        return host_callback(self.judge, shape, said["tokens"], said["lengths"], rows, *columns)

    def _greedy_rewards(self, inputs, rows):
        with without_gradients(self.model):
            said = self.greedy.decode({**inputs, "target": inputs["target"][:, :1]}, 1)
        return self._rewards(said, inputs, rows)[:, 0]

    def _tell(self, rewards, baseline, rows):
        weights = ops.broadcast_to(ops.expand_dims(rows, -1), ops.shape(rewards))
        levels = ops.broadcast_to(ops.mean(baseline, axis=-1), ops.shape(rewards))
        count = ops.maximum(all_reduce_sum(weights), 1.0)

        def variance(values):
            mean = all_reduce_sum(values * weights) / count
            return all_reduce_sum(ops.square(values - mean) * weights) / count

        self.told["reward"].update_state(rewards, sample_weight=weights)
        self.told["baseline"].update_state(levels, sample_weight=weights)
        self.told["reward_variance"].update_state(variance(rewards))
        self.told["advantage_variance"].update_state(variance(rewards - levels))
