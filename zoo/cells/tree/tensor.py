import keras
from keras import ops

from zoo.cells.tree.matrix import MatrixComposition


@keras.saving.register_keras_serializable(package="zoo")
class TensorComposition(MatrixComposition):
    """A recursive neural tensor network: the children also multiply each other.

        p_k = tanh([a ; b]^T V_k [a ; b] + ([a ; b] W + c)_k)

    Args:
        units: d, width of words and phrases; V is (2 d, d, 2 d).
    Reference: Socher et al. 2013, Recursive Deep Models for Semantic Compositionality, section 4.3.
    """

    def build(self, children_shape):
        super().build(children_shape)
        width = 2 * self.units
        start = keras.initializers.RandomUniform(-1 / (2 * width), 1 / (2 * width))
        self.tensor = self.add_weight(shape=(width, self.units, width), initializer=start, name="tensor")

    def compose(self, children):
        pair = self.joined(children)
        width = 2 * self.units
        # One large product, then one small one a node.
        half = ops.matmul(pair, ops.reshape(self.tensor, (width, self.units * width)))
        half = ops.reshape(half, (*ops.shape(pair)[:-1], self.units, width))
        product = ops.einsum("...kj,...j->...k", half, pair)
        return ops.tanh(product + ops.matmul(pair, self.kernel) + self.bias)
