"""What an output may not say: checked for contradictions, then a function on the log-probabilities of every step."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from zoo.distributions.categorical import Categorical
from zoo.ops.logits import LOWEST, forbid, repeats


class Constraints:
    """Rules for the tokens of an output. Padding and start are never said; where the rules leave nothing to say (every
    token repeats an n-gram, and it is too early to end), the output ends all the same.

    Args:
        size: of the vocabulary, without what a source offers behind it.
        maximum_length: tokens an output may have, its end included.
        minimum_length: the end is forbidden before so many tokens.
        banned_tokens: ids never said.
        no_repeat_ngram: no n tokens in a row are said twice; 0: they may be.
        allowed_next: (V, V) of 0 and 1 or bool: whether token v (column) may follow token u (row; the start id's row
            tells what an output may begin with); None: all may.
        open: whether a source offers more tokens.
    Raises:
        ValueError: what cannot be kept, or contradicts something else, by name.
    """

    def __init__(
        self,
        size: int,
        *,
        maximum_length: int,
        minimum_length: int = 0,
        banned_tokens: Sequence[int] = (),
        no_repeat_ngram: int = 0,
        allowed_next=None,
        open: bool = False,
    ):
        if maximum_length < 1:
            raise ValueError(f"`maximum_length` must be at least 1. Received: {maximum_length}")
        if not 0 <= minimum_length < maximum_length:
            raise ValueError(
                "`minimum_length` (without the end) lies between 0 and `maximum_length` - 1. Received: "
                f"minimum_length={minimum_length}, maximum_length={maximum_length}"
            )
        if no_repeat_ngram < 0:
            raise ValueError(f"`no_repeat_ngram` is 0 or a number of tokens. Received: {no_repeat_ngram}")
        never = {Categorical.PAD, Categorical.START}
        for token in banned_tokens:
            if not 0 <= token < size:
                raise ValueError(f"`banned_tokens` are ids below {size}, the vocabulary's size. Received: {token}")
        if Categorical.END in banned_tokens:
            raise ValueError(
                f"`banned_tokens` holds {Categorical.END}, the end: no output could end. For longer outputs, raise "
                "`minimum_length`."
            )
        self.banned = np.zeros(size, bool)
        self.banned[[*never, *banned_tokens]] = True
        if not open and self.banned.sum() >= size - 1:
            raise ValueError("`banned_tokens` leaves no token to say but the end.")
        self.size, self.minimum_length, self.no_repeat_ngram = size, minimum_length, no_repeat_ngram
        self.open = open
        if open and allowed_next is not None:
            raise ValueError("`allowed_next` is a table of one vocabulary; here every source adds tokens of its own.")
        self.allowed = None if allowed_next is None else _allowed(allowed_next, size, self.banned)

    @property
    def reads_history(self) -> bool:
        """Whether all tokens so far are needed, and not the last one alone."""
        return self.no_repeat_ngram > 0

    def __call__(self, log_probs, last, t, history=None):
        """Forbids what may not be said as token t (from 0) after `last`: (R, V), (R,), (), (R, T) -> (R, V)."""
        size = ops.shape(log_probs)[-1]
        # What a source offers stands behind the vocabulary and is never banned.
        forbidden = ops.concatenate([self.banned, ops.zeros((size - self.size,), dtype="bool")])
        end = ops.arange(size, dtype="int32") == Categorical.END
        if self.minimum_length:
            forbidden = ops.logical_or(forbidden, ops.logical_and(end, t < self.minimum_length))
        if self.allowed is not None:
            forbidden = ops.logical_or(forbidden, ops.logical_not(ops.take(self.allowed, last, axis=0)))
        if self.no_repeat_ngram:
            forbidden = ops.logical_or(forbidden, repeats(history, t, self.no_repeat_ngram, size))
        forbidden = ops.broadcast_to(forbidden, ops.shape(log_probs))
        if self.open:  # nor may what the source at hand does not offer be said
            forbidden = ops.logical_or(forbidden, log_probs <= LOWEST / 2)
        # Where nothing may be said any more, the output ends.
        stuck = ops.logical_and(ops.all(forbidden, axis=-1, keepdims=True), end)
        return forbid(log_probs, ops.logical_and(forbidden, ops.logical_not(stuck)))

    def check_prefix(self, tokens: Sequence[int]) -> None:
        """Raises ValueError if a prefix (ids without the start) breaks a rule."""
        before = Categorical.START
        seen = set()
        for place, token in enumerate(map(int, tokens)):
            if token < self.size and self.banned[token]:
                raise ValueError(f"The prefix holds token {token} at place {place}, which is banned.")
            if self.allowed is not None and not self.allowed[before, token]:
                raise ValueError(
                    f"The prefix has token {token} after {before} at place {place}, which `allowed_next` forbids."
                )
            ngram = tuple(tokens[place + 1 - self.no_repeat_ngram : place + 1])
            if self.no_repeat_ngram and place + 1 >= self.no_repeat_ngram:
                if ngram in seen:
                    raise ValueError(f"The prefix repeats {ngram}, which `no_repeat_ngram` forbids.")
                seen.add(ngram)
            before = token


def _allowed(table, size, banned):
    allowed = np.asarray(keras.ops.convert_to_numpy(table)).astype(bool)
    if allowed.shape != (size, size):
        raise ValueError(
            f"`allowed_next` is a table ({size}, {size}): from each token to each. Received: {allowed.shape}"
        )
    if not (allowed[Categorical.START] & ~banned).any():
        raise ValueError("`allowed_next` lets nothing follow the start: its row of the start id allows no token.")
    reached = {Categorical.START}
    waiting = [Categorical.START]
    while waiting:
        row = allowed[waiting.pop()] & ~banned
        if not row.any():
            raise ValueError(
                "`allowed_next` and `banned_tokens` together lead to a token that nothing may follow, not even the "
                f"end: allow the end ({Categorical.END}) there."
            )
        for token in np.flatnonzero(row):
            if token != Categorical.END and token not in reached:
                reached.add(int(token))
                waiting.append(int(token))
    return allowed
