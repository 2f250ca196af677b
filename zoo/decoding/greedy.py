from typing import Any

import keras
from keras import ops

from zoo.backend.dtype_policy import with_dtype_policy
from zoo.decoding.decoder import Decoder
from zoo.ops.while_scan import while_scan


@keras.saving.register_keras_serializable(package="zoo")
class Greedy(Decoder):
    """Says the likeliest value at every step.

        y_t = argmax_v p(v | y_1 .. y_{t-1}, x)

    Args and shapes as in `Decoder`; one output an example, its score is its log-probability.
    """

    def call(self, inputs):
        return self.decode(inputs, copies=1)

    def choose(self, scores, chance):
        """The value of a step from its (constrained) scores."""
        return self.distribution.mode(scores)

    def say(self, scores, last, t, history, chance):
        """The value of step t, by the constraints."""
        if self.constraints is None:
            return self.choose(ops.cast(scores, "float32"), chance)
        return self.choose(self.constraints(self.distribution.log_probs(scores), last, t, history), chance)

    def chances(self, rows):
        """What `lookup` is given besides, for all steps: (T, rows, ...), or None."""
        return

    def decode(self, inputs: dict, copies: int, chances=None) -> dict:
        """One value after another for every row, each example in `copies` rows; by `chances` drawn before, if given."""
        return with_dtype_policy(self.dtype_policy, lambda: self._decode(inputs, copies, chances))

    def _decode(self, inputs, copies, chances):
        context, prefix, state = self.encode(inputs, copies)
        rows = ops.shape(prefix)[0]
        chances = self.chances(rows) if chances is None else chances
        carry: dict[str, Any] = {
            "value": prefix[:, 0],
            "state": state,
            "done": ops.zeros((rows,), dtype="bool"),
            "log_p": ops.zeros((rows,), dtype="float32"),
            "length": ops.zeros((rows,), dtype="int32"),
        }
        if self.constraints is not None and self.constraints.reads_history:
            carry["history"] = ops.zeros_like(prefix[:, 1:])

        def step(carry, t):
            scores, state, trace = self.model.step(carry["value"], carry["state"], context)
            history = carry.get("history")
            chance = None if chances is None else ops.take(chances, t, axis=0)
            chosen = self.given_first(self.say(scores, carry["value"], t, history, chance), prefix, t)
            gain = self.distribution.log_prob(scores, chosen)
            going, ended = ops.logical_not(carry["done"]), self.distribution.is_end(chosen)
            said = ops.logical_and(going, ops.logical_not(ended))
            new = {
                "value": chosen,
                "state": state,
                "done": ops.logical_or(carry["done"], ended),
                "log_p": carry["log_p"] + ops.where(going, gain, ops.zeros_like(gain)),
                "length": carry["length"] + ops.cast(said, "int32"),
            }
            if history is not None:
                here = ops.equal(ops.arange(self.maximum_length, dtype="int32"), t)
                new["history"] = ops.where(here, ops.expand_dims(chosen, -1), history)
            return new, {
                "tokens": _where(said, chosen, ops.full_like(chosen, self.distribution.PAD)),
                "trace": keras.tree.map_structure(lambda seen: _where(going, seen, ops.zeros_like(seen)), trace),
            }

        last, said = while_scan(step, carry, self.maximum_length, lambda carry: ops.any(ops.logical_not(carry["done"])))

        def by_example(tensor):  # (T, rows, ...) -> (B, copies, T, ...)
            tensor = ops.moveaxis(tensor, 0, 1)
            return ops.reshape(tensor, (-1, copies, *ops.shape(tensor)[1:]))

        result = keras.tree.map_structure(by_example, said)
        log_p, length, done = (ops.reshape(last[name], (-1, copies)) for name in ("log_p", "length", "done"))
        return {**result, "lengths": length, "scores": log_p, "log_probabilities": log_p, "finished": done}

    def given_first(self, chosen, prefix, t):
        """The given value where there is one, else the chosen one."""
        given = ops.take(prefix, t + 1, axis=1)
        return _where(self.distribution.is_observed(given), ops.cast(given, chosen.dtype), chosen)


def _where(condition, one, other):
    """`ops.where` by rows, whatever stands in them."""
    return ops.where(ops.reshape(condition, (-1, *[1] * (len(one.shape) - 1))), one, other)
