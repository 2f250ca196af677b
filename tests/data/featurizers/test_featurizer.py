from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import zoo
from zoo.data.batches.encoding import encode
from zoo.data.batches.teacher_forcing import encode_inputs, teacher_forced_batches
from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.models.encoder_decoder import EncoderDecoder
from zoo.storage.files import DataError


@dataclass(frozen=True)
class Letters(Featurizer):
    """A word as frames: for each letter its place in the alphabet, and that times `factor`."""

    KIND: ClassVar[str] = "letters"
    factor: float = 2.0

    def encode(self, value):
        if not value.islower():
            raise ValueError(f"small letters only, received: {value!r}.")
        places = np.array([ord(letter) - ord("a") for letter in value], "float32")
        return np.stack([places, places * self.factor], axis=1)


def test_settings_are_kept(tmp_path):
    Letters(factor=3.0).save(tmp_path / "source.json")
    assert Letters.load(tmp_path / "source.json") == Letters(factor=3.0)


@pytest.mark.parametrize("content", ['{"kind": "letters", "colour": 3}', '{"kind": "labels", "names": []}'])
def test_other_settings_are_an_error(tmp_path, content):
    (tmp_path / "source.json").write_text(content)
    with pytest.raises(DataError, match=r"source\.json:1"):
        Letters.load(tmp_path / "source.json")


def test_frames_are_what_it_makes_of_examples():
    frames = encode(["ba", "c"], {"frames": Letters()})["frames"]
    assert [array.tolist() for array in frames] == [[[1, 2], [0, 0]], [[2, 4]]]
    with pytest.raises(ValueError, match="example 1: small letters only"):
        encode(["ba", "C"], {"frames": Letters()})


def test_a_source_has_its_lengths():
    inputs = encode_inputs([{"source": "ba"}, {"source": "c"}], {"source": Letters()})
    assert [int(length) for length in inputs["source_lengths"]] == [2, 1]
    with pytest.raises(ValueError, match="example 0: small letters only"):
        encode_inputs([{"source": "BA"}], {"source": Letters()})


def test_a_model_is_trained_on_it_and_asked_by_it(either_way):
    vocabularies = {"source": Letters(), "target": Vocabulary(["x", "y"], level="character")}
    examples = [{"source": "abc", "target": "xy"}, {"source": "b", "target": "y"}]
    model = EncoderDecoder(source_features=2, target_vocabulary_size=6, units=4, embedding_size=3)
    model.compile("adam")
    model.fit(teacher_forced_batches(examples, vocabularies, batch_size=2), verbose=0)
    (long,), (short,) = zoo.generate(model, ["abc", "b"], vocabularies=vocabularies, maximum_length=3)
    # What the longer source has more is no place to look at, and none that is told.
    assert (long.alignment.shape[1], short.alignment.shape[1]) == (3, 1)
    np.testing.assert_allclose(short.alignment, 1)
