"""Batches drawn anew: by seed, epoch and number alone; of sizes in turn; in shapes that Keras can train on. And those
that are drawn once."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.data.batches.on_the_fly import FixedBatches, OnTheFlyBatches
from zoo.data.batches.teacher_forcing import teacher_forced_batches
from zoo.data.synthetic import convex_hulls
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Vocabulary


def hulls(size, random, count=3):
    examples = [
        {"source": source, "target": row[row >= 0].tolist()}
        for source, row in zip(*convex_hulls.draw(count, size, random), strict=True)
    ]
    return teacher_forced_batches(examples, {"target": PointerVocabulary()}, batch_size=count, buckets=1)[0]


def echo(size, random, count=2):
    """Frames, their last channel as answers, asked from the second step on."""
    frames = random.random((count, size, 3), "float32")
    weights = np.ones((count, size), "float32")
    weights[:, 0] = 0
    return frames, frames[..., 2:], weights


def taken(fresh):
    return [fresh[index] for index in range(len(fresh))]


def same(one, other):
    (inputs, *rest), (inputs_too, *others) = one, other
    return all(
        np.array_equal(a, b) for a, b in zip([*inputs.values(), *rest], [*inputs_too.values(), *others], strict=True)
    )


def test_a_batch_is_decided_by_seed_epoch_and_number():
    fresh, again, other = (OnTheFlyBatches(hulls, sizes=(5, 6), batches=4, seed=seed) for seed in (1, 1, 2))
    first, reversed_ = taken(fresh), [again[index] for index in (3, 2, 1, 0)][::-1]
    assert all(map(same, first, reversed_))
    assert not any(map(same, first, taken(other)))
    fresh.on_epoch_end()
    assert not any(map(same, first, taken(fresh)))
    again.epoch = 1
    assert all(map(same, taken(fresh), taken(again)))


def test_sizes_take_turns():
    fresh = OnTheFlyBatches(hulls, sizes=(5, 7), batches=4)
    sizes = [batch[0]["source_lengths"].tolist() for batch in taken(fresh)]
    fresh.on_epoch_end()
    sizes += [batch[0]["source_lengths"].tolist() for batch in taken(fresh)]
    assert sizes == [[size] * 3 for size in (5, 6, 7, 5, 6, 7, 5, 6)]


def test_batches_are_for_teacher_forcing():
    for inputs, targets, weights in taken(OnTheFlyBatches(hulls, sizes=(5, 6), batches=4)):
        assert inputs["target"].shape == targets.shape == weights.shape
        for row, points in enumerate(inputs["source"]):
            count = int(weights[row].sum())
            assert targets[row, count - 1] == 3
            said = targets[row, : count - 1]
            assert (said - 4).tolist() == convex_hulls.hull(points[: inputs["source_lengths"][row]])
            assert inputs["target"][row, :count].tolist() == [2, *said]
            assert not targets[row, count:].any() and not inputs["target"][row, count:].any()


def test_what_differs_later_differs_in_the_first_two_batches():
    """Keras takes the shapes of a compiled step from those: here all of them would be alike by chance."""

    def grows(size, random):
        grows.calls += 1
        words = ["a"] * (2 if grows.calls <= 2 else 2 + grows.calls % 3)
        examples = [{"source": words, "target": words, "word_alignment": "0-0"}] * 2
        return teacher_forced_batches(examples, vocabularies, batch_size=2, buckets=1)[0]

    grows.calls = 0
    vocabularies = {"source": Vocabulary(["a"]), "target": CopyVocabulary(["b"])}
    shapes = [
        {name: array.shape for name, array in inputs.items()} | {"targets": targets.shape, "weights": weights.shape}
        for inputs, targets, weights in taken(OnTheFlyBatches(grows, sizes=(5, 5), batches=2))
    ]
    assert all(one[1] % 2 == 1 and other[1] % 2 == 0 for one, other in zip(*map(dict.values, shapes), strict=True))
    assert {shapes[0][name] for name in ("target", "targets", "weights")} == {(2, 3)}
    assert [shape["target_alignment"] for shape in shapes] == [(2, 3, 3), (2, 4, 2)]
    assert shapes[0]["source"] == shapes[0]["source_as_target"] == (2, 3)


class Sums(keras.Model):
    """Trains on anything."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(), name="factor")

    def call(self, inputs):
        return self.factor * inputs["source"]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.sum(ops.cast(y, "float32") * sample_weight) + ops.sum(y_pred)


def test_training_takes_answers_of_all_lengths():
    fresh = OnTheFlyBatches(hulls, sizes=(5, 7), batches=6)
    assert len({batch[1].shape[1] for batch in taken(fresh)}) > 2
    model = Sums()
    model.compile("sgd", run_eagerly=True)
    before = fresh.epoch
    assert np.isfinite(model.fit(fresh, epochs=2, shuffle=False, verbose=0).history["loss"]).all()
    assert fresh.epoch > before


@pytest.mark.parametrize("wrong", [{"batches": 1}, {"sizes": (0, 3)}, {"sizes": (4, 3)}])
def test_wrong_arguments_are_errors(wrong):
    with pytest.raises(ValueError, match="`batches` is at least 2 and `sizes` go from a smallest to a largest"):
        OnTheFlyBatches(hulls, **{"sizes": (5, 6), "batches": 4, **wrong})


def lengths(batches):
    """Steps of inputs, targets and weights of every batch, which are the same."""
    found = [{array.shape[1] for array in batch} for batch in batches]
    assert all(len(steps) == 1 for steps in found)
    return [steps.pop() for steps in found]


def test_steps_are_padded_to_multiples():
    fresh = OnTheFlyBatches(echo, sizes=(3, 9), batches=7, multiple=4)
    # Of 3, 4, 5, 6, 7, 8 and 9 steps: the first an odd number of fours, the second an even one.
    assert lengths(taken(fresh)) == [4, 8, 8, 8, 8, 8, 12]
    for index, (frames, targets, weights) in enumerate(taken(fresh)):
        own = echo(3 + index, np.random.default_rng([0, 0, index]))
        for array, whole in zip(own, (frames, targets, weights), strict=True):
            assert whole.dtype == array.dtype
            np.testing.assert_array_equal(whole[:, : 3 + index], array)
            assert not whole[:, 3 + index :].any()


@pytest.mark.parametrize("multiple", [1, 4])
@pytest.mark.parametrize("size", [1, 4, 7, 8])
def test_batches_of_one_size_come_in_two_lengths(size, multiple):
    odd, even, *rest = lengths(taken(OnTheFlyBatches(echo, sizes=(size, size), batches=4, multiple=multiple)))
    assert odd // multiple % 2 == 1 and even // multiple % 2 == 0 and abs(odd - even) == multiple
    assert set(rest) == {min(odd, even)} and min(odd, even) - multiple < size <= min(odd, even)


def test_answers_without_steps_are_not_padded():
    def last(size, random):
        frames = random.random((2, size, 3), "float32")
        return frames, frames[:, -1], np.ones(2, "float32")

    shapes = [
        [array.shape for array in batch] for batch in taken(OnTheFlyBatches(last, sizes=(2, 2), batches=2, multiple=5))
    ]
    assert shapes == [[(2, 5, 3), (2, 3), (2,)], [(2, 10, 3), (2, 3), (2,)]]


def drawn(*sizes, multiple=1):
    random = np.random.default_rng(0)
    return FixedBatches([echo(size, random) for size in sizes], multiple=multiple)


def test_drawn_batches_stay_as_they_are():
    batches = drawn(5, 5, 9, 6, multiple=4)
    assert len(batches) == 4 and [raw[0].shape[1] for raw in batches.raw] == [5, 5, 9, 6]
    for (*raw,), (*batch,), steps in zip(batches.raw, taken(batches), (5, 5, 9, 6), strict=True):
        for array, whole in zip(raw, batch, strict=True):
            np.testing.assert_array_equal(whole[:, :steps], array)
            assert not whole[:, steps:].any()


def test_drawn_batches_differ_first_where_they_differ_at_all():
    assert lengths(taken(drawn(5, 5, 9, 6, multiple=4))) == [12, 8, 12, 8]
    assert lengths(taken(drawn(5, 5, 9))) == [5, 6, 9]
    # One shape is enough for a compiled step where it is enough for all.
    assert lengths(taken(drawn(5, 6, 8, multiple=4))) == [8, 8, 8]
    assert lengths(taken(drawn(5))) == [5]


def test_drawn_batches_of_dicts():
    one, other = hulls(5, np.random.default_rng(0)), hulls(6, np.random.default_rng(0))
    first, second = taken(FixedBatches([one, other], multiple=2))
    assert first[0].keys() == one[0].keys()
    assert {name: first[0][name].shape[1] // 2 % 2 for name in ("source", "target")} == {"source": 1, "target": 1}
    assert {name: second[0][name].shape[1] // 2 % 2 for name in ("source", "target")} == {"source": 0, "target": 0}
    np.testing.assert_array_equal(second[0]["source_lengths"], [6, 6, 6])


def test_drawn_batches_are_joined():
    parts = drawn(5, 6), drawn(3, multiple=4)
    joined = FixedBatches.join(parts)
    assert joined.multiple == 4
    assert [id(batch) for batch in joined.raw] == [id(batch) for part in parts for batch in part.raw]


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="at least one batch to measure by. Received: none"):
        FixedBatches([])
    for make in (lambda: drawn(5, multiple=0), lambda: OnTheFlyBatches(echo, sizes=(1, 2), batches=2, multiple=0)):
        with pytest.raises(ValueError, match="a `multiple` of 1 or more. Received: multiple=0"):
            make()
