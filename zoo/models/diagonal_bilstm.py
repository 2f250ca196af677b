import keras

from zoo.models.base.pixel_model import PixelModel


@keras.saving.register_keras_serializable(package="zoo")
class DiagonalBilstm(PixelModel):
    """Generates an image with diagonal BiLSTMs, which go over it from both upper corners.

    Each layer reads all pixels before.

    Reference: van den Oord et al. 2016, arXiv:1601.06759, section 3.2. Differs: of one channel a convolution of 1 x 1
        has nothing to mask.
    """

    SCAN_ORDER = "diagonal"
