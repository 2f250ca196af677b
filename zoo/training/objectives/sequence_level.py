from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from zoo.backend.host_callback import host_callback
from zoo.backend.without_gradients import without_gradients
from zoo.decoding.greedy import Greedy
from zoo.decoding.sampling import Sampling
from zoo.lookup import lookup
from zoo.ops.reinforce import reinforce_loss
from zoo.special_ids import END
from zoo.training.objectives.baselines import BASELINES
from zoo.training.objectives.rewards import Reward, RewardFunction
from zoo.training.objectives.rollout import Rollout
from zoo.training.objectives.training_objective import TrainingObjective, repeat


class SequenceLevel(TrainingObjective):
    """Trains an autoregressive model by rewards of its whole outputs (REINFORCE).

        y ~ p(. | x) for each of N samples, to the end,     A_t = R(y) - b_t
        loss = - mean over examples and samples of sum_t A_t log p(y_t | y_<t, x)

    whose gradient estimates that of - E[R(y)] without bias. R is plain Python; no gradient passes through rewards or
    baselines. The log-probability of the end counts, that of padding does not. Outputs are sampled without dropout, so
    train without dropout, and start from a trained model: from random weights, rewards of long outputs teach nothing.

    Args:
        model: that emits tokens.
        reward: see `zoo.training.objectives.rewards`.
        baseline: a name of `zoo.training.objectives.baselines.BASELINES` (self_critical, learned, moving_average,
            other_samples, none), or such a layer.
        samples: N.
        maximum_length: tokens of a sampled output, its end included.
        cross_entropy: weight of the cross-entropy of the targets, added to this loss.
        forced_tokens: a function of the number of updates: so many first tokens are those of the target, trained by
            their log-probability, and the model continues them; see `zoo.training.objectives.mixer`. None: no token.
        seed: of sampling.
    Attributes:
        reward_metrics: of training: `reward`, `baseline`, and the variances of R and of R - b within batches. In
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
        forced_tokens: Callable[[Any], Any] | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(model, name=name)
        if samples < 1 or maximum_length < 1 or not cross_entropy >= 0:
            raise ValueError(
                "`samples` and `maximum_length` are at least 1, `cross_entropy` is 0 or above. "
                f"Received: {samples}, {maximum_length} and {cross_entropy}"
            )
        self.reward_function = RewardFunction(reward, [tensor.name for tensor in model.inputs])
        self.baseline = lookup("baseline", baseline, BASELINES)() if isinstance(baseline, str) else baseline
        self.baseline.build(model.output["hidden"].shape)
        self.samples, self.maximum_length = samples, maximum_length
        self.cross_entropy, self.forced_tokens = cross_entropy, forced_tokens
        self.sampling = Sampling(model, maximum_length=maximum_length)
        self.greedy = Greedy(model, maximum_length=maximum_length)
        self.seed_generator = keras.random.SeedGenerator(seed)
        names = ("reward", "baseline", "reward_variance", "advantage_variance")
        self.reward_metrics = {name: keras.metrics.Mean(name=name) for name in names}
        self.training_metrics = [*self.reward_metrics.values(), *(self.validation_metrics if cross_entropy else [])]
        self.validation_metrics = [*self.validation_metrics, self.reward_metrics["reward"]]

    def compile(self, optimizer=None, loss=None, **options):
        """Compile as `TrainingObjective.compile` does; on TensorFlow without XLA, which cannot compile a reward in
        Python.
        """
        if keras.backend.backend() == "tensorflow":
            if options.get("jit_compile") is True:
                raise ValueError("A reward is plain Python, which XLA cannot compile: omit jit_compile.")
            options["jit_compile"] = False
        super().compile(optimizer, loss, **options)

    def fit(self, *arguments, **options):
        with self._reward_errors():
            return super().fit(*arguments, **options)

    def evaluate(self, *arguments, **options):
        with self._reward_errors():
            return super().evaluate(*arguments, **options)

    @contextmanager
    def _reward_errors(self):
        """Raise the error of the reward itself instead of the one that the backend wraps around it."""
        self.reward_function.error = None
        try:
            yield
        except Exception:
            if self.reward_function.error is not None:
                raise self.reward_function.error from None
            raise

    def data_loss(self, x, y, y_pred, sample_weight, training):
        loss = super().data_loss(x, y, y_pred, sample_weight, training)
        if not training:
            example_mask = self._example_mask(y, sample_weight)
            greedy_rewards = self._greedy_rewards(x, example_mask)
            self.reward_metrics["reward"].update_state(greedy_rewards, sample_weight=example_mask)
        return loss

    def training_loss(self, inputs, targets, sample_weight):
        example_mask = self._example_mask(targets, sample_weight)
        prefix = self._prefix(inputs, targets)
        shape = (self.maximum_length, ops.shape(example_mask)[0] * self.samples)
        noise = keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)
        with without_gradients(self.model):
            sampled = self.sampling.decode({**inputs, "target": prefix}, self.samples, noise)
        rewards = self._rewards(sampled, inputs, example_mask)
        loss = self.surrogate_loss(inputs, sampled, rewards, example_mask, self._is_forced(prefix))
        if self.cross_entropy:
            outputs = self.model(inputs, training=True)
            cross_entropy, _ = self.model.data_loss(inputs, targets, outputs, sample_weight, training=True)
            loss = loss + self.cross_entropy * cross_entropy
        return loss

    def surrogate_loss(self, inputs: dict, sampled: dict, rewards, example_mask, is_forced=None):
        """Return the loss whose gradient is the estimate.

        Args:
            inputs: of the model, B rows.
            sampled: "tokens" (B, N, T), "lengths" and "finished" (B, N), the result of a decoder.
            rewards: (B, N).
            example_mask: (B,), 1 for real examples.
            is_forced: (B, T), 1 where the token is that of the target; None: nowhere.
        """
        tokens = ops.reshape(sampled["tokens"], (-1, self.maximum_length))  # (B * N, T)
        lengths, finished = (ops.reshape(sampled[name], (-1, 1)) for name in ("lengths", "finished"))
        positions = ops.arange(self.maximum_length, dtype=lengths.dtype)
        is_end = ops.logical_and(ops.equal(positions, lengths), finished)
        values = ops.where(is_end, END, tokens)
        distribution = self.model.distribution
        start = ops.expand_dims(distribution.start(ops.shape(tokens)[0]), -1)
        target = ops.concatenate([start, ops.cast(values[:, :-1], start.dtype)], axis=1)
        outputs = self.model(repeat(inputs, self.samples, target), training=True)

        def by_sample(tensor):  # (B * N, ...) -> (B, N, ...)
            return ops.reshape(tensor, (-1, self.samples, *ops.shape(tensor)[1:]))

        mask = by_sample(ops.cast(ops.logical_or(positions < lengths, is_end), "float32"))  # (B, N, T)
        log_probs = by_sample(distribution.log_prob(distribution.mask_special(outputs["scores"]), values))
        rollout = Rollout(
            rewards=rewards,
            hidden=by_sample(outputs["hidden"]),
            mask=mask,
            example_mask=example_mask,
            greedy_rewards=lambda: self._greedy_rewards(inputs, example_mask),
        )
        baseline, baseline_loss = self.baseline.measure(rollout)
        advantages = ops.stop_gradient(ops.expand_dims(rewards, -1) - baseline)  # (B, N, 1) or (B, N, T)
        if is_forced is not None:  # tokens of the target become more probable whatever the reward
            advantages = ops.where(ops.expand_dims(is_forced, 1) > 0, 1.0, advantages)
        self._update_metrics(rollout, baseline)
        return baseline_loss + reinforce_loss(log_probs, advantages, mask, example_mask)

    def _example_mask(self, targets, sample_weight):
        """(B,) float32, 1 for examples with a token that counts."""
        return ops.cast(ops.any(self.model.weigh(targets, sample_weight) > 0, axis=-1), "float32")

    def _prefix(self, inputs, targets):
        """START and the first tokens of the target that are forced, its end among them: (B, 1) or (B, 1 + T)."""
        start = inputs["target"][:, :1]
        if self.forced_tokens is None:
            return start
        is_first = ops.arange(ops.shape(targets)[1], dtype="int32") < self.forced_tokens(self.updates)
        return ops.concatenate([start, ops.cast(ops.where(is_first, targets, 0), start.dtype)], axis=1)

    def _is_forced(self, prefix):
        if self.forced_tokens is None:
            return None
        padded = ops.pad(prefix[:, 1:], [[0, 0], [0, self.maximum_length]])[:, : self.maximum_length]
        return ops.cast(self.model.distribution.is_observed(padded), "float32")

    def _rewards(self, sampled, inputs, example_mask):
        columns = [inputs[name] for name in self.reward_function.names]
        shape = ops.shape(sampled["lengths"])
        return host_callback(self.reward_function, shape, sampled["tokens"], sampled["lengths"], example_mask, *columns)

    def _greedy_rewards(self, inputs, example_mask):
        with without_gradients(self.model):
            outputs = self.greedy.decode({**inputs, "target": inputs["target"][:, :1]}, 1)
        return self._rewards(outputs, inputs, example_mask)[:, 0]

    def _update_metrics(self, rollout: Rollout, baseline):
        mean_baseline = ops.broadcast_to(ops.mean(baseline, axis=-1), ops.shape(rollout.rewards))  # (B, N)
        weights = rollout.reward_weights()
        self.reward_metrics["reward"].update_state(rollout.rewards, sample_weight=weights)
        self.reward_metrics["baseline"].update_state(mean_baseline, sample_weight=weights)
        self.reward_metrics["reward_variance"].update_state(rollout.variance(rollout.rewards))
        self.reward_metrics["advantage_variance"].update_state(rollout.variance(rollout.rewards - mean_baseline))
