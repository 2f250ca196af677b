import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.layers.picture_encoder import PictureEncoder
from zoo.ops.masking import zero_padding


@keras.saving.register_keras_serializable(package="zoo")
class ClipEncoder(Composite):
    """Every frame of a clip to one vector, which knows what is where in it.

        v_f = relu(W [m_f1 ; m_f2 ; ... ; m_fR] + b),     m_f = PictureEncoder(x_f), R regions

    Args:
        units, backbone, filters, blocks, positions, weights, frozen: as in `PictureEncoder`.
    Shapes:
        frames (B, S, H, W, C) from 0 to 1, mask (B, S) True = real -> (B, S, units); what stands on padding is not
        read.
    Raises:
        ValueError: as there.
    """

    def __init__(
        self,
        units: int = 128,
        *,
        backbone: str = "small",
        filters: int = 16,
        blocks: int = 3,
        positions: str = "coordinates",
        weights: str | None = None,
        frozen: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.encoder = PictureEncoder(
            units,
            backbone=backbone,
            filters=filters,
            blocks=blocks,
            positions=positions,
            weights=weights,
            frozen=frozen,
            dtype=self.dtype_policy,
            name="pictures",
        )
        self.joining = keras.layers.Dense(units, activation="relu", dtype=self.dtype_policy, name="joining")

    def get_config(self):
        return {**self.encoder.get_config(), **super().get_config()}

    def build(self, frames_shape, mask_shape=None):
        self.encoder.build((None, *frames_shape[2:]))
        rows, columns = self.encoder.grid
        self.joining.build((None, rows * columns * self.encoder.units))

    def call(self, frames, mask, training=None):
        frames = zero_padding(frames, mask)
        batch, steps = ops.shape(frames)[:2]
        pictures = ops.reshape(frames, (-1, *frames.shape[2:]))
        regions = self.encoder(pictures, training=training)
        joined = ops.reshape(regions, (-1, regions.shape[1] * regions.shape[2]))
        return ops.reshape(self.joining(joined), (batch, steps, self.encoder.units))

    def compute_output_shape(self, frames_shape, mask_shape=None):
        return (*frames_shape[:2], self.encoder.units)
