"""The arithmetic of the linear-chain conditional random field (Lafferty et al. 2001; Lample et al. 2016).

    score(y) = start[y_1] + sum_t scores[t, y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_S]
    p(y | x) = exp(score(y) - log Z),        log Z = log sum_y exp(score(y))

Everything is computed in float32, whatever the dtype of the scores: sums of many exponentials do not survive bfloat16.
A forbidden start, transition or end carries a large finite penalty (`FORBIDDEN`), never -inf, whose gradient is NaN.
Padding stands on the right. What stands there never matters, and a fully padded row gives 0.

Shapes, in every function: scores (B, S, C); tags (B, S) int; mask (B, S), True = real; transitions (C, C) from -> to;
start (C,); end (C,). B batch, S steps (at least one), C classes.
"""

from typing import Any

from keras import ops

from zoo.ops.scan import scan

Tensor = Any  # of the backend in use

# Outweighs any score a network gives; small enough that float32 still distinguishes scores added to one of them.
FORBIDDEN = -1e4


def path_score(scores: Tensor, tags: Tensor, mask: Tensor, transitions: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """score(y): the unnormalised log-probability of one tag path. -> (B,) float32."""
    scores, mask, transitions, start, end = _prepare(scores, mask, transitions, start, end)
    tags = _real_tags(tags, mask)
    steps = _step_scores(scores, tags, transitions, start)
    end_scores = ops.take(end, tags, axis=0)
    # Each term counts only where its own step is real; a step is the last one if padding or nothing follows.
    is_last = ops.logical_and(mask, ops.logical_not(ops.concatenate([mask[:, 1:], _false(mask)], axis=1)))
    return ops.sum(ops.where(mask, steps, 0.0), axis=1) + ops.sum(ops.where(is_last, end_scores, 0.0), axis=1)


def log_partition(scores: Tensor, mask: Tensor, transitions: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """log Z by the forward recursion. -> (B,) float32. Its gradient by the scores is p(y_t = c | x).

    alpha_t[j] = scores[t, j] + log sum_i exp(alpha_{t-1}[i] + transitions[i, j])
    log Z = log sum_j exp(alpha_S[j] + end[j])
    """
    scores, mask, transitions, start, end = _prepare(scores, mask, transitions, start, end)

    def step(alpha, inputs):
        emitted, moves = inputs
        # (B, from, 1) + (from, to) -> (B, to)
        moved = ops.logsumexp(ops.expand_dims(alpha, -1) + transitions, axis=1)
        # Padding hands the last real alpha on. The second value is never read: scan stacks something on every backend.
        alpha = ops.where(ops.expand_dims(moves, -1), moved + emitted, alpha)
        return alpha, moves

    alpha, _ = scan(step, start + scores[:, 0], _time_first(scores, mask))
    return ops.where(mask[:, 0], ops.logsumexp(alpha + end, axis=-1), 0.0)


def log_likelihood(
    scores: Tensor, tags: Tensor, mask: Tensor, transitions: Tensor, start: Tensor, end: Tensor
) -> Tensor:
    """log p(y | x) = score(y) - log Z, in nats per sequence. -> (B,) float32."""
    return path_score(scores, tags, mask, transitions, start, end) - log_partition(
        scores, mask, transitions, start, end
    )


def weighted_log_likelihood(
    scores: Tensor, tags: Tensor, mask: Tensor, weights: Tensor, transitions: Tensor, start: Tensor, end: Tensor
) -> Tensor:
    """sum_t w_t log p(y_t | y_1 .. y_{t-1}, x): each tag, given those before it, has a weight. -> (B,) float32.

    log p(y_t | y_{t-1}, x) = scores[t, y_t] + transitions[y_{t-1}, y_t] + beta_t[y_t] - beta_{t-1}[y_{t-1}]
    log p(y_1 | x)          = scores[1, y_1] + start[y_1] + beta_1[y_1] - log Z
    beta_t[i] = log sum_j exp(transitions[i, j] + scores[t+1, j] + beta_{t+1}[j]),    beta_S = end

    The sum over all t is log p(y | x), so equal weights w give w log p(y | x). Weights (B, S) float; those of padding
    do not matter.
    """
    scores, mask, transitions, start, end = _prepare(scores, mask, transitions, start, end)
    tags, weights = _real_tags(tags, mask), ops.where(mask, ops.cast(weights, "float32"), 0.0)
    betas = _backward_messages(scores, mask, transitions, end)
    log_z = ops.logsumexp(start + scores[:, 0] + betas[:, 0], axis=-1)  # (B,)
    following = ops.concatenate([weights[:, 1:], ops.zeros_like(weights[:, :1])], axis=1)
    # Summed by parts: the betas between equal weights cancel exactly.
    terms = weights * _step_scores(scores, tags, transitions, start) + (weights - following) * _pick(betas, tags)
    return ops.sum(terms, axis=1) - weights[:, 0] * log_z


def viterbi(scores: Tensor, mask: Tensor, transitions: Tensor, start: Tensor, end: Tensor) -> tuple[Tensor, Tensor]:
    """The path of the highest score. -> tags (B, S) int32, 0 on padding; its score (B,) float32.

    delta_t[j] = scores[t, j] + max_i (delta_{t-1}[i] + transitions[i, j]), with back-pointers to the i that won;
    a second scan, from the last step to the first, follows them. Among equal paths the smaller last tag wins, and so
    on towards the first.
    """
    scores, mask, transitions, start, end = _prepare(scores, mask, transitions, start, end)
    stay = ops.expand_dims(ops.arange(scores.shape[-1], dtype="int32"), 0)

    def forward(delta, inputs):
        emitted, moves = inputs
        moves = ops.expand_dims(moves, -1)
        candidates = ops.expand_dims(delta, -1) + transitions  # (B, from, to)
        pointers = ops.where(moves, ops.cast(ops.argmax(candidates, axis=1), "int32"), stay)
        delta = ops.where(moves, ops.max(candidates, axis=1) + emitted, delta)
        return delta, pointers

    def backward(tag, pointers):
        # The pointers of step t name the tag of t - 1. On padding they point to themselves.
        before = ops.squeeze(ops.take_along_axis(pointers, ops.expand_dims(tag, -1), axis=-1), axis=-1)
        return before, tag

    delta, pointers = scan(forward, start + scores[:, 0], _time_first(scores, mask))
    delta = delta + end
    last = ops.cast(ops.argmax(delta, axis=-1), "int32")
    _, tags = scan(backward, last, pointers, reverse=True)
    tags = ops.where(mask, ops.transpose(tags), 0)
    return tags, ops.where(mask[:, 0], ops.max(delta, axis=-1), 0.0)


def _prepare(scores, mask, transitions, start, end):
    mask = ops.cast(mask, "bool")
    scores = ops.where(ops.expand_dims(mask, -1), ops.cast(scores, "float32"), 0.0)
    return scores, mask, *(ops.cast(table, "float32") for table in (transitions, start, end))


def _real_tags(tags, mask):
    """Tags as int32, 0 on padding, which may hold ids that no table has."""
    return ops.where(mask, ops.cast(tags, "int32"), 0)


def _pick(table, tags):
    """The entry of each step's tag: (B, S, C), (B, S) -> (B, S)."""
    return ops.squeeze(ops.take_along_axis(table, ops.expand_dims(tags, -1), axis=-1), axis=-1)


def _step_scores(scores, tags, transitions, start):
    """What each step adds to the score of a path, without the end: (B, S)."""
    moved = ops.take(ops.reshape(transitions, (-1,)), tags[:, :-1] * scores.shape[-1] + tags[:, 1:], axis=0)
    entered = ops.concatenate([ops.take(start, tags[:, :1], axis=0), moved], axis=1)
    return _pick(scores, tags) + entered


def _backward_messages(scores, mask, transitions, end):
    """beta_t[i] of `weighted_log_likelihood`: (B, S, C), `end` at the last real step and on padding."""

    def step(beta, inputs):
        emitted, is_real = inputs  # of the step behind
        # (from, to) + (B, 1, to) -> (B, from)
        moved = ops.logsumexp(transitions + ops.expand_dims(emitted + beta, 1), axis=-1)
        beta = ops.where(ops.expand_dims(is_real, -1), moved, end)
        return beta, beta

    emitted = ops.concatenate([scores[:, 1:], ops.zeros_like(scores[:, :1])], axis=1)
    is_real = ops.concatenate([mask[:, 1:], _false(mask)], axis=1)
    inputs = ops.transpose(emitted, (1, 0, 2)), ops.transpose(is_real)
    _, betas = scan(step, end + ops.zeros_like(scores[:, 0]), inputs, reverse=True)
    return ops.transpose(betas, (1, 0, 2))


def _false(mask):
    return ops.zeros_like(mask[:, :1])


def _time_first(scores, mask):
    """What the scans read: (S, B, C) scores and (S, B) whether a real step is entered from a real one.

    The first step enters from `start` and stands in the carry already. It is scanned all the same, as a step that
    moves nothing, so that a sequence of one step needs no path of its own.
    """
    moves = ops.concatenate([_false(mask), mask[:, 1:]], axis=1)
    return ops.transpose(scores, (1, 0, 2)), ops.transpose(moves)
