import keras
from keras import ops

from zoo.cells.tree.composition import Composition


@keras.saving.register_keras_serializable(package="zoo")
class MatrixComposition(Composition):
    """A recursive network: one matrix for every pair of children.

        p = tanh([a ; b] W + c)

    Args:
        units: width of words and phrases.
    Reference: Socher et al. 2013, Recursive Deep Models for Semantic Compositionality, section 4.1.
    """

    def build(self, children_shape):
        shape = (2 * self.units, self.units)
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def compose(self, children):
        return ops.tanh(ops.matmul(self.joined(children), self.kernel) + self.bias)
