import keras

from zoo.models.base.pixel_model import PixelModel


@keras.saving.register_keras_serializable(package="zoo")
class DiagonalBilstm(PixelModel):
    """Says a picture pixel by pixel with Diagonal BiLSTMs, which go over it from both upper corners.

    Each layer reads all pixels before.

    Args:
        picture_shape: (H, W); pixels have one channel.
        output: a name of `zoo.models.base.pixel_model.OUTPUTS`: "bernoulli" (black or white, 1 or 0) or "levels"
            (whole numbers from 0 to levels - 1).
        levels: how many there are.
        units: width of each layer.
        layers: Diagonal BiLSTMs on top of each other.
        kernel: rows and columns of the masked convolution below them, odd; 1 reads the pixel before alone.
        residual: add each layer's input to its output.
        readout_units: width of the layer before the scores; `units` if None.
    Shapes:
        {"target" (B, T, 1) float32: 0, then the pixels but the last; T <= H * W} -> {"scores" (B, T, 1 or levels)
        float32, "hidden" (B, T, readout_units)}.
    Raises:
        ValueError: an unknown output; a picture, units or layers of less than 1; an even kernel.
    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.2. Differs: the picture is fed one pixel late, so
        the first layer masks as all others do, and of one channel a convolution of 1 x 1 has nothing to mask; forget
        gates start open.
    """

    def __init__(
        self,
        *,
        picture_shape: tuple[int, int] = (28, 28),
        output: str = "bernoulli",
        levels: int = 256,
        units: int = 32,
        layers: int = 2,
        kernel: int = 7,
        residual: bool = False,
        readout_units: int | None = None,
        name: str = "diagonal_bilstm",
    ):
        super().__init__(
            "diagonal",
            picture_shape=picture_shape,
            output=output,
            levels=levels,
            units=units,
            layers=layers,
            kernel=kernel,
            residual=residual,
            readout_units=readout_units,
            arguments=dict(locals()),
            name=name,
        )
