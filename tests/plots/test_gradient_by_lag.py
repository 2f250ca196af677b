import struct

import numpy as np

from zoo.plots.gradient_by_lag import plot_gradient_by_lag


def test_it_draws_a_png_even_where_a_gradient_underflows(tmp_path):
    path = tmp_path / "lags.png"
    plot_gradient_by_lag({"elman": np.array([1.0, 0.1, 0.0]), "lstm": np.array([1.0, 0.9, 0.8])}, path)
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    assert width > 600 and height > 300


def test_names_of_cells_are_no_mathematics(drawn, tmp_path):
    plot_gradient_by_lag({"$a$": np.ones(3)}, tmp_path / "lags.png")
    (name,) = drawn[0].axes[0].get_legend().get_texts()
    assert (name.get_text(), name.get_parse_math()) == ("$a$", False)
