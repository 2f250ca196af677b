import math
from typing import Any

import keras
from keras import ops

from zoo.decoding.decoder import LENGTH_LIMIT, WIDTH_LIMIT
from zoo.decoding.greedy import Greedy, append_token
from zoo.decoding.one_step import Encode, Step
from zoo.ops.logits import keep_top_k, keep_top_p


@keras.saving.register_keras_serializable(package="zoo")
class Sampling(Greedy):
    """Draws every value from the model's distribution, with temperature, top-k and top-p (nucleus) truncation.

        y_t ~ softmax(scores_t / temperature), over the top_k likeliest, of these over the fewest that hold mass top_p

    Args:
        model: a `zoo.models.base.autoregressive_model.AutoregressiveModel`.
        temperature: below 1 sharper, above 1 flatter.
        top_k: only the k likeliest tokens; 0: all.
        top_p: only the fewest tokens whose probabilities (after temperature and top_k) add up to this; 1: all.
        seed: of the draws; the same seed gives the same outputs, call after call in the same order.
        samples: outputs an example.
        maximum_length, minimum_length, banned_tokens, no_repeat_ngram, allowed_next, length_limit: as in `Decoder`.
    Shapes:
        As in `Decoder` with N = samples; scores are log-probabilities under the model itself, as drawn, in no order.
    Raises:
        ValueError: a temperature that is not finite and above 0, top_p outside (0, 1], top_k below 0, samples outside
            1 .. WIDTH_LIMIT; top_k or top_p for a distribution that is not over tokens.
    Reference: Holtzman et al. 2020, arXiv:1904.09751.
    """

    def __init__(
        self,
        model: keras.Model,
        *,
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        samples: int = 1,
        maximum_length: int = 100,
        minimum_length: int = 0,
        banned_tokens: Any = (),
        no_repeat_ngram: int = 0,
        allowed_next: Any = None,
        length_limit: int = LENGTH_LIMIT,
        name: str | None = None,
    ):
        super().__init__(
            model,
            maximum_length=maximum_length,
            minimum_length=minimum_length,
            banned_tokens=banned_tokens,
            no_repeat_ngram=no_repeat_ngram,
            allowed_next=allowed_next,
            length_limit=length_limit,
            name=name,
        )
        if not 0 < temperature < math.inf:
            raise ValueError(
                f"`temperature` is finite and above 0; for the likeliest use Greedy. Received: {temperature}"
            )
        if not 0 < top_p <= 1:
            raise ValueError(f"`top_p` is a share in (0, 1]. Received: {top_p}")
        if top_k < 0 or samples < 1:
            raise ValueError(f"`top_k` is 0 or more, `samples` 1 or more. Received: {top_k} and {samples}")
        if samples > WIDTH_LIMIT:
            raise ValueError(
                f"`samples` is at most {WIDTH_LIMIT:,} at a time. Received: {samples:,}. Draw again with another seed."
            )
        if self.constraints is None and (top_k or top_p < 1):
            raise ValueError(
                f"top_k and top_p choose among tokens; this model emits {type(self.distribution).__name__}."
            )
        self.temperature, self.top_k, self.top_p, self.samples = temperature, top_k, top_p, samples
        self.seed_generator = keras.random.SeedGenerator(seed)

    def reset(self, seed: int | None) -> None:
        """Start the draws anew with a seed; None: a random one."""
        self.seed_generator.state.assign(keras.random.SeedGenerator(seed).state)

    def call(self, inputs):
        return self.decode(inputs, copies=self.samples)

    def draw_noise(self, rows):
        # Drawn before the loop: inside it, the generator's own variable cannot change on every backend.
        shape = (self.maximum_length, rows, *self.distribution.noise_shape)
        return keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)  # (T, R, ...)

    def select(self, scores, noise):
        scores = self.distribution.with_temperature(scores, self.temperature)
        if self.top_k:
            scores = keep_top_k(scores, self.top_k)
        if self.top_p < 1:
            scores = keep_top_p(scores, self.top_p)
        return self.distribution.sample(scores, noise)

    def tokens(self, inputs: dict):
        """Yield the token ids of one example as they are drawn, those of its prefix first; the end is not yielded.

        Raises:
            ValueError: the model emits no tokens.
        """
        self.require_tokens()
        prefix = self.prefix(inputs)
        encode, step = Encode(self.model, self.maximum_length), Step(self.model)
        state = encode({**inputs, "target": prefix})
        noise, value = self.draw_noise(1), prefix[:, 0]
        history = ops.zeros_like(prefix[:, 1:])
        for t in range(self.maximum_length):
            output = step({"token": value, **state})
            state |= output
            selected = self.next_value(output["scores"], value, t, history, noise[t])
            value = self.force_prefix(selected, prefix, t)
            history = append_token(history, value, t)
            if bool(self.distribution.is_end(value)[0]):
                return
            yield int(value[0])

    def require_tokens(self) -> None:
        """Raise ValueError for a model that emits frames."""
        if self.constraints is None:
            raise ValueError(
                f"Only tokens are streamed; this model emits {type(self.distribution).__name__}: use zoo.generate."
            )
