import numpy as np
import pytest
from keras import ops

from tests.cells.oracle import BATCH, FEATURES, UNITS, assert_agrees, draw, with_drawn_weights
from tests.reference import cells as reference
from zoo.cells import JordanCell


@pytest.mark.parametrize("output_size", [None, 2, 7])
def test_agrees_with_the_equation(output_size):
    cell = JordanCell(UNITS, output_size=output_size)
    assert_agrees(cell, reference.jordan)
    assert cell.output_size == cell.state_size[0] == (output_size or UNITS)


def test_the_true_output_can_take_the_place_of_its_own():
    """Teacher forcing: step t reads target t - 1, so each step equals a lone step from that target."""
    cell = with_drawn_weights(JordanCell(UNITS, output_size=2))
    inputs, targets = draw(BATCH, 3, FEATURES), draw(BATCH, 3, 2, seed=1)
    for t in (1, 2):
        forced, _ = cell(inputs[:, t], [ops.convert_to_tensor(targets[:, t - 1])])
        alone = reference.jordan(
            inputs[0, t : t + 1], {w.name: ops.convert_to_numpy(w.value) for w in cell.weights}, targets[0, t - 1]
        )
        np.testing.assert_allclose(ops.convert_to_numpy(forced)[0], alone[0], atol=1e-5)


def test_an_output_of_no_width_is_an_error():
    with pytest.raises(ValueError, match=r"output_size.*at least 1.*output_size=0"):
        JordanCell(UNITS, output_size=0)
