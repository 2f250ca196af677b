from types import SimpleNamespace

import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.vocabularies.vocabulary import Labels
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.inference.predict import Prediction
from zoo.recipes import names

JUDGED = ("class_recovered", "class_recovered_evenly", "real_recovered")
TINY = {"units": 32, "embedding_size": 16, "dropout": 0.0, "batch_size": 32}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A short run without a judge, to be read only."""
    settings = Settings(quick=True, epochs=1, verbose=0)
    return train("names", out=tmp_path_factory.mktemp("names") / "a", settings=settings, examples=200, **TINY)


def test_a_short_run_is_measured_and_invents_names(run):
    test = run.metrics["test"]
    assert set(test) == {"nats", "perplexity", "accuracy", "new"}
    assert np.isfinite(list(test.values())).all()
    check_samples(run)


def check_samples(run):
    lines = (run.folder / "samples.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines] == run.vocabularies["label"].names
    assert all(len(line.split(", ")) == 12 for line in lines)


@pytest.mark.slow
def test_a_quick_run_invents_names(tmp_path):
    # The judge is a model that was hardly trained.
    judge = {"examples": 100, "units": 4, "embedding_size": 4}
    train("surnames", out=tmp_path / "judge", settings=Settings(epochs=1, verbose=0), **judge)
    settings = Settings(quick=True, epochs=4, verbose=0)
    run = train("names", out=tmp_path / "a", settings=settings, examples=1200, judge=str(tmp_path / "judge"), **TINY)
    test = run.metrics["test"]
    assert set(test) == {"nats", "perplexity", "accuracy", "new", *JUDGED}
    assert test["nats"] < 2.6  # the letters as often as they occur: 3.03
    assert test["new"] > 0.5
    check_samples(run)
    check_loaded_figures(run)


def test_figures_of_the_loaded_model_are_those_of_the_run(run):
    check_loaded_figures(run)


def check_loaded_figures(run):
    arguments = {name: run.recipe["arguments"][name] for name in ("data", "examples", "judge", "batch_size")}
    splits = splits_of("names", **arguments, vocabularies=run.vocabularies)
    again = names.evaluate(zoo.load(run.folder).model, splits.merged(), "validation")
    assert again == pytest.approx(run.metrics["validation"], abs=1e-4)


def test_new_names_are_counted_once_and_none_of_the_training_names(monkeypatch):
    splits = splits_of("names", examples=100)
    known = splits.raw["train"][0]["target"]
    monkeypatch.setattr(names, "DRAWN", 4)
    monkeypatch.setattr(names, "draw", lambda *_: {"One": [known, "Xyz", "Xyz", "Zyx"], "Two": [known] * 3 + ["Xyz"]})
    monkeypatch.setattr(names.generation_metrics, "likelihood", lambda *_: {})
    assert names.evaluate(None, splits) == {"new": (2 + 1) / 8}


def test_a_judge_recovers_languages(monkeypatch, tmp_path):
    judge = SimpleNamespace(  # says One to all names with an a, else Two
        folder="judge",
        vocabularies={"labels": Labels(["One", "Two"])},
        predict=lambda texts: [Prediction(text, "One" if "a" in text else "Two") for text in texts],
    )
    drawn = {"One": ["Anna", "Bo"], "Two": ["Bo", "Bob"]}
    assert names.recovered(judge, drawn) == {"One": 1 / 2, "Two": 1}
    # As often as the languages occur: three names of One, one of Two.
    monkeypatch.setattr(names, "draw", lambda *_: drawn)
    monkeypatch.setattr(names.generation_metrics, "likelihood", lambda *_: {})
    monkeypatch.setattr(names.zoo, "load", lambda folder: judge)
    splits = splits_of("names", examples=100, judge=str(tmp_path))
    splits.raw["test"] = [{"label": "One", "target": name} for name in ("Sara", "Bob", "Joe")]
    splits.raw["test"] += [{"label": "Two", "target": "Eve"}]
    figures = names.evaluate(None, splits)
    assert [figures[name] for name in JUDGED] == [(3 * 1 / 2 + 1) / 4, 3 / 4, 2 / 4]
    with pytest.raises(ValueError, match=r"judge, which does not know Three\. Train"):
        names.recovered(judge, {"One": ["Anna"], "Three": ["Bo"]})
    with pytest.raises(FileNotFoundError, match="No such file or folder: nowhere"):
        splits_of("names", examples=100, judge="nowhere")


def test_a_folder_of_names(tmp_path):
    for language, letter in (("One", "a"), ("Two", "B")):
        (tmp_path / f"{language}.txt").write_text("".join(f"{letter * (n + 1)}\n" for n in range(11)))
    splits = splits_of("names", data=str(tmp_path), batch_size=4)
    assert splits.raw["validation"] == [{"label": "One", "target": "aa"}, {"label": "Two", "target": "BB"}]
    assert splits.vocabularies["target"].tokens[4:] == ["B", "a"]
    inputs, targets, _ = splits.validation[0]
    np.testing.assert_array_equal(inputs["label"][:2], [0, 1])
    np.testing.assert_array_equal(targets[:2, :3], [[5, 5, 3], [4, 4, 3]])


@pytest.mark.real_data
def test_published_names(real_data):
    splits = splits_of("names", data=str(real_data / "surnames"))
    assert len(splits.vocabularies["label"]) == 18
    assert sum(len(part) for part in splits.raw.values()) == 20050
