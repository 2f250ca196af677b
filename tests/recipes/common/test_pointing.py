"""Examples whose answers are positions: batches that are drawn, files and sets, answers, scores by size, pictures."""

import json

import numpy as np
import pytest

import zoo
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.inference.codec import Hypothesis
from zoo.recipes.common import pointing
from zoo.storage.files import DataError

# Ids of positions stand behind the four special ones.
START, END, FIRST = 2, 3, 4
TRIANGLE = np.array([[0, 0], [1, 0], [0, 1]], "float32")
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], "float32")


def draw(count, points, random):
    """Random points; the answer is the last position, then the first."""
    positions = np.full((count, points), -1)
    positions[:, :2] = [points - 1, 0]
    return random.random((count, points, 2), dtype="float32"), positions


def make_splits(**changed):
    options = {"sizes": (3, 4), "tested": (3, 6), "batches": 4, "batch_size": 5, "examples": 5, "seed": 0}
    return pointing.on_the_fly_splits(draw, **(options | changed))


def hypotheses(*outputs):
    """One output an example: its positions, all of its weight at the right place."""
    return [
        [Hypothesis(tokens, None, 0.0, 0.0, True, trace={"alignment": np.eye(points)[[*tokens, 0]]})]
        for tokens, points in outputs
    ]


@pytest.fixture
def panels(monkeypatch):
    """The arguments of the plot."""
    received = []

    def plot(panels, path):
        received.extend(panels)
        path.write_bytes(b"picture")

    monkeypatch.setattr("zoo.plots.polygons.plot_polygons", plot)
    return received


def test_training_draws_batches_for_teacher_forcing():
    train = make_splits().train
    assert len(train) == 4
    for index, points in enumerate((3, 4, 3, 4)):
        inputs, targets, weights = train[index]
        assert inputs["source"].shape == (5, points, 2)
        steps = [START, FIRST + points - 1, FIRST]
        assert inputs["target"][:, :3].tolist() == [steps] * 5
        assert targets[:, :3].tolist() == [[*steps[1:], END]] * 5
        assert weights.sum(axis=1).tolist() == [3] * 5


def test_examples_to_measure_by_are_drawn_by_size():
    splits = make_splits()
    sizes = {name: [len(example["source"]) for example in part] for name, part in splits.raw.items()}
    # Five for two sizes: three of each, so that none is left out.
    assert sizes == {"train": [], "validation": [3] * 3 + [4] * 3, "test": [3] * 5 + [6] * 5}
    assert splits.raw["test"][-1]["target"] == [5, 0]
    assert splits.test.targets[-1].tolist() == [FIRST + 5, FIRST, END]
    assert (splits.validation.examples, splits.test.examples) == (6, 10)


def test_seeds_draw_other_examples():
    first, same, other = make_splits(), make_splits(), make_splits(seed=1)
    for name in ("validation", "test"):
        for example, again in zip(first.raw[name], same.raw[name], strict=True):
            np.testing.assert_array_equal(example["source"], again["source"])
        numbers = np.concatenate([example["source"].ravel() for example in other.raw[name]])
        assert not np.isin(first.raw[name][0]["source"], numbers).any()
    assert first.fingerprint == same.fingerprint
    for changed in ({"seed": 1}, {"batch_size": 6}, {"batches": 5}, {"tested": (3,)}, {"sizes": (4, 4)}):
        assert make_splits(**changed).fingerprint != first.fingerprint, changed
    # A batch of training holds none of them.
    measured = np.concatenate([example["source"].ravel() for name in first.raw for example in first.raw[name]])
    assert not np.isin(first.train[0][0]["source"], measured).any()


def test_files_are_split_by_index_open_or_closed(tmp_path):
    path = tmp_path / "points.txt"
    lines = [f"0 0 1 {number} 0 1 output 2 3" for number in range(20)]
    path.write_text("\n".join(lines))
    splits = pointing.file_splits(str(path), batch_size=4, seed=0, closed=False)
    assert [example["source"][1, 1] for example in splits.raw["test"]] == [0, 10]
    assert [example["source"][1, 1] for example in splits.raw["validation"]] == [1, 11]
    assert all(example["target"] == [1, 2] for part in splits.raw.values() for example in part)
    assert isinstance(splits.vocabularies["target"], PointerVocabulary)
    with pytest.raises(DataError, match="a closed tour"):
        pointing.file_splits(str(path), batch_size=4, seed=0)
    with pytest.raises(FileNotFoundError, match="No such file or folder"):
        pointing.file_splits(str(tmp_path / "other.txt"), batch_size=4, seed=0)


def test_sets_of_tfds_become_points_and_positions(stored):
    row = {"points": TRIANGLE.tolist(), "corners": np.array([1, 2])}
    stored["hulls"] = {"train": [row] * 4, "validation": [row], "test": [row]}
    splits = pointing.tfds_splits("tfds:hulls", (("points", "corners"),), batch_size=2, seed=0)
    (example,) = splits.raw["test"]
    assert example["source"].dtype == "float32" and type(example["target"][0]) is int
    inputs, targets, _ = splits.test[0]
    np.testing.assert_array_equal(inputs["source"][0], TRIANGLE)
    assert targets[0].tolist() == [FIRST + 1, FIRST + 2, END]


def test_answers_may_be_two_steps_longer_than_points(monkeypatch):
    received = []

    def generate(model, sources, *, decoder, batch_size, **arguments):
        received.append((decoder, arguments))
        best, second = hypotheses(([2, 0], 3), ([1], 3))
        return [best + second for _ in sources]

    monkeypatch.setattr(pointing.zoo, "generate", generate)
    examples = [{"source": TRIANGLE}, {"source": SQUARE}]
    assert pointing.point(None, examples) == [[2, 0], [2, 0]]
    pointing.point(None, examples, "beam_search", beam_width=3)
    pointing.point(None, examples, maximum_length=9)
    assert received == [
        ("greedy", {"maximum_length": 6}),
        ("beam_search", {"maximum_length": 6, "beam_width": 3}),
        ("greedy", {"maximum_length": 9}),
    ]


def test_a_part_of_validation_is_watched(monkeypatch):
    splits, decoded = make_splits(examples=6), []
    model = zoo.build("pointer_network", source_features=2, units=2)

    def answer(model, examples):
        decoded.append((model, len(examples)))
        return [example["target"] for example in examples]

    monkeypatch.setattr(pointing, "DECODED", 3)
    monkeypatch.setattr(pointing, "point", answer)
    metrics = {"points": lambda answers, examples: sum(len(example["source"]) for example in examples)}
    callback = pointing.decoded_metrics(model, splits, metrics)
    callback.set_model(model)
    logs = {}
    callback.on_epoch_end(0, logs)
    assert logs == {"val_points": 3 + 3 + 4}  # every second of six
    assert decoded == [(model, 3)]


def test_metrics_of_several_sizes_carry_them_in_their_names():
    examples = [{"source": TRIANGLE}, {"source": SQUARE}, {"source": TRIANGLE}]
    answers = [[0], [1, 2], [2, 1, 0]]

    def average(answers, examples):
        assert all(len(answer) <= len(example["source"]) for answer, example in zip(answers, examples, strict=True))
        return {"length": sum(map(len, answers)) / len(examples), "count": len(examples)}

    assert pointing.metrics_by_size(examples, answers, average) == {
        "length": 2,
        "count": 3,
        "length_3": 2,
        "count_3": 2,
        "length_4": 2,
        "count_4": 1,
    }
    assert pointing.metrics_by_size(examples[::2], answers[::2], average) == {"length": 2, "count": 2}


def test_pictures_go_from_the_smallest_to_the_largest(monkeypatch, panels, tmp_path):
    splits = make_splits(tested=(6, 3, 5), examples=4)
    monkeypatch.setattr(
        pointing.zoo,
        "generate",
        lambda model, sources, maximum_length: hypotheses(*[([0, 1], len(points)) for points in sources]),
    )
    pointing.plot_test_examples(None, splits, tmp_path / "hulls.png")
    assert [len(points) for points, *_ in panels] == [3, 3, 5, 5, 6, 6]
    panels.clear()
    pointing.plot_test_examples(None, splits, tmp_path / "hulls.png", count=3)
    assert [len(points) for points, *_ in panels] == [3, 5, 6]
    assert [true for _, _, true, _ in panels] == [[2, 0], [4, 0], [5, 0]]


def test_answers_without_a_position_are_not_drawn(panels, tmp_path):
    examples = [{"source": TRIANGLE, "target": [0, 1, 2]}, {"source": SQUARE}, {"source": SQUARE, "target": []}]
    outputs = hypotheses(([2, 1], 3), ([], 4), ([0, 3], 4))
    pointing.plot_answers([*outputs, []], [*examples, examples[0]], tmp_path / "hulls.png")
    (_, positions, true, weights), (_, others, unknown, _) = panels
    assert (positions, true, others, unknown) == ([2, 1], [0, 1, 2], [0, 3], None)
    np.testing.assert_array_equal(weights, np.eye(3)[[2, 1, 0]])
    assert [path.name for path in tmp_path.iterdir()] == ["hulls.png"]


def test_a_failing_plot_leaves_the_former_picture(tmp_path):
    (tmp_path / "hulls.png").write_bytes(b"former")
    with pytest.raises(ValueError, match="There is nothing to draw"):
        pointing.plot_answers(hypotheses(([], 3)), [{"source": TRIANGLE}], tmp_path / "hulls.png")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"former"]


def test_points_are_typed_as_json_or_as_numbers():
    assert pointing.parse_points("[[0.5, 1], [2, -3]]") == [[0.5, 1], [2, -3]]
    assert pointing.parse_points("0.5, 1\n 2,-3e0") == [[0.5, 1], [2, -3]]
    assert pointing.parse_points("0.5 1 2", features=1) == [[0.5], [1], [2]]
    assert pointing.parse_points("1 2 3 4 5 6", features=3) == [[1, 2, 3], [4, 5, 6]]
    assert pointing.parse_points(json.dumps(SQUARE.tolist())) == SQUARE.tolist()
    assert pointing.parse_points("[0.5, 1, 2]", features=1) == [[0.5], [1], [2]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3", "Every point has 2 numbers. Received: 3 numbers"),
        (" , ", "Every point has 2 numbers. Received: 0 numbers"),
        ("[0.5, 1", "Points are numbers with blanks between them, or JSON. Received: [0.5, 1"),
        ("5", "Every point has 2 numbers. Received: 1 numbers"),
        ("null", "Points are numbers with blanks between them, or JSON. Received: null"),
        ('{"a": 1}', 'Points are numbers with blanks between them, or JSON. Received: {"a": 1}'),
        ("x" * 99, "Received: " + "x" * 60 + "$"),
        ("[" * 5000 + "]" * 5000, "Points are numbers with blanks between them, or JSON"),
        ("[[" + "9" * 400 + ", 1]]", "Points are numbers with blanks between them, or JSON"),
        ("9" * 5000 + " 1", "Points are finite numbers"),
        ("[[1e400, 1]]", "Points are finite numbers"),
        ("nan 1", "Points are finite numbers"),
        ("1_5 1", "Points are numbers with blanks between them, or JSON. Received: 1_5 1"),
        ("[[1, 2], [3]]", "Points are numbers with blanks between them, or JSON"),
        ("[[1, 2, 3]]", "Every point has 2 numbers. Received: 3 numbers"),
        ("[[[1, 2]]]", "Every point has 2 numbers"),
    ],
)
def test_other_texts_are_no_points(text, message):
    with pytest.raises(ValueError, match=message.replace("[", r"\[")):
        pointing.parse_points(text)
