"""Constraints on the tokens of an output, one object each, and `Constraints`, which applies them to every step."""

from collections.abc import Sequence
from typing import Protocol

import keras
import numpy as np
from keras import ops

from zoo.ops.logits import LOWEST, forbid, repeats
from zoo.special_ids import END, PAD, START


class Constraint(Protocol):
    """A rule that forbids tokens at a step."""

    def forbidden(self, size: int, last, t, history):
        """Return which tokens are forbidden as token t (from 0): bool, a shape that broadcasts to (R, V).

        Args:
            size: V, with the tokens that a source adds.
            last: (R,) the token before.
            t: () int32.
            history: (R, T) the tokens before t; None unless a constraint `reads_history`.
        """

    def check_prefix(self, tokens: Sequence[int]) -> None:
        """Raise ValueError if a prefix (ids without START) breaks the rule."""


class BannedTokens:
    """Tokens that are never emitted, PAD and START among them; those that a source adds are never banned."""

    def __init__(self, tokens: Sequence[int], size: int, *, has_copy_ids: bool):
        for token in tokens:
            if not 0 <= token < size:
                raise ValueError(f"`banned_tokens` are ids below {size}, the vocabulary's size. Received: {token}")
        if END in tokens:
            raise ValueError(
                f"`banned_tokens` holds {END}, the end: no output could end. For longer outputs, raise "
                "`minimum_length`."
            )
        self.banned = np.zeros(size, bool)
        self.banned[[PAD, START, *tokens]] = True
        if not has_copy_ids and self.banned.sum() >= size - 1:
            raise ValueError("`banned_tokens` leaves no token to emit but the end.")

    def forbidden(self, size, last, t, history):
        return ops.concatenate([self.banned, ops.zeros((size - len(self.banned),), dtype="bool")])  # (V,)

    def check_prefix(self, tokens):
        for position, token in enumerate(tokens):
            if token < len(self.banned) and self.banned[token]:
                raise ValueError(f"The prefix holds token {token} at position {position}, which is banned.")


class MinimumLength:
    """No END before a number of tokens."""

    def __init__(self, length: int):
        self.length = length

    def forbidden(self, size, last, t, history):
        return ops.logical_and(ops.arange(size, dtype="int32") == END, t < self.length)  # (V,)

    def check_prefix(self, tokens):
        pass  # END is in no prefix


class AllowedNext:
    """A table (V, V) of 0 and 1: whether token v (column) may follow token u (row); row START: whether it may be
    first.
    """

    def __init__(self, table, size: int, banned: np.ndarray):
        allowed = np.asarray(keras.ops.convert_to_numpy(table)).astype(bool)
        if allowed.shape != (size, size):
            raise ValueError(
                f"`allowed_next` is a table ({size}, {size}): from each token to each. Received: {allowed.shape}"
            )
        if not (allowed[START] & ~banned).any():
            raise ValueError("`allowed_next` lets nothing follow the start: its row of the start id allows no token.")
        reachable, waiting = {START}, [START]
        while waiting:
            row = allowed[waiting.pop()] & ~banned
            if not row.any():
                raise ValueError(
                    "`allowed_next` and `banned_tokens` together lead to a token that nothing may follow, not even the "
                    f"end: allow the end ({END}) there."
                )
            for token in np.flatnonzero(row):
                if token != END and token not in reachable:
                    reachable.add(int(token))
                    waiting.append(int(token))
        self.allowed = allowed

    def forbidden(self, size, last, t, history):
        return ops.logical_not(ops.take(self.allowed, last, axis=0))  # (R, V)

    def check_prefix(self, tokens):
        for position, (before, token) in enumerate(zip([START, *tokens], tokens, strict=False)):
            if not self.allowed[before, token]:
                raise ValueError(
                    f"The prefix has token {token} after {before} at position {position}, which `allowed_next` forbids."
                )


class NoRepeatNgram:
    """No n-gram occurs twice in an output."""

    def __init__(self, n: int):
        self.n = n

    def forbidden(self, size, last, t, history):
        return repeats(history, t, self.n, size)  # (R, V)

    def check_prefix(self, tokens):
        ngrams = [tuple(tokens[start : start + self.n]) for start in range(len(tokens) - self.n + 1)]
        for ngram in ngrams:
            if ngrams.count(ngram) > 1:
                raise ValueError(f"The prefix repeats {ngram}, which `no_repeat_ngram` forbids.")


class Constraints:
    """All constraints of a decoder.

    Where together they forbid every token (each would repeat an n-gram, and it is too early to end), the output ends.

    Args:
        size: V, without the tokens that a source adds.
        maximum_length: tokens of an output at most, END included.
        minimum_length: END is forbidden before so many tokens.
        banned_tokens: ids that are never emitted.
        no_repeat_ngram: no n-gram occurs twice; 0: n-grams may.
        allowed_next: see `AllowedNext`; None: any token may follow any.
        has_copy_ids: whether a source adds tokens to the vocabulary.
    Raises:
        ValueError: a constraint that cannot hold or contradicts another, by name.
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
        has_copy_ids: bool = False,
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
        banned = BannedTokens(banned_tokens, size, has_copy_ids=has_copy_ids)
        if has_copy_ids and allowed_next is not None:
            raise ValueError("`allowed_next` is a table of one vocabulary; here every source adds tokens of its own.")
        self.has_copy_ids, self.reads_history = has_copy_ids, no_repeat_ngram > 0
        self.constraints: list[Constraint] = [banned]
        if minimum_length:
            self.constraints.append(MinimumLength(minimum_length))
        if allowed_next is not None:
            self.constraints.append(AllowedNext(allowed_next, size, banned.banned))
        if no_repeat_ngram:
            self.constraints.append(NoRepeatNgram(no_repeat_ngram))

    def __call__(self, log_probs, last, t, history=None):
        """Forbid tokens as token t (from 0) after `last`: (R, V), (R,), (), (R, T) -> (R, V)."""
        size = ops.shape(log_probs)[-1]
        # Constraints that hold for all rows alike are joined as one row: a pass over (R, V) costs as much as a product.
        forbidden = ops.zeros((1, size), dtype="bool")  # (1, V), (R, V) with a constraint that depends on the row
        for constraint in self.constraints:
            forbidden = ops.logical_or(forbidden, constraint.forbidden(size, last, t, history))
        if self.has_copy_ids:  # tokens that the source of a row does not offer
            forbidden = ops.logical_or(forbidden, log_probs <= LOWEST / 2)
        is_end = ops.arange(size, dtype="int32") == END  # (V,)
        is_stuck = ops.all(forbidden, axis=-1, keepdims=True)  # (1 or R, 1)
        return forbid(log_probs, ops.logical_and(forbidden, ops.logical_not(ops.logical_and(is_stuck, is_end))))

    def check_prefix(self, tokens: Sequence[int]) -> None:
        """Raise ValueError if a prefix (ids without START) breaks a constraint."""
        ids = [int(token) for token in tokens]
        for constraint in self.constraints:
            constraint.check_prefix(ids)
