from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy
from zoo.backend.without_gradients import without_gradients
from zoo.ops.logits import LOWEST
from zoo.ops.scan import scan
from zoo.training.objectives.training_objective import TrainingObjective

# Updates at which a schedule is looked at before it is believed.
LOOKED_AT = (0, 1, 10, 100, 1000, 10**4, 10**5, 10**6)


class ScheduledSampling(TrainingObjective):
    """Trains a generator on what it says itself, more and more often.

        v_t = y_{t-1} with probability p(i), else a draw from p(. | v_1 .. v_{t-1}),        one coin a token
        loss = mean over t of -log p(y_t | v_1 .. v_t)

    i is the number of updates so far, v_1 always the start. No gradient passes through the draws, so they are made
    first, step by step, and the gradient is that of one teacher-forced pass over v: the model's own loss, penalties and
    all. The draws are made without dropout.

    Args:
        model: of tokens.
        schedule: p, of the number of updates: `Linear`, `Exponential`, `InverseSigmoid` of
            `zoo.training.objectives.sampling_schedules`, or a function of your own in keras.ops.
        seed: of coins and draws.
    Raises:
        ValueError: a schedule that leaves [0, 1]; a model that says no tokens.
    Reference: Bengio et al. 2015, arXiv:1506.03099.
    """

    def __init__(
        self, model: keras.Model, schedule: Callable[[Any], Any], *, seed: int | None = None, name: str | None = None
    ):
        super().__init__(model, name=name)
        for update in LOOKED_AT:
            probability = float(schedule(ops.convert_to_tensor(update, "int32")))
            if not 0 <= probability <= 1:
                raise ValueError(
                    "`schedule` gives the probability of the true token, a number from 0 to 1, at every update. "
                    f"Received: {probability} at update {update}, from {schedule}"
                )
        self.schedule = schedule
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.truth = keras.metrics.Mean(name="truth_fed")
        self.training_figures = [*self.figures, self.truth]

    def training_loss(self, inputs, targets, sample_weight):
        fed, real = self.feed(inputs, self.schedule(self.updates))
        weights = self.model.weigh(targets, sample_weight)
        self.truth.update_state(ops.cast(real, "float32"), sample_weight=ops.cast(weights > 0, "float32"))
        inputs = {**inputs, "target": fed}
        said = self.model(inputs, training=True)
        # What a model rules out after its own draws (a place visited already) is nothing to learn from.
        possible = ops.cast(self.model.distribution.log_prob(said["scores"], targets) > LOWEST / 2, "float32")
        return self.model.data_loss(inputs, targets, said, weights * possible, training=True)[0]

    def feed(self, inputs: dict, probability) -> tuple:
        """What the model is fed instead of `inputs["target"]`, and where it is the truth: (B, T), (B, T) bool."""
        target = inputs["target"]
        rows, steps = ops.shape(target)[0], ops.shape(target)[1]
        # Drawn before the loop: inside it, the generator's own variable cannot change on every backend.
        draws = keras.random.uniform((2, steps, rows), dtype="float32", seed=self.seed_generator)
        coins, chances = draws[0], draws[1]
        truly = ops.logical_or(
            coins < ops.cast(probability, "float32"), ops.expand_dims(ops.arange(steps, dtype="int32") == 0, -1)
        )

        def read():
            context = self.model.encode(inputs)
            start = {"state": self.model.start(context, steps), "own": self.model.distribution.start(rows)}

            def step(carry, x):
                true, truly, chance = x
                value = ops.where(truly, true, carry["own"])
                scores, state, _ = self.model.step(value, carry["state"], context)
                own = self.model.distribution.sample(self.model.distribution.mask_special(scores), chance)
                return {"state": state, "own": ops.cast(own, carry["own"].dtype)}, value

            return scan(step, start, (ops.cast(ops.transpose(target), "int32"), truly, chances))[1]

        with without_gradients(self.model):
            fed = with_dtype_policy(self.dtype_policy, read)
        return ops.transpose(ops.stop_gradient(fed)), ops.transpose(truly)
