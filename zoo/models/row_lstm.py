import keras

from zoo.models.base.pixel_model import PixelModel


@keras.saving.register_keras_serializable(package="zoo")
class RowLSTM(PixelModel):
    """Generates an image with row LSTMs, which go down it row by row.

    What a layer reads is a triangle above a pixel: convolution and layers widen it, and corners of the picture may stay
    out of sight.

    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.1.
    """

    SCAN_ORDER = "row"
