import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.batching import Batches


def sequences(lengths):
    """Example n is n + 1, repeated: every row says which example it is."""
    return [np.full(length, number + 1, "int32") for number, length in enumerate(lengths)]


def order(batches):
    return [batches.indices(index).tolist() for index in range(len(batches))]


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=60),
    st.integers(1, 9),
    st.integers(1, 5),
    st.booleans(),
    st.integers(0, 3),
)
def test_every_example_appears_once_in_few_shapes(lengths, batch_size, buckets, shuffle, epoch):
    tokens = sequences(lengths)
    batches = Batches({"tokens": tokens}, lengths, batch_size=batch_size, buckets=buckets, shuffle=shuffle)
    batches.epoch = epoch
    seen, shapes = [], {}
    for index in range(len(batches)):
        inputs, targets, weights = batches[index]
        rows = batches.indices(index)
        real = len(rows)
        assert inputs.shape[0] == len(targets) == len(weights) == batch_size
        assert weights.tolist() == [1.0] * real + [0.0] * (batch_size - real)
        assert not inputs[real:].any()
        assert not targets[real:].any()
        for row, number, target in zip(inputs, rows, targets, strict=False):
            assert row[row > 0].tolist() == tokens[number].tolist()
            assert row[: lengths[number]].all()
            assert target == lengths[number]
        seen += rows.tolist()
        shapes.setdefault(inputs.shape, []).append(real)
    assert sorted(seen) == list(range(len(lengths)))
    assert batches.examples == len(lengths)
    assert len(shapes) <= buckets
    assert max(shape[1] for shape in shapes) == max(lengths)
    # Filling is in one batch of a shape at most.
    assert all(sum(real < batch_size for real in reals) <= 1 for reals in shapes.values())


def test_examples_are_in_the_smallest_bucket_that_holds_them():
    lengths = [1, 2, 3, 4, 5, 6, 7, 8]
    batches = Batches({"tokens": sequences(lengths)}, batch_size=2, buckets=4)
    assert [batches[index][0].shape for index in range(len(batches))] == [(2, 2), (2, 4), (2, 6), (2, 8)]
    assert order(batches) == [[0, 1], [2, 3], [4, 5], [6, 7]]


def test_order_depends_on_seed_and_epoch_alone():
    def batches(seed, epoch):
        made = Batches({"tokens": sequences(range(1, 65))}, batch_size=4, shuffle=True, seed=seed)
        made.epoch = epoch
        return made

    run = batches(1, 0)
    orders = []
    for _ in range(3):
        orders.append(order(run))
        run.on_epoch_end()
    assert run.epoch == 3
    assert orders == [order(batches(1, epoch)) for epoch in range(3)]
    assert orders[0] != orders[1]
    assert order(batches(2, 0)) != orders[0]
    # Not only the batches change places: rows meet other rows.
    assert {frozenset(rows) for rows in orders[0]} != {frozenset(rows) for rows in orders[1]}


def test_without_shuffle_the_order_stays():
    batches = Batches({"tokens": sequences([3, 1, 2])}, batch_size=2)
    before = order(batches)
    batches.on_epoch_end()
    assert order(batches) == before


def test_steps_of_aligned_targets_weigh_one():
    tokens = sequences([2, 4, 3])
    tags = [np.array([7, 8]), [1, 2, 3, 4], [5, 6, 7]]
    inputs, targets, weights = Batches({"tokens": tokens}, tags, batch_size=4, buckets=1, aligned=True)[0]
    assert inputs.shape == targets.shape == weights.shape == (4, 4)
    assert targets.tolist() == [[7, 8, 0, 0], [1, 2, 3, 4], [5, 6, 7, 0], [0, 0, 0, 0]]
    assert weights.tolist() == [[1, 1, 0, 0], [1, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 0]]
    assert targets.dtype == np.int32
    assert weights.dtype == np.float32


def test_aligned_vectors_keep_their_width():
    targets = [np.ones((2, 3)), np.ones((1, 3))]
    _, padded, weights = Batches({"tokens": sequences([2, 1])}, targets, batch_size=2, buckets=1, aligned=True)[0]
    assert padded.shape == (2, 2, 3)
    assert padded.dtype == np.float32
    assert weights.tolist() == [[1, 1], [1, 0]]


def test_several_inputs_are_a_dict():
    tokens = sequences([2, 1])
    spelled = [np.ones((2, 5), "int32"), np.ones((1, 5), "int32")]
    (inputs,) = Batches({"tokens": tokens, "characters": spelled}, batch_size=3, buckets=1)[0]
    assert {name: array.shape for name, array in inputs.items()} == {"tokens": (3, 2), "characters": (3, 2, 5)}
    assert inputs["characters"].sum(axis=(1, 2)).tolist() == [10, 5, 0]


def test_frames_bring_their_lengths_where_they_differ():
    (inputs,) = Batches({"frames": [np.ones((2, 3)), np.ones((4, 3))]}, batch_size=3, buckets=1)[0]
    assert inputs["frames"].shape == (3, 4, 3)
    assert inputs["frames"].dtype == np.float32
    assert inputs["lengths"].tolist() == [2, 4, 0]
    assert inputs["lengths"].dtype == np.int32
    same = [np.ones((4, 3))] * 2
    assert Batches({"frames": same}, batch_size=2)[0][0].shape == (2, 4, 3)
    assert Batches({"frames": same}, batch_size=2, lengths=True)[0][0]["lengths"].tolist() == [4, 4]


def test_vectors_are_targets_of_an_example():
    _, targets, weights = Batches({"tokens": sequences([2, 2])}, np.eye(2), batch_size=3)[0]
    assert targets.tolist() == [[1, 0], [0, 1], [0, 0]]
    assert weights.tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("inputs", "targets", "options", "message"),
    [
        ({}, None, {}, "at least one"),
        ({"tokens": []}, None, {}, "at least one"),
        ({"tokens": sequences([2, 0])}, None, {}, "example 1 without"),
        ({"tokens": sequences([2, 2])}, [1], {}, "2 tokens, 1 targets"),
        ({"tokens": sequences([2, 3])}, sequences([2, 4]), {"aligned": True}, "example 1: .* received: 4 and 3"),
        ({"tokens": sequences([2])}, [5], {"aligned": True}, "example 0: .* one value and 2.*aligned=False"),
        ({"tokens": sequences([2, 3])}, sequences([2, 3]), {}, "example 1: .*aligned=True"),
        ({"tokens": sequences([2]), "characters": [np.ones((3, 4))]}, None, {}, "example 0: characters .* 3 and 2"),
        ({"frames": [np.ones((2, 3)), np.ones((2, 4))]}, None, {}, r"example 1: frames .*\(3,\), received: \(4,\)"),
        ({"tokens": sequences([2])}, ["pos"], {}, "targets must be numbers, received: 'pos'"),
        ({"tokens": sequences([2])}, None, {"batch_size": 0}, "at least 1, received: 0"),
        ({"tokens": sequences([2])}, None, {"lengths": True}, '"frames"'),
    ],
)
def test_what_does_not_belong_together_is_named(inputs, targets, options, message):
    with pytest.raises(ValueError, match=message):
        Batches(inputs, targets, **options)


def linear_model():
    """The mean over the steps and one Dense, trained by plain SGD: the order of the batches shows in the weights."""
    inputs = keras.Input((None, 1), name="frames")
    pooled = keras.layers.GlobalAveragePooling1D()(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1, kernel_initializer="ones")(pooled))
    model.compile(
        keras.optimizers.SGD(0.05), keras.losses.MeanSquaredError("mean_with_sample_weight"), weighted_metrics=["mse"]
    )
    return model


def frame_batches(**options):
    random = np.random.default_rng(0)
    frames = [random.normal(size=(6, 1)) for _ in range(23)]
    return Batches({"frames": frames}, [f.sum() for f in frames], batch_size=4, **options)


def test_keras_fits_evaluates_and_predicts():
    model, batches = linear_model(), frame_batches(shuffle=True)
    history = model.fit(batches, epochs=5, shuffle=False, verbose=0).history["loss"]
    assert history[-1] < 0.5 * history[0]
    predicted = model.predict(batches, verbose=0)
    assert predicted.shape == (len(batches) * 4, 1)


def test_filling_changes_no_metric():
    model, batches = linear_model(), frame_batches()
    measured = model.evaluate(batches, verbose=0, return_dict=True)["mse"]
    frames = np.stack(batches.inputs["frames"]).astype("float32")
    errors = (frames.mean(axis=(1, 2)) - np.array(batches.targets)) ** 2
    assert measured == pytest.approx(errors.mean(), rel=1e-5)


def test_a_resumed_fit_ends_like_one_never_killed():
    whole = linear_model()
    whole.fit(frame_batches(shuffle=True, seed=3), epochs=4, shuffle=False, verbose=0)
    killed, resumed = linear_model(), linear_model()
    killed.fit(frame_batches(shuffle=True, seed=3), epochs=2, shuffle=False, verbose=0)
    resumed.set_weights(killed.get_weights())
    batches = frame_batches(shuffle=True, seed=3)
    batches.epoch = 2
    resumed.fit(batches, initial_epoch=2, epochs=4, shuffle=False, verbose=0)
    for ours, theirs in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    # The law is not empty: another order ends elsewhere.
    other = linear_model()
    other.fit(frame_batches(shuffle=True, seed=4), epochs=4, shuffle=False, verbose=0)
    assert not np.array_equal(other.get_weights()[0], whole.get_weights()[0])
