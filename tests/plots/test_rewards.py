import numpy as np
import pytest
from matplotlib.image import imread

from zoo.plots.rewards import plot_rewards

HISTORY = [
    {"epoch": 3, "loss": 9.0, "reward": 0.5, "baseline": 0.4, "reward_variance": 0.2, "advantage_variance": 0.2},
    {"epoch": 4, "loss": 8.0, "reward": 0.6, "val_reward": 0.7, "reward_variance": 0.2, "advantage_variance": 0.02},
    {"epoch": 5, "loss": 7.0, "reward": 0.7, "baseline": 0.6, "val_beam_reward": 0.8, "advantage_variance": 0.0},
]
NAN = np.nan


def lines(axes):
    return {line.get_label(): list(line.get_ydata()) for line in axes.get_lines()}


def test_rewards_above_variances_below(drawn, tmp_path):
    plot_rewards(HISTORY, tmp_path / "rewards.png")
    upper, lower = drawn[0].axes
    expected = {
        "samples": [0.5, 0.6, 0.7],
        "baseline": [0.4, NAN, 0.6],
        "validation": [NAN, 0.7, NAN],
        "validation beam": [NAN, NAN, 0.8],
    }
    assert list(lines(upper)) == list(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(lines(upper)[name], values)
    assert (upper.get_yscale(), lower.get_yscale()) == ("linear", "log")
    np.testing.assert_array_equal(lines(lower)["reward"], [0.2, 0.2, NAN])
    # A variance of 0 has no place on a logarithmic scale.
    np.testing.assert_array_equal(lines(lower)["reward minus baseline"], [0.2, 0.02, NAN])
    for axes in (upper, lower):
        assert all(list(line.get_xdata()) == [3, 4, 5] for line in axes.get_lines())
        assert len({line.get_color() for line in axes.get_lines()}) == len(axes.get_lines())


@pytest.mark.parametrize("left_out", ["advantage_variance", "reward_variance"])
def test_one_variance_is_enough_for_the_lower_frame(drawn, tmp_path, left_out):
    history = [{name: figures[name] for name in figures if name != left_out} for figures in HISTORY]
    plot_rewards(history, tmp_path / "rewards.png")
    assert [len(axes.get_lines()) for axes in drawn[0].axes] == [4, 1]


@pytest.mark.parametrize("variance", [{}, {"reward_variance": 0.0}])
def test_rewards_alone(drawn, tmp_path, variance):
    plot_rewards([{"epoch": 1, "reward": -0.5} | variance], tmp_path / "rewards.png")
    (axes,) = drawn[0].axes
    assert lines(axes) == {"samples": [-0.5]}


def test_the_file_is_a_picture(tmp_path):
    plot_rewards(HISTORY, tmp_path / "rewards.png")
    assert imread(tmp_path / "rewards.png").std() > 0.01


def test_nothing_to_draw(tmp_path):
    with pytest.raises(ValueError, match='the history holds no "reward"'):
        plot_rewards([], tmp_path / "rewards.png")
    with pytest.raises(ValueError, match="Received: epoch, loss"):
        plot_rewards([{"epoch": 1, "loss": 0.5}], tmp_path / "rewards.png")


def test_names_of_rewards_are_no_mathematics(drawn, tmp_path):
    plot_rewards([{"epoch": 1, "reward": 0.5, "val_$a$_reward": 0.5}], tmp_path / "rewards.png")
    names = drawn[0].axes[0].get_legend().get_texts()
    assert "validation $a$" in [name.get_text() for name in names]
    assert not any(name.get_parse_math() for name in names)
