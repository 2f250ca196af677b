import keras
import numpy as np
from keras import ops

from zoo.ops.masking import zero_padding


@keras.saving.register_keras_serializable(package="zoo")
class Standardize(keras.layers.Layer):
    """Standardisation of features to mean 0 and deviation 1, by statistics that are saved with the model.

        y = (x - mean) / deviation

    It is computed in float32 (float64 under that policy) and then cast: float16 has no 1e5, and bfloat16 no step
    below 4 around 1000. Before `adapt` it is the identity. (keras.layers.Normalization bakes its statistics into a
    compiled function: one adapted after a first prediction goes on using the old ones.)

    Shapes:
        frames (B, S, D), mask (B, S) -> (B, S, D), exactly 0 on padding, whatever stands there.
    """

    def __init__(self, **kwargs):
        super().__init__(autocast=False, **kwargs)  # neither frames nor statistics are rounded before

    def build(self, frames_shape):
        options = {"shape": (frames_shape[-1],), "dtype": self._precise_dtype, "autocast": False, "trainable": False}
        self.mean = self.add_weight(initializer="zeros", name="mean", **options)
        self.deviation = self.add_weight(initializer="ones", name="deviation", **options)

    @property
    def _precise_dtype(self):
        return keras.backend.result_type(self.compute_dtype, "float32")

    def adapt(self, examples: list[np.ndarray]) -> None:
        """Takes mean and deviation from frames: one (S, D) array an example. A constant feature keeps deviation 1."""
        frames = np.concatenate([np.asarray(example, "float64") for example in examples])
        deviation = frames.std(axis=0)
        self.mean.assign(frames.mean(axis=0))
        self.deviation.assign(np.where(deviation > 0, deviation, 1.0))

    def call(self, frames, mask=None):
        frames = ops.cast(frames, self._precise_dtype)
        if mask is not None:
            frames = zero_padding(frames, mask)
        scaled = ops.cast((frames - self.mean) / self.deviation, self.compute_dtype)
        return scaled if mask is None else zero_padding(scaled, mask)
