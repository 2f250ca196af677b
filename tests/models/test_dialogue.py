import keras
import numpy as np
import pytest

import zoo
from tests.cells.oracle import numpy, with_drawn_weights
from zoo.models.dialogue import Dialogue

TINY = {"source_vocabulary_size": 9, "target_vocabulary_size": 9, "units": 4, "embedding_size": 3}
SOURCE = np.array([[[4, 5, 0], [0, 0, 0], [6, 0, 0]], [[7, 8, 4], [0, 0, 0], [0, 0, 0]]], "int32")
INPUTS = {"source": SOURCE, "target": np.array([[2, 4, 5], [2, 6, 0]], "int32")}


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("memory_level", "places"), [("utterances", SOURCE.any(-1)), ("words", SOURCE.reshape(2, -1) > 0)]
)
def test_what_is_empty_is_never_looked_at(memory_level, places):
    model = with_drawn_weights(Dialogue(**TINY, memory_level=memory_level))
    alignment = model.predict(INPUTS, verbose=0)["alignment"]
    np.testing.assert_array_equal(alignment > 0, np.broadcast_to(places[:, None], alignment.shape))
    np.testing.assert_allclose(alignment.sum(-1), 1, rtol=1e-5)


@pytest.mark.usefixtures("either_way")
def test_the_context_is_carried_across_turns():
    """What was said first changes what is answered, with nothing but the last context to answer from."""
    model = with_drawn_weights(Dialogue(**TINY, attention=None))
    other = SOURCE.copy()
    other[0, 0, 0] = 8
    before, after = (model.predict(INPUTS | {"source": source}, verbose=0)["scores"] for source in (SOURCE, other))
    assert np.abs(before[0] - after[0]).max() > 1e-4
    np.testing.assert_array_equal(before[1], after[1])


def test_the_preset_has_no_attention():
    model = zoo.build("serban_2016_hred", source_vocabulary_size=9, target_vocabulary_size=9, units=4, embedding_size=3)
    assert "alignment" not in model.output
    assert isinstance(model, Dialogue)


@pytest.mark.usefixtures("either_way")
def test_it_decodes_as_others_do():
    model = with_drawn_weights(Dialogue(**TINY))
    history = [SOURCE[0], SOURCE[1][:1]]
    greedy = zoo.generate(model, history, maximum_length=4)
    beam = zoo.generate(model, history, decoder="beam_search", beam_width=1, maximum_length=4)
    assert [one.tokens for (one,) in greedy] == [one.tokens for (one,) in beam]
    assert len(zoo.generate(model, history, decoder="sampling", samples=2, seed=1, maximum_length=4)[0]) == 2


def test_it_comes_back_as_it_was(tmp_path):
    model = with_drawn_weights(Dialogue(**TINY, memory_level="utterances", pooling="attention", dropout=0.1))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(numpy(again(INPUTS)["scores"]), numpy(model(INPUTS)["scores"]))
