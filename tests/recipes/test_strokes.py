import json
import re

import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.featurizers.drawings import END
from zoo.data.readers.drawings import read
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import strokes
from zoo.storage.files import DataError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run, to be read only."""
    settings = Settings(quick=True, epochs=1, verbose=0)
    out = tmp_path_factory.mktemp("strokes") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strokes, "TEMPERATURES", strokes.TEMPERATURES[-1:])
        return train("strokes", out=out, settings=settings, examples=300, units=16, components=3)


def test_a_short_run_is_measured_and_drawn(run):
    assert set(run.metrics["test"]) == {"nats"}
    assert np.isfinite([run.metrics["test"]["nats"], run.metrics["baseline"]["pen_by_pen_nats"]]).all()
    assert (run.folder / "drawings.png").stat().st_size > 5000


@pytest.mark.slow
def test_a_quick_run_knows_more_than_the_last_movement(tmp_path):
    settings = Settings(quick=True, verbose=0)
    run = train("strokes", out=tmp_path / "run", settings=settings, examples=300, units=48)
    assert set(run.metrics["test"]) == {"nats"}
    assert run.metrics["test"]["nats"] < run.metrics["baseline"]["pen_by_pen_nats"]
    assert (run.folder / "drawings.png").stat().st_size > 5000


def test_every_movement_counts_alike_and_is_scored(run):
    splits = splits_of("strokes", examples=300, vocabularies=zoo.load(run.folder).vocabularies)
    drawings = [one["target"] for one in splits.raw["test"]]
    scores = zoo.score(run, drawings)
    assert [score.tokens for score in scores] == [len(drawing) for drawing in drawings]
    nats = -sum(score.log_probability for score in scores) / sum(map(len, drawings))
    assert run.metrics["test"]["nats"] == pytest.approx(nats, abs=1e-4)


def test_drawings_go_on_from_a_prefix_and_end(run):
    begun = splits_of("strokes", examples=300).raw["test"][0]["target"][:2]
    (outputs,) = zoo.generate(run, [begun], decoder="sampling", samples=20, seed=1, maximum_length=60)
    for one in outputs:
        np.testing.assert_allclose(one.tokens[:2], begun, rtol=1e-6)
        assert set(one.tokens[:, 2]) <= {0.0, 1.0}
    assert any(one.finished for one in outputs)
    assert len({len(one.tokens) for one in outputs}) > 1


def test_drawings_are_written_as_files(run, command, tmp_path):
    output, errors, code = command("generate", run.folder, "--count", 2, "--seed", 3, "--out", tmp_path / "new")
    assert (code, errors) == (0, "")
    files = sorted((tmp_path / "new").glob("*.svg"))
    assert [file.name for file in files] == ["drawing_0_0.svg", "drawing_1_0.svg"]
    assert output.splitlines()[0].startswith(f"{files[0]}: ")
    assert "<polyline" in files[0].read_text()


def test_without_a_file_a_drawing_is_shown_in_characters(run, command):
    output, errors, code = command("generate", run.folder, "--seed", 3)
    assert code == 0 and "--out FILE.svg, or --out FOLDER" in errors
    *drawing, last = output.splitlines()
    assert re.fullmatch(r"\d+ movements(, not finished: raise --maximum-length)?", last)
    assert "#" in "".join(drawing) and set("".join(drawing)) <= {"#", " "}


def test_a_drawing_goes_on_from_a_prefix_that_is_typed(run, command, tmp_path):
    begun = [[[0, 0], [0, 50]], [[20, 0], [20, 50]]]
    path = tmp_path / "begun.jsonl"
    path.write_text(json.dumps(begun))
    scale = zoo.load(run.folder).vocabularies["drawings"].scale
    for text in (json.dumps(begun), path):
        (found,) = json.loads(command("generate", run.folder, text, "--seed", 1, "--json")[0])
        np.testing.assert_allclose(np.array(found["tokens"])[:3, :2] * scale, [[0, 50], [20, -50], [0, 50]], rtol=1e-4)
        assert [row[2] for row in found["tokens"][:3]] == [1, 0, 1]
    output, errors, code = command("generate", run.folder, path, "--out", tmp_path / "one.svg")
    assert (errors, code) == ("", 0) and output.startswith(f"{tmp_path / 'one.svg'}: ")
    assert "<polyline" in (tmp_path / "one.svg").read_text()
    path.write_text(f"{json.dumps(begun)}\n{json.dumps(begun)}\n")
    for text, message in (
        ("[[0, 0]]", "expected a drawing, [[[x, y]"),
        ("a circle", "A prefix is the path of a .jsonl file, or a drawing, [[[x, y], [x, y], ...], ...] as JSON."),
        (path, "expected one drawing to continue, found 2"),
    ):
        output, errors, code = command("generate", run.folder, text)
        assert (output, code) == ("", 2) and message in errors


def test_movements_have_a_deviation_of_one_and_an_end():
    splits = splits_of("strokes", examples=100)
    rows = np.concatenate([one["target"] for one in splits.raw["train"]])
    moved = rows[rows[:, 2] != END, :2]
    assert moved.std() == pytest.approx(1, rel=1e-4)
    assert all(one["target"][-1].tolist() == [0, 0, END] for one in splits.raw["test"])
    again = splits_of("strokes", examples=100, seed=5, vocabularies=splits.vocabularies)
    assert again.vocabularies == splits.vocabularies


def test_drawings_of_ones_own(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps([[[0, 0], [0, 5 + number]], [[2, 2], [4, 2]]]) for number in range(20)))
    splits = splits_of("strokes", data=str(path))
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [16, 2, 2]
    assert splits_of("strokes", data=str(tmp_path)).fingerprint == splits.fingerprint
    path.write_text("no drawing")
    with pytest.raises(DataError, match=r"JSON lines of drawings \(own\.jsonl: line 1 is no .*, found own\.jsonl"):
        splits_of("strokes", data=str(tmp_path))


@pytest.mark.real_data
def test_kanji(real_data):
    folder = real_data / "kanji_strokes"
    splits = splits_of("strokes", data=str(folder))
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [10_000, 600, 500]
    scale = splits.vocabularies["drawings"].scale
    first = read(folder / strokes.FILE)["test"][0]
    np.testing.assert_allclose(splits.raw["test"][0]["target"][:-1, :2] * scale, first[:, :2], rtol=1e-5)
