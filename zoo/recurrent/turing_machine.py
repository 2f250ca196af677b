from typing import Any, NamedTuple

import keras
from keras import ops

from zoo.cells import CELLS
from zoo.cells.feed_forward import FeedForwardCell
from zoo.layers.composite import Composite
from zoo.lookup import lookup
from zoo.ops import ntm_addressing
from zoo.ops.masking import zero_padding
from zoo.ops.scan import scan

CONTROLLERS = {"feed_forward": FeedForwardCell, **CELLS}
# Initial memory. In the constant one slots become different only by the write heads.
MEMORY_STARTS = {
    "constant": keras.initializers.Constant(ntm_addressing.COSINE_EPSILON),
    "learned": keras.initializers.RandomNormal(stddev=0.1),
}
# By content, interpolation, shift and sharpening; or by content alone.
ADDRESSINGS = ("full", "content")
# The trace of a step, in the order in which Keras lists the outputs of a layer.
TRACE = ("added", "read", "read_weights", "write_weights")


class MachineState(NamedTuple):
    """The state of the machine between two steps.

    Args:
        controller: state of the cell, a list of (B, units).
        memory: M, (B, N, W).
        reads: r, (B, H_r, W).
        weights: of all heads, write heads first, (B, H, N); () for addressing by content alone.
    """

    controller: Any
    memory: Any
    reads: Any
    weights: Any


class HeadParameters(NamedTuple):
    """The parameters of the heads, emitted by the controller, H = H_w + H_r.

    Args:
        erase, add: e and a of the write heads, (B, H_w, W).
        strength: beta, (B, H). key: k, (B, H, W).
        gate: g, (B, H). shift: s, (B, H, 2 R + 1). sharpness: gamma, (B, H). These are None for addressing by content.
    """

    erase: Any
    add: Any
    strength: Any
    key: Any
    gate: Any = None
    shift: Any = None
    sharpness: Any = None


@keras.saving.register_keras_serializable(package="zoo")
class TuringMachine(Composite):
    """Neural Turing Machine: a controller with heads that write to and read from a memory by soft addresses.

        h_t, z_t = controller([x_t ; r_{t-1}], z_{t-1})
        every head, from a part of h_t W + b of its own (key k, strength beta, gate g, shift s, sharpness gamma):
            w^c = softmax_i(beta cos(k, M_i))        w^g = g w^c + (1 - g) w_{t-1}
            w~  = shift of w^g by s                  w_t = w~^gamma / sum_i w~_i^gamma
        M_t = M_{t-1} prod_h (1 - w_ht e_ht^T) + sum_h w_ht a_ht^T          write heads, erase e and add a
        r_ht = sum_i w_ht(i) M_t(i)                                         read heads, after the writing
        output [h_t ; r_t]

    k and a through tanh, e and g through sigmoid, s through softmax, beta = softplus, gamma = 1 + softplus. The weights
    and reads before the first step are learned.

    Args:
        controller: "feed_forward", or a name of `zoo.cells.CELLS`.
        units: width of the controller.
        slots: N, of the memory.
        slot_size: W, numbers in a slot.
        read_heads, write_heads: how many.
        shift_range: the largest shift of a head, in either direction.
        addressing: a name of `ADDRESSINGS`; by "content" w_t = w^c.
        memory_start: a name of `MEMORY_STARTS`.
    Shapes:
        sequences (B, T, D), mask (B, T) True = real -> outputs (B, T, units + read_heads * slot_size), exactly 0 on
        padding, and the trace: {"write_weights" (B, T, H_w, N), "read_weights" (B, T, H_r, N), "added" (B, T, W), the
        sum of what the heads add, "read" (B, T, W), the sum of what they read}.
    Raises:
        ValueError: an unknown name, with the closest; sizes below 1; a shift range that passes the memory's end.
    Reference: Graves et al. 2014, arXiv:1410.5401; the constant start: Collier & Beel 2018, arXiv:1807.08518.
    """

    def __init__(
        self,
        controller: str = "feed_forward",
        units: int = 100,
        *,
        slots: int = 128,
        slot_size: int = 20,
        read_heads: int = 1,
        write_heads: int = 1,
        shift_range: int = 1,
        addressing: str = "full",
        memory_start: str = "constant",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(units, slots, slot_size, read_heads, write_heads) < 1:
            raise ValueError(
                "`units`, `slots`, `slot_size`, `read_heads` and `write_heads` must be at least 1. Received: "
                f"units={units}, slots={slots}, slot_size={slot_size}, read_heads={read_heads}, "
                f"write_heads={write_heads}"
            )
        if not 0 <= 2 * shift_range < slots:
            raise ValueError(
                f"A head cannot shift further than around the memory: 2 * shift_range < slots. "
                f"Received: shift_range={shift_range}, slots={slots}"
            )
        lookup("addressing", addressing, dict.fromkeys(ADDRESSINGS))
        self.by_content_alone = addressing == "content"
        self.memory_start = lookup("memory_start", memory_start, MEMORY_STARTS)
        self.learns_memory = memory_start == "learned"
        self.slots, self.slot_size, self.units = slots, slot_size, units
        self.num_write_heads, self.num_read_heads = write_heads, read_heads
        self.num_heads = write_heads + read_heads
        self.shift_range = shift_range
        self.controller = lookup("controller", controller, CONTROLLERS)(
            units, dtype=self.dtype_policy, name="controller"
        )
        # Of each head: strength and key, then gate, shift and sharpness.
        self.address_sizes = [1, slot_size] if self.by_content_alone else [1, slot_size, 1, 2 * shift_range + 1, 1]
        width = 2 * write_heads * slot_size + self.num_heads * sum(self.address_sizes)
        self.heads = keras.layers.Dense(width, dtype=self.dtype_policy, name="heads")

    def build(self, sequences_shape):
        self.features = sequences_shape[-1]
        self.controller.build((None, self.features + self.num_read_heads * self.slot_size))
        self.heads.build((None, self.units))
        self.memory = self.add_weight(
            shape=(self.slots, self.slot_size),
            initializer=self.memory_start,
            trainable=self.learns_memory,
            name="memory",
        )
        self.initial_reads = self.add_weight(
            shape=(self.num_read_heads, self.slot_size), initializer="zeros", name="initial_reads"
        )
        if not self.by_content_alone:
            self.initial_addresses = self.add_weight(
                shape=(self.num_heads, self.slots), initializer=_at_the_first, name="initial_addresses"
            )

    def start(self, batch_size) -> MachineState:
        """Return the state before the first step."""

        def by_row(values):
            values = ops.cast(values, self.compute_dtype)
            return ops.broadcast_to(values, (batch_size, *values.shape))

        return MachineState(
            controller=self.controller.get_initial_state(batch_size),
            memory=by_row(self.memory),
            reads=by_row(ops.tanh(self.initial_reads)),
            weights=() if self.by_content_alone else by_row(ops.softmax(self.initial_addresses, axis=-1)),
        )

    def project(self, sequences):
        """Return the part of a step that does not depend on the state: (..., D) -> (..., gates * units)."""
        return self.controller.project(sequences)

    def step(self, projected, state: MachineState):
        """Return the output (B, units + H_r * W), the next state and the trace of one step."""
        reads = ops.reshape(state.reads, (-1, self.num_read_heads * self.slot_size))  # (B, H_r * W)
        projected = projected + self.controller.product(reads, first=self.features)
        hidden, controller = self.controller.step(projected, state.controller)
        parameters = self._head_parameters(self.heads(hidden))
        weights = self._address(parameters, state)  # (B, H, N)
        write_weights, read_weights = weights[:, : self.num_write_heads], weights[:, self.num_write_heads :]
        memory = ntm_addressing.erase_and_add(state.memory, write_weights, parameters.erase, parameters.add)
        reads = ntm_addressing.read(memory, read_weights)  # (B, H_r, W)
        output = ops.concatenate([hidden, ops.reshape(reads, (-1, self.num_read_heads * self.slot_size))], axis=-1)
        next_state = MachineState(list(controller), memory, reads, () if self.by_content_alone else weights)
        trace = {
            "write_weights": write_weights,
            "read_weights": read_weights,
            "added": ops.sum(parameters.add, axis=1),
            "read": ops.sum(reads, axis=1),
        }
        return output, next_state, trace

    def _head_parameters(self, emitted) -> HeadParameters:
        """Split what the controller emits by name: (B, 2 H_w W + H sum(address_sizes)) -> parameters."""
        size = self.num_write_heads * self.slot_size
        erase, add, addresses = ops.split(emitted, [size, 2 * size], axis=-1)
        shape = (-1, self.num_write_heads, self.slot_size)
        addresses = ops.reshape(addresses, (-1, self.num_heads, sum(self.address_sizes)))  # (B, H, sizes)
        bounds = [sum(self.address_sizes[:count]) for count in range(1, len(self.address_sizes))]
        strength, key, *others = ops.split(addresses, bounds, axis=-1)
        parameters = HeadParameters(
            erase=ops.sigmoid(ops.reshape(erase, shape)),
            add=ops.tanh(ops.reshape(add, shape)),
            strength=ops.softplus(strength[..., 0]),
            key=ops.tanh(key),
        )
        if self.by_content_alone:
            return parameters
        gate, shift, sharpness = others
        return parameters._replace(
            gate=ops.sigmoid(gate[..., 0]),
            shift=ops.softmax(shift, axis=-1),
            sharpness=1 + ops.softplus(sharpness[..., 0]),
        )

    def _address(self, parameters: HeadParameters, state: MachineState):
        weights = ntm_addressing.by_content(parameters.key, parameters.strength, state.memory)  # w^c
        if self.by_content_alone:
            return weights
        weights = ntm_addressing.interpolate(parameters.gate, weights, state.weights)  # w^g
        weights = ntm_addressing.shift(weights, parameters.shift)  # w~
        return ntm_addressing.sharpen(weights, parameters.sharpness)

    def call(self, sequences, mask=None):
        if mask is None:
            mask = ops.ones(ops.shape(sequences)[:2], dtype="bool")

        def step(state, projected):
            output, state, trace = self.step(projected, state)
            return state, (output, trace)

        projected = ops.transpose(self.project(zero_padding(sequences, mask)), (1, 0, 2))  # (T, B, gates * units)
        _, (outputs, trace) = scan(step, self.start(ops.shape(sequences)[0]), projected)
        outputs = zero_padding(ops.transpose(outputs, (1, 0, 2)), mask)  # (B, T, units + H_r * W)
        return outputs, {name: ops.swapaxes(values, 0, 1) for name, values in trace.items()}


def _at_the_first(shape, dtype=None):
    """Addresses of heads at the first slot."""
    return 5.0 * ops.one_hot(ops.zeros((shape[0],), dtype="int32"), shape[1], dtype=dtype or "float32")
