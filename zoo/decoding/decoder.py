from typing import Any

import keras
from keras import ops

from zoo.decoding.constraints import Constraints
from zoo.distributions.categorical import Categorical

# The largest maximum_length: memory for all steps is allocated before the first.
LENGTH_LIMIT = 100_000
# Rows that are decoded for one example, at most.
WIDTH_LIMIT = 10_000


class Decoder(keras.Model):
    """Base class of decoders: a Keras model over an autoregressive model.

    `call` runs the model's `encode` and `start` and a loop of its `step`s, so `predict` compiles the whole search, and
    an exported decoder contains the loop. Its inputs are those of the model; "target" is the prefix that an output
    begins with, padded on the right, START in its first column; without it there is no prefix.

    Args:
        model: a `zoo.models.base.autoregressive_model.AutoregressiveModel`.
        maximum_length: tokens (or frames) of an output, its prefix and its end included.
        minimum_length: no end before so many tokens.
        banned_tokens: ids that are never emitted.
        no_repeat_ngram: no n-gram of this length occurs twice in an output; 0: n-grams may repeat.
        allowed_next: (V, V), whether token v may follow token u; None: all may.
        length_limit: the largest maximum_length; a larger one is refused, as memory grows with it.
    Shapes:
        inputs by name -> a dict, for N outputs an example: "tokens" (B, N, T) int32, 0 after the last (frames (B, N, T,
        D), padding after the last); "lengths" (B, N); "scores" (B, N), by which outputs are ranked; "log_probabilities"
        (B, N), of the whole output, its end included; "finished" (B, N), whether the end was emitted; "trace", a dict
        of (B, N, T, ...).
    Raises:
        ValueError: constraints that contradict each other; constraints for a distribution that is not over tokens; a
            maximum_length below 1 or above the limit.
    """

    def __init__(
        self,
        model: keras.Model,
        *,
        maximum_length: int = 100,
        minimum_length: int = 0,
        banned_tokens: Any = (),
        no_repeat_ngram: int = 0,
        allowed_next: Any = None,
        length_limit: int = LENGTH_LIMIT,
        name: str | None = None,
    ):
        super().__init__(name=name, dtype=model.dtype_policy)  # the model computes in its own precision
        if maximum_length < 1:
            raise ValueError(f"`maximum_length` must be at least 1. Received: {maximum_length}")
        if maximum_length > length_limit:
            raise ValueError(
                f"`maximum_length` is at most {length_limit:,} (`length_limit`), as memory for so many steps is "
                f"allocated before the first. Received: {maximum_length:,}. Lower it, or raise `length_limit`."
            )
        self.model = model
        self.maximum_length = maximum_length
        self.distribution = model.distribution
        self.constraints = None
        if isinstance(self.distribution, Categorical):
            self.constraints = Constraints(
                self.distribution.size,
                maximum_length=maximum_length,
                minimum_length=minimum_length,
                banned_tokens=banned_tokens,
                no_repeat_ngram=no_repeat_ngram,
                allowed_next=allowed_next,
                has_copy_ids=self.distribution.has_copy_ids,
            )
        elif minimum_length or len(banned_tokens) or no_repeat_ngram or allowed_next is not None:
            raise ValueError(
                f"Constraints are about tokens. This model emits {type(self.distribution).__name__}: omit them."
            )
        self.built = True

    def prefix(self, inputs: dict):
        """Return the prefixes, START first, padded: (B, maximum_length + 1) or (B, maximum_length + 1, D)."""
        target = inputs.get("target")
        if target is None:
            target = ops.expand_dims(
                self.distribution.start(ops.shape(next(iter(inputs.values())))[0]), 1
            )  # (B, 1, ..)
        target = ops.cast(target, keras.backend.standardize_dtype(self.distribution.start(1).dtype))
        shape = (ops.shape(target)[0], self.maximum_length, *target.shape[2:])
        padding = ops.full(shape, self.distribution.padding, dtype=target.dtype)
        padded = ops.concatenate([target, padding], axis=1)[:, : self.maximum_length + 1]
        # Restore the static length, which tracing loses when the length of the prefix is unknown.
        return ops.reshape(padded, (shape[0], self.maximum_length + 1, *shape[2:]))

    def encode(self, inputs: dict, copies: int):
        """Return the context, the prefix and the model's first state, with each example repeated `copies` times."""
        prefix = self.prefix(inputs)
        context = self.model.encode({**inputs, "target": prefix})
        if copies > 1:
            context, prefix = keras.tree.map_structure(
                lambda tensor: ops.repeat(tensor, copies, axis=0), (context, prefix)
            )  # (B * copies, ...)
        return context, prefix, self.model.start(context, self.maximum_length)
