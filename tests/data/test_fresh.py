"""Examples drawn anew: by seed, epoch and batch alone; of sizes in turn; in shapes that Keras can train on."""

import keras
import numpy as np
import pytest
from keras import ops

from zoo.data.extended import OpenVocabulary
from zoo.data.fresh import Fresh
from zoo.data.positions import Positions
from zoo.data.synthetic import convex_hulls
from zoo.data.vocabulary import Vocabulary

POINTING = {"target": Positions()}


def hulls(size, random, count=3):
    sources, targets = convex_hulls.draw(count, size, random)
    return [{"source": source, "target": row[row >= 0].tolist()} for source, row in zip(sources, targets, strict=True)]


def taken(fresh):
    return [fresh[index] for index in range(len(fresh))]


def same(one, other):
    (inputs, *rest), (inputs_too, *others) = one, other
    return all(
        np.array_equal(a, b) for a, b in zip([*inputs.values(), *rest], [*inputs_too.values(), *others], strict=True)
    )


def test_a_batch_is_decided_by_seed_epoch_and_number():
    fresh, again, other = (Fresh(hulls, POINTING, sizes=(5, 6), batches=4, seed=seed) for seed in (1, 1, 2))
    first, reversed_ = taken(fresh), [again[index] for index in (3, 2, 1, 0)][::-1]
    assert all(map(same, first, reversed_))
    assert not any(map(same, first, taken(other)))
    fresh.on_epoch_end()
    assert not any(map(same, first, taken(fresh)))
    again.epoch = 1
    assert all(map(same, taken(fresh), taken(again)))


def test_sizes_take_turns():
    fresh = Fresh(hulls, POINTING, sizes=(5, 7), batches=4)
    sizes = [batch[0]["source_lengths"].tolist() for batch in taken(fresh)]
    fresh.on_epoch_end()
    sizes += [batch[0]["source_lengths"].tolist() for batch in taken(fresh)]
    assert sizes == [[size] * 3 for size in (5, 6, 7, 5, 6, 7, 5, 6)]


def test_batches_are_for_teacher_forcing():
    for inputs, targets, weights in taken(Fresh(hulls, POINTING, sizes=(5, 6), batches=4)):
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
        return [{"source": words, "target": words, "links": "0-0"}] * 2

    grows.calls = 0
    vocabularies = {"source": Vocabulary(["a"]), "target": OpenVocabulary(["b"])}
    shapes = [
        {name: array.shape for name, array in inputs.items()} | {"targets": targets.shape, "weights": weights.shape}
        for inputs, targets, weights in taken(Fresh(grows, vocabularies, sizes=(5, 5), batches=2))
    ]
    assert all(one[1] % 2 == 1 and other[1] % 2 == 0 for one, other in zip(*map(dict.values, shapes), strict=True))
    assert {shapes[0][name] for name in ("target", "targets", "weights")} == {(2, 3)}
    assert [shape["wanted_alignment"] for shape in shapes] == [(2, 3, 3), (2, 4, 2)]
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
    fresh = Fresh(hulls, POINTING, sizes=(5, 7), batches=6)
    assert len({batch[1].shape[1] for batch in taken(fresh)}) > 2
    model = Sums()
    model.compile("sgd", run_eagerly=True)
    before = fresh.epoch
    assert np.isfinite(model.fit(fresh, epochs=2, shuffle=False, verbose=0).history["loss"]).all()
    assert fresh.epoch > before


@pytest.mark.parametrize("wrong", [{"batches": 1}, {"sizes": (0, 3)}, {"sizes": (4, 3)}])
def test_wrong_arguments_are_errors(wrong):
    with pytest.raises(ValueError, match="`batches` is at least 2 and `sizes` go from a smallest to a largest"):
        Fresh(hulls, POINTING, **{"sizes": (5, 6), "batches": 4, **wrong})
