import keras
from keras import ops

from zoo.backend.device import has_gpu
from zoo.cells import CELLS
from zoo.layers.composite import Composite
from zoo.lookup import lookup
from zoo.ops.fused_rnn import can_fuse, fused_gru, fused_lstm
from zoo.ops.lstm import lstm
from zoo.ops.masking import zero_padding
from zoo.ops.scan import scan

# The same equations as our cells of these names, fused by cuDNN on a GPU.
STOCK = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


@keras.saving.register_keras_serializable(package="zoo")
class Recurrence(Composite):
    """One cell, run over time in one direction.

    Padding (on the right) neither moves the state nor leaves a trace in the outputs: the last state is that of each
    row's last real step, and with `reverse` each row starts at its own last real step.

    With padding and without, "lstm" and "gru" run as fused kernels on a GPU: on TensorFlow and torch both, on JAX the
    LSTM in float32 (there is no other); on a CPU with torch. All other cells, and these elsewhere, are a loop.

    Args:
        cell: a name of `zoo.cells.CELLS`.
        units: width of the cell.
        reverse: run from the last step to the first; outputs stay in the order of the inputs.
    Shapes:
        sequences (B, S, D), mask (B, S) True = real -> outputs (B, S, units), exactly 0 on padding, and the list of
        last states, each (B, units).
    Raises:
        ValueError: an unknown cell, with the closest names.
    """

    def __init__(self, cell: str = "lstm", units: int = 128, *, reverse: bool = False, **kwargs):
        super().__init__(**kwargs)
        cell_class = lookup("cell", cell, CELLS)
        self.units = units
        self.reverse = reverse
        if cell in STOCK:
            self.stock = STOCK[cell](
                units,
                return_sequences=True,
                return_state=True,
                go_backwards=reverse,
                dtype=self.dtype_policy,
                name=cell,
            )
            self.cell = None
        else:
            self.stock = None
            self.cell = cell_class(units, dtype=self.dtype_policy, name=cell)

    def build(self, sequences_shape, initial_state_shape=None):
        if self.stock is not None:
            self.stock.build(sequences_shape)
        else:
            self.cell.build((sequences_shape[0], sequences_shape[2]))

    def call(self, sequences, mask=None, initial_state=None):
        if mask is None:
            mask = ops.ones(ops.shape(sequences)[:2], dtype="bool")
        outputs, state = self._runner()(sequences, mask, initial_state)
        return zero_padding(outputs, mask), state

    def compute_output_spec(self, sequences, *args, **kwargs):
        """Return the output of `call` without tracing its loop, which takes most of the time of building a model."""
        batch, steps = sequences.shape[:2]
        return keras.KerasTensor((batch, steps, self.units), self.compute_dtype), [
            keras.KerasTensor((batch, size), self.compute_dtype) for size in self.state_size
        ]

    @property
    def state_size(self) -> list[int]:
        """The width of each part of the state."""
        size = (self.cell or self.stock.cell).state_size
        return list(size) if isinstance(size, list | tuple) else [size]

    def start(self, batch_size) -> list:
        """The state before the first step."""
        return (self.cell or self.stock.cell).get_initial_state(batch_size)

    def step(self, inputs, state):
        """One step alone, with the same weights: (B, D), state -> output (B, units), the new state."""
        output, state = (self.cell or self.stock.cell)(inputs, state)
        return output, list(state)

    def _runner(self):
        if self.stock is None:
            return self._run_cell
        # On a CPU TensorFlow differentiates the stock loop step by step: 428 ms a training step of 64 x 128 x 256
        # (ours 232), 18 of 32 x 100 x 64 (ours 21). On JAX the stock layer is the faster one: 228 (ours 276).
        if can_fuse(self.stock.name, self.compute_dtype):
            return self._run_fused
        written_out = isinstance(self.stock, keras.layers.LSTM) and keras.backend.backend() == "tensorflow"
        return self._run_lstm if written_out and not has_gpu() else self._run_stock

    def _run_cell(self, sequences, mask, state):
        if state is None:
            state = self.cell.get_initial_state(ops.shape(sequences)[0])

        def step(state, x):
            projected, real = x
            output, new = self.cell.step(projected, state)
            return [ops.where(real, n, s) for n, s in zip(new, state, strict=True)], output

        projected = ops.transpose(self.cell.project(sequences), (1, 0, 2))  # (S, B, gates * units)
        real = ops.expand_dims(ops.transpose(mask), -1)  # (S, B, 1)
        state, outputs = scan(step, list(state), (projected, real), reverse=self.reverse)
        return ops.transpose(outputs, (1, 0, 2)), state

    def _run_lstm(self, sequences, mask, state):
        cell = self.stock.cell
        h, c = self.stock.get_initial_state(ops.shape(sequences)[0]) if state is None else state
        projected = ops.transpose(ops.matmul(sequences, cell.kernel) + cell.bias, (1, 0, 2))
        outputs, h, c = lstm(projected, cell.recurrent_kernel, h, c, ops.transpose(mask), reverse=self.reverse)
        return ops.transpose(outputs, (1, 0, 2)), [h, c]

    def _run_fused(self, sequences, mask, state):
        cell, options = self.stock.cell, {"reverse": self.reverse}
        state = self.stock.get_initial_state(ops.shape(sequences)[0]) if state is None else state
        run = fused_lstm if isinstance(self.stock, keras.layers.LSTM) else fused_gru
        outputs, *last = run(sequences, mask, *state, cell.kernel, cell.recurrent_kernel, cell.bias, **options)
        return outputs, last

    def _run_stock(self, sequences, mask, state):
        # cuDNN refuses a row without a real step: its first step is run as if real, and its state put back below.
        first = ops.arange(ops.shape(mask)[1], dtype="int32") == 0
        outputs, *new = self.stock(sequences, mask=ops.logical_or(mask, first), initial_state=state)
        if self.reverse:
            outputs = ops.flip(outputs, axis=1)
        filled = ops.any(mask, axis=1, keepdims=True)
        old = [ops.zeros_like(n) for n in new] if state is None else state
        return outputs, [ops.where(filled, n, o) for n, o in zip(new, old, strict=True)]
