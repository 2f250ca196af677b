import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.rasters import to_sequence
from zoo.recurrent.recurrence import Recurrence


@keras.saving.register_keras_serializable(package="zoo")
class RasterLayer(Composite):
    """An LSTM that walks over a grid position by position, row after row from the left, as if the grid were a line.

    Args:
        units: width of the LSTM.
    Shapes:
        (B, H, W, D) -> (B, H, W, units). `step`: (B, D), column (B,) int32, state -> (B, units), state.
    Reference: Theis & Bethge 2015, arXiv:1506.03478; the one-dimensional case of van den Oord et al. 2016.
    """

    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.recurrence = Recurrence("lstm", units, dtype=self.dtype_policy, name="recurrence")

    def build(self, grid_shape):
        self.recurrence.build((grid_shape[0], None, grid_shape[-1]))

    def call(self, grid):
        outputs, _ = self.recurrence(to_sequence(grid))
        return ops.reshape(outputs, (-1, *grid.shape[1:3], self.units))

    def start(self, batch_size, width: int) -> list:
        return self.recurrence.start(batch_size)

    def begin_row(self, state):
        return state

    def step(self, value, column, state):
        return self.recurrence.step(value, state)
