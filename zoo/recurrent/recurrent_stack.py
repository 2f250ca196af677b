import keras
from keras import ops

from zoo.layers.composite import Composite
from zoo.ops.masking import zero_padding
from zoo.recurrent.recurrence import Recurrence


@keras.saving.register_keras_serializable(package="zoo")
class RecurrentStack(Composite):
    """Recurrent layers on top of each other, each in one direction or in both.

        y^l = [forward^l(n(y^{l-1})) ; backward^l(n(y^{l-1}))]
        y^l = dropout(y^l) (+ y^{l-1} if residual)

    where n is layer normalisation if asked for, else nothing. The backward half of a row starts at the row's own
    last real step, so rows of unequal length are read as if each were alone. A residual connection needs equal
    widths; where the first layer's input differs it passes through a linear projection without bias.

    Args:
        cell: a name of `zoo.cells.CELLS`.
        units: width of each direction.
        layers: how many.
        bidirectional: read both ways and join the halves: the output is 2 * units wide.
        residual: add each layer's input to its output.
        dropout: rate on each layer's output.
        layer_normalization: normalise each layer's input over its features.
    Shapes:
        sequences (B, S, D), mask (B, S) True = real -> outputs (B, S, units or 2 * units), exactly 0 on padding,
        and the last states: per layer, per direction, a list of (B, units).
    Raises:
        ValueError: units or layers < 1, dropout outside [0, 1), an unknown cell.
    """

    def __init__(
        self,
        cell: str = "lstm",
        units: int = 128,
        *,
        layers: int = 1,
        bidirectional: bool = False,
        residual: bool = False,
        dropout: float = 0.0,
        layer_normalization: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if layers < 1:
            raise ValueError(f"`layers` must be at least 1. Received: layers={layers}")
        if not 0 <= dropout < 1:
            raise ValueError(f"`dropout` is a rate in [0, 1). Received: dropout={dropout}")
        options = {"dtype": self.dtype_policy}
        self.cell = cell
        self.width = units * (2 if bidirectional else 1)
        self.residual = residual
        self.directions = [
            [
                Recurrence(cell, units, reverse=reverse, name=f"{'backward' if reverse else 'forward'}_{n}", **options)
                for reverse in ((False, True) if bidirectional else (False,))
            ]
            for n in range(layers)
        ]
        self.dropouts = [keras.layers.Dropout(dropout, name=f"dropout_{n}", **options) for n in range(layers)]
        self.normalizations = [
            keras.layers.LayerNormalization(name=f"normalization_{n}", **options)
            for n in range(layers if layer_normalization else 0)
        ]
        self.projection = None  # made in `build`, only where a residual connection must change the width

    def build(self, sequences_shape, initial_state_shape=None):
        *outer, features = sequences_shape
        if self.residual and features != self.width:
            self.projection = keras.layers.Dense(
                self.width, use_bias=False, dtype=self.dtype_policy, name="residual_projection"
            )
            self.projection.build(sequences_shape)
        for n, directions in enumerate(self.directions):
            shape = (*outer, features if n == 0 else self.width)
            if self.normalizations:
                self.normalizations[n].build(shape)
            for recurrence in directions:
                recurrence.build(shape)

    def call(self, sequences, mask=None, initial_state=None, training=None):
        if mask is None:
            mask = ops.ones(ops.shape(sequences)[:2], dtype="bool")
        sequences = zero_padding(sequences, mask)
        states = []
        for n, directions in enumerate(self.directions):
            inputs = self.normalizations[n](sequences) if self.normalizations else sequences
            starts = [None] * len(directions) if initial_state is None else initial_state[n]
            runs = [r(inputs, mask=mask, initial_state=start) for r, start in zip(directions, starts, strict=True)]
            outputs = self.dropouts[n](ops.concatenate([run[0] for run in runs], axis=-1), training=training)
            if self.residual:
                project = n == 0 and self.projection is not None
                outputs = outputs + (self.projection(sequences) if project else sequences)
            sequences = outputs
            states.append([run[1] for run in runs])
        return sequences, states

    def compute_output_spec(self, sequences, *args, **kwargs):
        """Return the output of `call` without tracing its loops, see `Recurrence.compute_output_spec`."""
        states = [[r.compute_output_spec(sequences)[1] for r in directions] for directions in self.directions]
        return keras.KerasTensor((*sequences.shape[:2], self.width), self.compute_dtype), states

    def start(self, batch_size) -> list:
        """The states before the first step, as `call` takes and returns them."""
        return [[recurrence.start(batch_size) for recurrence in directions] for directions in self.directions]

    def step(self, inputs, states):
        """One step alone, outside of training: (B, D), states -> output (B, units), the new states.

        Raises:
            ValueError: the stack is bidirectional: what comes after a step cannot be known.
        """
        new = []
        for n, (directions, state) in enumerate(zip(self.directions, states, strict=True)):
            if len(directions) > 1:
                raise ValueError("A bidirectional stack reads the future and cannot go step by step.")
            output, last = directions[0].step(
                self.normalizations[n](inputs) if self.normalizations else inputs, state[0]
            )
            if self.residual:
                project = n == 0 and self.projection is not None
                output = output + (self.projection(inputs) if project else inputs)
            inputs = output
            new.append([last])
        return inputs, new
