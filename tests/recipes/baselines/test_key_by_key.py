from math import log

import numpy as np
import pytest

from zoo.recipes.baselines.key_by_key import key_by_key


def test_one_key_by_hand():
    # Before the first frame the key is up. Up: then down once, of 1; down: then down once, up once, of 2.
    train = [np.array([[1], [1], [0]], "float32")]
    test = [np.array([[0]], "float32"), np.array([[1], [1]], "float32")]
    up, down = 1.5 / 2, 1.5 / 3
    assert key_by_key(train, test) == pytest.approx(-(log(1 - up) + log(up) + log(down)) / 3)


def test_keys_of_a_frame_add_up(random):
    pieces = [random.integers(0, 2, (6, 3)).astype("float32") for _ in range(4)]
    alone = [key_by_key([piece[:, [key]] for piece in pieces], [pieces[0][:, [key]]]) for key in range(3)]
    assert key_by_key(pieces, pieces[:1]) == pytest.approx(sum(alone))
