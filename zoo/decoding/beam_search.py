import math
from typing import Any, NamedTuple

import keras
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy
from zoo.decoding.decoder import LENGTH_LIMIT, WIDTH_LIMIT, Decoder
from zoo.decoding.greedy import append_token
from zoo.ops.logits import LOWEST, forbid, force_tokens, top_k
from zoo.ops.scan import scan
from zoo.ops.while_scan import while_scan
from zoo.special_ids import END


class Finished(NamedTuple):
    """The n best outputs so far, best first, each (B, N).

    Args:
        score, log_prob: by which they are ranked; of the whole output.
        time, beam: the step of its last token and the beam that emitted it, int32.
        is_finished: whether that token is END.
    """

    score: Any
    log_prob: Any
    time: Any
    beam: Any
    is_finished: Any


class SearchState(NamedTuple):
    """The state of the search, for B examples with K beams each.

    Args:
        t, token: () int32, steps taken; (B * K,) int32, the last token of each beam.
        model_state: nested tensors of the model, (B * K, ...).
        log_prob: (B, K); LOWEST where a beam is dead.
        finished: the n best outputs.
        history: (B * K, T) int32, the tokens so far; () unless a constraint reads them.
        coverage: (B * K, S), attention summed over the steps; () without a coverage penalty.
    """

    t: Any
    token: Any
    model_state: Any
    log_prob: Any
    finished: Finished
    history: Any
    coverage: Any


class SearchStep(NamedTuple):
    """A step of the search as it is stacked: (T, B, K) each, of `trace` (T, B, K, ...)."""

    token: Any
    parent: Any
    log_prob: Any
    trace: Any


@keras.saving.register_keras_serializable(package="zoo")
class BeamSearch(Decoder):
    """Keeps the K most probable hypotheses at every step, and the n best outputs that have ended.

        score(y) = log p(y | x) / lp(|y|) + cp(y)
        lp(L)    = ((5 + L) / 6)^length_penalty,     cp(y) = coverage_penalty sum_s log min(sum_t a_ts, 1)

    |y| counts the end. Of the K best continuations of a step, those that emit END leave the beam for the list of the n
    best with their score and length; the others are continued. So K = 1 is greedy search, and a K that holds all
    outputs is exhaustive search. The search ends when no live hypothesis can enter the n best any more (an admissible
    bound: its log-probability under the largest lp to come, and a cp of 0), or at `maximum_length`, where hypotheses
    that have not ended compete as they are, with `finished` False. Ties keep the order of the beams.

    Args:
        model: a `zoo.models.base.autoregressive_model.AutoregressiveModel` that emits tokens.
        beam_width: K.
        length_penalty: 0: none; above 0 longer outputs gain.
        coverage_penalty: above 0, outputs that leave source positions unattended lose; needs a model with attention.
        n_best: outputs an example.
        maximum_length, minimum_length, banned_tokens, no_repeat_ngram, allowed_next, length_limit: as in `Decoder`.
    Shapes:
        As in `Decoder` with N = n_best, best first; where fewer exist, scores are -1e30. And "search", the
        beams of every step: {"tokens", "parents" (B, T, K) int32, "log_probabilities" (B, T, K), "steps" (B,)}.
    Raises:
        ValueError: a distribution that is not over tokens; a beam_width above the vocabulary's size, above WIDTH_LIMIT
            or below n_best; penalties that are not finite, a negative coverage penalty; contradicting constraints.
    Reference: Wu et al. 2016, arXiv:1609.08144, section 7 (both penalties).
    """

    def __init__(
        self,
        model: keras.Model,
        *,
        beam_width: int = 5,
        length_penalty: float = 0.0,
        coverage_penalty: float = 0.0,
        n_best: int = 1,
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
        if self.constraints is None:
            raise ValueError(
                f"Beam search chooses among tokens; this model emits {type(self.distribution).__name__}: use Greedy or "
                "Sampling."
            )
        if not 1 <= n_best <= beam_width:
            raise ValueError(f"`n_best` lies between 1 and `beam_width`. Received: {n_best} and {beam_width}")
        if not self.distribution.has_copy_ids and beam_width > self.distribution.size:
            raise ValueError(
                f"`beam_width` is at most {self.distribution.size}, the size of the vocabulary. Received: {beam_width}"
            )
        if beam_width > WIDTH_LIMIT:
            raise ValueError(f"`beam_width` is at most {WIDTH_LIMIT:,}. Received: {beam_width:,}")
        if not math.isfinite(length_penalty):
            raise ValueError(f"`length_penalty` is a finite number. Received: {length_penalty}")
        if not 0 <= coverage_penalty < math.inf:
            raise ValueError(f"`coverage_penalty` is finite and 0 or above. Received: {coverage_penalty}")
        self.beam_width, self.n_best = beam_width, n_best
        self.length_penalty, self.coverage_penalty = length_penalty, coverage_penalty

    def call(self, inputs):
        return with_dtype_policy(self.dtype_policy, lambda: self._search(inputs))

    def _search(self, inputs):
        width, constraints = self.beam_width, self.constraints
        assert constraints is not None  # of tokens
        context, prefix, model_state = self.encode(inputs, copies=width)
        rows = ops.shape(prefix)[0] // width
        # All beams start alike: the first alone is alive.
        is_dead = ops.broadcast_to(ops.arange(width, dtype="int32") > 0, (rows, width))  # (B, K)
        start = SearchState(
            t=ops.convert_to_tensor(0, "int32"),
            token=prefix[:, 0],
            model_state=model_state,
            log_prob=forbid(ops.zeros((rows, width), dtype="float32"), is_dead),
            finished=self._empty_finished(rows),
            history=ops.zeros_like(prefix[:, 1:]) if constraints.reads_history else (),
            coverage=self._zero_coverage(context) if self.coverage_penalty else (),
        )
        last, steps = while_scan(
            lambda state, t: self._step(state, t, context, prefix),
            start,
            self.maximum_length,
            lambda state: ops.any(self._can_improve(state)),
        )
        # Hypotheses that the maximum length cuts off compete as they are.
        is_cut = ops.logical_and(last.log_prob > LOWEST / 2, last.t >= self.maximum_length)  # (B, K)
        score = self._score(last.log_prob, last.t, last.coverage, context)
        best = self._insert(last.finished, is_cut, score, last.log_prob, last.t - 1, is_finished=False)
        tokens, trace = self._trace_back(steps, best)
        length = best.time + 1 - ops.cast(best.is_finished, "int32")  # (B, N)
        return {
            "tokens": tokens,
            "lengths": ops.where(best.score > LOWEST / 2, length, ops.zeros_like(length)),
            "scores": best.score,
            "log_probabilities": best.log_prob,
            "finished": best.is_finished,
            "trace": trace,
            "search": {
                "tokens": ops.moveaxis(steps.token, 0, 1),  # (B, T, K)
                "parents": ops.moveaxis(steps.parent, 0, 1),
                "log_probabilities": ops.moveaxis(steps.log_prob, 0, 1),
                "steps": ops.broadcast_to(last.t, (rows,)),
            },
        }

    def _step(self, state: SearchState, t, context, prefix):
        width = self.beam_width
        scores, model_state, trace = self.model.step(state.token, state.model_state, context)  # (B * K, V)
        unconstrained = self.distribution.log_probs(scores)
        assert self.constraints is not None  # of tokens
        history = state.history if self.constraints.reads_history else None
        log_probs = self.constraints(unconstrained, state.token, t, history)
        forced = ops.take(prefix, t + 1, axis=1)  # (B * K,)
        log_probs = force_tokens(log_probs, unconstrained, forced, self.distribution.is_observed(forced))
        if self.distribution.has_copy_ids:  # a small source may offer fewer than K tokens
            log_probs = ops.pad(log_probs, [[0, 0], [0, width]], constant_values=LOWEST)

        # The K best of every beam contain the K best of all.
        best, tokens = top_k(log_probs, width)  # (B * K, K)
        totals = ops.expand_dims(state.log_prob, -1) + ops.reshape(best, (-1, width, width))  # (B, K, K)
        log_prob, indices = top_k(ops.reshape(totals, (-1, width * width)), width)  # (B, K)
        parent = ops.cast(indices // width, "int32")
        tokens = ops.reshape(ops.cast(tokens, "int32"), (-1, width * width))
        token = ops.take_along_axis(tokens, indices, axis=1)  # (B, K)
        first_rows = ops.expand_dims(ops.arange(ops.shape(parent)[0], dtype="int32") * width, -1)
        parent_rows = ops.reshape(first_rows + parent, (-1,))  # (B * K,)

        def inherit(tensor):
            return ops.take(tensor, parent_rows, axis=0)

        is_alive = log_prob > LOWEST / 2
        is_end = ops.logical_and(is_alive, ops.equal(token, END))
        value = ops.reshape(token, (-1,))  # (B * K,)
        coverage = ()
        if self.coverage_penalty:
            coverage = inherit(state.coverage + ops.cast(trace["alignment"], "float32"))
        score = self._score(log_prob, t + 1, coverage, context)
        next_state = SearchState(
            t=t + 1,
            token=value,
            model_state=keras.tree.map_structure(inherit, model_state),
            log_prob=forbid(log_prob, ops.logical_or(is_end, ops.logical_not(is_alive))),
            finished=self._insert(state.finished, is_end, score, log_prob, t, is_finished=True),
            history=append_token(inherit(state.history), value, t) if self.constraints.reads_history else (),
            coverage=coverage,
        )
        by_beam = keras.tree.map_structure(lambda shown: ops.reshape(shown, (-1, width, *ops.shape(shown)[1:])), trace)
        return next_state, SearchStep(token, parent, ops.where(is_alive, log_prob, LOWEST), by_beam)

    def _score(self, log_prob, length, coverage, context):
        """Return log p / lp + cp: (B, K)."""
        score = log_prob / self._length_penalty(length)
        if self.coverage_penalty:
            log_coverage = ops.log(ops.clip(coverage, 1e-9, 1.0))  # (B * K, S)
            mask = context["memory"]["mask"]
            log_coverage = ops.sum(ops.where(mask, log_coverage, ops.zeros_like(log_coverage)), axis=-1)
            score = score + self.coverage_penalty * ops.reshape(log_coverage, ops.shape(score))
        return score

    def _length_penalty(self, length):
        """Return lp(L) = ((5 + L) / 6)^length_penalty."""
        return ((5.0 + ops.cast(length, "float32")) / 6.0) ** self.length_penalty

    def _zero_coverage(self, context):
        if "memory" not in context:
            raise ValueError("`coverage_penalty` needs a model with attention; this one has none. Use 0.")
        return ops.zeros_like(context["memory"]["mask"], dtype="float32")

    def _empty_finished(self, rows) -> Finished:
        lowest = ops.full((rows, self.n_best), LOWEST, dtype="float32")
        zero = ops.zeros((rows, self.n_best), dtype="int32")
        return Finished(score=lowest, log_prob=lowest, time=zero, beam=zero, is_finished=zero > 0)

    def _insert(self, finished: Finished, is_new, score, log_prob, t, *, is_finished: bool) -> Finished:
        """Insert the hypotheses of step t where `is_new` (B, K) into the n best; of equals the older stands first."""
        beam = ops.broadcast_to(ops.arange(self.beam_width, dtype="int32"), ops.shape(log_prob))
        new = Finished(
            score=forbid(score, ops.logical_not(is_new)),
            log_prob=log_prob,
            time=ops.zeros_like(beam) + t,
            beam=beam,
            is_finished=ops.full_like(is_new, is_finished),
        )
        joined = Finished(*(ops.concatenate(pair, axis=1) for pair in zip(finished, new, strict=True)))  # (B, N + K)
        _, indices = top_k(joined.score, self.n_best)  # (B, N)
        return Finished(*(ops.take_along_axis(tensor, indices, axis=1) for tensor in joined))

    def _can_improve(self, state: SearchState):
        """Return whether any live beam can still enter the n-best list (an admissible bound): (B,)."""
        # Log-probabilities are negative: the largest divisor gives the largest score.
        longest = self.maximum_length if self.length_penalty >= 0 else state.t
        bound = ops.max(state.log_prob, axis=1)
        bound = ops.where(bound > LOWEST / 2, bound / self._length_penalty(longest), bound)
        return ops.logical_and(bound > LOWEST / 2, bound > ops.min(state.finished.score, axis=1))

    def _trace_back(self, steps: SearchStep, best: Finished):
        """Follow the parents from the end of every output to its start: tokens (B, N, T), trace (B, N, T, ...)."""

        def step(beam, x):
            t, taken = x
            beam = ops.where(ops.equal(best.time, t), best.beam, beam)  # (B, N)
            is_within = best.time >= t
            token = ops.take_along_axis(taken.token, beam, axis=1)
            parent = ops.take_along_axis(taken.parent, beam, axis=1)
            is_token = ops.logical_and(is_within, ops.not_equal(token, END))

            def at_parent(tensor):  # (B, K, ...) -> (B, N, ...): the trace of the step from the parent
                ones = (1,) * (len(tensor.shape) - 2)
                shown = ops.take_along_axis(tensor, ops.reshape(parent, (-1, self.n_best, *ones)), axis=1)
                return ops.where(ops.reshape(is_within, (-1, self.n_best, *ones)), shown, ops.zeros_like(shown))

            trace = keras.tree.map_structure(at_parent, taken.trace)
            return ops.where(is_within, parent, beam), (ops.where(is_token, token, ops.zeros_like(token)), trace)

        times = ops.arange(self.maximum_length, dtype="int32")
        _, (tokens, trace) = scan(step, best.beam, (times, steps), reverse=True)  # (T, B, N)
        tokens, trace = keras.tree.map_structure(lambda tensor: ops.moveaxis(tensor, 0, 2), (tokens, trace))
        return ops.where(ops.expand_dims(best.score > LOWEST / 2, -1), tokens, ops.zeros_like(tokens)), trace
