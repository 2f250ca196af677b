"""A tag path chosen as a whole: the linear-chain conditional random field as a layer."""

from typing import Any

import keras
import numpy as np

from zoo.ops import crf

Tensor = Any  # of the backend in use

# What may follow a prefix; "<" stands before the first tag, ">" behind the last one.
_FOLLOWERS = {
    "BIO": {"<": "OB", "O": "OB>", "B": "OBI>", "I": "OBI>"},
    "BIOES": {"<": "OBS", "O": "OBS>", "B": "IE", "I": "IE", "E": "OBS>", "S": "OBS>"},
}
_CONTINUES = "IE"


def legal_transitions(names: list[str], scheme: str = "BIO") -> list[list[int]]:
    """Return which tag may follow which, the `allowed` of `ConditionalRandomField`.

    BIO: I-X only behind B-X or I-X. BIOES: besides, a span of several steps ends in E-X, a span of one step is S-X, and
    a sentence does not end inside a span. Prefixes without a kind ("B", "I", "E", "S", as in word segmentation) are
    spans of one nameless kind. The tags of the training data must keep to the scheme, or their likelihood is almost 0.

    Args:
        names: the tags in the order of their class ids ("O", "B-PER", "I-PER", ...).
        scheme: "BIO" or "BIOES".
    Returns:
        C + 1 lists of C + 1 numbers 0 or 1: row i, column j: whether tag j may follow tag i. The last row is the
        start, the last column the end; where they meet stands 0, which nothing reads.
    Raises:
        ValueError: unknown scheme, or a name that does not belong to it.
    """
    if scheme not in _FOLLOWERS:
        raise ValueError(f"`scheme` must be one of {sorted(_FOLLOWERS)}. Received: scheme={scheme!r}")
    followers = _FOLLOWERS[scheme]
    tags = [_split(name, scheme) for name in names]
    return [
        [int(_may_follow(before, after, followers)) for after in [*tags, (">", "")]] for before in [*tags, ("<", "")]
    ]


def _split(name: str, scheme: str) -> tuple[str, str]:
    prefix, _, kind = name.partition("-")
    if prefix not in scheme or len(prefix) != 1 or (prefix == "O" and name != "O"):
        raise ValueError(
            f"Tags of the scheme {scheme} are 'O' or one of its other letters, alone or followed by '-' and a kind. "
            f"Received: {name!r}. Rename the tags, or leave `allowed` out."
        )
    return prefix, kind


def _may_follow(before: tuple[str, str], after: tuple[str, str], followers: dict[str, str]) -> bool:
    same_span = after[0] not in _CONTINUES or after[1] == before[1]
    return after[0] in followers[before[0]] and same_span


@keras.saving.register_keras_serializable(package="zoo")
class ConditionalRandomField(keras.layers.Layer):
    """Scores whole tag paths, not single tags: transitions between neighbours, a start and an end are learned.

        score(y) = start[y_1] + sum_t scores[t, y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_S]
        loss = -log p(y | x) = log Z - score(y)

    The weights begin at zero, where the field is an independent softmax at each step. They, and everything computed
    from them, stay in float32 under mixed precision. What `allowed` forbids costs 1e4 nats both in the loss and in
    decoding, so no probability is spent on it; a length without any legal path decodes to the least illegal one.

    Args:
        classes: number of tags C.
        allowed: None, or C + 1 lists of C + 1 numbers 0 or 1: row i, column j: whether tag j may follow tag i;
            the last row is the start, the last column the end (see `legal_transitions`).
    Shapes:
        scores (B, S, C), mask (B, S) with True = real -> tags (B, S) int32, 0 on padding.
    Raises:
        ValueError: classes < 1, an `allowed` of another shape or with other numbers, scores of another width.
    Reference: Lafferty et al. 2001; arXiv:1603.01360 (Lample et al. 2016). Differs: start and end are their own
        weights, not two more tags, and illegal paths are excluded in training too.
    """

    def __init__(self, classes: int, *, allowed: list[list[int]] | None = None, **kwargs):
        # The scores must not be cast down on their way in.
        super().__init__(autocast=False, **kwargs)
        if classes < 1:
            raise ValueError(f"`classes` must be at least 1. Received: classes={classes}")
        self.classes = classes
        self.allowed = allowed
        self._penalties = _penalties(classes, allowed)

    def build(self, scores_shape):
        if scores_shape[-1] != self.classes:
            raise ValueError(
                f"The last axis of `scores` must be `classes`, {self.classes}. Received: shape {tuple(scores_shape)}. "
                f"Put a Dense({self.classes}) before this layer."
            )
        options = {"initializer": "zeros", "dtype": "float32", "autocast": False}
        self.transitions = self.add_weight(name="transitions", shape=(self.classes, self.classes), **options)
        self.start = self.add_weight(name="start", shape=(self.classes,), **options)
        self.end = self.add_weight(name="end", shape=(self.classes,), **options)

    def call(self, scores: Tensor, mask: Tensor) -> Tensor:
        """The best path by Viterbi, in training too: without the transitions a step's best tag means little, and an
        accuracy made of it would mislead."""
        return crf.viterbi(scores, mask, *self._tables())[0]

    def compute_output_spec(self, scores, mask):
        return keras.KerasTensor(scores.shape[:2], dtype="int32")

    def negative_log_likelihood(
        self, scores: Tensor, tags: Tensor, mask: Tensor, weights: Tensor | None = None
    ) -> Tensor:
        """log Z - score(tags), in nats per sequence; 0 for a fully padded row.

        With weights it is sum_t w_t (-log p(y_t | y_1 .. y_{t-1}, x)), which equal weights w make w (log Z - score).

        Shapes: scores (B, S, C), tags (B, S) int, mask (B, S), weights (B, S) float or None -> (B,) float32.
        Raises:
            ValueError: the layer has no weights yet.
        """
        if not self.built:
            raise ValueError(
                f"Layer {self.name!r} has no weights before it was called or built. Call it on scores and mask first."
            )
        if weights is None:
            return -crf.log_likelihood(scores, tags, mask, *self._tables())
        return -crf.weighted_log_likelihood(scores, tags, mask, weights, *self._tables())

    def _tables(self):
        """Transitions, start and end with the penalties of what is forbidden."""
        weights = (self.transitions, self.start, self.end)
        return [
            keras.ops.convert_to_tensor(weight) + keras.ops.convert_to_tensor(penalty)
            for weight, penalty in zip(weights, self._penalties, strict=True)
        ]


def _penalties(classes, allowed):
    """The 0/1 table as penalties (C, C), (C,), (C,) on transitions, start and end."""
    side = classes + 1
    if allowed is None:
        table = np.ones((side, side))
    else:
        if len(allowed) != side or any(len(row) != side for row in allowed):
            raise ValueError(
                f"`allowed` must be {side} lists of {side} numbers: one for each of the {classes} classes, "
                f"and the start (last row) or the end (last column). Received: {len(allowed)} lists of lengths "
                f"{sorted({len(row) for row in allowed})}"
            )
        table = np.array([[float(number) for number in row] for row in allowed])
    if not np.isin(table, (0.0, 1.0)).all():
        raise ValueError(f"`allowed` must hold only 0 and 1. Received: {sorted(set(table.ravel().tolist()))}")
    if not table[-1, :-1].any() or not table[:-1, -1].any():
        raise ValueError(
            "`allowed` must let at least one tag start (last row) and one tag end (last column). "
            f"Received: {table.astype(int).tolist()}"
        )
    penalties = ((1.0 - table) * crf.FORBIDDEN).astype("float32")
    return penalties[:-1, :-1], penalties[-1, :-1], penalties[:-1, -1]
