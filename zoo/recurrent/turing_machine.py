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
# What the memory holds before the first step. Of the constant one only the write heads ever make one slot another.
MEMORY_STARTS = {
    "constant": keras.initializers.Constant(ntm_addressing.SMALLEST),
    "learned": keras.initializers.RandomNormal(stddev=0.1),
}
# How a head finds its place: by content, then from where it was, by shifts; or by content alone.
ADDRESSINGS = ("full", "content")
# What it says of every step, in the order in which Keras lists the outputs of a layer.
TAPE = ("added", "read", "read_weights", "write_weights")


@keras.saving.register_keras_serializable(package="zoo")
class TuringMachine(Composite):
    """A controller with a tape: heads that write to and read from a memory of slots, at places they choose softly.

        h_t, z_t = controller([x_t ; r_{t-1}], z_{t-1})
        every head, from a part of h_t W + b of its own (key k, strength beta, gate g, shift s, sharpness gamma):
            w^c = softmax_i(beta cos(k, M_i))        w^g = g w^c + (1 - g) w_{t-1}
            w~  = shift of w^g by s                  w_t = w~^gamma / sum_i w~_i^gamma
        M_t = M_{t-1} prod_h (1 - w_ht e_ht^T) + sum_h w_ht a_ht^T          write heads, erase e and add a
        r_ht = sum_i w_ht(i) M_t(i)                                         read heads, after the writing
        output [h_t ; r_t]

    k and a through tanh, e and g through sigmoid, s through softmax, beta = softplus, gamma = 1 + softplus. The weights
    and readings before the first step are learned.

    Args:
        controller: "feed_forward", or a name of `zoo.cells.CELLS`.
        units: width of the controller.
        slots: N, of the memory.
        slot_size: W, numbers in a slot.
        read_heads, write_heads: how many.
        shift_range: a head moves by so many slots at most, in either direction.
        addressing: a name of `ADDRESSINGS`; by "content" w_t = w^c.
        memory_start: a name of `MEMORY_STARTS`.
    Shapes:
        sequences (B, T, D), mask (B, T) True = real -> outputs (B, T, units + read_heads * slot_size), exactly 0 on
        padding, and the tape: {"write_weights" (B, T, H_w, N), "read_weights" (B, T, H_r, N), "added" (B, T, W), the
        sum of what all heads add, "read" (B, T, W), the sum of what all read}.
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
                f"A head cannot shift further than round the memory: 2 * shift_range < slots. "
                f"Received: shift_range={shift_range}, slots={slots}"
            )
        lookup("addressing", addressing, dict.fromkeys(ADDRESSINGS))
        self.by_content_alone = addressing == "content"
        self.memory_start = lookup("memory_start", memory_start, MEMORY_STARTS)
        self.learns_memory = memory_start == "learned"
        self.slots, self.slot_size, self.units = slots, slot_size, units
        self.writers, self.readers = write_heads, read_heads
        self.shift_range = shift_range
        self.controller = lookup("controller", controller, CONTROLLERS)(
            units, dtype=self.dtype_policy, name="controller"
        )
        # Of every head beside its strength: key (, gate, moves, sharpness). Those that write erase and add as well.
        self.sizes = [slot_size] if self.by_content_alone else [slot_size, 1, 2 * shift_range + 1, 1]
        heads = write_heads + read_heads
        width = heads * (1 + sum(self.sizes)) + 2 * write_heads * slot_size
        self.heads = keras.layers.Dense(width, dtype=self.dtype_policy, name="heads")

    def build(self, sequences_shape):
        self.features = sequences_shape[-1]
        self.controller.build((None, self.features + self.readers * self.slot_size))
        self.heads.build((None, self.units))
        self.memory = self.add_weight(
            shape=(self.slots, self.slot_size),
            initializer=self.memory_start,
            trainable=self.learns_memory,
            name="memory",
        )
        self.reading = self.add_weight(shape=(self.readers, self.slot_size), initializer="zeros", name="reading")
        if not self.by_content_alone:
            self.places = self.add_weight(
                shape=(self.writers + self.readers, self.slots), initializer=_at_the_first, name="places"
            )

    def start(self, batch_size) -> dict:
        """The state before the first step."""

        def rows(values):
            values = ops.cast(values, self.compute_dtype)
            return ops.broadcast_to(values, (batch_size, *values.shape))

        state = {
            "controller": self.controller.get_initial_state(batch_size),
            "memory": rows(self.memory),
            "read": rows(ops.tanh(self.reading)),
        }
        if not self.by_content_alone:
            state["weights"] = rows(ops.softmax(self.places, axis=-1))
        return state

    def project(self, sequences):
        """The part of a step that does not feed back: (..., D) -> (..., gates * units)."""
        return self.controller.project(sequences)

    def step(self, projected, state):
        """One step: output (B, units + H_r * W), the new state, the tape."""
        batch = ops.shape(projected)[0]
        reading = ops.reshape(state["read"], (batch, self.readers * self.slot_size))
        projected = projected + self.controller.product(reading, first=self.features)
        hidden, controller = self.controller.step(projected, state["controller"])
        parts = self.heads(hidden)
        split = self.writers * self.slot_size
        erase, add, parts = parts[:, :split], parts[:, split : 2 * split], parts[:, 2 * split :]
        erase = ops.sigmoid(ops.reshape(erase, (batch, self.writers, self.slot_size)))
        add = ops.tanh(ops.reshape(add, (batch, self.writers, self.slot_size)))
        weights = self._address(ops.reshape(parts, (batch, self.writers + self.readers, 1 + sum(self.sizes))), state)
        writing, looking = weights[:, : self.writers], weights[:, self.writers :]
        memory = ntm_addressing.erase_and_add(state["memory"], writing, erase, add)
        read = ntm_addressing.read(memory, looking)
        output = ops.concatenate([hidden, ops.reshape(read, (batch, self.readers * self.slot_size))], axis=-1)
        new = {"controller": list(controller), "memory": memory, "read": read}
        if not self.by_content_alone:
            new["weights"] = weights
        tape = {
            "write_weights": writing,
            "read_weights": looking,
            "added": ops.sum(add, axis=1),
            "read": ops.sum(read, axis=1),
        }
        return output, new, tape

    def _address(self, parts, state):
        strength, key = ops.softplus(parts[..., 0]), ops.tanh(parts[..., 1 : 1 + self.slot_size])
        weights = ntm_addressing.by_content(key, strength, state["memory"])
        if self.by_content_alone:
            return weights
        gate, moves, gamma = parts[..., 1 + self.slot_size], parts[..., 2 + self.slot_size : -1], parts[..., -1]
        weights = ntm_addressing.interpolate(ops.sigmoid(gate), weights, state["weights"])
        weights = ntm_addressing.shift(weights, ops.softmax(moves, axis=-1))
        return ntm_addressing.sharpen(weights, 1 + ops.softplus(gamma))

    def call(self, sequences, mask=None):
        if mask is None:
            mask = ops.ones(ops.shape(sequences)[:2], dtype="bool")

        def step(state, projected):
            output, state, tape = self.step(projected, state)
            return state, (output, tape)

        projected = ops.transpose(self.project(zero_padding(sequences, mask)), (1, 0, 2))
        _, (outputs, tape) = scan(step, self.start(ops.shape(sequences)[0]), projected)
        outputs = zero_padding(ops.transpose(outputs, (1, 0, 2)), mask)
        return outputs, {name: ops.swapaxes(values, 0, 1) for name, values in tape.items()}

    def compute_mask(self, sequences, previous_mask=None):
        return None  # masks are arguments; none rides on an output


def _at_the_first(shape, dtype=None):
    """Heads stand at the first slot, as those of a machine before its first step."""
    return 5.0 * ops.one_hot(ops.zeros((shape[0],), dtype="int32"), shape[1], dtype=dtype or "float32")
