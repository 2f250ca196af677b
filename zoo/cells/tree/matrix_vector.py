import keras
from keras import ops

from zoo.cells.tree.composition import Composition


@keras.saving.register_keras_serializable(package="zoo")
class MatrixVectorComposition(Composition):
    """A matrix-vector recursive network: every word and phrase has a vector, and a matrix that changes its neighbour's.

        p = tanh([B a ; A b] W + c)            P = W_M [A ; B]

    The matrix of a word is of low rank beside its diagonal: A = U V + diag(a), so that rare words have less to learn.

    Args:
        units: d, width of words and phrases.
        rank: of U (d, rank) and V (rank, d); 3, or units where they are fewer, if None.
    Shapes:
        a state is the vector, then the matrix row by row: d + d * d numbers; a word's entry is its vector, U, V and a.
    Reference: Socher et al. 2012, Semantic Compositionality through Recursive Matrix-Vector Spaces, sections 2.2, 2.4.
    """

    def __init__(self, units: int, *, rank: int | None = None, **kwargs):
        super().__init__(units, **kwargs)
        rank = min(3, units) if rank is None else rank
        if not 1 <= rank <= units:
            raise ValueError(f"`rank` must be 1 to `units`. Received: rank={rank}, units={units}")
        self.rank = rank

    @property
    def leaf_size(self):
        return self.units + 2 * self.units * self.rank + self.units

    @property
    def state_size(self):
        return self.units + self.units**2

    def words_start(self, shape, dtype=None):
        """Small vectors; matrices near the identity."""
        near = keras.random.uniform(shape, -0.05, 0.05, dtype=dtype)
        diagonal = ops.arange(shape[-1], dtype="int32") >= shape[-1] - self.units
        return near + ops.cast(diagonal, near.dtype)

    def build(self, children_shape):
        shape = (2 * self.units, self.units)
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")
        self.matrix_kernel = self.add_weight(
            shape=(self.units, 2 * self.units), initializer=_mean_of_both, name="matrix_kernel"
        )

    def leaf(self, words):
        d, r = self.units, self.rank
        rows = ops.shape(words)[:-1]
        u = ops.reshape(words[..., d : d + d * r], (*rows, d, r))
        v = ops.reshape(words[..., d + d * r : d + 2 * d * r], (*rows, r, d))
        diagonal = ops.expand_dims(words[..., -d:], -1) * ops.eye(d, dtype=words.dtype)
        return self._state(words[..., :d], ops.matmul(u, v) + diagonal)

    def compose(self, children):
        (a, first), (b, second) = (self._parts(children[..., index, :]) for index in (0, 1))
        changed = [ops.einsum("...ij,...j->...i", matrix, vector) for matrix, vector in ((second, a), (first, b))]
        vector = ops.tanh(ops.matmul(ops.concatenate(changed, axis=-1), self.kernel) + self.bias)
        return self._state(vector, ops.matmul(self.matrix_kernel, ops.concatenate([first, second], axis=-2)))

    def _parts(self, state):
        shape = (*ops.shape(state)[:-1], self.units, self.units)
        return state[..., : self.units], ops.reshape(state[..., self.units :], shape)

    def _state(self, vector, matrix):
        rows = ops.shape(vector)[:-1]
        return ops.concatenate([vector, ops.reshape(matrix, (*rows, self.units**2))], axis=-1)


def _mean_of_both(shape, dtype=None):
    half = ops.eye(shape[0], dtype=dtype) / 2
    return ops.concatenate([half, half], axis=-1)
