import keras
from keras import ops

from zoo.lookup import lookup
from zoo.ops.attention_penalties import PENALTIES


@keras.saving.register_keras_serializable(package="zoo")
class AttentionPenalties(keras.layers.Layer):
    """Attention regularisers with a linear warm-up, added to the loss.

        r_i * sum_k weight_k penalty_k(alignment),     r_i = clip((i - begin) / (end - begin), 0, 1) at update i, from 0

    The number of updates is a weight of its own, so a resumed training continues its ramp. Outside of training r is
    1.

    Args:
        weights: by name of `zoo.ops.attention_penalties.PENALTIES`.
        ramp: (begin, end); equal: all of it from there on.
    Shapes:
        alignment (B, T, S), step_mask (B, T), memory_mask (B, S), target_alignment (B, T, S) for "supervised" -> ().
    Raises:
        ValueError: an unknown name, with the closest; no or negative weights; a ramp that falls or begins below 0;
            "supervised" without target alignments.
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
        """Return r of the current update."""
        begin, end = self.ramp
        if begin == end:
            return ops.cast(self.updates >= begin, "float32")
        return ops.clip((ops.cast(self.updates, "float32") - begin) / (end - begin), 0.0, 1.0)

    def call(self, alignment, step_mask, memory_mask, target_alignment=None, training=False):
        total = 0.0
        for name, weight in self.penalties.items():
            if name != "supervised":
                total = total + weight * PENALTIES[name](alignment, step_mask, memory_mask)
            elif target_alignment is None:
                raise ValueError(
                    '"supervised" needs the input "target_alignment" (B, T, S): where each step should attend.'
                )
            else:
                total = total + weight * PENALTIES[name](alignment, step_mask, memory_mask, target_alignment)
        if not training:
            return total
        share = self.share()
        self.updates.assign(self.updates + 1)
        return share * total
