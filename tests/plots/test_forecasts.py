import numpy as np
import pytest
from matplotlib.image import imread

from zoo.plots.forecasts import plot_forecasts

SEEN, SAID = np.arange(5.0), np.array([5.0, 6.0])
INTERVAL = (SAID - 1, SAID + 2)


def test_each_panel_has_what_was_seen_said_and_came(drawn, tmp_path):
    plot_forecasts([(SEEN, SAID, INTERVAL, SAID + 0.5), (SEEN, SAID, INTERVAL, None)], tmp_path / "f.png", name="OT")
    first, second = drawn[0].axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in first.get_lines()}
    assert lines["seen"] == [[-5, 0], [-4, 1], [-3, 2], [-2, 3], [-1, 4]]
    assert lines["forecast"] == [[0, 5], [1, 6]]
    assert lines["what came"] == [[0, 5.5], [1, 6.5]]
    (band,) = first.collections
    assert (band.get_paths()[0].vertices[:, 1].min(), band.get_paths()[0].vertices[:, 1].max()) == (4, 8)
    assert "what came" not in [line.get_label() for line in second.get_lines()]
    assert first.get_ylabel() == "OT"


def test_the_file_is_a_picture(tmp_path):
    plot_forecasts([(SEEN, SAID, INTERVAL, SAID)] * 3, tmp_path / "f.png")
    assert imread(tmp_path / "f.png").std() > 0.01


def test_lengths_must_agree(tmp_path):
    with pytest.raises(ValueError, match="of one length. Received: 2, 2, 2 and 1"):
        plot_forecasts([(SEEN, SAID, INTERVAL, SAID[:1])], tmp_path / "f.png")
    with pytest.raises(ValueError, match="at least one forecast"):
        plot_forecasts([], tmp_path / "f.png")


def test_the_name_of_a_column_is_no_mathematics(drawn, tmp_path):
    plot_forecasts([(SEEN, SAID, INTERVAL, None)], tmp_path / "f.png", name="Cost $_in_k$")
    name = drawn[0].axes[0].yaxis.label
    assert (name.get_text(), name.get_parse_math()) == ("Cost $_in_k$", False)
