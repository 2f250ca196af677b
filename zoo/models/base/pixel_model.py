"""Base class of autoregressive image models.

Not an architecture of its own: raster LSTM, row LSTM and diagonal BiLSTM differ in how they go over the picture.
"""

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
    """Says a picture of one channel pixel by pixel, in raster order.

        p(x) = prod_t p(x_t | x_1 .. x_{t-1}),   scores_t = W relu(V relu(stack(x_0 .. x_{t-1})_t) + b') + b,   x_0 = 0

    A picture has H * W pixels: no target is longer, and decoders stop there (`maximum_target`).

    Args:
        scan_order: how the stack goes over the picture, a name of `zoo.recurrent.pixel_stack.SCAN_ORDERS`.
        picture_shape: (H, W).
        output: a name of `OUTPUTS`.
        levels: how many there are.
        units, layers, kernel, residual: of the stack.
        readout_units: width of what the scores are made from; `units` if None.
        arguments: `locals()` at the start of the constructor.
    Shapes:
        {"target" (B, T, 1) float32, T <= H * W} -> {"scores" (B, T, 1 or levels), "hidden" (B, T, readout_units)}.
    Raises:
        ValueError: an unknown output, with the closest, or what the stack does not take.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 5.4 (two more layers before the scores).
    """

    def __init__(
        self,
        scan_order: str,
        *,
        picture_shape: tuple[int, int],
        output: str,
        levels: int,
        units: int,
        layers: int,
        kernel: int,
        residual: bool,
        readout_units: int | None,
        arguments: dict,
        name: str,
    ):
        lookup("output", output, OUTPUTS)
        distribution: Any = Levels(levels) if output == "levels" else Bernoulli(1)
        stack = PixelStack(
            scan_order, picture_shape, units, layers=layers, kernel=kernel, residual=residual, name="stack"
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
