from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zoo.data.batches.buckets import make_buckets, round_length, round_rows, show_lengths


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=60), st.integers(1, 6))
def test_a_bucket_holds_its_examples_and_no_more(lengths, count):
    steps = np.array(lengths)
    buckets = make_buckets(steps, count)
    assert 1 <= len(buckets) <= count
    assert sorted(row for _, rows in buckets for row in rows) == list(range(len(lengths)))
    for shape, rows in buckets:
        assert shape == tuple(max(column) for column in zip(*(lengths[row] for row in rows), strict=True))
    # In the order of their totals: none of a later bucket is shorter than one of an earlier.
    totals = [[sum(lengths[row]) for row in rows] for _, rows in buckets]
    assert all(max(before) < min(after) for before, after in pairwise(totals))


def test_buckets_are_about_equally_full():
    buckets = make_buckets(np.arange(1, 101)[:, None], 4)
    assert [(shape, len(rows)) for shape, rows in buckets] == [((25,), 25), ((50,), 25), ((75,), 25), ((100,), 25)]


def test_a_far_longer_example_has_a_bucket_of_its_own():
    lengths = [*range(1, 101), 9000]
    buckets = make_buckets(np.array(lengths)[:, None], 4)
    assert [shape for shape, _ in buckets] == [(26,), (51,), (76,), (100,), (9000,)]
    assert buckets[-1][1].tolist() == [100]
    # Not where one bucket is asked for, nor where many are as long.
    assert len(make_buckets(np.array(lengths)[:, None], 1)) == 1
    assert len(make_buckets(np.array([*range(1, 101), *[9000] * 40])[:, None], 4)) <= 4


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=12))
def test_the_first_two_batches_show_every_length_that_differs(shapes):
    plan = [(shape, np.array([number])) for number, shape in enumerate(shapes)]
    shown = show_lengths(plan)
    assert sorted(int(rows[0]) for _, rows in shown) == list(range(len(shapes)))
    assert all(shape == shapes[rows[0]] for shape, rows in shown)
    for axis in range(2):
        if len({shape[axis] for shape in shapes}) > 1:
            assert shown[0][0][axis] != shown[1][0][axis]


def test_lengths_are_rounded_to_few_and_by_an_eighth_at_most():
    lengths = np.arange(1, 3000)
    rounded = np.array([round_length(int(steps)) for steps in lengths])
    assert (rounded >= lengths).all() and (np.diff(rounded) >= 0).all()
    assert ((rounded - lengths)[lengths > 64] <= lengths[lengths > 64] / 8).all()
    assert len(set(rounded)) < 60
    assert [round_rows(rows) for rows in (1, 2, 3, 5, 32, 33)] == [1, 2, 4, 8, 32, 64]
