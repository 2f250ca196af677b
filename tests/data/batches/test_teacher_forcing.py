import warnings

import numpy as np
import pytest

from zoo.data.batches.teacher_forcing import (
    encode_inputs,
    make_generation_splits,
    target_vocabulary,
    teacher_forced,
    teacher_forced_batches,
    unknown_share,
    warn_of_unknown,
)
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary

WORDS = Vocabulary(["a", "b"])
LETTERS = Vocabulary(["x", "y"], level="character")
VOCABULARIES = {"source": WORDS, "target": LETTERS, "label": Labels(["neg", "pos"])}


def test_ids_are_shifted_by_one():
    inputs, targets = teacher_forced(np.array([7, 8, 9]))
    assert inputs.tolist() == [2, 7, 8, 9]
    assert targets.tolist() == [7, 8, 9, 3]
    assert inputs.dtype == targets.dtype == np.int32
    assert [array.tolist() for array in teacher_forced(np.zeros(0, "int32"))] == [[2], [3]]


def test_frames_are_shifted_by_one():
    inputs, targets = teacher_forced(np.array([[1, 2], [3, 4], [5, 6]]))
    assert inputs.tolist() == [[0, 0], [1, 2], [3, 4]]
    assert targets.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert inputs.dtype == targets.dtype == np.float32


def test_every_column_is_encoded_by_its_name():
    examples = [
        {"source": "a b", "label": "pos", "vector": 0.5, "target": "x", "note": "kept out"},
        {"source": ["b", "c"], "label": "neg", "vector": [2], "target": "y", "note": "x"},
    ]
    inputs = encode_inputs(examples, VOCABULARIES)
    assert list(inputs) == ["source", "label", "vector"]
    assert [ids.tolist() for ids in inputs["source"]] == [[4, 5], [5, 1]]
    assert [int(number) for number in inputs["label"]] == [1, 0]
    assert [vector.tolist() for vector in inputs["vector"]] == [[0.5], [2.0]]
    assert [inputs[name][0].dtype for name in inputs] == [np.int32, np.int32, np.float32]
    assert encode_inputs([{"target": "x"}], {"target": LETTERS}) == {}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": ""}, "example 1: source needs at least one token, received: ''"),
        ({"source": 5}, "example 1: source must be a text"),
        ({"label": "good"}, "example 1: label 'good' was never seen in training"),
        ({"vector": [1.0]}, "example 1: vector must have the 2 numbers of example 0, received: 1"),
        ({"vector": [1.0, np.nan]}, "example 1: vector must be a finite number"),
        ({"vector": "red"}, "example 1: vector must be a number"),
        ({"vector": []}, "example 1: vector must be a finite number"),
    ],
)
def test_wrong_inputs_are_named(wrong, message):
    good = {"source": "a", "label": "pos", "vector": [1.0, 2.0]}
    with pytest.raises(ValueError, match=message):
        encode_inputs([good, good | wrong], VOCABULARIES)


@pytest.mark.parametrize("name", ["source", "label", "vector"])
def test_a_missing_value_is_named(name):
    good = {"source": "a", "label": "pos", "vector": [1.0, 2.0]}
    lacking = {key: value for key, value in good.items() if key != name}
    with pytest.raises(ValueError, match=f"example 1: every example needs '{name}', received: "):
        encode_inputs([good, lacking], VOCABULARIES)


def test_unknown_characters_are_told_once():
    examples = [{"source": "xy"}, {"source": "xéöx"}, {"source": "é"}]
    inputs = encode_inputs(examples, {"source": LETTERS})
    assert inputs["source"][1].tolist() == [4, 1, 1, 4]
    assert unknown_share(inputs["source"]) == (3 / 7, 1)
    with pytest.warns(UserWarning, match="never seen") as warned:
        warn_of_unknown(examples, inputs, {"source": LETTERS})
    assert [str(warning.message) for warning in warned] == [
        "source: 3 characters were never seen in training (42.9%), the first is 'é' in example 1."
    ]


def test_known_characters_and_unknown_words_are_no_reason_to_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for example, vocabulary in (({"source": "xy"}, LETTERS), ({"source": "a c"}, WORDS)):
            inputs = encode_inputs([example], {"source": vocabulary})
            warn_of_unknown([example], inputs, {"source": vocabulary})
    assert unknown_share([np.array([4, 5])]) == (0.0, None)


def raw(**changed):
    example = {"source": "a b", "label": "pos", "vector": [1.0, 2.0], "target": "xy"}
    return {name: [example | changed] * 2 for name in ("train", "validation", "test")}


def test_splits_are_for_teacher_forcing():
    splits = make_generation_splits(raw(), VOCABULARIES, batch_size=3)
    inputs, targets, weights = splits.test[0]
    assert inputs["source"].tolist() == [[4, 5], [4, 5], [0, 0]]
    assert inputs["label"].tolist() == [1, 1, 0]
    assert inputs["vector"].tolist() == [[1, 2], [1, 2], [0, 0]]
    assert inputs["target"].tolist() == [[2, 4, 5], [2, 4, 5], [0, 0, 0]]
    assert targets.tolist() == [[4, 5, 3], [4, 5, 3], [0, 0, 0]]
    assert weights.tolist() == [[1, 1, 1], [1, 1, 1], [0, 0, 0]]
    assert splits.train.shuffle and not splits.test.shuffle
    assert splits.raw["test"][0]["source"] == "a b"
    assert make_generation_splits(raw(target="x"), VOCABULARIES).fingerprint != splits.fingerprint
    # 2 + 3 steps a row, 11 of them allowed.
    assert make_generation_splits(raw(), VOCABULARIES, tokens=11).test[0][1].shape == (2, 3)


POINTS = np.arange(6, dtype="float64").reshape(3, 2)
POINTING = {"target": PointerVocabulary()}


def test_sources_of_frames_come_with_their_lengths():
    examples = [{"source": POINTS, "target": [2, 0]}, {"source": POINTS[:1], "target": [0]}]
    inputs = encode_inputs(examples, POINTING)
    assert list(inputs) == ["source", "source_lengths"]
    assert [frames.tolist() for frames in inputs["source"]] == [POINTS.tolist(), POINTS[:1].tolist()]
    assert [int(length) for length in inputs["source_lengths"]] == [3, 1]
    assert inputs["source"][0].dtype == np.float32
    inputs, targets, weights = teacher_forced_batches(examples, POINTING, batch_size=3, buckets=1)[0]
    assert inputs["source"].shape == (3, 3, 2)
    assert inputs["source_lengths"].tolist() == [3, 1, 0]
    assert inputs["target"].tolist() == [[2, 6, 4], [2, 4, 0], [0, 0, 0]]
    assert targets.tolist() == [[6, 4, 3], [4, 3, 0], [0, 0, 0]]
    assert weights.tolist() == [[1, 1, 1], [1, 1, 0], [0, 0, 0]]


def test_points_without_an_answer_are_fed_the_start_alone():
    inputs, targets, _ = teacher_forced_batches([{"source": POINTS, "target": []}], POINTING, batch_size=1)[0]
    assert (inputs["target"].tolist(), targets.tolist()) == ([[2]], [[3]])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": np.array([[0.0, np.inf]])}, "example 1: source must be finite, received: frame 0"),
        ({"source": np.zeros((0, 2))}, r"example 1: source must be numbers .*received: shape \(0, 2\)"),
        ({"source": [1.0, 2.0]}, r"example 1: source must be numbers .*received: shape \(2,\)"),
        ({"source": POINTS[:, :1]}, "example 1: source must have the 2 numbers of example 0, received: 1"),
        ({"target": [3]}, "example 1: A position is between 0 and 2, the source's last. Received: 3"),
        ({"target": None}, "example 1: every example needs 'target'"),
    ],
)
def test_wrong_points_and_positions_are_named(wrong, message):
    good = {"source": POINTS, "target": [0]}
    with pytest.raises(ValueError, match=message):
        teacher_forced_batches([good, good | wrong], POINTING)


def test_a_source_comes_as_the_output_can_say_it():
    """Beside other inputs, in batches as wide as the source; a target that is not open adds nothing."""
    open_words = CopyVocabulary(["b", "z"])
    examples = [{"source": "a c b", "target": "z c a"}, {"source": "b", "target": "b"}]
    inputs, targets, _ = teacher_forced_batches(examples, {"source": WORDS, "target": open_words}, buckets=1)[0]
    assert inputs["source"][:2].tolist() == [[4, 1, 5], [5, 0, 0]]
    assert inputs["source_as_target"][:2].tolist() == [[6, 7, 4], [4, 0, 0]]
    assert inputs["target"][:2].tolist() == [[2, 5, 7, 6], [2, 4, 0, 0]]
    assert targets[:2].tolist() == [[5, 7, 6, 3], [4, 3, 0, 0]]
    assert "source_as_target" not in encode_inputs(examples, {"source": WORDS, "target": WORDS})
    assert encode_inputs([{"label": "pos"}], {"label": VOCABULARIES["label"], "target": open_words}).keys() == {"label"}


def test_what_nobody_could_say_is_kept_where_it_is_only_tested():
    vocabularies = {"source": WORDS, "target": CopyVocabulary(["x", "y"])}
    examples = {name: [{"source": "a c", "target": "x c z"}] for name in ("train", "validation", "test")}
    with pytest.raises(ValueError, match="train split: example 0: the target's 'z' is in neither"):
        make_generation_splits(examples, vocabularies)
    kept = make_generation_splits(examples, vocabularies, keep_unknown=True)
    # Of the source the target lacks a, 6, and c, 7.
    for batches in (kept.train, kept.validation, kept.test):
        assert batches.targets[0].tolist() == [4, 7, 1, 3]
    examples["train"] = [{"source": "a c", "target": "x c"}]
    assert make_generation_splits(examples, vocabularies).test.targets[0].tolist() == [4, 7, 1, 3]


def test_letters_are_copied_from_a_form_with_features():
    vocabularies = {
        "source": Vocabulary(["x", "V", "PST"], level="tagged"),
        "target": CopyVocabulary(["y", "x"], level="character"),
    }
    examples = [{"source": "xéy V;PST", "target": "xéx"}]
    inputs = encode_inputs(examples, vocabularies)
    assert inputs["source"][0].tolist() == [4, 1, 1, 5, 6]
    assert inputs["source_as_target"][0].tolist() == [5, 6, 4, 7, 8]
    assert target_vocabulary(examples[0], vocabularies).encode("xéx").tolist() == [5, 6, 5]
    with pytest.warns(UserWarning, match=r"source: 2 tokens were never seen in training \(40.0%\), the first is 'é'"):
        warn_of_unknown(examples, inputs, vocabularies)


def test_splits_of_frames_have_a_target_alone():
    examples = {name: [{"target": np.eye(3)}] for name in ("train", "validation", "test")}
    inputs, targets, _ = make_generation_splits(examples, {}, batch_size=1).train[0]
    assert inputs["target"][0].tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
    assert targets[0].tolist() == np.eye(3).tolist()


@pytest.mark.parametrize(
    ("examples", "vocabularies", "message"),
    [
        (raw() | {"validation": []}, VOCABULARIES, "The validation split holds no examples"),
        (raw(source=""), VOCABULARIES, "train split: example 0: source needs"),
        (raw(target=None), VOCABULARIES, "train split: example 0: every example needs 'target'"),
        (raw(), {"source": WORDS}, 'train split: example 0: target must be .*vocabulary named "target"'),
    ],
)
def test_wrong_splits_are_named(examples, vocabularies, message):
    with pytest.raises(ValueError, match=message):
        make_generation_splits(examples, vocabularies)
