import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.lookup import lookup
from zoo.ops.sinusoidal import sinusoidal

POSITIONS = {
    "sinusoidal": "waves, for any length",
    "learned": "a trained vector for each of `maximum_length` positions",
}


@keras.saving.register_keras_serializable(package="zoo")
class PositionalEncoding(Composite):
    """Positional encoding of vectors, which are made as wide as a Transformer is.

        sinusoidal:  h_t = sqrt(D) e_t + PE(t)                   learned:  h_t = e_t + p_t
        of another width:  (.. e_t) W + b + ..                   of frames:  h_t = x_t W + b + PE(t) or p_t

    Both terms start equally large, or training would have to find the smaller one first. Token vectors start small:
    the root makes them as large as waves (Vaswani et al.); beside learned positions they are not multiplied, and these
    start at a standard deviation of 0.02, as in GPT-2 and BERT. Beside frames, learned positions start at the standard
    deviation that x_t W of standardised frames has, sqrt(2 D / (D + units)).

    Args:
        units: width of the result.
        kind: a name of `POSITIONS`.
        maximum_length: of learned positions, the longest sequence.
        tokens: whether the vectors are those of tokens; else of frames, which keep their scale.
    Shapes:
        (B, T, D) -> (B, T, units). `step`: (B, D) at position (B,) int32 -> (B, units).
    Raises:
        ValueError: an unknown kind, with the closest; learned positions without a maximum_length.
    Reference: Vaswani et al. 2017, arXiv:1706.03762, 3.4 and 3.5; learned: Radford et al. 2019 (GPT-2: `wte` + `wpe`,
        github.com/openai/gpt-2, src/model.py), Devlin et al. 2019, arXiv:1810.04805, appendix A.2.
    """

    def __init__(
        self, units: int, *, kind: str = "sinusoidal", maximum_length: int | None = None, tokens: bool = True, **kwargs
    ):
        super().__init__(**kwargs)
        lookup("positions", kind, POSITIONS)
        if (kind == "learned") != (maximum_length is not None):
            raise ValueError(
                "Learned positions have a `maximum_length`, and sinusoidal ones need none. Received: "
                f"positions={kind!r}, maximum_length={maximum_length}"
            )
        self.units, self.kind, self.maximum_length, self.tokens = units, kind, maximum_length, tokens
        self.projection = None

    def build(self, vectors_shape):
        if not self.tokens or vectors_shape[-1] != self.units:
            self.projection = keras.layers.Dense(self.units, dtype=self.dtype_policy, name="projection")
            self.projection.build(vectors_shape)
        if self.kind == "learned":
            width = vectors_shape[-1]
            start = keras.initializers.RandomNormal(
                stddev=0.02 if self.tokens else (2 * width / (width + self.units)) ** 0.5
            )
            shape = (self.maximum_length, self.units)
            self.position_vectors = self.add_weight(shape=shape, initializer=start, name="positions")

    def call(self, vectors):
        length = vectors.shape[1] if vectors.shape[1] is not None else ops.shape(vectors)[1]
        self.check_length(length)
        return self._widen(vectors) + self._there(ops.arange(length, dtype="int32"))

    def step(self, vectors, position):
        return self._widen(vectors) + self._there(position)

    def _widen(self, vectors):
        if self.tokens and self.kind == "sinusoidal":
            vectors = vectors * vectors.shape[-1] ** 0.5
        return vectors if self.projection is None else self.projection(vectors)

    def _there(self, positions):
        if self.kind == "learned":
            return ops.cast(ops.take(self.position_vectors, positions, axis=0), self.compute_dtype)
        return ops.cast(sinusoidal(positions, self.units), self.compute_dtype)

    def check_length(self, length) -> None:
        """Raises ValueError for a known length with more positions than were learned, which no backend reports
        alike.
        """
        if self.maximum_length is not None and isinstance(length, int) and length > self.maximum_length:
            raise ValueError(
                f"Positions are learned for {self.maximum_length} steps. Received: {length}. Cut the sequence, or "
                "build with a larger maximum_length or positions='sinusoidal'."
            )

    def compute_output_shape(self, vectors_shape):
        return (*vectors_shape[:-1], self.units)
