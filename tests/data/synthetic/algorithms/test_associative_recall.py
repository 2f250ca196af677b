import numpy as np
import pytest

from zoo.data.synthetic.algorithms import associative_recall
from zoo.data.synthetic.algorithms.associative_recall import draw


def read(frames):
    """The items of a list and the one shown, step by step, as lists of bytes."""
    items, shown, reading = [], [], None
    for frame in frames:
        if frame[6]:
            items.append([])
            reading = items[-1]
        elif frame[7]:
            reading = None if reading is shown else shown
        elif reading is not None:
            reading.append(frame[:6].tobytes())
        assert not (frame[6:].any() and frame[:6].any()) and frame[6:].sum() <= 1
    return items, shown


@pytest.mark.parametrize("size", [2, 3, 6])
def test_the_item_after_the_one_shown_is_asked(random, size):
    inputs, targets, weights = draw(size, 200, random)
    places = []
    for frames, wanted, asked in zip(inputs, targets, weights, strict=True):
        items, shown = read(frames)
        assert [len(item) for item in [*items, shown]] == [3] * (size + 1)
        assert items.count(shown) == 1
        places.append(items.index(shown))
        assert [vector.tobytes() for vector in wanted[asked == 1]] == items[places[-1] + 1]
        assert np.flatnonzero(asked).tolist() == list(range(len(frames) - 3, len(frames)))
    # Any but the last, alike: 200 over size - 1.
    *others, last = np.bincount(places, minlength=size)
    assert last == 0 and min(others) > 0.5 * 200 / (size - 1)


def test_no_item_occurs_twice(random, monkeypatch):
    monkeypatch.setattr(associative_recall, "BITS", 1)  # 8 items are possible: most lists of 6 would hold one twice
    items = associative_recall._items(6, 300, random)
    assert items.shape == (300, 6, 3, 1)
    assert all(len({item.tobytes() for item in row}) == 6 for row in items)
    assert len({item.tobytes() for item in items.reshape(-1, 3)}) == 8


def test_bits_are_fair(random):
    inputs, _, _ = draw(6, 3000, random)
    vectors = inputs[:, :24].reshape(3000, 6, 4, 8)[:, :, 1:, :6]
    np.testing.assert_allclose(vectors.mean(axis=0), 0.5, atol=0.04)  # standard error 0.009


def test_one_item_has_no_next(random):
    with pytest.raises(ValueError, match="`size` is at least 2"):
        draw(1, 3, random)
