import keras

from zoo.models.base.mapping_model import PerStepModel
from zoo.models.base.sequence_inputs import sequence_inputs
from zoo.recurrent.turing_machine import TuringMachine


def turing_machine(
    *,
    vocabulary_size: int | None = None,
    features: int | None = None,
    variable_length: bool = False,
    outputs: int = 2,
    activation: str | None = "sigmoid",
    embedding_size: int = 128,
    controller: str = "feed_forward",
    units: int = 100,
    slots: int = 128,
    slot_size: int = 20,
    read_heads: int = 1,
    write_heads: int = 1,
    shift_range: int = 1,
    addressing: str = "full",
    memory_start: str = "constant",
) -> keras.Model:
    """Neural Turing Machine: an output at every step, with an external memory that it writes and reads.

        [h_t ; r_t] = machine(x_t)                   a controller, its heads and its memory:
        `zoo.recurrent.turing_machine` p_t         = activation([h_t ; r_t] W + b)

    Padding counts neither in a loss of `compile` nor in its metrics, see `zoo.models.base.mapping_model.PerStepModel`.

    `keras.Model(model.input, model.get_layer("machine").output)` gives the trace of the heads: what was read, then what
    `zoo.recurrent.turing_machine.TRACE` names.

    Args:
        vocabulary_size: how many ids tokens have (0 is padding); for token input.
        features: numbers in a frame; for frame input. They are read as they are, unless
            `model.get_layer("standardize").adapt(frames)` sets their scale.
        variable_length: frames come with a second input, `lengths`.
        outputs: number of bits, classes or numbers at every step.
        activation: "sigmoid" for bits, "softmax" for one class, None for numbers.
        embedding_size: width of a token's vector.
        controller: "feed_forward", or a name of `zoo.cells.CELLS`.
        units: width of the controller.
        slots: locations of the memory.
        slot_size: numbers in a location.
        read_heads, write_heads: how many.
        shift_range: a head moves by so many locations at most.
        addressing: "full" (content, interpolation, shift, sharpening) or "content".
        memory_start: "constant" or "learned".
    Shapes:
        tokens (B, S) int; or frames (B, S, features) float; or {"frames", "lengths" (B,) int} -> (B, S, outputs).
    Raises:
        ValueError: as `zoo.recurrent.turing_machine.TuringMachine`; neither or both of vocabulary_size and features.
    Reference: Graves et al. 2014, Neural Turing Machines, arXiv:1410.5401.
    """
    front = sequence_inputs(vocabulary_size, features, variable_length=variable_length, embedding_size=embedding_size)
    machine = TuringMachine(
        controller,
        units,
        slots=slots,
        slot_size=slot_size,
        read_heads=read_heads,
        write_heads=write_heads,
        shift_range=shift_range,
        addressing=addressing,
        memory_start=memory_start,
        name="machine",
    )
    read, _ = machine(front.sequences, front.mask)
    head = keras.layers.Dense(outputs, activation=activation, dtype="float32", name="head")
    return PerStepModel(front.inputs, head(read), name="turing_machine")
