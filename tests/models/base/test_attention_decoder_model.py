"""What a model makes of a side that reads something no other model reads: two numbers and the places between them."""

import keras
import numpy as np
import pytest
from keras import ops

import zoo
from tests.cells.oracle import numpy, with_drawn_weights
from zoo.models.base.attention_decoder_model import AttentionDecoderModel
from zoo.models.base.target import Target

TINY = {"cell": "gru", "units": 4, "arguments": {}, "name": "counter"}
INPUTS = {"ends": np.array([[0.0, 3.0], [1.0, 2.0]], "float32"), "target": np.array([[2, 4, 5], [2, 5, 0]], "int32")}


class Ends:
    """The places from a first to a last number, of which only those below the last are real."""

    reduction = 3

    def __init__(self):
        self.inputs = {"ends": keras.Input((2,), name="ends")}
        self.conditioning = keras.layers.Dense(3, name="summary")

    def read(self, inputs):
        ends = ops.convert_to_tensor(inputs["ends"])
        places = ends[:, :1] + ops.arange(5, dtype="float32")
        return ops.stack([places, ops.square(places)], axis=-1), places < ends[:, 1:], self.conditioning(ends)


def writer(**more):
    return with_drawn_weights(
        AttentionDecoderModel(Ends(), Target(7, embedding_size=3), **{**TINY, "attention": "additive", **more})
    )


@pytest.mark.parametrize(
    "form", [{}, {"attention_style": "bahdanau", "gated": True}, {"attention": None, "conditioning": "both"}], ids=str
)
def test_it_writes_about_whatever_is_read(form):
    model = writer(**form)
    found = model.predict(INPUTS, verbose=0)
    context = model.encode(INPUTS)
    state, said = model.start(context, 3), []
    for t in range(3):
        scores, state, trace = model.step(INPUTS["target"][:, t], state, context)
        said.append(scores)
        if "alignment" in found:
            np.testing.assert_allclose(numpy(trace["alignment"]), found["alignment"][:, t], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(numpy(ops.stack(said, axis=1)), found["scores"], rtol=1e-5, atol=1e-5)
    if "alignment" in found:
        real = np.arange(5) < np.array([[3], [1]])
        np.testing.assert_array_equal(found["alignment"] > 0, np.broadcast_to(real[:, None], (2, 3, 5)))


def test_it_knows_how_many_steps_stand_behind_a_place():
    assert writer().reduction == 3


@pytest.mark.usefixtures("either_way")
def test_every_decoder_takes_it():
    model, given = writer(), [{"ends": ends} for ends in INPUTS["ends"]]
    greedy = zoo.generate(model, given, maximum_length=4)
    narrow = zoo.generate(model, given, decoder="beam_search", beam_width=1, maximum_length=4)
    assert [one.tokens for (one,) in greedy] == [one.tokens for (one,) in narrow]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"attention_style": "luon"}, "luong"),
        ({"conditioning": "begin"}, "initial_state"),
        ({"attention": None, "input_feeding": True}, "belongs to attention"),
        ({"attention_style": "luong", "gated": True}, "belongs to attention of the style 'bahdanau'"),
        ({"attention": None, "penalties": {"entropy": 1.0}}, "where attention looks"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        writer(**wrong)
