"""Pictures of one thing: bright on dark, at all places, and guessed from what was seen of them."""

import numpy as np
import pytest

from zoo.data.synthetic import patterns


def test_each_is_of_two_shades():
    pictures = [one["target"] for one in patterns.generate(300, height=9, width=14)]
    for picture in pictures:
        assert picture.shape == (9, 14)
        assert picture.dtype == "float32"
        assert 1 <= len(np.unique(picture)) <= 2
        assert all(value <= 0.04 or value >= 0.96 for value in np.unique(picture))
    white = np.stack(pictures) > 0.5
    assert (white.mean(axis=0) > 0.1).all()  # every pixel is bright in some picture
    assert (white.mean(axis=0) < 0.7).all()


def test_as_told_a_pixel_by_itself_says_little():
    train, test = (np.stack([one["target"] for one in patterns.generate(2000, seed=seed)]) > 0.5 for seed in (0, 1))
    chances = (train.sum(axis=0) + 0.5) / (len(train) + 1)
    nats = -np.log(np.where(test, chances, 1 - chances)).sum(axis=(1, 2)).mean()
    assert nats == pytest.approx(84, abs=3)


def test_a_picture_has_room_for_a_thing():
    with pytest.raises(ValueError, match="at least 4 x 4 pixels. Received: 3 x 9"):
        patterns.generate(1, height=3, width=9)
