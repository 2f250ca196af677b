import keras
from keras import ops

from zoo.cells.tree.composition import Composition


@keras.saving.register_keras_serializable(package="zoo")
class TreeLSTM(Composition):
    """The binary Tree-LSTM: an LSTM with a forget gate for each of two children, left and right.

        i, o = sigmoid([h_1 ; h_2] U + b)          u = tanh([h_1 ; h_2] U + b)
        f_k  = sigmoid([h_1 ; h_2] U_fk + b_f)     for child k
        c    = i * u + f_1 * c_1 + f_2 * c_2       h = o * tanh(c)

    A leaf has a word x and no children: i, o, u are of x W + b, and c = i * u.

    Args:
        units: width of h and c.
        embedding_size: width of words.
    Shapes:
        a state is h, then c. Columns of the kernels: i, o, u (, f_1, f_2).
    Reference: Tai et al. 2015, arXiv:1503.00075, eq. 9-14 with N = 2 (constituency trees: no word at an inner node).
        Differs: words and phrases have a b each.
    """

    def check_words(self):
        pass  # words of any width

    @property
    def state_size(self):
        return 2 * self.units

    def build(self, children_shape):
        def kernel(name, rows, gates):
            shape = (rows, gates * self.units)
            return self.add_weight(shape=shape, initializer="glorot_uniform", name=name)

        def bias(name, gates):
            return self.add_weight(shape=(gates * self.units,), initializer=self.bias_start, name=name)

        self.word_kernel, self.word_bias = kernel("word_kernel", self.embedding_size, 3), bias("word_bias", 3)
        self.build_gates(kernel, bias)

    def build_gates(self, kernel, bias):
        self.kernel, self.bias = kernel("kernel", 2 * self.units, 5), bias("bias", 5)

    def bias_start(self, shape, dtype=None):
        """Forget gates start open."""
        return ops.cast(ops.arange(shape[0]) >= 3 * self.units, dtype)

    def leaf(self, words):
        i, o, u = ops.split(ops.matmul(words, self.word_kernel) + self.word_bias, 3, axis=-1)
        return self.node(i, o, u, 0)

    def compose(self, children):
        h, c = ops.split(children, 2, axis=-1)
        gates = ops.matmul(self.joined(h), self.kernel) + self.bias
        i, o, u, first, second = ops.split(gates, 5, axis=-1)
        return self.node(i, o, u, ops.sigmoid(first) * c[..., 0, :] + ops.sigmoid(second) * c[..., 1, :])

    def node(self, i, o, u, retained):
        c = ops.sigmoid(i) * ops.tanh(u) + retained
        return ops.concatenate([ops.sigmoid(o) * ops.tanh(c), c], axis=-1)
