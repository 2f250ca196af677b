import keras
from keras import ops

from zoo.cells.tree.tree_lstm import TreeLSTM


@keras.saving.register_keras_serializable(package="zoo")
class ChildSumTreeLSTM(TreeLSTM):
    """The child-sum Tree-LSTM: any number of children, whose order does not matter.

        h~   = sum_k h_k
        i, o = sigmoid(h~ U + b)                   u = tanh(h~ U + b)
        f_k  = sigmoid(h_k U_f + b_f)              for child k
        c    = i * u + sum_k f_k * c_k             h = o * tanh(c)

    A leaf has a word x and no children: i, o, u are of x W + b, and c = i * u.

    Args:
        units: width of h and c.
        embedding_size: width of words.
    Shapes:
        a state is h, then c. Columns of the kernels: i, o, u.
    Reference: Tai et al. 2015, arXiv:1503.00075, eq. 2-8, on constituency trees. Differs: words and phrases have a b
        each.
    """

    arity = None

    def build_gates(self, kernel, bias):
        self.kernel, self.bias = kernel("kernel", self.units, 3), bias("bias", 3)
        shape = (self.units, self.units)
        self.forget_kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="forget_kernel")
        self.forget_bias = self.add_weight(shape=(self.units,), initializer="ones", name="forget_bias")

    def compose(self, children):
        h, c = ops.split(children, 2, axis=-1)
        i, o, u = ops.split(ops.matmul(ops.sum(h, axis=-2), self.kernel) + self.bias, 3, axis=-1)
        # A missing child has c = 0: nothing of it is kept, whatever its gate is.
        forget = ops.sigmoid(ops.matmul(h, self.forget_kernel) + self.forget_bias)
        return self.node(i, o, u, ops.sum(forget * c, axis=-2))
