import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from zoo.plots.curves import plot_curves

HISTORY = [
    {"epoch": 1, "loss": 0.9, "accuracy": 0.5, "val_loss": 0.8, "val_accuracy": 0.6, "learning_rate": 0.1},
    {"epoch": 2, "loss": 0.7, "accuracy": 0.7, "val_loss": 0.6, "val_accuracy": 0.8, "learning_rate": 0.1},
    {"epoch": 3, "loss": 0.5, "accuracy": 0.9, "val_loss": 0.7, "val_accuracy": 0.7, "learning_rate": 0.1, "f1": 0.5},
]


@pytest.fixture
def drawn(monkeypatch):
    """The figure instead of its file."""
    figures = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: figures.append(figure))
    return figures


def lines(axes):
    return {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in axes.get_lines()}


def test_each_figure_has_a_frame_with_training_and_validation(drawn, tmp_path):
    plot_curves(HISTORY, tmp_path / "curves.png")
    frames = {axes.get_ylabel(): lines(axes) for axes in drawn[0].axes}
    assert set(frames) == {"loss", "accuracy", "learning rate", "f1"}
    assert frames["loss"] == {"training": ([1, 2, 3], [0.9, 0.7, 0.5]), "validation": ([1, 2, 3], [0.8, 0.6, 0.7])}
    assert frames["accuracy"]["validation"] == ([1, 2, 3], [0.6, 0.8, 0.7])
    assert frames["f1"] == {"training": ([3], [0.5])}


def test_the_file_is_a_picture(tmp_path):
    plot_curves(HISTORY[:1], tmp_path / "curves.png")
    assert imread(tmp_path / "curves.png").std() > 0.01


def test_nothing_to_draw(tmp_path):
    with pytest.raises(ValueError, match="There is nothing to draw"):
        plot_curves([], tmp_path / "curves.png")


def test_names_of_metrics_are_no_mathematics(drawn, tmp_path):
    plot_curves([{"epoch": 1, "$a$": 0.5}], tmp_path / "curves.png")
    name = drawn[0].axes[0].yaxis.label
    assert (name.get_text(), name.get_parse_math()) == ("$a$", False)
