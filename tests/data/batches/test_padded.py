import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.batches.padded import Batches


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


def test_one_long_example_does_not_take_the_memory_of_all():
    """61 texts of which one has 50,000 words: every batch holds little, and the others are not padded to the one."""
    lengths = [10 + number % 20 for number in range(60)] + [50_000]
    batches = Batches({"tokens": sequences(lengths)}, batch_size=64)
    shapes = [batches[index][0].shape for index in range(len(batches))]
    assert sorted(shapes)[0] == (1, 50_000)
    assert {rows for rows, _ in sorted(shapes)[1:]} == {64} and max(length for _, length in sorted(shapes)[1:]) == 29
    assert sorted(row for rows in order(batches) for row in rows) == list(range(61))
    # Where all are long a batch has as many rows as have room, whatever their number.
    long = Batches({"tokens": sequences([50_000] * 5)}, batch_size=64)
    assert [long[index][0].shape for index in range(len(long))] == [(4, 50_000)] * 2
    # Reviews of usual lengths keep their rows.
    reviews = Batches({"tokens": sequences([200] * 30 + [300] * 9 + [2500])}, batch_size=64)
    assert {reviews[index][0].shape[0] for index in range(len(reviews))} == {64}


def test_an_example_beyond_the_bound_is_named():
    lengths = [5, 100_001, 3]
    with pytest.raises(ValueError, match="example 1 must have at most 100,000 steps, received: 100,001. Cut it"):
        Batches({"tokens": sequences(lengths)})
    more = Batches({"tokens": sequences(lengths)}, maximum_steps=100_001)
    assert more.examples == 3 and Batches.join([more, more]).examples == 6
    pair = {"source": sequences([60_000]), "target": sequences([60_000])}
    with pytest.raises(ValueError, match="example 0 must have at most 100,000 steps, received: 120,000"):
        Batches(pair)


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
        ({"tokens": sequences([2])}, None, {"tokens": 0}, "at least 1, received: 32, 4 and 0"),
        ({"tokens": sequences([2])}, None, {"fixed": ["tokens"]}, r"one with steps must remain.*fixed \['tokens'\]"),
        ({"tokens": sequences([2])}, None, {"fixed": ["label"]}, r"received: fixed \['label'\]"),
        ({"label": [1], "target": sequences([2])}, None, {}, r"label must have steps.*fixed=\['label'\]"),
        ({"source": sequences([2]), "target": sequences([0])}, None, {}, "example 0 without"),
        (
            {"source": sequences([2]), "target": sequences([3])},
            sequences([2]),
            {"aligned": True},
            "example 0: targets must have as many steps as target, received: 2 and 3",
        ),
    ],
)
def test_what_does_not_belong_together_is_named(inputs, targets, options, message):
    with pytest.raises(ValueError, match=message):
        Batches(inputs, targets, **options)


def pairs(lengths, **options):
    """Batches of a source and a target; the targets are the inputs "target" and 100."""
    source, target = (sequences(column) for column in zip(*lengths, strict=True))
    return Batches(
        {"source": source, "target": target}, [ids + 100 for ids in target], **{"aligned": True, "buckets": 2} | options
    )


def test_source_and_target_have_steps_of_their_own():
    batches = pairs([(2, 1), (1, 3), (5, 9), (8, 7)], batch_size=3)
    (inputs, targets, weights), (longer, _, _) = batches[0], batches[1]
    assert (inputs["source"].shape, inputs["target"].shape) == ((3, 2), (3, 3))
    assert (longer["source"].shape, longer["target"].shape) == ((3, 8), (3, 9))
    assert inputs["source"].tolist() == [[1, 1], [2, 0], [0, 0]]
    assert inputs["target"].tolist() == [[1, 0, 0], [2, 2, 2], [0, 0, 0]]
    assert targets.tolist() == [[101, 0, 0], [102, 102, 102], [0, 0, 0]]
    assert weights.tolist() == [[1, 0, 0], [1, 1, 1], [0, 0, 0]]


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=40),
    st.integers(1, 90),
    st.booleans(),
)
def test_a_budget_of_tokens_is_kept(lengths, tokens, shuffle):
    batches = pairs(lengths, tokens=tokens, shuffle=shuffle, buckets=4)
    seen, shapes = [], set()
    for index in range(len(batches)):
        inputs, _, weights = batches[index]
        rows, steps = len(weights), inputs["source"].shape[1] + inputs["target"].shape[1]
        assert rows == 1 or rows * steps <= tokens
        assert (rows + 1) * steps > tokens  # and no row fewer than fit
        seen += batches.indices(index).tolist()
        shapes.add((rows, inputs["source"].shape[1], inputs["target"].shape[1]))
    assert sorted(seen) == list(range(len(lengths)))
    assert len(shapes) <= 4


def test_inputs_without_steps_are_stacked():
    inputs = {"label": np.array([3, 4], "int32"), "vector": [np.ones(5), np.zeros(5)], "target": sequences([1, 2])}
    batches = Batches(inputs, sequences([1, 2]), batch_size=3, buckets=1, aligned=True, fixed=("label", "vector"))
    taken, targets, weights = batches[0]
    assert taken["label"].tolist() == [3, 4, 0]
    assert taken["vector"].shape == (3, 5)
    assert taken["vector"].dtype == np.float32
    assert taken["target"].shape == targets.shape == weights.shape == (3, 2)


def test_what_generates_takes_a_dict():
    inputs, targets, _ = Batches({"target": sequences([2])}, sequences([2]), batch_size=1, aligned=True)[0]
    assert inputs["target"].tolist() == targets.tolist() == [[1, 1]]


def test_frames_may_be_targets():
    frames = [np.ones((2, 3)), np.ones((1, 3))]
    inputs, targets, weights = Batches({"target": frames}, frames, batch_size=2, buckets=1, aligned=True)[0]
    assert inputs["target"].shape == targets.shape == (2, 2, 3)
    assert weights.tolist() == [[1, 1], [1, 0]]


def test_joined_batches_hold_all_examples_in_the_form_of_the_last():
    made = [pairs([(2, 1), (1, 3)], tokens=40, shuffle=True), pairs([(5, 9)], tokens=60)]
    whole = Batches.join(made)
    assert [len(ids) for ids in whole.inputs["source"]] == [2, 1, 5]
    assert [len(ids) for ids in whole.targets] == [1, 3, 9]
    assert (whole.tokens, whole.aligned, whole.shuffle) == (60, True, False)


def test_keras_trains_on_two_lengths_that_differ():
    source, target = keras.Input((None,), name="source"), keras.Input((None,), name="target")
    total = target + keras.ops.mean(source, axis=1, keepdims=True)
    model = keras.Model({"source": source, "target": target}, keras.layers.Dense(1)(total[..., None]))
    model.compile("sgd", "mse")
    # Each batch has a pair of lengths of its own.
    batches = pairs([(1, 7), (2, 7), (2, 8), (5, 8)], batch_size=1, buckets=4)
    assert np.isfinite(model.fit(batches, shuffle=False, verbose=0).history["loss"][0])


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


def test_rounded_batches_of_other_examples_have_equal_shapes():
    shapes = set()
    for lengths in ((3, 5, 8), (1, 2, 3, 4), (7, 7, 7)):
        batches = Batches({"tokens": [np.ones(length, "int32") for length in lengths]}, batch_size=32, rounded=True)
        (batch,) = batches[0]
        shapes.add(batch.shape)
        assert [int((row > 0).sum()) for row in batch][: len(lengths)] == [*lengths]
    assert shapes == {(4, 8)}
