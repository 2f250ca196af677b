from itertools import product

import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import dna

PAIRS = list(product("ACGT", repeat=2))
QUICK = Settings(quick=True, epochs=2, verbose=0)


def test_a_quick_run_on_junctions(tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0)
    run = train("dna", out=tmp_path / "run", settings=settings, examples=200, units=8)
    assert set(run.metrics["test"]) == {"accuracy", "f1", "nats"}
    assert run.metrics["baseline"]["naive_bayes_accuracy"] > 0.5
    (prediction,) = zoo.load(run.folder).predict(["ACGT" * 15])
    assert prediction.output in ("EI", "IE", "N")
    assert dna.format_prediction(prediction).startswith(f"{prediction.output} 0.")


@pytest.mark.slow
def test_a_quick_run_on_positions(tmp_path):
    run = train("dna", out=tmp_path / "run", settings=QUICK, task="positions", examples=60, units=8)
    assert set(run.metrics["test"]) == {"accuracy", "f1"}
    assert run.metrics["baseline"]["commoner_mark_accuracy"] > 0.3
    (prediction,) = zoo.load(run.folder).predict(["ACGTACGTN"])
    assert [said in ([], ["coding"]) for said in prediction.output] == [True] * 9
    assert dna.format_prediction(prediction).upper() == "ACGTACGTN"


def test_bases_that_code_are_shown_as_capitals():
    prediction = zoo.inference.predict.Prediction(list("ACGT"), [[], ["coding"], ["coding"], []])
    assert dna.format_prediction(prediction) == "aCGt"


def test_own_marks(tmp_path):
    path = tmp_path / "mine.conll"
    path.write_text("".join(f"{first}\t0\n{second}\t1\nG\t1\n\n" for first in "ACGT" for second in "ACG"))
    splits = splits_of("dna", data=str(path), task="positions", batch_size=4)
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [8, 2, 2]
    _, marks, weight = splits.test[0]
    np.testing.assert_array_equal(marks[:, :, 0], [[0, 1, 1]] * 2 + [[0, 0, 0]] * 2)
    np.testing.assert_array_equal(weight, [[1, 1, 1]] * 2 + [[0, 0, 0]] * 2)


def test_own_windows(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("text,label\n" + "".join(f"ACGT{two}A,site\nTTTT{two}C,none\n" for two in map("".join, PAIRS)))
    assert splits_of("dna", data=str(path)).vocabularies["labels"].names == ["none", "site"]


def test_marks_and_tasks_that_there_are_not(tmp_path):
    path = tmp_path / "mine.conll"
    path.write_text("A\t0\nT\tE\n\n" * 10)
    with pytest.raises(ValueError, match=r"Received: 'E' for base 2 of stretch 1"):
        splits_of("dna", data=str(path), task="positions")
    with pytest.raises(ValueError, match=r"Unknown task: 'genes'. Known: junction, positions"):
        splits_of("dna", task="genes")


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["dna_splice", "dna_splice/splice.data"])
def test_published_windows(real_data, name):
    splits = splits_of("dna", data=str(real_data / name))
    assert splits.vocabularies["labels"].names == ["EI", "IE", "N"]
    lines = (real_data / "dna_splice" / "splice.data").read_text().splitlines()
    windows = list(dict.fromkeys(line.split(",")[2].strip() for line in lines))
    assert len(windows) < len(lines) == 3190
    parts = {name: {bases for bases, _ in splits.raw[name]} for name in ("test", "validation")}
    assert parts == {"test": set(windows[::10]), "validation": set(windows[1::10])}
    assert splits.raw["test"][1] == (lines[10].split(",")[2].strip(), lines[10].split(",")[0])
