import keras
from keras import ops

from zoo.cells import CELLS
from zoo.layers.composite import Composite
from zoo.lookup import lookup


@keras.saving.register_keras_serializable(package="zoo")
class CellStack(Composite):
    """Cells on top of each other, one step at a time: what a decoder runs whose input waits for the step before.

        y^1_t = cell^1([x_t ; f_t]),   y^l_t = cell^l(d^l * y^{l-1}_t)  (+ y^{l-1}_t if residual)

    x_t is known beforehand and projected for all steps at once by `project`; f_t is what comes back (a context, the
    last read-out). d^l is dropout, one draw for all steps of a sequence.

    Args:
        cell: a name of `zoo.cells.CELLS`.
        units: width of each cell.
        layers: how many.
        residual: from the second layer on, add each layer's input to its output.
        dropout: rate between the layers.
    Shapes:
        project((B, T, D)) -> (B, T, gates * units); step(projected (B, gates * units), fed (B, F), states, kept)
        -> output (B, units), states: a list per layer of (B, units).
    Raises:
        ValueError: units or layers < 1, an unknown cell, dropout outside [0, 1).
    Reference: arXiv:1512.05287 (Gal & Ghahramani 2016: one dropout mask for all steps).
    """

    def __init__(
        self,
        cell: str = "lstm",
        units: int = 128,
        *,
        layers: int = 1,
        residual: bool = False,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if layers < 1:
            raise ValueError(f"`layers` must be at least 1. Received: layers={layers}")
        self.units, self.residual = units, residual
        cell_class = lookup("cell", cell, CELLS)
        self.cells = [cell_class(units, dtype=self.dtype_policy, name=f"{cell}_{n}") for n in range(layers)]
        self.dropouts = [
            keras.layers.Dropout(dropout, dtype=self.dtype_policy, name=f"dropout_{n}") for n in range(1, layers)
        ]

    def build(self, inputs_shape, feedback_shape):
        self.known = inputs_shape[-1]
        for n, cell in enumerate(self.cells):
            cell.build((None, self.known + feedback_shape[-1] if n == 0 else self.units))

    def project(self, sequences):
        return self.cells[0].project(sequences)

    def start(self, batch_size) -> list:
        return [cell.get_initial_state(batch_size) for cell in self.cells]

    def dropout_masks(self, batch_size, training=None) -> list:
        """The dropout of a whole sequence, drawn before its loop: what each layer but the first is multiplied by."""
        ones = ops.ones((batch_size, self.units), dtype=self.compute_dtype)
        return [dropout(ones, training=training) for dropout in self.dropouts]

    def step(self, projected, feedback, states, dropout_masks=None):
        output, state = self.cells[0].step(projected + self.cells[0].product(feedback, self.known), states[0])
        new = [list(state)]
        for n, cell in enumerate(self.cells[1:]):
            hidden, state = cell(output if dropout_masks is None else output * dropout_masks[n], states[n + 1])
            output = hidden + output if self.residual else hidden
            new.append(list(state))
        return output, new
