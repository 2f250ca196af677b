from typing import Any, NamedTuple

import keras
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy
from zoo.decoding.decoder import Decoder
from zoo.ops.while_scan import while_scan


class DecodingState(NamedTuple):
    """The state of the decoding loop, for R = B * copies rows.

    Args:
        value: (R,) or (R, D), the value before the step.
        model_state: nested tensors of the model.
        is_done: (R,) bool, whether the end was emitted.
        log_prob: (R,) of the output so far.
        length: (R,) int32, without the end.
        history: (R, T) int32, the tokens so far; () unless a constraint reads them.
    """

    value: Any
    model_state: Any
    is_done: Any
    log_prob: Any
    length: Any
    history: Any


@keras.saving.register_keras_serializable(package="zoo")
class Greedy(Decoder):
    """Emits the most probable value at every step.

        y_t = argmax_v p(v | y_1 .. y_{t-1}, x)

    Args and shapes as in `Decoder`; one output an example, its score is its log-probability.
    """

    def call(self, inputs):
        return self.decode(inputs, copies=1)

    def draw_noise(self, rows: int):
        """Return the uniform numbers of all steps, (T, rows, ...); None for a decoder that draws nothing."""
        return

    def select(self, scores, noise):
        """Return the value of a step from its (constrained) scores: (R, V) -> (R,)."""
        return self.distribution.mode(scores)

    def next_value(self, scores, last, t, history, noise):
        """Return the value of step t under the constraints."""
        if self.constraints is None:
            return self.select(ops.cast(scores, "float32"), noise)
        return self.select(self.constraints(self.distribution.log_probs(scores), last, t, history), noise)

    def force_prefix(self, selected, prefix, t):
        """Return the value of the prefix at step t where there is one, else the selected one."""
        forced = ops.take(prefix, t + 1, axis=1)  # (R,) or (R, D)
        return _where(self.distribution.is_observed(forced), ops.cast(forced, selected.dtype), selected)

    def decode(self, inputs: dict, copies: int, noise=None) -> dict:
        """Decode each example in `copies` rows, with noise drawn before if it is given; the result of `call`."""
        return with_dtype_policy(self.dtype_policy, lambda: self._decode(inputs, copies, noise))

    def _decode(self, inputs, copies, noise):
        context, prefix, model_state = self.encode(inputs, copies)
        rows = ops.shape(prefix)[0]
        noise = self.draw_noise(rows) if noise is None else noise
        reads_history = self.constraints is not None and self.constraints.reads_history

        def step(state: DecodingState, t):
            scores, model_state, trace = self.model.step(state.value, state.model_state, context)  # (R, V)
            history = state.history if reads_history else None
            step_noise = None if noise is None else ops.take(noise, t, axis=0)
            selected = self.next_value(scores, state.value, t, history, step_noise)
            value = self.force_prefix(selected, prefix, t)  # (R,) or (R, D)
            log_prob = self.distribution.log_prob(scores, value)  # (R,)
            is_live, is_end = ops.logical_not(state.is_done), self.distribution.is_end(value)
            is_emitted = ops.logical_and(is_live, ops.logical_not(is_end))
            next_state = DecodingState(
                value=value,
                model_state=model_state,
                is_done=ops.logical_or(state.is_done, is_end),
                log_prob=state.log_prob + ops.where(is_live, log_prob, ops.zeros_like(log_prob)),
                length=state.length + ops.cast(is_emitted, "int32"),
                history=append_token(state.history, value, t) if reads_history else (),
            )
            return next_state, {
                "tokens": _where(is_emitted, value, ops.full_like(value, self.distribution.padding)),
                "trace": keras.tree.map_structure(lambda shown: _where(is_live, shown, ops.zeros_like(shown)), trace),
            }

        start = DecodingState(
            value=prefix[:, 0],
            model_state=model_state,
            is_done=ops.zeros((rows,), dtype="bool"),
            log_prob=ops.zeros((rows,), dtype="float32"),
            length=ops.zeros((rows,), dtype="int32"),
            history=ops.zeros_like(prefix[:, 1:]) if reads_history else (),
        )
        last, emitted = while_scan(
            step, start, self.maximum_length, lambda state: ops.any(ops.logical_not(state.is_done))
        )

        def by_example(tensor):  # (T, B * copies, ...) -> (B, copies, T, ...)
            tensor = ops.moveaxis(tensor, 0, 1)
            return ops.reshape(tensor, (-1, copies, *ops.shape(tensor)[1:]))

        log_prob = ops.reshape(last.log_prob, (-1, copies))
        return {
            **keras.tree.map_structure(by_example, emitted),
            "lengths": ops.reshape(last.length, (-1, copies)),
            "scores": log_prob,
            "log_probabilities": log_prob,
            "finished": ops.reshape(last.is_done, (-1, copies)),
        }


def append_token(history, token, t):
    """Write token t (from 0) into the history: (R, T), (R,) -> (R, T)."""
    is_t = ops.equal(ops.arange(history.shape[1], dtype="int32"), t)
    return ops.where(is_t, ops.expand_dims(token, -1), history)


def _where(condition, one, other):
    """`ops.where` by rows: (R,), (R, ...), (R, ...) -> (R, ...)."""
    return ops.where(ops.reshape(condition, (-1, *[1] * (len(one.shape) - 1))), one, other)
