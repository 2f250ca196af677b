from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy
from zoo.backend.without_gradients import without_gradients
from zoo.ops.logits import LOWEST
from zoo.ops.scan import scan
from zoo.training.objectives.training_objective import TrainingObjective

# Updates at which a schedule is checked before training.
CHECKED_UPDATES = (0, 1, 10, 100, 1000, 10**4, 10**5, 10**6)


class ScheduledSampling(TrainingObjective):
    """Trains an autoregressive model on its own samples, increasingly often.

        v_t = y_{t-1} with probability p(i), else a sample of p(. | v_1 .. v_{t-1}),        one draw a token
        loss = mean over t of -log p(y_t | v_1 .. v_t)

    i is the number of updates so far, v_1 is START. No gradient passes through the samples, so they are drawn first,
    step by step, and the gradient is that of one teacher-forced pass over v: the model's own loss with its penalties.
    Samples are drawn without dropout.

    Args:
        model: that emits tokens.
        schedule: p, of the number of updates: `Linear`, `Exponential`, `InverseSigmoid` of
            `zoo.training.objectives.sampling_schedules`, or a function of your own in keras.ops.
        seed: of the draws.
    Raises:
        ValueError: a schedule that leaves [0, 1]; a model that emits no tokens.
    Reference: Bengio et al. 2015, arXiv:1506.03099.
    """

    def __init__(
        self, model: keras.Model, schedule: Callable[[Any], Any], *, seed: int | None = None, name: str | None = None
    ):
        super().__init__(model, name=name)
        for update in CHECKED_UPDATES:
            probability = float(schedule(ops.convert_to_tensor(update, "int32")))
            if not 0 <= probability <= 1:
                raise ValueError(
                    "`schedule` gives the probability of the true token, a number from 0 to 1, at every update. "
                    f"Received: {probability} at update {update}, from {schedule}"
                )
        self.schedule = schedule
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.teacher_forcing = keras.metrics.Mean(name="teacher_forcing")
        self.training_metrics = [*self.validation_metrics, self.teacher_forcing]

    def training_loss(self, inputs, targets, sample_weight):
        mixed, is_true = self.mix(inputs, self.schedule(self.updates))
        weights = self.model.weigh(targets, sample_weight)
        self.teacher_forcing.update_state(ops.cast(is_true, "float32"), sample_weight=ops.cast(weights > 0, "float32"))
        inputs = {**inputs, "target": mixed}
        outputs = self.model(inputs, training=True)
        # Targets that the model forbids after its own samples (a position visited already) have no loss.
        is_possible = ops.cast(self.model.distribution.log_prob(outputs["scores"], targets) > LOWEST / 2, "float32")
        return self.model.data_loss(inputs, targets, outputs, weights * is_possible, training=True)[0]

    def mix(self, inputs: dict, probability) -> tuple:
        """Return `inputs["target"]` mixed with samples, and where it is the true token: (B, T), (B, T) bool."""
        target = inputs["target"]
        rows, steps = ops.shape(target)[0], ops.shape(target)[1]
        # Drawn before the loop: inside it, the generator's own variable cannot change on every backend.
        draws = keras.random.uniform((2, steps, rows), dtype="float32", seed=self.seed_generator)
        is_first = ops.expand_dims(ops.arange(steps, dtype="int32") == 0, -1)  # (T, 1)
        is_true = ops.logical_or(draws[0] < ops.cast(probability, "float32"), is_first)  # (T, B)
        noise = draws[1]

        def sample():
            context = self.model.encode(inputs)
            start = self.model.start(context, steps), self.model.distribution.start(rows)

            def step(carry, x):
                (state, sampled), (true, is_true, noise) = carry, x
                value = ops.where(is_true, true, sampled)  # (B,)
                scores, state, _ = self.model.step(value, state, context)
                drawn = self.model.distribution.sample(self.model.distribution.mask_special(scores), noise)
                return (state, ops.cast(drawn, sampled.dtype)), value

            return scan(step, start, (ops.cast(ops.transpose(target), "int32"), is_true, noise))[1]

        with without_gradients(self.model):
            mixed = with_dtype_policy(self.dtype_policy, sample)
        return ops.transpose(ops.stop_gradient(mixed)), ops.transpose(is_true)
