import keras

from zoo.models.base.pixel_model import PixelModel


@keras.saving.register_keras_serializable(package="zoo")
class RasterLSTM(PixelModel):
    """Generates an image with LSTMs that read it as one line, row after row.

    A pixel is as far from the one above as a row is long, which a recurrent layer must carry; with `kernel` above 1 the
    pixels around are read beside it.

    Reference: Theis & Bethge 2015, arXiv:1506.03478 (LSTMs over pixels, in two dimensions); van den Oord et al. 2016,
        arXiv:1601.06759. Here in one dimension, the plainest form, to compare with.
    """

    SCAN_ORDER = "raster"
