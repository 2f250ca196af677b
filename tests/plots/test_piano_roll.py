import numpy as np
import pytest
from matplotlib.image import imread

from zoo.plots.piano_roll import plot_piano_roll


def roll(steps, *keys):
    """Keys by MIDI number, sounding at all steps."""
    played = np.zeros((steps, 88))
    played[:, [key - 21 for key in keys]] = 1
    return played


def names(axes):
    return {tick.get_text(): position for tick, position in zip(axes.get_yticklabels(), axes.get_yticks(), strict=True)}


def test_pitches_stand_at_their_names(drawn, tmp_path):
    plot_piano_roll(roll(5, 60, 69), tmp_path / "roll.png")  # the middle C and the A of 440 hertz
    axes = drawn[0].axes[0]
    assert names(axes) == {"C4": 60, "C5": 72}
    image = axes.images[0]
    left, right, bottom, top = image.get_extent()
    assert (left, right) == (0.5, 5.5)
    rows = bottom + (np.flatnonzero(image.get_array()[:, 0, 3]) + 0.5) * (top - bottom) / 88
    np.testing.assert_allclose(rows, [60, 69])
    assert len(drawn[0].axes) == 1  # 0 and 1 need no scale


@pytest.mark.parametrize(("keys", "found"), [((21, 108), [*range(1, 9)]), ((35,), [1, 2]), ((), [4, 5])])
def test_only_the_octaves_that_are_used(drawn, tmp_path, keys, found):
    plot_piano_roll(roll(2, *keys), tmp_path / "roll.png")
    assert [*names(drawn[0].axes[0])] == [f"C{octave}" for octave in found]
    low, high = drawn[0].axes[0].get_ylim()
    assert all(low < key < high for key in keys)


def test_probabilities_are_shades_with_a_scale_and_the_opening_is_marked(drawn, random, tmp_path):
    played = random.random((6, 88))
    plot_piano_roll(played, tmp_path / "roll.png", opening=2)
    axes, scale = drawn[0].axes
    np.testing.assert_array_equal(axes.images[0].get_array()[..., 3], played.T)
    assert scale.get_ylabel() == "probability"
    assert axes.get_title(loc="left") == "shaded: given (steps 1 to 2)"
    assert [list(line.get_xdata()) for line in axes.get_lines() if line.get_linestyle() == "--"] == [[2.5, 2.5]]


@pytest.mark.parametrize("steps", [1, 600])
def test_the_file_is_a_picture(tmp_path, steps):
    plot_piano_roll(roll(steps, 60), tmp_path / "roll.png", opening=1)
    assert imread(tmp_path / "roll.png").std() > 0.01


@pytest.mark.parametrize(
    ("frames", "given", "message"),
    [
        (np.zeros((3, 87)), 0, r"\(steps, 88\)\. Received: \(3, 87\)"),
        (np.zeros((0, 88)), 0, r"Received: \(0, 88\)"),
        (np.full((3, 88), -1.0), 0, r"-1\.0 to -1\.0\. Cut padding off first"),
        (np.zeros((3, 88)), 4, "0 to 3. Received: 4"),
    ],
)
def test_what_is_no_piano_roll(tmp_path, frames, given, message):
    with pytest.raises(ValueError, match=message):
        plot_piano_roll(frames, tmp_path / "roll.png", opening=given)
