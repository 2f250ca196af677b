import sys

import keras
import numpy as np
from keras import ops

from zoo.layers.composite import Composite
from zoo.lookup import lookup

# How a region knows where it is.
POSITIONS = {
    "coordinates": "two more features: from -1 to 1 from left to right, and from top to bottom",
    "learned": "a vector for every region is added",
    "none": "not at all",
}
# Beside "small", what is in `keras.applications`, by the names there.
BACKBONES = {"small": None} | {
    name: made for name, made in sorted(vars(keras.applications).items()) if callable(made) and name[0].isupper()
}


@keras.saving.register_keras_serializable(package="zoo")
class PictureEncoder(Composite):
    """A picture to features of its regions, row by row: what a captioner looks at.

        f_s = backbone(2 x - 1) at region s of h x w,      m_s = relu(W [f_s ; x_s ; y_s] + b)

    The small backbone is `blocks` convolutions of 3 x 3 with rectifiers, each of which halves height and width and has
    twice the filters of the one before, `filters` at first; below the last rectifier a region's features are brought to
    mean 0 and deviation 1. What one region sees is little wider than the region itself. Any other backbone is one of
    `keras.applications`, fed as it wants to be.

    Args:
        units: width of a region's vector.
        backbone: "small", or a name of `keras.applications`: MobileNetV2, ResNet50 ...
        filters, blocks: of the small one.
        positions: "coordinates" or "learned" positions of the regions; "none".
        weights: of another than the small one: a path, "imagenet" (fetched by Keras), or None: drawn. What is saved
            holds them, and its configuration does not ask for them again.
        frozen: the backbone does not learn.
    Shapes:
        pictures (B, H, W, C) from 0 to 1 -> (B, h * w, units); `grid` is (h, w) once it is built.
    Raises:
        ValueError: an unknown name, with the closest; weights for the small one, or other channels than 3 for another;
            pictures of no fixed size.
    Reference: Xu et al. 2015, arXiv:1502.03044, section 3.1.1 (a convolutional network's last grid as annotations).
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
        lookup("backbone", backbone, BACKBONES)
        lookup("positions", positions, POSITIONS)
        if backbone == "small" and weights is not None:
            raise ValueError(
                f"The small backbone has no trained weights: leave them None, or name another. Received: {weights!r}"
            )
        if min(units, filters, blocks) < 1:
            raise ValueError(f"units, filters and blocks are at least 1. Received: {units}, {filters} and {blocks}")
        self.units, self.backbone, self.filters, self.blocks = units, backbone, filters, blocks
        self.positions, self.pretrained, self.frozen = positions, weights, frozen
        options = {"dtype": self.dtype_policy}
        halving = {"kernel_size": 3, "strides": 2, "padding": "same", **options}
        self.layers = [
            keras.layers.Conv2D(filters * 2**n, name=f"convolution_{n}", **halving)
            for n in range(blocks if backbone == "small" else 0)
        ]
        self.normalization = keras.layers.LayerNormalization(name="normalization", **options) if self.layers else None
        self.projection = keras.layers.Dense(units, activation="relu", name="projection", **options)

    def get_config(self):
        own = ("units", "backbone", "filters", "blocks", "positions", "frozen")
        return {**super().get_config(), **{name: getattr(self, name) for name in own}, "weights": None}

    def build(self, pictures_shape):
        if None in pictures_shape[1:]:
            raise ValueError(f"Pictures have a fixed (height, width, channels). Received: shape {pictures_shape}")
        if self.backbone == "small":
            shape = pictures_shape
            for layer in self.layers:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)
            self.normalization.build(shape)
        else:
            shape = self._build_application(pictures_shape)
        self.grid = tuple(shape[1:3])
        where = self.positions == "coordinates"
        width = shape[-1] + 2 * where
        self.projection.build((None, None, width))
        if (
            self.positions == "learned"
        ):  # as large as W f_s of standardised features, see `zoo.layers.positional_encoding`
            start = keras.initializers.RandomNormal(stddev=(2 * width / (width + self.units)) ** 0.5)
            self.position_vectors = self.add_weight(
                shape=(self.grid[0] * self.grid[1], self.units), initializer=start, name="positions"
            )
        if self.frozen:
            for layer in [*self.layers, *([self.normalization] if self.normalization else [])]:
                layer.trainable = False

    def _build_application(self, shape):
        if shape[-1] != 3:
            raise ValueError(f"{self.backbone} reads pictures of 3 channels. Received: shape {shape}")
        made = BACKBONES[self.backbone]
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.dtype_policy)  # its layers take the precision that holds while they are made
        try:
            network = made(include_top=False, weights=self.pretrained, input_shape=tuple(shape[1:]))
        finally:
            keras.config.set_dtype_policy(before)
        self.layers = [network]
        return network.output_shape

    def call(self, pictures, training=None):
        features = self._features(pictures, training)
        batch, (height, width) = ops.shape(features)[0], self.grid
        features = ops.reshape(features, (batch, height * width, features.shape[-1]))
        if self.positions == "coordinates":
            where = ops.convert_to_tensor(coordinates(height, width), dtype=features.dtype)
            where = ops.broadcast_to(where[None], (batch, height * width, 2))
            features = ops.concatenate([features, where], axis=-1)
        regions = self.projection(features)
        return regions + ops.cast(self.position_vectors, regions.dtype) if self.positions == "learned" else regions

    def _features(self, pictures, training):
        if self.backbone == "small":
            features = 2 * pictures - 1
            for convolution in self.layers[:-1]:
                features = ops.relu(convolution(features))
            return ops.relu(self.normalization(self.layers[-1](features)))
        module = sys.modules[BACKBONES[self.backbone].__module__]
        prepared = module.preprocess_input(255 * pictures, data_format="channels_last")
        # A frozen one keeps the means of its batch normalisation, too.
        return self.layers[0](prepared, training=False if self.frozen else training)

    def compute_output_shape(self, pictures_shape):
        return (pictures_shape[0], self.grid[0] * self.grid[1], self.units)


def coordinates(height: int, width: int) -> np.ndarray:
    """(height * width, 2): of every region, row by row, how far right and how far down its middle is, from -1 to 1."""
    down, right = (2 * (np.arange(size) + 0.5) / size - 1 for size in (height, width))
    return np.stack([np.tile(right, height), np.repeat(down, width)], axis=-1).astype("float32")
