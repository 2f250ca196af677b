import keras
import numpy as np

from zoo.ops.masking import zero_padding


@keras.saving.register_keras_serializable(package="zoo")
class Standardize(keras.layers.Layer):
    """Brings every feature to mean 0 and deviation 1, by figures that are saved with the model.

        y = (x - mean) / deviation

    The identity until `adapt` has seen the training frames. (keras.layers.Normalization bakes its figures into a
    compiled function: one adapted after a first prediction goes on using the old ones.)

    Shapes:
        frames (B, S, D), mask (B, S) -> (B, S, D), exactly 0 on padding, whatever stands there.
    """

    def build(self, frames_shape):
        shape = (frames_shape[-1],)
        self.mean = self.add_weight(shape=shape, initializer="zeros", trainable=False, name="mean")
        self.deviation = self.add_weight(shape=shape, initializer="ones", trainable=False, name="deviation")

    def adapt(self, examples: list[np.ndarray]) -> None:
        """Takes mean and deviation from frames: one (S, D) array an example. A constant feature keeps deviation 1."""
        frames = np.concatenate([np.asarray(example, "float64") for example in examples])
        deviation = frames.std(axis=0)
        self.mean.assign(frames.mean(axis=0))
        self.deviation.assign(np.where(deviation > 0, deviation, 1.0))

    def call(self, frames, mask=None):
        if mask is not None:
            frames = zero_padding(frames, mask)
        scaled = (frames - self.mean) / self.deviation
        return scaled if mask is None else zero_padding(scaled, mask)
