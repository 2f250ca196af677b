import numpy as np
import pytest

from zoo.data.synthetic import shapes

AREAS = {"circle": np.pi / 4, "square": 1.0, "triangle": 0.5}


@pytest.mark.parametrize("shape", shapes.SHAPES)
def test_a_shape_has_its_area_its_colour_and_stays_in_its_box(shape):
    picture = np.zeros((40, 50, 3))
    shapes.draw(picture, shape, "white", (30.0, 15.0), 20.0)
    light = picture[..., 0] / shapes.COLOURS["white"][0]
    assert light.sum() == pytest.approx(AREAS[shape] * 400, rel=0.05)
    left, top, right, bottom = shapes.box((30.0, 15.0), 20.0)
    assert (left, top, right, bottom) == (20, 5, 40, 25)
    down, across = np.nonzero(light > 0.6)
    assert left <= across.min() and across.max() < right and top <= down.min() and down.max() < bottom


def test_shapes_of_a_size_are_told_apart_by_their_form(random):
    drawn = []
    for shape in shapes.SHAPES:
        drawn.append(shapes.canvas(random, 20))
        shapes.draw(drawn[-1], shape, "red", (10, 10), 12)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(drawn[one] - drawn[other]).max() > 0.3
    assert shapes.finished(drawn[0], random).dtype == "uint8"
