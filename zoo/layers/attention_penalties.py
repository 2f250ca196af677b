import keras
from keras import ops

from zoo.lookup import lookup
from zoo.ops.attention_penalties import PENALTIES


@keras.saving.register_keras_serializable(package="zoo")
class AttentionPenalties(keras.layers.Layer):
    """What a training adds to its loss for where attention looks, more and more of it from some update on.

        r_i * sum_k weight_k penalty_k(alignment),     r_i = clip((i - begin) / (end - begin), 0, 1) at update i, from 0

    The number of updates is a weight of its own, so a training that is resumed goes on in its ramp. Outside of training
    r is 1.

    Args:
        weights: by name of `zoo.ops.attention_penalties.PENALTIES`.
        ramp: (begin, end); equal: all of it from there on.
    Shapes:
        alignment (B, T, S), steps (B, T), places (B, S), wanted (B, T, S) where "supervised" is asked for -> ().
    Raises:
        ValueError: an unknown name, with the closest; no or negative weights; a ramp that falls or begins below 0;
            "supervised" without wanted alignments.
    Reference: See et al. 2017, arXiv:1704.04368 (coverage in the last steps of training only, lest it harm).
    """

    def __init__(self, weights: dict[str, float], ramp: tuple[int, int] = (0, 0), **kwargs):
        super().__init__(**kwargs)
        for name, weight in weights.items():
            lookup("penalty", name, PENALTIES)
            if not weight >= 0:
                raise ValueError(f"The weight of a penalty is 0 or above. Received: {name}={weight}")
        begin, end = ramp
        if not weights or not 0 <= begin <= end:
            raise ValueError(
                "Penalties need at least one name with its weight and a ramp (begin, end) of updates, 0 <= begin <= "
                f"end. Received: {weights} and {tuple(ramp)}"
            )
        self.penalties, self.ramp = dict(weights), (begin, end)

    def get_config(self):
        return {**super().get_config(), "weights": self.penalties, "ramp": list(self.ramp)}

    def build(self, alignment_shape=None):
        self.updates = self.add_weight(shape=(), dtype="int32", initializer="zeros", trainable=False, name="updates")

    def share(self):
        """r of the update at hand."""
        begin, end = self.ramp
        if begin == end:
            return ops.cast(self.updates >= begin, "float32")
        return ops.clip((ops.cast(self.updates, "float32") - begin) / (end - begin), 0.0, 1.0)

    def call(self, alignment, steps, places, wanted=None, training=False):
        total = 0.0
        for name, weight in self.penalties.items():
            if name != "supervised":
                total = total + weight * PENALTIES[name](alignment, steps, places)
            elif wanted is None:
                raise ValueError(
                    '"supervised" needs the input "wanted_alignment" (B, T, S): where each step should look.'
                )
            else:
                total = total + weight * PENALTIES[name](alignment, steps, places, wanted)
        if not training:
            return total
        share = self.share()
        self.updates.assign(self.updates + 1)
        return share * total
