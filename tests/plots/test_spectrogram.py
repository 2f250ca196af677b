from dataclasses import replace

import numpy as np
import pytest
from matplotlib.image import imread

from zoo.plots.spectrogram import SoundPanel, plot_over_sound


def heard(frames=12, names=("four", "seven"), reduction=1, title="four seven"):
    rows = np.zeros((len(names), -(-frames // reduction)))
    rows[:, 1] = 1
    return SoundPanel(np.arange(frames * 5.0).reshape(frames, 5), rows, names, title)


def test_symbols_stand_over_the_time_in_which_they_sound(drawn, tmp_path):
    plot_over_sound([heard(11, reduction=4), heard(20, ["a"], 4, "")], tmp_path / "x.png", stride=50.0, reduction=4)
    above, below, second, _, scale = drawn[0].axes
    assert [tick.get_text() for tick in above.get_yticklabels()] == ["four", "seven"]
    assert [tick.get_text() for tick in second.get_yticklabels()] == ["a"]
    assert above.get_title(loc="left") == "four seven"
    # 11 frames of 50 ms; the third place reaches beyond them. Both share their seconds with the longer sound.
    assert above.images[0].get_extent()[:2] == [0, pytest.approx(0.6)]
    assert below.images[0].get_extent()[:2] == [0, pytest.approx(0.55)]
    for axes in (above, below, second):
        assert axes.get_xlim() == (0, pytest.approx(1.0))
    # The first symbol is the topmost, the lowest band the lowest.
    assert above.images[0].get_extent()[2] > above.images[0].get_extent()[3]
    assert below.images[0].origin == "lower"
    np.testing.assert_array_equal(below.images[0].get_array(), heard(11).frames.T)
    assert scale.get_ylim() == (0, 1)


def test_what_was_said_stands_above_what_was_heard(drawn, tmp_path):
    plain = heard()
    sounds = [replace(plain, title="four", reference="four seven"), plain, replace(plain, title="", reference="nine")]
    plot_over_sound(sounds, tmp_path / "x.png")
    titles = [axes.get_title(loc="left") for axes in drawn[0].axes[:6:2]]
    assert titles == ["true: four seven\noutput: four", "four seven", "true: nine\noutput: (nothing)"]


@pytest.mark.parametrize("frames", [2, 900])
def test_the_file_is_a_picture(tmp_path, frames):
    plot_over_sound([heard(frames)] * 2, tmp_path / "heard.png")
    assert imread(tmp_path / "heard.png").std() > 0.01


@pytest.mark.parametrize(
    ("sounds", "message"),
    [
        ([], "no sound was given"),
        (
            [heard(8, ["a"], 2), SoundPanel(np.zeros((9, 2)), np.zeros((1, 4)), ["a"])],
            r"Sound 1 .*\(1, 5\). .*rows \(1, 4\)",
        ),
        ([SoundPanel(np.zeros((8, 2)), np.zeros((1, 4)), ["a", "b"])], r"\(2, 4\)"),
        ([SoundPanel(np.zeros(8), np.zeros((1, 4)), ["a"])], r"frames \(8,\)"),
        ([SoundPanel(np.zeros((8, 2)), np.zeros((0, 4)), [])], "a row for each name"),
    ],
)
def test_what_does_not_fit(tmp_path, sounds, message):
    with pytest.raises(ValueError, match=message):
        plot_over_sound(sounds, tmp_path / "heard.png", reduction=2)
