import math
from typing import Any

import keras
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy
from zoo.decoding.decoder import LENGTH_LIMIT, WIDTH_LIMIT, Decoder
from zoo.distributions.categorical import Categorical
from zoo.ops.logits import LOWEST, forbid, one_hot_bool, top_k
from zoo.ops.scan import scan
from zoo.ops.while_scan import while_scan


@keras.saving.register_keras_serializable(package="zoo")
class BeamSearch(Decoder):
    """Keeps the K likeliest hypotheses at every step, and the n best outputs that have ended.

        score(y) = log p(y | x) / lp(|y|) + cp(y)
        lp(L)    = ((5 + L) / 6)^length_penalty,     cp(y) = coverage_penalty sum_s log min(sum_t a_ts, 1)

    |y| counts the end. Of the K best continuations of a step, those that say the end leave the beam for the list of
    the n best and keep their score and length; the others are continued. So K = 1 is greedy, and nothing is missed
    where K holds everything. The search ends when no live hypothesis can reach the worst of the n best any more (the
    bound is its own log-probability under the largest lp to come, and a cp of 0), or at `maximum_length`, where
    outputs that have not ended compete as they are, with `finished` False. Equal scores keep the order of the beams.

    Args:
        model: what steps; it must say tokens.
        beam_width: K.
        length_penalty: 0: none; above 0 longer outputs gain.
        coverage_penalty: above 0, outputs that leave source places unattended lose; needs a model with attention.
        n_best: outputs an example.
        maximum_length, minimum_length, banned_tokens, no_repeat_ngram, allowed_next, length_limit: as in `Decoder`.
    Shapes:
        As in `Decoder` with N = n_best, best first; where fewer exist, scores are -1e30. And "search": what was kept at
        every step, {"tokens", "parents" (B, T, K) int32, "log_probabilities" (B, T, K), "steps" (B,)}.
    Raises:
        ValueError: an output that is no token; a beam_width above the vocabulary's size, above WIDTH_LIMIT or below
            n_best; penalties that are not finite, a negative coverage penalty; contradicting constraints.
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
                f"Beam search chooses among tokens; this model says {type(self.distribution).__name__}: use Greedy or "
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
        width = self.beam_width
        context, prefix, state = self.encode(inputs, copies=width)
        rows = ops.shape(prefix)[0] // width
        only_first = ops.broadcast_to(ops.arange(width, dtype="int32") > 0, (rows, width))  # all beams begin alike
        carry: dict[str, Any] = {
            "t": ops.convert_to_tensor(0, "int32"),
            "value": prefix[:, 0],
            "state": state,
            "log_p": forbid(ops.zeros((rows, width), dtype="float32"), only_first),
            "best": self._nothing(rows),
        }
        if self.constraints.reads_history:
            carry["history"] = ops.zeros_like(prefix[:, 1:])
        if self.coverage_penalty:
            carry["coverage"] = self._nowhere(context)

        def step(carry, t):
            return self._step(carry, t, context, prefix)

        last, kept = while_scan(step, carry, self.maximum_length, lambda carry: ops.any(self._hope(carry)))
        # What the longest output cuts off competes as it is.
        cut = ops.logical_and(last["log_p"] > LOWEST / 2, last["t"] >= self.maximum_length)
        score = self._score(last["log_p"], last["t"], last.get("coverage"), context)
        best = self._insert(last["best"], cut, score, last["log_p"], last["t"] - 1, finished=False)
        tokens, trace = self._trace_back(kept, best)
        length = best["time"] + 1 - ops.cast(best["finished"], "int32")
        return {
            "tokens": tokens,
            "lengths": ops.where(best["scores"] > LOWEST / 2, length, ops.zeros_like(length)),
            "scores": best["scores"],
            "log_probabilities": best["log_p"],
            "finished": best["finished"],
            "trace": trace,
            "search": {
                "tokens": ops.moveaxis(kept["token"], 0, 1),
                "parents": ops.moveaxis(kept["parent"], 0, 1),
                "log_probabilities": ops.moveaxis(kept["log_p"], 0, 1),
                "steps": ops.broadcast_to(last["t"], (rows,)),
            },
        }

    def _step(self, carry, t, context, prefix):
        width = self.beam_width
        scores, state, trace = self.model.step(carry["value"], carry["state"], context)
        own = self.distribution.log_probs(scores)
        log_probs = self.constraints(own, carry["value"], t, carry.get("history"))
        log_probs = self._given_only(log_probs, own, ops.take(prefix, t + 1, axis=1))

        if self.distribution.has_copy_ids:  # a small source may offer fewer than K
            log_probs = ops.pad(log_probs, [[0, 0], [0, width]], constant_values=LOWEST)
        # The K best of every beam hold the K best of all.
        gains, tokens = top_k(log_probs, width)
        totals = ops.expand_dims(carry["log_p"], -1) + ops.reshape(gains, (-1, width, width))
        log_p, places = top_k(ops.reshape(totals, (-1, width * width)), width)
        parents = ops.cast(places // width, "int32")
        token = ops.take_along_axis(ops.reshape(ops.cast(tokens, "int32"), (-1, width * width)), places, axis=1)
        rows = ops.shape(parents)[0]
        from_beam = ops.reshape(ops.expand_dims(ops.arange(rows, dtype="int32") * width, -1) + parents, (-1,))

        def inherit(tensor):
            return ops.take(tensor, from_beam, axis=0)

        alive = log_p > LOWEST / 2
        ended = ops.logical_and(alive, ops.equal(token, Categorical.END))
        new = {
            "t": t + 1,
            "value": ops.reshape(token, (-1,)),
            "state": keras.tree.map_structure(inherit, state),
            "log_p": forbid(log_p, ops.logical_or(ended, ops.logical_not(alive))),
        }
        if "coverage" in carry:
            new["coverage"] = inherit(carry["coverage"] + ops.cast(trace["alignment"], "float32"))
        if "history" in carry:
            here = ops.equal(ops.arange(self.maximum_length, dtype="int32"), t)
            new["history"] = ops.where(here, ops.expand_dims(new["value"], -1), inherit(carry["history"]))
        score = self._score(log_p, t + 1, new.get("coverage"), context)
        new["best"] = self._insert(carry["best"], ended, score, log_p, t, finished=True)
        by_beam = keras.tree.map_structure(lambda seen: ops.reshape(seen, (-1, width, *ops.shape(seen)[1:])), trace)
        return new, {"token": token, "parent": parents, "log_p": ops.where(alive, log_p, LOWEST), "trace": by_beam}

    def _given_only(self, log_probs, own, given):
        """Where a token is given, it is all that may be said, with the model's own log-probability."""
        wanted = one_hot_bool(given, ops.shape(own)[-1])
        forced = forbid(own, ops.logical_not(wanted))
        return ops.where(ops.expand_dims(self.distribution.is_observed(given), -1), forced, log_probs)

    def _score(self, log_p, length, coverage, context):
        score = log_p / self._length_factor(length)
        if coverage is not None:
            missing = ops.log(ops.clip(coverage, 1e-9, 1.0))
            missing = ops.sum(ops.where(context["memory"]["mask"], missing, ops.zeros_like(missing)), axis=-1)
            score = score + self.coverage_penalty * ops.reshape(missing, ops.shape(score))
        return score

    def _length_factor(self, length):
        return ((5.0 + ops.cast(length, "float32")) / 6.0) ** self.length_penalty

    def _nowhere(self, context):
        if "memory" not in context:
            raise ValueError("`coverage_penalty` needs a model with attention; this one has none. Use 0.")
        return ops.zeros_like(context["memory"]["mask"], dtype="float32")

    def _nothing(self, rows):
        shape = (rows, self.n_best)
        lowest, zero = ops.full(shape, LOWEST, dtype="float32"), ops.zeros(shape, dtype="int32")
        return {"scores": lowest, "log_p": lowest, "time": zero, "slot": zero, "finished": zero > 0}

    def _insert(self, best, ended, score, log_p, t, *, finished: bool):
        """The n best of those there were and those that have just ended; of equals the older stands first."""
        slots = ops.broadcast_to(ops.arange(self.beam_width, dtype="int32"), ops.shape(log_p))
        new = {
            "scores": forbid(score, ops.logical_not(ended)),
            "log_p": log_p,
            "time": ops.zeros_like(slots) + t,
            "slot": slots,
            "finished": ops.full_like(ended, finished),
        }
        joined = {name: ops.concatenate([best[name], new[name]], axis=1) for name in best}
        scores, places = top_k(joined["scores"], self.n_best)
        taken = {
            name: ops.take_along_axis(tensor, places, axis=1) for name, tensor in joined.items() if name != "scores"
        }
        return {"scores": scores, **taken}

    def _hope(self, carry):
        """(B,) whether any live beam can still enter the n-best list (an admissible bound)."""
        # A log-probability is negative: the largest divisor makes the most of it.
        longest = self.maximum_length if self.length_penalty >= 0 else carry["t"]
        reach = ops.max(carry["log_p"], axis=1)
        reach = ops.where(reach > LOWEST / 2, reach / self._length_factor(longest), reach)
        return ops.logical_and(reach > LOWEST / 2, reach > ops.min(carry["best"]["scores"], axis=1))

    def _trace_back(self, kept, best):
        """From the end of every output to its start, along the parents: tokens (B, N, T), and the trace."""
        count = self.n_best

        def step(slot, x):
            t, kept = x
            slot = ops.where(ops.equal(best["time"], t), best["slot"], slot)
            there = best["time"] >= t
            token = ops.take_along_axis(kept["token"], slot, axis=1)
            parent = ops.take_along_axis(kept["parent"], slot, axis=1)
            said = ops.logical_and(there, ops.not_equal(token, Categorical.END))

            def seen(tensor):  # (B, K, ...) -> (B, N, ...): what the parent saw when it said the token
                ones = (1,) * (len(tensor.shape) - 2)
                taken = ops.take_along_axis(tensor, ops.reshape(parent, (-1, count, *ones)), axis=1)
                return ops.where(ops.reshape(there, (-1, count, *ones)), taken, ops.zeros_like(taken))

            trace = keras.tree.map_structure(seen, kept["trace"])
            return ops.where(there, parent, slot), (ops.where(said, token, ops.zeros_like(token)), trace)

        times = ops.arange(self.maximum_length, dtype="int32")
        steps = {name: kept[name] for name in ("token", "parent", "trace")}
        _, (tokens, trace) = scan(step, best["slot"], (times, steps), reverse=True)
        tokens, trace = keras.tree.map_structure(lambda tensor: ops.moveaxis(tensor, 0, 2), (tokens, trace))
        return ops.where(ops.expand_dims(best["scores"] > LOWEST / 2, -1), tokens, ops.zeros_like(tokens)), trace
