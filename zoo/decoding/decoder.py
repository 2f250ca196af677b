from typing import Any

import keras
from keras import ops

from zoo.decoding.constraints import Constraints
from zoo.distributions.categorical import Categorical

# Steps of an output unless more are allowed: room for all of them is taken before the first.
LENGTH_LIMIT = 100_000
# Rows that are decoded for one example, at most.
WIDTH_LIMIT = 10_000


class Decoder(keras.Model):
    """What every decoder is: a Keras model over one that can step
    (`zoo.models.base.autoregressive_model.AutoregressiveModel`).

    `call` runs `encode`, `start` and a loop of `step`s, so `predict` compiles the whole search, and an exported one
    holds the loop. It takes the model's inputs; "target" is the prefix to go on from, padded on the right, its first
    column the start; left out, there is none.

    Args:
        model: what steps.
        maximum_length: tokens (or frames) of an output, its prefix and its end included.
        minimum_length: no end before so many tokens.
        banned_tokens: ids never said.
        no_repeat_ngram: no n tokens in a row are said twice; 0: they may be.
        allowed_next: (V, V), whether token v may follow token u; None: all may.
        length_limit: the largest maximum_length: more than this is taken for a mistake, as memory grows with it.
    Shapes:
        inputs by name -> a dict, for N outputs an example: "tokens" (B, N, T) int32, 0 after the last (frames (B, N, T,
        D), -1); "lengths" (B, N); "scores" (B, N), what they are ranked by; "log_probabilities" (B, N), of the whole,
        the end included; "finished" (B, N), whether the end was said; "trace", a dict of (B, N, T, ...).
    Raises:
        ValueError: constraints that contradict each other; constraints on an output that is no token; a maximum_length
            below 1 or above the limit.
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
        super().__init__(name=name, dtype=model.dtype_policy)  # what it calls computes in the model's own precision
        if maximum_length < 1:
            raise ValueError(f"`maximum_length` must be at least 1. Received: {maximum_length}")
        if maximum_length > length_limit:
            raise ValueError(
                f"`maximum_length` is at most {length_limit:,} (`length_limit`), as room for so many steps is taken "
                f"before the first. Received: {maximum_length:,}. Lower it, or raise `length_limit`."
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
                open=self.distribution.has_copy_ids,
            )
        elif minimum_length or len(banned_tokens) or no_repeat_ngram or allowed_next is not None:
            raise ValueError(
                f"Constraints are about tokens. This model says {type(self.distribution).__name__}: leave them away."
            )
        self.built = True

    def prefix(self, inputs: dict):
        """The values given beforehand: (B, maximum_length + 1, ...), the start first, padded."""
        target = inputs.get("target")
        if target is None:
            target = ops.expand_dims(self.distribution.start(ops.shape(next(iter(inputs.values())))[0]), 1)
        target = ops.cast(target, keras.backend.standardize_dtype(self.distribution.start(1).dtype))
        shape = (ops.shape(target)[0], self.maximum_length, *target.shape[2:])
        padding = ops.full(shape, self.distribution.PAD, dtype=target.dtype)
        whole = ops.concatenate([target, padding], axis=1)[:, : self.maximum_length + 1]
        # Of prefixes of any length a compiled step forgets that the whole has one.
        return ops.reshape(whole, (shape[0], self.maximum_length + 1, *shape[2:]))

    def encode(self, inputs: dict, copies: int):
        """The context and the first state, each example `copies` times in a row."""
        prefix = self.prefix(inputs)
        context = self.model.encode({**inputs, "target": prefix})
        if copies > 1:
            context, prefix = keras.tree.map_structure(
                lambda tensor: ops.repeat(tensor, copies, axis=0), (context, prefix)
            )
        return context, prefix, self.model.start(context, self.maximum_length)
