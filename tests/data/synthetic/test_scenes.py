import numpy as np
import pytest

from zoo.data.synthetic import scenes
from zoo.data.synthetic.shapes import COLOURS, SHAPES


def test_a_caption_is_true_and_names_the_largest_first():
    for scene in scenes.generate(60, seed=1):
        words, objects = scene["target"].split(), scene["objects"]
        assert scene["picture"].shape == (48, 48, 3) and scene["picture"].dtype == "uint8"
        sides = [shape["box"][2] - shape["box"][0] for shape in objects]
        assert sides == sorted(sides, reverse=True)
        said, before = [], None
        for shape in objects:
            left, top, right, bottom = shape["box"]
            assert min(left, top) >= 0 and max(right, bottom) <= 48
            colour, form = (words[place] for place in shape["words"])
            assert form in SHAPES
            middle = (left + right) / 2, (top + bottom) / 2
            seen = scene["picture"][int(middle[1]), int(middle[0])] / 255
            assert min(COLOURS, key=lambda name: np.abs(seen - COLOURS[name]).sum()) == colour
            if before is not None:
                right_of, below = before[0] - middle[0], before[1] - middle[1]
                across = abs(right_of) > abs(below)
                said += (["right of", "left of"][right_of < 0] if across else ["below", "above"][below < 0]).split()
            said += ["a", colour, form]
            before = middle
        assert words == said


def test_shapes_do_not_touch():
    for scene in scenes.generate(40, seed=2):
        boxes = [shape["box"] for shape in scene["objects"]]
        for number, one in enumerate(boxes):
            for other in boxes[:number]:
                assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]


def test_a_seed_decides_and_scenes_differ():
    one, same, other = (scenes.generate(20, shapes=2, seed=seed) for seed in (1, 1, 2))
    assert [scene["target"] for scene in one] == [scene["target"] for scene in same]
    assert [scene["target"] for scene in one] != [scene["target"] for scene in other]
    np.testing.assert_array_equal(one[3]["picture"], same[3]["picture"])
    assert {len(scene["objects"]) for scene in one} == {1, 2}


def test_a_region_is_where_a_box_lies():
    grid = scenes.region((8.0, 16.5, 16.0, 31.0), (32, 24), (4, 3)).reshape(4, 3)
    assert np.argwhere(grid).tolist() == [[2, 1], [3, 1]]
    assert scenes.region((0, 0, 24, 32), (32, 24), (4, 3)).all()


@pytest.mark.parametrize("wrong", [{"shapes": 0}, {"shapes": 4}, {"size": 8}])
def test_what_no_scene_can_be(wrong):
    with pytest.raises(ValueError, match="1 to 3 shapes and 16 pixels"):
        scenes.generate(1, **wrong)
