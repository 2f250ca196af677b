import json

import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.data.synthetic import motions
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.storage.files import DataError


def test_a_quick_run_is_asked_about_recordings_of_any_length(tmp_path, command):
    settings = Settings(quick=True, epochs=1, verbose=0)
    run = train("activity", out=tmp_path / "run", settings=settings, examples=60, units=8)
    assert set(run.metrics["test"]) == {"accuracy", "f1", "nats"}
    recording, _ = motions.generate(1, seed=3)[0]
    whole, part = zoo.load(run.folder).predict([recording, recording[:37]])
    assert whole.output in motions.ACTIVITIES
    assert whole.probabilities != part.probabilities
    # By the command line each file is one recording, whatever is told of its columns.
    path = tmp_path / "walk.csv"
    header = ",".join(f"channel {number}" for number in range(recording.shape[1]))
    np.savetxt(path, recording, delimiter=",", header=header, comments="", fmt="%.9g")
    text = json.dumps(recording[:37].tolist())
    output, errors, code = command("predict", run.folder, path, text, "--json")
    assert (errors, code) == ("", 0)
    for line, expected in zip(output.splitlines(), (whole, part), strict=True):
        assert json.loads(line)["output"] == expected.output
        assert json.loads(line)["probabilities"] == pytest.approx(expected.probabilities, abs=1e-4)
    (tmp_path / "narrow.csv").write_text("0,1\n1,2\n")
    (tmp_path / "words.csv").write_text("0,1\nx,y\n")
    for given, message in (
        ("narrow.csv", f"The model reads {recording.shape[1]} numbers a step. Received: 2"),
        ("words.csv", "words.csv:2: expected numbers between commas"),
        ("absent.csv", "input 0 must be the path of a .csv file, or JSON as [[0.1, 0.2], [0.3, 0.4]]"),
    ):
        output, errors, code = command("predict", run.folder, tmp_path / given)
        assert (output, code) == ("", 2) and message in errors and errors.count("\n") == 1


def test_the_scale_of_the_training_recordings_is_the_models(tmp_path):
    splits = splits_of("activity", examples=20)
    layer = model_of("activity", splits, units=4).get_layer("standardize")
    frames = np.concatenate([frames for frames, _ in splits.raw["train"]]).astype("float64")
    np.testing.assert_allclose(layer.mean, frames.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(layer.deviation, frames.std(axis=0), rtol=1e-5)


def _write(folder, label, count, lines="0,1\n1,2\n"):
    (folder / label).mkdir(parents=True)
    for number in range(count):
        (folder / label / f"{number:02}.csv").write_text(f"{lines}{number},0\n")


def test_own_recordings(tmp_path):
    _write(tmp_path, "sit", 11, "x,y\n0,1\n")
    _write(tmp_path, "walk", 11)
    splits = splits_of("activity", data=str(tmp_path))
    assert splits.vocabularies["labels"].names == ["sit", "walk"]
    assert [(frames[-1, 0], label) for frames, label in splits.raw["test"]] == [
        (0, "sit"),
        (10, "sit"),
        (0, "walk"),
        (10, "walk"),
    ]
    assert splits.raw["test"][0][0].tolist() == [[0, 1], [0, 0]]
    assert splits.raw["test"][2][0].tolist() == [[0, 1], [1, 2], [0, 0]]


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("0,1\nx,y\n", r"00.csv:2: expected numbers between commas, found 'x,y'"),
        ("0,1\n1\n", r"00.csv:2: expected 2 finite numbers, found '1'"),
        ("0,nan\n", r"00.csv:1: expected 2 finite numbers"),
    ],
)
def test_own_recordings_with_a_fault(tmp_path, lines, place):
    _write(tmp_path, "sit", 1, lines)
    _write(tmp_path, "walk", 1)
    with pytest.raises(DataError, match=place):
        splits_of("activity", data=str(tmp_path))


def test_a_folder_that_holds_something_else(tmp_path):
    (tmp_path / "notes.txt").write_text("none")
    with pytest.raises(DataError, match="for each of two classes or more, found 0"):
        splits_of("activity", data=str(tmp_path))
    series = "@dimensions 1\n@classLabel true a b\n@data\n1,2:a\n"
    for name in ("A_TRAIN.ts", "B_TRAIN.ts"):
        (tmp_path / name).write_text(series)
    with pytest.raises(ValueError, match=r"A_TRAIN\.ts and B_TRAIN\.ts in .*, both for train"):
        splits_of("activity", data=str(tmp_path))


@pytest.mark.real_data
def test_published_recordings(real_data):
    splits = splits_of("activity", data=str(real_data / "basic_motions"))
    assert splits.vocabularies["labels"].names == ["Badminton", "Running", "Standing", "Walking"]
    assert (splits.train.examples, splits.validation.examples, splits.test.examples) == (32, 8, 40)
    assert {frames.shape for frames, _ in splits.raw["test"]} == {(100, 6)}
    assert sorted(label for _, label in splits.raw["validation"]) == sorted(splits.vocabularies["labels"].names * 2)
