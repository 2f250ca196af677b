"""Base class of cells: a Keras cell in two halves, so that the input's half leaves the time loop."""

import keras
from keras import ops


class Cell(keras.layers.Layer):
    """One time step of a recurrent network.

    A step is `step(project(x_t), states)`. `project` does not feed back, so over a whole sequence it is one large
    product before the loop; only `step` runs inside `zoo.ops.scan`. `call` does both, which makes every cell a Keras
    cell: `keras.layers.RNN(cell)` takes it too.

    A new cell sets `gates` (blocks of `units` columns in its kernels) and writes `step`; its first state is its output
    unless it overrides `state_size` and `output_size`.

    Args:
        units: width of the state.
        kernel_initializer: start of the input weights `kernel` (D, gates * units).
        recurrent_initializer: start of the state weights `recurrent_kernel` (units, gates * units).
    Raises:
        ValueError: units < 1.
    """

    gates = 1

    def __init__(
        self,
        units: int,
        *,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be at least 1. Received: units={units}")
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)

    @property
    def state_size(self) -> list[int]:
        return [self.units]

    @property
    def output_size(self) -> int:
        return self.units

    def build(self, inputs_shape, states_shape=None):
        width = self.gates * self.units
        self.kernel = self.add_weight(
            shape=(inputs_shape[-1], width), initializer=self.kernel_initializer, name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.state_size[0], width), initializer=self.recurrent_initializer, name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=self.bias_shape, initializer=self.bias_start, name="bias")

    @property
    def bias_shape(self) -> tuple:
        return (self.gates * self.units,)

    def bias_start(self, shape, dtype=None):
        """The bias before training."""
        return ops.zeros(shape, dtype)

    def get_initial_state(self, batch_size) -> list:
        return [ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in self.state_size]

    def product(self, inputs, first: int = 0):
        """x W for all gates: (..., D) -> (..., gates * units). Inputs of fewer features than the cell's are those from
        `first` on: of inputs that are joined, each part can have its product where it is known."""
        return ops.matmul(inputs, self.kernel[first : first + inputs.shape[-1]])

    def project(self, inputs):
        """x W + b for all gates: (..., D) -> (..., gates * units). The first features alone will do, see `product`."""
        return self.product(inputs) + self.bias

    def step(self, projected, states):
        """(B, gates * units), the states -> output (B, output_size), the new states."""
        raise NotImplementedError

    def call(self, inputs, states):
        return self.step(self.project(inputs), states)

    def compute_output_shape(self, inputs_shape, states_shape=None):
        batch = inputs_shape[0]
        return (batch, self.output_size), [(batch, size) for size in self.state_size]


def forget_gate_open(units: int, gate: int):
    """A bias of ones for one gate and zeros elsewhere: memory is retained until training changes it."""

    def start(shape, dtype=None):
        indices = ops.arange(shape[0], dtype="int32")
        return ops.cast((indices >= gate * units) & (indices < (gate + 1) * units), dtype)

    return start
