"""The loss against the listing of every path; what has no room; a pyramid's steps."""

import keras
import numpy as np
import pytest

from tests.reference import ctc as reference
from zoo.models.ctc_recognizer import ctc_recognizer, room

TINY = {"features": 2, "outputs": 3, "units": 4}
LENGTHS = np.array([5, 3, 2, 4], "int32")
# Two alike need a blank between them: the third has no room for it.
TARGETS = np.array([[1, 1, 2], [2, 0, 0], [1, 1, 0], [2, 1, 0]], "int32")


@pytest.fixture
def inputs(random):
    return {"frames": random.normal(size=(4, 5, 2)).astype("float32"), "lengths": LENGTHS}


def made(random, **arguments):
    model = ctc_recognizer(**{**TINY, **arguments})
    model.compile("adam")
    for weight in model.trainable_weights:
        weight.assign(weight + random.normal(size=weight.shape))
    return model


def nats(model, inputs, rows):
    """-log p(y | x) of rows, by listing."""
    said = model.predict(inputs, verbose=0)
    found = []
    for row in rows:
        listed = reference.transcripts(said["scores"][row, : said["mask"][row].sum()])
        found.append(-np.log(listed[tuple(int(symbol) for symbol in TARGETS[row] if symbol)]))
    return np.array(found)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("encoder", ["bidirectional", "forward"])
def test_the_loss_is_that_of_all_paths_per_symbol(inputs, random, encoder):
    model = made(random, encoder=encoder)
    rows = [0, 1, 3]
    symbols = (TARGETS[rows] > 0).sum()
    # The third row is the one without room: it counts neither above nor below the line.
    expected = nats(model, inputs, rows).sum() / symbols
    assert model.evaluate(inputs, TARGETS, verbose=0) == pytest.approx([expected] * 2, rel=1e-5)  # the nats, too


@pytest.mark.usefixtures("either_way")
def test_weights_count_examples(inputs, random):
    model = made(random)
    weights = np.array([2.0, 0.0, 1.0, 0.5], "float32")
    expected = (nats(model, inputs, [0, 3]) * [2.0, 0.5]).sum() / (2.0 * 3 + 0.5 * 2)
    assert model.test_on_batch(inputs, TARGETS, weights) == pytest.approx([expected] * 2, rel=1e-5)


@pytest.mark.usefixtures("either_way")
def test_what_has_no_room_moves_no_weight(inputs, random):
    model = made(random)
    alone = {name: array[2:3] for name, array in inputs.items()}
    before = model.get_weights()
    assert model.train_on_batch(alone, TARGETS[2:3]) == [0, 0]
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_room_of_transcripts():
    assert keras.ops.convert_to_numpy(room(TARGETS)).tolist() == [4, 1, 3, 2]
    assert keras.ops.convert_to_numpy(room(np.array([[1, 1, 1], [0, 0, 0]]))).tolist() == [5, 0]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(("layers", "steps"), [(1, [5, 3, 2, 4]), (2, [3, 2, 1, 2]), (3, [2, 1, 1, 1])])
def test_a_pyramid_halves_steps_and_mask(inputs, random, layers, steps):
    model = made(random, encoder="pyramid", layers=layers)
    said = model.predict(inputs, verbose=0)
    assert said["mask"].sum(axis=1).tolist() == steps
    assert said["scores"].shape == (4, max(steps), 3)
    assert model.reduction == 2 ** (layers - 1)


def test_what_has_no_room_is_told(random):
    model = made(random, encoder="pyramid", layers=2)
    model.check_lengths([7, 3], [np.array([1, 1, 2]), np.array([1, 2])])
    message = r"example 1, which needs 3 and has 2 \(3 frames, 2 a step\). Lower the stride"
    with pytest.raises(ValueError, match=message):
        model.check_lengths([7, 3], [np.array([1, 1, 2]), np.array([1, 1])])


@pytest.mark.slow
def test_it_learns_what_was_said(random):
    """Two sounds, of any length and in any order."""
    targets = random.integers(1, 3, (64, 3)).astype("int32")
    frames, lengths = np.zeros((64, 24, 2), "float32"), []
    for row, symbols in enumerate(targets):
        pieces = [piece for symbol in symbols for piece in ([0] * 2, [symbol] * random.integers(2, 5))]
        sounds = np.concatenate(pieces)
        lengths.append(len(sounds))
        frames[row, : len(sounds)] = np.stack([sounds == 1, sounds == 2], axis=1)
    model = ctc_recognizer(features=2, outputs=3, units=8)
    model.compile(keras.optimizers.Adam(0.03))
    inputs = {"frames": frames, "lengths": np.array(lengths, "int32")}
    history = model.fit(inputs, targets, epochs=30, batch_size=32, verbose=0).history
    assert set(history) == {"loss", "nats"}
    assert history["loss"][-1] < 0.1 < history["loss"][0]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"encoder": "pyramids"}, "encoder"),
        ({"encoder": "pyramid", "layer_normalization": True}, "no layer normalisation"),
    ],
)
def test_wrong_arguments_are_errors(wrong, message):
    with pytest.raises(ValueError, match=message):
        ctc_recognizer(**TINY, **wrong)
