import numpy as np
import pytest

from zoo.data.synthetic import clips


def middles(frames):
    """Where the shape is: the middle of what is far from the ground."""
    found = []
    for frame in frames.astype("float64"):
        apart = np.abs(frame - frame[0, 0]).sum(axis=-1) > 150
        down, across = np.nonzero(apart)
        found.append((across.mean(), down.mean()))
    return np.array(found)


def test_the_shape_moves_as_is_said_when_it_is_said():
    for clip in clips.generate(30, seed=3):
        words, frames = clip["target"].split(), clip["frames"]
        assert frames.shape[1:] == (32, 32, 3) and frames.dtype == "uint8"
        assert clip["path"] == " ".join(words[4:]) and words[3] == "moves"
        where = middles(frames)
        assert clip["legs"][0][1] == 0 and clip["legs"][-1][2] == len(frames) - 1
        for number, (word, first, last) in enumerate(clip["legs"]):
            assert number == 0 or (first == clip["legs"][number - 1][2] and words[word - 1] == "then")
            moved = where[last] - where[first]
            np.testing.assert_allclose(moved / np.abs(moved).max(), clips.DIRECTIONS[words[word]], atol=0.2)


def test_a_seed_decides_and_paths_differ():
    one, same, other = (clips.generate(40, turns=1, seed=seed) for seed in (1, 1, 2))
    assert [clip["target"] for clip in one] == [clip["target"] for clip in same]
    assert [clip["target"] for clip in one] != [clip["target"] for clip in other]
    assert {len(clip["path"].split()) for clip in one} == {3}
    assert len({clip["path"] for clip in clips.generate(300, turns=1)}) == 12


@pytest.mark.parametrize("wrong", [{"turns": 0}, {"size": 8}])
def test_what_no_clip_can_be(wrong):
    with pytest.raises(ValueError, match="a turn and 16 pixels"):
        clips.generate(1, **wrong)
