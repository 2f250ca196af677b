from itertools import pairwise

import numpy as np

from zoo.data.readers.chorales import piano_roll, pitches
from zoo.data.synthetic.melodies import FOLLOWING, SCALE, generate


def chords(roll, tonic):
    """The step of the scale that every triad stands on, in a key; None for what is none of its triads."""
    triads = {frozenset((tonic + SCALE[(step + third) % 7]) % 12 for third in (0, 2, 4)): step for step in range(7)}
    return [triads.get(frozenset(pitch % 12 for pitch in step)) for step in pitches(roll)]


def test_every_piece_is_four_voices_in_the_chords_of_one_key():
    keys = set()
    for example in generate(60):
        roll = example["target"]
        assert roll.shape[1] == 88 and roll.dtype == np.float32
        assert set(np.unique(roll)) == {0.0, 1.0}
        assert (roll.sum(axis=1) == 4).all()
        assert len(roll) % 8 == 0 and 16 <= len(roll) <= 48
        tonic = pitches(roll)[0][0] % 12
        found = chords(roll, tonic)
        keys.add(tonic)
        # The root is in the bass.
        assert [(tonic + SCALE[chord]) % 12 for chord in found] == [step[0] % 12 for step in pitches(roll)]
        for start in range(0, len(found), 8):
            phrase = found[start : start + 8]
            assert phrase[0] == 0 and phrase[-3:] == [3, 4, 0]
            assert all(after in FOLLOWING[before] for before, after in pairwise(phrase))
    assert len(keys) == 12


def test_the_upper_voice_goes_short_ways():
    ways = [abs(a[-1] - b[-1]) for example in generate(60) for a, b in pairwise(pitches(example["target"]))]
    assert np.mean(ways) < 4
    assert max(ways) > 7


def test_keys_alone_tell_little():
    """The baseline of the documentation, by its formula."""
    train, test = (np.concatenate([e["target"] for e in generate(200, seed=seed)]) for seed in (1, 2))
    chance = np.clip(train.mean(axis=0), 1e-4, None)
    nats = -(test * np.log(chance) + (1 - test) * np.log1p(-chance)).sum(axis=1).mean()
    assert 12 < nats < 13
    np.testing.assert_array_equal(piano_roll(pitches(test)), test)
