import keras
from keras import ops

from zoo.cells.cell import Cell


@keras.saving.register_keras_serializable(package="zoo")
class FeedForwardCell(Cell):
    """A layer that remembers nothing, in the form of a cell: what controls an outer memory needs none of its own.

        h_t = tanh(x_t W + b)

    Args:
        units: width of the output.
    Shapes:
        inputs (B, D), no states -> output (B, units), no states.
    """

    @property
    def state_size(self):
        return []

    def build(self, inputs_shape, states_shape=None):
        self.kernel = self.add_weight(
            shape=(inputs_shape[-1], self.units), initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def step(self, projected, states):
        return ops.tanh(projected), []
