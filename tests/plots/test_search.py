import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from zoo.plots.search import plot_search

ROWS = [
    {
        "trial": 0,
        "status": "completed",
        "score": 0.5,
        "epochs": 2,
        "seconds": 1.0,
        "units": 8,
        "rate": 1e-4,
        "cell": "gru",
    },
    {
        "trial": 1,
        "status": "failed",
        "score": None,
        "epochs": 2,
        "seconds": None,
        "units": 8,
        "rate": 1e-2,
        "cell": "gru",
    },
    {
        "trial": 2,
        "status": "completed",
        "score": 0.25,
        "epochs": 2,
        "seconds": 1.0,
        "units": 16,
        "rate": 1e-3,
        "cell": "lstm",
    },
    {
        "trial": 3,
        "status": "completed",
        "score": 0.75,
        "epochs": 2,
        "seconds": 1.0,
        "units": 12,
        "rate": 1e-3,
        "cell": "lstm",
    },
]


@pytest.fixture
def drawn(monkeypatch):
    """The figure instead of its file."""
    figures = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: figures.append(figure))
    return figures


@pytest.mark.parametrize(("rising", "so_far", "best"), [(False, [0.5, 0.25, 0.25], 2), (True, [0.5, 0.5, 0.75], 3)])
def test_scores_over_trials_and_the_best_so_far(drawn, rising, so_far, best):
    plot_search(ROWS, "x.png", objective="val_loss", rising=rising)
    top = drawn[0].axes[0]
    assert list(top.get_lines()[0].get_ydata()) == so_far
    assert top.collections[0].get_offsets().tolist() == [[0, 0.5], [2, 0.25], [3, 0.75]]
    assert top.collections[1].get_offsets()[0, 0] == best
    assert all(float(place).is_integer() for place in top.get_xticks())
    assert [label.get_text() for label in top.get_legend().get_texts()] == [
        "best so far",
        f"best: trial {best}",
        "no score",
    ]


def test_a_panel_for_everything_that_was_varied(drawn):
    plot_search(ROWS, "x.png", objective="val_loss", rising=False)
    panels = {panel.get_xlabel(): panel for panel in drawn[0].axes[1:]}
    assert set(panels) == {"units", "rate", "cell"}
    assert panels["units"].collections[0].get_offsets().tolist() == [[8, 0.5], [16, 0.25], [12, 0.75]]
    assert panels["rate"].get_xscale() == "log" and panels["units"].get_xscale() == "linear"
    assert all(float(tick).is_integer() for tick in panels["units"].get_xticks())
    assert [label.get_text() for label in panels["cell"].get_xticklabels()] == ["gru", "lstm"]
    places = panels["cell"].collections[0].get_offsets()[:, 0].round()
    assert places.tolist() == [0, 1, 1]


def panel_of(figure, name):
    return next(panel for panel in figure.axes if panel.get_xlabel() == name)


def visible_ticks(panel):
    low, high = panel.get_xlim()
    return [tick for tick in panel.get_xticks() if low <= tick <= high]


@pytest.mark.parametrize("values", [(1, 2), (1, 1), (1, 3, 2), (16, 240), (7, 8)])
def test_whole_numbers_have_whole_ticks(drawn, values):
    rows = [ROWS[0] | {"trial": number, "layers": value} for number, value in enumerate(values)]
    for scale in ("linear", "log"):
        plot_search(rows, "x.png", objective="val_loss", rising=False, scales={"layers": scale})
        panel = panel_of(drawn[-1], "layers")
        assert panel.get_xscale() == scale
        assert visible_ticks(panel) and all(float(tick).is_integer() for tick in visible_ticks(panel))


def test_a_few_whole_numbers_are_the_ticks(drawn):
    rows = [ROWS[0] | {"trial": number, "kernel": value} for number, value in enumerate((7, 3, 9, 5, 3))]
    plot_search(rows, "x.png", objective="val_loss", rising=False)
    assert visible_ticks(panel_of(drawn[0], "kernel")) == [3, 5, 7, 9]


@pytest.mark.parametrize("values", [(1e-3, 2e-3), (1.1e-3, 1.9e-3), (4e-3, 4e-3), (1e-4, 1e-1), (2e-3, 3e-2)])
def test_values_lie_on_the_axis_on_which_they_were_searched(drawn, values):
    rows = [ROWS[0] | {"trial": number, "rate": value} for number, value in enumerate(values)]
    for scale in ("linear", "log"):
        plot_search(rows, "x.png", objective="val_loss", rising=False, scales={"rate": scale})
        panel = panel_of(drawn[-1], "rate")
        assert panel.get_xscale() == scale
        assert visible_ticks(panel)
        assert [label.get_text() for label in panel.get_xticklabels(minor=True)] in ([], [""])


def test_the_file_is_a_picture(tmp_path):
    plot_search(ROWS, tmp_path / "search.png", objective="val_loss", rising=False)
    assert imread(tmp_path / "search.png").std() > 0.01


def test_nothing_to_show(tmp_path):
    with pytest.raises(ValueError, match="without a single score"):
        plot_search(ROWS[1:2], tmp_path / "search.png", objective="val_loss", rising=False)


def test_names_and_values_are_no_mathematics(drawn):
    rows = [row | {"$cell$": f"${row['cell']}$"} for row in ROWS]
    plot_search(rows, "x.png", objective="val_$a$", rising=False)
    top, *panels = drawn[0].axes
    (panel,) = [panel for panel in panels if panel.get_xlabel() == "$cell$"]
    texts = [top.title, top.yaxis.label, panels[0].yaxis.label, panel.xaxis.label, *panel.get_xticklabels()]
    assert [text.get_text() for text in texts[-2:]] == ["$gru$", "$lstm$"]
    assert not any(text.get_parse_math() for text in texts)
