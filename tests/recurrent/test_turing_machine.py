"""A machine and its tape against the float64 loop; what no number of steps may do to its heads."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import draw, numpy, weights_by_name, with_drawn_weights
from tests.gradients import finite_differences, weighed, weight_gradients
from tests.reference import turing_machine as reference
from zoo.recurrent.turing_machine import ADDRESSINGS, CONTROLLERS, MEMORY_STARTS, TRACE, TuringMachine

BATCH, STEPS, FEATURES, UNITS, SLOTS, WIDTH = 2, 6, 3, 4, 7, 3
EACH_ADDRESSING = pytest.mark.parametrize("addressing", ADDRESSINGS)


def built(controller="feed_forward", units=UNITS, scale=1.0, **options):
    """A constant memory is left as it is."""
    options = {"slots": SLOTS, "slot_size": WIDTH, "read_heads": 2, "write_heads": 3, **options}
    layer = TuringMachine(controller, units, **options)
    layer.build((None, None, FEATURES))
    before = ops.convert_to_numpy(layer.memory)
    with_drawn_weights(layer)
    if not layer.memory.trainable:
        layer.memory.assign(before)
    for weight in (*layer.controller.weights, *layer.heads.weights):
        weight.assign(weight * scale)
    return layer


def ran(layer, sequences, mask=None):
    mask = None if mask is None else ops.convert_to_tensor(mask)
    return numpy(layer(ops.convert_to_tensor(sequences), mask=mask))


def flat(layer):
    """All weights by "controller/name", "heads/name" and name."""
    parts = {"controller/": layer.controller, "heads/": layer.heads}
    nested = {part + name: array for part, of in parts.items() for name, array in weights_by_name(of).items()}
    return nested | {name: weights_by_name(layer)[name] for name in _own(layer)}


def _own(layer):
    return ["memory", "initial_reads"] + ([] if layer.by_content_alone else ["initial_addresses"])


def of_the_loop(layer, controller, sequence, weights=None):
    weights = weights or flat(layer)

    def part(start):
        return {name.removeprefix(start): array for name, array in weights.items() if name.startswith(start)}

    return reference.machine(
        sequence,
        controller=getattr(reference, controller),
        controller_weights=part("controller/"),
        heads=part("heads/"),
        memory=weights["memory"],
        initial_reads=weights["initial_reads"],
        initial_addresses=weights.get("initial_addresses"),
        writers=layer.num_write_heads,
        shift_range=layer.shift_range,
    )


@EACH_ADDRESSING
@pytest.mark.parametrize("memory_start", MEMORY_STARTS)
@pytest.mark.parametrize("controller", ["feed_forward", "lstm"])
def test_agrees_with_the_equations(controller, addressing, memory_start):
    layer = built(controller, addressing=addressing, memory_start=memory_start, shift_range=2)
    sequences = draw(BATCH, STEPS, FEATURES)
    outputs, tape = ran(layer, sequences)
    assert outputs.shape == (BATCH, STEPS, UNITS + 2 * WIDTH)
    assert sorted(tape) == list(TRACE)
    for row in range(BATCH):
        expected, on_tape = of_the_loop(layer, controller, sequences[row])
        np.testing.assert_allclose(outputs[row], expected, rtol=1e-5, atol=1e-5)
        for name in TRACE:
            np.testing.assert_allclose(tape[name][row], on_tape[name], rtol=1e-5, atol=1e-5, err_msg=name)


@pytest.mark.each_backend
def test_gradients_are_those_of_the_equations():
    """By every weight, what stands before the first step among them."""
    sizes = {"units": 2, "slots": 4, "slot_size": 2, "read_heads": 1, "write_heads": 1}
    layer = built(memory_start="learned", **sizes)
    sequence, to = draw(1, 3, FEATURES), draw(3, 4, seed=1)
    value, found = weight_gradients(
        lambda: weighed(layer(ops.convert_to_tensor(sequence))[0][0], to), layer.trainable_variables
    )
    weights = flat(layer)
    assert len(found) == len(weights)

    def same(changed, name):
        return (of_the_loop(layer, "feed_forward", sequence[0], {**weights, name: changed})[0] * to).sum()

    for name, array in weights.items():
        gradient = next(slope for path, slope in found.items() if path.endswith(f"/{name}"))
        differences = finite_differences(lambda changed, name=name: same(changed, name), array)
        assert np.abs(differences).max() > 1e-4, name
        np.testing.assert_allclose(gradient, differences, rtol=1e-3, atol=1e-4, err_msg=name)
    assert value == pytest.approx(same(weights["memory"], "memory"), rel=1e-5)


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_cell_controls_what_it_reads_beside_what_comes_in(controller):
    """The reading of the step before stands behind the input, whose product was made before the loop."""
    layer = built(controller)
    outputs, _ = ran(layer, draw(BATCH, STEPS, FEATURES))
    hidden, read = outputs[..., :UNITS], outputs[..., UNITS:]
    state = layer.controller.get_initial_state(BATCH)
    before = np.tile(np.tanh(ops.convert_to_numpy(layer.initial_reads)).reshape(1, -1), (BATCH, 1))
    for step in range(STEPS):
        joined = np.concatenate([draw(BATCH, STEPS, FEATURES)[:, step], before], axis=-1).astype("float32")
        expected, state = layer.controller(ops.convert_to_tensor(joined), state)
        np.testing.assert_allclose(hidden[:, step], ops.convert_to_numpy(expected), rtol=1e-5, atol=1e-5)
        before = read[:, step]


def test_it_reads_what_it_has_just_written():
    """A head that writes ones where the other reads, from an empty memory: they are read in the same step."""
    layer = built(read_heads=1, write_heads=1)
    for weight in layer.heads.weights:
        weight.assign(0 * weight)
    bias = np.zeros(layer.heads.bias.shape, "float32")
    bias[:WIDTH], bias[WIDTH : 2 * WIDTH] = -50, 50  # erase nothing, add ones
    for head in range(2):  # stay where you are, by gate 0, a shift by 0 and all sharpness
        first = 2 * WIDTH + head * (1 + WIDTH + 1 + 3 + 1)
        bias[first + 1 + WIDTH], bias[first + 3 + WIDTH], bias[first + 5 + WIDTH] = -50, 50, 20
    layer.heads.bias.assign(bias)
    layer.initial_addresses.assign(50 * np.eye(2, SLOTS, dtype="float32")[[0, 0]])
    _, tape = ran(layer, draw(BATCH, 3, FEATURES))
    np.testing.assert_allclose(tape["read"], np.array([1, 2, 3])[None, :, None] * np.ones((BATCH, 3, WIDTH)), rtol=1e-4)


def test_what_comes_later_changes_nothing_before():
    layer = built("lstm")
    sequences = draw(BATCH, STEPS, FEATURES)
    other = sequences.copy()
    other[:, 3:] += 1
    (one, tape), (two, other_tape) = ran(layer, sequences), ran(layer, other)
    np.testing.assert_array_equal(one[:, :3], two[:, :3])
    assert (np.abs(one - two)[:, 3:].max(-1) > 1e-4).all()
    for name in TRACE:
        np.testing.assert_array_equal(tape[name][:, :3], other_tape[name][:, :3])


@EACH_ADDRESSING
def test_poison_on_padding_changes_nothing(addressing):
    layer = built(addressing=addressing)
    mask = np.arange(STEPS) < np.array([[4], [0]])
    sequences = draw(BATCH, STEPS, FEATURES)
    poisoned = np.where(mask[..., None], sequences, np.nan).astype("float32")
    outputs, tape = ran(layer, poisoned, mask)
    assert (outputs[~mask] == 0).all()
    np.testing.assert_allclose(outputs[0, :4], ran(layer, sequences)[0][0, :4], rtol=1e-5, atol=1e-6)
    assert all(np.isfinite(array).all() for array in tape.values())


@pytest.mark.parametrize(("dtype", "steps"), [("float32", 10_000), ("mixed_float16", 1_000)])
def test_heads_stay_on_the_simplex_through_very_many_random_steps(dtype, steps):
    """With weights that make gates, moves and strengths extreme."""
    torch = keras.backend.backend() == "torch"  # whose compiler takes minutes for the loop
    layer = built("lstm", scale=10.0, dtype=dtype)
    inputs = keras.Input((None, FEATURES))
    outputs, tape = layer(inputs)
    model = keras.Model(inputs, {"outputs": outputs, **tape})
    model.compile(jit_compile=dtype == "float32" and not torch)  # XLA may compute float16 in float32
    found = model.predict_on_batch(3 * draw(1, steps, FEATURES))
    assert all(np.isfinite(array).all() for array in found.values())
    for name in ("write_weights", "read_weights"):
        weights = found[name].astype("float64")
        assert weights.shape[:2] == (1, steps)
        assert (weights >= 0).all()
        assert np.abs(weights.sum(-1) - 1).max() <= (1e-5 if dtype == "float32" else 1e-2)
        assert len(np.unique(weights.argmax(-1))) > 2  # they go about


@pytest.mark.each_backend
@pytest.mark.parametrize(
    ("dtype", "scale", "options"),
    [
        ("float32", 30.0, {}),
        ("float32", 30.0, {"addressing": "content"}),
        ("mixed_float16", 1.0, {}),
        ("mixed_float16", 1.0, {"memory_start": "learned"}),
    ],
)
def test_gradients_are_finite(dtype, scale, options):
    """Also where everything saturates, and from a memory that holds nearly nothing."""
    layer = built(scale=scale, dtype=dtype, **options)
    sequences = ops.convert_to_tensor(scale * draw(BATCH, 4, FEATURES))
    value, slopes = weight_gradients(
        lambda: ops.mean(ops.square(ops.cast(layer(sequences)[0], "float32"))), layer.trainable_variables
    )
    assert np.isfinite(value)
    assert [name for name, slope in slopes.items() if not np.isfinite(slope).all()] == []
    assert any(np.abs(slope).max() > 0 for slope in slopes.values())


def test_a_step_is_a_step_of_the_whole():
    layer = built("gru")
    sequences = draw(BATCH, STEPS, FEATURES)
    outputs, tape = ran(layer, sequences)
    state = layer.start(BATCH)
    for step in range(STEPS):
        output, state, on_tape = layer.step(layer.project(ops.convert_to_tensor(sequences[:, step])), state)
        np.testing.assert_allclose(ops.convert_to_numpy(output), outputs[:, step], rtol=1e-5, atol=1e-6)
        for name in TRACE:
            np.testing.assert_allclose(numpy(on_tape[name]), tape[name][:, step], rtol=1e-5, atol=1e-6)


def test_heads_start_at_the_first_slot_of_a_constant_memory():
    layer = TuringMachine(slots=SLOTS, slot_size=WIDTH)
    layer.build((None, None, FEATURES))
    start = {name: numpy(value) for name, value in layer.start(BATCH)._asdict().items()}
    assert start["weights"].shape == (BATCH, 2, SLOTS)
    assert (start["weights"][..., 0] > 0.9).all()
    np.testing.assert_allclose(start["weights"].sum(-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(start["memory"], np.full((BATCH, SLOTS, WIDTH), 1e-6, "float32"))
    assert [weight.name for weight in layer.non_trainable_weights] == ["memory"]
    assert built(memory_start="learned").non_trainable_weights == []


def test_its_configuration_makes_it_again():
    layer = built("gru", addressing="content", memory_start="learned", shift_range=3, name="again")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert again.get_config() == layer.get_config()
    again.set_weights(layer.get_weights())
    sequences = draw(BATCH, STEPS, FEATURES)
    np.testing.assert_array_equal(ran(again, sequences)[0], ran(layer, sequences)[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"controller": "ltsm"}, "Unknown controller: 'ltsm'. Did you mean 'lstm'"),
        ({"addressing": "contents"}, "Unknown addressing: 'contents'. Did you mean 'content'"),
        ({"memory_start": "constants"}, "Unknown memory_start: 'constants'. Did you mean 'constant'"),
        ({"units": 0}, "must be at least 1. Received: units=0, slots=128"),
        ({"slots": 0}, "slots=0"),
        ({"slot_size": 0}, "slot_size=0"),
        ({"read_heads": 0}, "read_heads=0"),
        ({"write_heads": 0}, "write_heads=0"),
        ({"slots": 4, "shift_range": 2}, "2 \\* shift_range < slots. Received: shift_range=2, slots=4"),
        ({"shift_range": -1}, "Received: shift_range=-1"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        TuringMachine(**wrong)


def test_the_widest_reach_goes_all_round():
    assert TuringMachine(slots=5, shift_range=2).shift_range == 2
    assert TuringMachine(slots=1, shift_range=0).shift_range == 0
