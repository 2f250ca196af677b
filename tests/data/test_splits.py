import numpy as np
import pytest

from zoo.data.batches.contiguous import ContiguousBatches
from zoo.data.batches.teacher_forcing import make_generation_splits
from zoo.data.splits import Splits, build_labels, make_splits, share_in_training, split_by_index, split_by_label
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary

VOCABULARIES = {"tokens": Vocabulary(["a", "b"]), "labels": Labels(["neg", "pos"])}


def raw(**changed):
    return {
        "train": [("a b", "pos"), ("b", "neg"), ("a", "neg")],
        "validation": [("a", "neg")],
        "test": [("b b", "pos")],
    } | changed


def test_position_decides():
    parts = split_by_index(list(range(25)))
    assert parts["test"] == [0, 10, 20]
    assert parts["validation"] == [1, 11, 21]
    assert sorted(index for part in parts.values() for index in part) == list(range(25))


PICTURES = [np.full((2, 2), number % 13) for number in range(40)]


@pytest.mark.parametrize(
    ("examples", "read"),
    [
        ([(f"text {number % 17}", number) for number in range(60)], lambda example: example[0]),
        ([{"source": f"{number % 13}", "target": f"{number}"} for number in range(60)], lambda pair: pair["source"]),
        ([{"source": picture, "target": "x"} for picture in PICTURES], lambda pair: pair["source"].tolist()),
        ([{"label": "a", "target": f"{number % 17}"} for number in range(60)], lambda pair: pair["target"]),
        ([[("a", "b")[number % 2], str(number % 13)] for number in range(80)], lambda turns: turns),
    ],
)
def test_equal_inputs_are_in_one_split(examples, read):
    parts = split_by_index(examples)
    inputs = [{str(read(example)) for example in part} for part in parts.values()]
    assert all(inputs) and len(set.union(*inputs)) == sum(map(len, inputs))
    assert sum(map(len, parts.values())) == len(examples)
    assert share_in_training(parts) == 0.0


def test_too_few_different_inputs_are_split_by_position():
    rows = [(f"text {number % 3}", number) for number in range(30)]
    for parts in (split_by_index(rows), split_by_label(rows, lambda row: row[1] % 2)):
        assert [len(parts[name]) for name in ("train", "validation", "test")] == pytest.approx([24, 3, 3], abs=1)
        assert share_in_training(parts) == 1.0


def test_equal_inputs_of_two_classes_are_in_one_split():
    rows = [(f"name {number % 50}", number // 100) for number in range(300)]
    for parts in (split_by_index(rows, lambda row: row[1]), split_by_label(rows, lambda row: row[1])):
        assert share_in_training(parts) == share_in_training(parts, "validation") == 0.0
        assert sorted(row for part in parts.values() for row in part) == sorted(rows)
        assert all(parts.values())


def test_each_class_has_indices_of_its_own():
    rows = [(str(number), "ab"[number >= 15]) for number in range(30)]
    assert [text for text, _ in split_by_index(rows, lambda row: row[1])["test"]] == ["0", "10", "15", "25"]


def test_the_share_of_inputs_that_training_has():
    raw = {"train": [("a", 1), ("b", 2)], "validation": [("b", 1)], "test": [("a", 2), ("a", 1), ("c", 1), ("d", 1)]}
    assert (share_in_training(raw), share_in_training(raw, "validation")) == (0.5, 1.0)
    assert share_in_training({"train": [], "test": [("a", 1)]}) == share_in_training({}) == 0.0


@pytest.mark.parametrize("classes", [2, 10])
def test_every_split_has_its_share_of_every_class(classes):
    """Classes that take turns, as pairs of a praise and its blame do: by position each split would have its own."""
    rows = [(f"item {number}", number % classes) for number in range(600)]
    parts = split_by_label(rows, lambda row: row[1])
    assert sorted(row for part in parts.values() for row in part) == sorted(rows)
    assert parts == split_by_label(rows, lambda row: row[1])
    for name, share in (("train", 480), ("validation", 60), ("test", 60)):
        counts = np.bincount([label for _, label in parts[name]])
        assert len(counts) == classes
        assert abs(counts - share / classes).max() <= 2
        assert [row for row in rows if row in set(parts[name])] == parts[name]


def test_a_class_is_learned_before_it_is_tested():
    rows = [(number, min(number, 20)) for number in range(60)]  # twenty classes of one example
    parts = split_by_label(rows, lambda row: row[1])
    assert set(range(20)) <= {label for _, label in parts["train"]}
    assert len(parts["validation"]) == len(parts["test"]) == 4
    assert "test" not in split_by_label(rows, lambda row: row[1], parts=("train", "validation"))


def test_labels_outside_of_training_are_known_and_told_once():
    with pytest.warns(UserWarning, match=r"1 of 3 labels .*count as wrong .*: 'odd' \(example 2 of test\)$") as told:
        labels = build_labels(raw(test=[("b", "neg"), ("b", "odd"), ("a", "odd")]), lambda row: [row[1]])
    assert (len(told), labels.names) == (1, ["neg", "odd", "pos"])


def test_one_class_is_no_classification():
    with pytest.raises(ValueError, match=r"needs two labels or more in its training data. Received: 'pos'"):
        build_labels(raw(train=[("a", "pos"), ("b", "pos")]), lambda row: [row[1]])


def test_splits_are_encoded_alike():
    splits = make_splits(raw(), VOCABULARIES, batch_size=2)
    assert [ids.tolist() for ids in splits.train.inputs["tokens"]] == [[4, 5], [5], [4]]
    assert splits.train.targets == [1, 0, 0]
    assert splits.train.shuffle
    assert not splits.validation.shuffle
    tokens, targets, weight = splits.test[0]
    assert tokens.tolist() == [[5, 5], [0, 0]]
    assert targets.tolist() == [1, 0]
    assert weight.tolist() == [1, 0]
    assert splits.raw["test"] == [("b b", "pos")]


def test_tags_and_numbers_as_targets():
    tagged = {
        name: [(text.split(), [label] * len(text.split())) for text, label in pairs] for name, pairs in raw().items()
    }
    splits = make_splits(tagged, VOCABULARIES, batch_size=2, aligned=True)
    assert splits.test.targets[0].tolist() == [1, 1]
    frames = {name: [(np.ones((2, 3)), np.float32(0.5))] for name in ("train", "validation", "test")}
    assert make_splits(frames, {}).train[0][1][0] == 0.5


def test_the_fingerprint_is_that_of_the_data():
    one = make_splits(raw(), VOCABULARIES).fingerprint
    assert make_splits(raw(), VOCABULARIES, batch_size=7, seed=3).fingerprint == one
    assert make_splits(raw(test=[("b b", "neg")]), VOCABULARIES).fingerprint != one
    moved = raw(train=raw()["train"][:2], validation=[("a", "neg"), ("a", "neg")])
    assert make_splits(moved, VOCABULARIES).fingerprint != one


@pytest.mark.parametrize("lengths", [False, True])
def test_merged_holds_everything_in_test(random, lengths):
    steps = (2, 3, 4) if lengths else (3, 3, 3)
    pairs = {
        name: [(random.normal(size=(length, 2)), np.float32(length)) for _ in range(count)]
        for (name, count), length in zip((("train", 5), ("validation", 1), ("test", 2)), steps, strict=True)
    }
    splits = make_splits(pairs, {}, batch_size=4, lengths=lengths)
    merged = splits.merged()
    assert merged.test.examples == 8
    every = [pair for name in ("train", "validation", "test") for pair in pairs[name]]
    assert merged.raw["test"] == every
    for encoded, target, (frames, number) in zip(merged.test.inputs["frames"], merged.test.targets, every, strict=True):
        np.testing.assert_allclose(encoded, frames, rtol=1e-6)
        assert target == number
    assert isinstance(merged.test[0][0], dict) is lengths
    assert merged.train is splits.train
    assert splits.test.examples == 2


def test_merged_keeps_what_generates_as_it_is():
    texts = {"train": ["a", "b a"], "validation": ["b"], "test": ["a a"]}
    raw = {name: [{"label": "pos", "target": text} for text in part] for name, part in texts.items()}
    vocabularies = {"label": VOCABULARIES["labels"], "target": VOCABULARIES["tokens"]}
    merged = make_generation_splits(raw, vocabularies, tokens=30).merged()
    assert merged.test.examples == len(merged.raw["test"]) == 4
    assert (merged.test.tokens, merged.test.fixed) == (30, ("label",))


def test_merged_streams_are_one():
    parts = [ContiguousBatches(np.arange(10) + start, rows=2, steps=3, drop_remainder=False) for start in (0, 10, 20)]
    merged = Splits(*parts, vocabularies={}, fingerprint="").merged()
    assert merged.test.ids.tolist() == list(range(30))
    assert merged.test.examples == 30


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"validation": []}, "The validation split holds no examples: give more data, ten examples or more"),
        (
            {"test": [("a", "great")]},
            "test split: example 0: label 'great' was never seen in training; the closest of 2",
        ),
        ({"train": [("a", "pos"), (" ", "neg")]}, "train split: example 1: tokens needs at least one token"),
    ],
)
def test_wrong_data_are_told_with_their_split(changed, message):
    with pytest.raises(ValueError, match=message):
        make_splits(raw(**changed), VOCABULARIES)


def test_features_that_are_not_numbers():
    frames = {name: [(np.ones((2, 3)), 0.5)] for name in ("train", "validation", "test")}
    frames["validation"] = [(np.array([[1.0, 2.0, 3.0], [1.0, np.nan, 3.0]]), 0.5)]
    with pytest.raises(ValueError, match=r"validation split: example 0: frames must be finite, received: frame 1 is"):
        make_splits(frames, {})


def test_labels_are_one_in_composed_and_decomposed_form():
    with pytest.raises(ValueError, match="two labels or more"):
        build_labels({"train": [("a", "caf\u00e9"), ("b", "cafe\u0301")]}, lambda example: [example[1]])
