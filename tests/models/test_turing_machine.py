"""What the model says of every step, against the float64 loop; where its tape is found; its errors."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.reference import turing_machine as reference
from zoo.models.turing_machine import turing_machine
from zoo.recurrent.turing_machine import TRACE

TINY = {"outputs": 2, "units": 4, "slots": 5, "slot_size": 3}
LENGTHS = [4, 2]
FRAMES = np.where(np.arange(4)[:, None] < np.array(LENGTHS)[:, None, None], draw(2, 4, 3), 0).astype("float32")


def drawn(model):
    machine = model.get_layer("machine")
    before = ops.convert_to_numpy(machine.memory)
    with_drawn_weights(machine)
    machine.memory.assign(before)
    return model, machine


def of_the_loop(machine, vectors):
    own = {
        weight.name: ops.convert_to_numpy(weight)
        for weight in (machine.memory, machine.initial_reads, machine.initial_addresses)
    }
    return reference.machine(
        vectors,
        controller=reference.lstm,
        controller_weights=weights_by_name(machine.controller),
        heads=weights_by_name(machine.heads),
        **own,
        writers=machine.num_write_heads,
        shift_range=machine.shift_range,
    )


ACTIVATIONS = {
    "sigmoid": lambda scores: 1 / (1 + np.exp(-scores)),
    "softmax": lambda scores: np.exp(scores) / np.exp(scores).sum(-1, keepdims=True),
    None: lambda scores: scores,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_agrees_with_the_equations_from_frames(activation):
    model, machine = drawn(
        turing_machine(
            features=3,
            variable_length=True,
            controller="lstm",
            read_heads=2,
            write_heads=2,
            activation=activation,
            **TINY,
        )
    )
    inputs = {"frames": FRAMES, "lengths": np.array(LENGTHS, "int32")}
    found = numpy(model({name: ops.convert_to_tensor(array) for name, array in inputs.items()}))
    kernel, bias = model.get_layer("head").get_weights()
    for row, length in enumerate(LENGTHS):
        expected, _ = of_the_loop(machine, FRAMES[row, :length])
        np.testing.assert_allclose(
            found[row, :length], ACTIVATIONS[activation](expected @ kernel + bias), rtol=1e-5, atol=1e-5
        )
        of_nothing = np.broadcast_to(ACTIVATIONS[activation](bias), found[row, length:].shape)
        np.testing.assert_allclose(found[row, length:], of_nothing, rtol=1e-5)


def test_agrees_with_the_equations_from_tokens_and_shows_its_tape():
    model, machine = drawn(turing_machine(vocabulary_size=6, embedding_size=3, controller="lstm", **TINY))
    tokens = np.array([[3, 5, 1, 2], [4, 4, 0, 0]], "int32")
    table = model.get_layer("embedding").get_weights()[0]
    read, *tape = numpy(keras.Model(model.input, machine.output)(ops.convert_to_tensor(tokens)))
    assert len(tape) == len(TRACE)
    for row in range(2):
        length = np.count_nonzero(tokens[row])
        expected, on_tape = of_the_loop(machine, table[tokens[row, :length]])
        np.testing.assert_allclose(read[row, :length], expected, rtol=1e-5, atol=1e-5)
        for name, array in zip(TRACE, tape, strict=True):
            np.testing.assert_allclose(array[row, :length], on_tape[name], rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.slow
def test_it_learns_to_say_again_what_it_has_read():
    """Two bits, shown one after the other, then asked for with nothing on the input: the controller has no memory, so
    what it says comes from the tape."""
    bits = np.array([[a, b] for a in (0, 1) for b in (0, 1)], "float32")
    frames = np.zeros((4, 4, 3), "float32")
    frames[:, :2, 0], frames[:, :2, 1], frames[:, 2:, 2] = 2 * bits - 1, 1, 1
    targets = np.zeros((4, 4, 1), "float32")
    targets[:, 2:, 0] = bits
    weights = np.zeros((4, 4), "float32")
    weights[:, 2:] = 1
    model = turing_machine(features=3, outputs=1, units=12, slots=4, slot_size=4)
    model.compile(keras.optimizers.Adam(0.03), "binary_crossentropy")
    for _ in range(300):
        if model.train_on_batch(frames, targets, weights) < 0.05:
            break
        model.reset_metrics()
    np.testing.assert_array_equal(numpy(model(frames))[:, 2:, 0] > 0.5, bits > 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "either tokens .* or frames"),
        ({"features": 3, "vocabulary_size": 4}, "either tokens .* or frames"),
        ({"features": 3, "controller": "feedforward"}, "Did you mean 'feed_forward'"),
        ({"features": 3, "slots": 2}, "2 \\* shift_range < slots"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        turing_machine(**wrong)
