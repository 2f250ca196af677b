import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.batches.contiguous import ContiguousBatches

sizes = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(0, 80))


def rows_of(stream):
    """Inputs, targets and weights of all batches, put together along the steps."""
    inputs, targets, weights = zip(*(stream[index] for index in range(len(stream))), strict=True)
    joined = [np.concatenate(part, axis=1) for part in ([i["target"] for i in inputs], targets, weights)]
    assert {array.shape for array in targets} == {(stream.rows, stream.steps)}
    return joined


@given(sizes, st.booleans(), st.integers(0, 3))
def test_rows_continue_from_batch_to_batch(size, shuffle, epoch):
    rows, steps, more = size
    ids = np.arange(rows * steps + more) + 10
    stream = ContiguousBatches(ids, rows=rows, steps=steps, shuffle=shuffle)
    stream.epoch = epoch
    inputs, targets, weights = rows_of(stream)
    assert weights.all()
    assert targets.size == stream.examples == len(stream) * rows * steps
    # Targets are one stretch of the ids after the other, without gaps.
    read = targets.reshape(-1)
    assert read.tolist() == list(range(read[0], read[0] + read.size))
    assert read[0] >= 10 and read[-1] <= ids[-1]
    assert (inputs[:, 0] == 2).all()
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    # No further batch would have fitted, but for the ids that shuffling needs.
    assert len(ids) - read.size < rows * steps + steps * shuffle


@given(sizes)
def test_without_dropping_every_id_is_predicted_once(size):
    rows, steps, more = size
    ids = np.arange(1 + more) + 10
    stream = ContiguousBatches(ids, rows=rows, steps=steps, drop_remainder=False)
    inputs, targets, weights = rows_of(stream)
    assert targets[weights > 0].tolist() == ids.tolist()
    assert stream.examples == len(ids) == weights.sum()
    assert not targets[weights == 0].any()
    assert not inputs[weights == 0].any()
    for row, weight, target in zip(inputs, weights, targets, strict=True):
        real = int(weight.sum())
        assert weight[:real].all()
        assert row[:real].tolist() == [2, *target[: real - 1]][:real]


def test_the_beginning_is_a_function_of_seed_and_epoch():
    def begins(seed):
        stream = ContiguousBatches(np.arange(1000), rows=2, steps=50, shuffle=True, seed=seed)
        found = []
        for _ in range(6):
            found.append(int(stream[0][1][0, 0]))
            stream.on_epoch_end()
        assert stream.epoch == 6
        stream.epoch = 3
        assert stream[0][1][0, 0] == found[3]
        return found

    assert begins(1) == begins(1)
    assert begins(1) != begins(2)
    assert len(set(begins(1))) > 3


def test_without_shuffle_every_epoch_is_alike():
    stream = ContiguousBatches(np.arange(100), rows=2, steps=10)
    before = stream[1]
    stream.on_epoch_end()
    np.testing.assert_array_equal(stream[1][1], before[1])


@pytest.mark.parametrize(
    ("ids", "options", "message"),
    [
        (np.arange(19), {}, r"fill 2 rows of 10 steps, received: shape \(19,\).*drop_remainder=False"),
        (np.zeros((4, 20)), {}, r"shape \(4, 20\)"),
        ([], {"drop_remainder": False}, r"shape \(0,\)"),
        (np.arange(30), {"rows": 0}, "at least 1, received: 0 and 10"),
        (np.arange(30), {"shuffle": True, "drop_remainder": False}, "received: drop_remainder=False"),
    ],
)
def test_what_makes_no_stream(ids, options, message):
    with pytest.raises(ValueError, match=message):
        ContiguousBatches(ids, **{"rows": 2, "steps": 10} | options)


def test_there_are_no_more_batches_than_counted():
    stream = ContiguousBatches(np.arange(40), rows=2, steps=10)
    with pytest.raises(IndexError, match="2 batches, received: index 2"):
        stream[2]
