"""Base class of autoregressive image models.

Not an architecture of its own: raster LSTM, row LSTM and diagonal BiLSTM differ in how they go over the picture.
"""

import inspect
from typing import Any

import keras
from keras import ops

from zoo.distributions.bernoulli import Bernoulli
from zoo.distributions.levels import Levels
from zoo.layers.readout import Readout
from zoo.lookup import lookup
from zoo.models.base.autoregressive_model import AutoregressiveModel
from zoo.recurrent.pixel_stack import PixelStack

OUTPUTS = {"bernoulli": "black or white", "levels": "one of several levels of grey"}


class PixelModel(AutoregressiveModel):
    """Generates an image of one channel pixel by pixel, in raster order.

        p(x) = prod_t p(x_t | x_1 .. x_{t-1}),   scores_t = W relu(V relu(stack(x_0 .. x_{t-1})_t) + b') + b,   x_0 = 0

    A new model names its `SCAN_ORDER`, one of `zoo.recurrent.pixel_stack.SCAN_ORDERS`: how the stack goes over the
    picture. A picture has H * W pixels: no target is longer, and decoders stop there (`maximum_target`).

    Args:
        picture_shape: (H, W); pixels have one channel.
        output: a name of `zoo.models.base.pixel_model.OUTPUTS`: "bernoulli" (black or white, 1 or 0) or "levels"
            (whole numbers from 0 to levels - 1).
        levels: how many there are.
        units: width of each layer.
        layers: of the stack.
        kernel: rows and columns of the masked convolution below it, odd; 1 reads the pixel before alone. None: 7, and
            1 in raster order.
        residual: add each layer's input to its output.
        readout_units: width of the layer before the scores; `units` if None.
    Shapes:
        {"target" (B, T, 1) float32: 0, then the pixels but the last; T <= H * W} -> {"scores" (B, T, 1 or levels)
        float32, "hidden" (B, T, readout_units)}.
    Raises:
        ValueError: an unknown output, with the closest; a picture, units or layers of less than 1; an even kernel.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 5.4 (two more layers before the scores). Differs: the
        picture is fed one pixel late, so the first layer masks as all others do; forget gates start open.
    """

    SCAN_ORDER: str

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        # The documentation of one model has all of its arguments.
        cls.__doc__ = f"{inspect.cleandoc(cls.__doc__ or '')}\n\n{inspect.getdoc(PixelModel)}"

    def __init__(
        self,
        *,
        picture_shape: tuple[int, int] = (28, 28),
        output: str = "bernoulli",
        levels: int = 256,
        units: int = 32,
        layers: int = 2,
        kernel: int | None = None,
        residual: bool = False,
        readout_units: int | None = None,
        name: str = "pixel_model",
    ):
        arguments = dict(locals())
        lookup("output", output, OUTPUTS)
        distribution: Any = Levels(levels) if output == "levels" else Bernoulli(1)
        if kernel is None:
            kernel = 1 if self.SCAN_ORDER == "raster" else 7
        stack = PixelStack(
            self.SCAN_ORDER, picture_shape, units, layers=layers, kernel=kernel, residual=residual, name="stack"
        )
        rectified = keras.layers.Activation("relu", name="rectified")
        hidden = keras.layers.Dense(readout_units or units, activation="relu", name="hidden")
        readout = Readout(distribution.size, name="readout")
        target = keras.Input((None, 1), dtype="float32", name="target")
        outputs = hidden(rectified(stack(distribution.as_input(target))))
        super().__init__(
            {"target": target},
            {"scores": readout(outputs), "hidden": outputs},
            distribution=distribution,
            arguments=arguments,
            name=name,
        )
        self.stack, self.rectified, self.hidden, self.read_out = stack, rectified, hidden, readout

    @property
    def maximum_target(self) -> int:  # type: ignore[override]
        """Return the number of pixels of an image."""
        height, width = self.stack.picture_shape
        return height * width

    def encode(self, inputs):
        # Nothing is read; what is known is how many rows there are.
        return {"rows": ops.zeros_like(inputs["target"][:, :1], dtype="float32")}

    def start(self, context, length):
        if length > self.maximum_target:
            raise ValueError(
                f"A picture of {' x '.join(map(str, self.stack.picture_shape))} has {self.maximum_target} pixels. "
                f"Received: a length of {length}. Use maximum_length={self.maximum_target} or less."
            )
        return self.stack.start(ops.shape(context["rows"])[0])

    def step(self, value, state, context):
        vectors, state = self.stack.step(self.distribution.as_input(value), state)
        return self.read_out(self.hidden(self.rectified(vectors))), state, {}
