from math import exp, log

import keras
import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.special_ids import START

TINY = {"units": 24, "layers": 1, "embedding_size": 16, "dropout": 0.0, "learning_rate": 0.02}


def nats(model, ids):
    """Of a whole text in one row, by the model's scores."""
    scores = model({"target": np.array([[START, *ids[:-1]]], "int32")})["scores"][0]
    log_p = keras.ops.convert_to_numpy(keras.ops.log_softmax(scores))
    return -np.mean([row[token] for row, token in zip(log_p, ids, strict=True)])


def test_a_short_run_on_a_text(tmp_path):
    arguments = {**TINY, "units": 8, "examples": 6000, "rows": 4, "steps": 32}
    run = train("language_model", out=tmp_path / "run", settings=Settings(quick=True, epochs=1, verbose=0), **arguments)
    test = run.metrics["test"]
    assert set(test) == {"nats", "bits", "perplexity", "accuracy"}
    assert (test["bits"], test["perplexity"]) == pytest.approx((test["nats"] / log(2), exp(test["nats"])))
    assert 0 < run.metrics["baseline"]["ngram_nats"] < 2
    assert len((run.folder / "sample.txt").read_text(encoding="utf-8")) == 1001  # and a newline
    assert (run.folder / "next_token.png").stat().st_size > 5000

    splits = splits_of("language_model", examples=6000, rows=4, steps=32, vocabularies=run.vocabularies)
    assert splits.fingerprint == run.recipe["data"]
    assert nats(run.model, splits.test.ids) == pytest.approx(test["nats"], abs=1e-4)


@pytest.mark.slow
def test_a_quick_run_on_a_text(tmp_path):
    arguments = {**TINY, "examples": 12_000, "rows": 8, "steps": 32}
    run = train("language_model", out=tmp_path / "run", settings=Settings(quick=True, epochs=4, verbose=0), **arguments)
    test = run.metrics["test"]
    assert set(test) == {"nats", "bits", "perplexity", "accuracy"}
    assert test["nats"] < 2.6  # each character as often as it occurs: 3.06
    assert (test["bits"], test["perplexity"]) == pytest.approx((test["nats"] / log(2), exp(test["nats"])))
    assert 0 < run.metrics["baseline"]["ngram_nats"] < 2
    assert len((run.folder / "sample.txt").read_text(encoding="utf-8")) == 1001  # and a newline
    assert (run.folder / "next_token.png").stat().st_size > 5000

    # One pass from the beginning to the end: what the loaded model says of the whole text in one row.
    splits = splits_of("language_model", examples=12_000, rows=8, steps=32, vocabularies=run.vocabularies)
    assert splits.fingerprint == run.recipe["data"]
    assert nats(zoo.load(run.folder).model, splits.test.ids) == pytest.approx(test["nats"], abs=1e-4)


@pytest.mark.slow
def test_a_quick_run_on_sentences(tmp_path):
    for part, count in (("train", 60), ("valid", 10), ("test", 10)):
        lines = [f"the {'cat' if n % 2 else 'dog'} sleeps here\n" for n in range(count)]
        (tmp_path / f"{part}.txt").write_text("".join(lines))
    settings = Settings(quick=True, epochs=8, verbose=0)
    run = train(
        "language_model", out=tmp_path / "run", settings=settings, data=str(tmp_path), level="word", **TINY, rows=4
    )
    assert run.metrics["test"]["nats"] == pytest.approx(log(2) / 5, abs=0.1)  # cat or dog, of five with the end
    assert run.metrics["baseline"]["ngram_nats"] == pytest.approx(log(2) / 5, abs=0.1)
    assert "the cat sleeps here" in (run.folder / "sample.txt").read_text().splitlines()


def test_levels_of_sentences(tmp_path):
    for part in ("train", "valid", "test"):
        (tmp_path / f"{part}.txt").write_text("b a a\nc a\n")
    words = splits_of("language_model", data=str(tmp_path), level="word")
    assert words.vocabularies["target"].tokens[4:] == ["a"]  # the others were seen once
    assert words.test.targets[0].tolist() == [1, 4, 4, 3]
    characters = splits_of("language_model", data=str(tmp_path))
    assert characters.vocabularies["target"].tokens[4:] == [" ", "a", "b", "c"]
    assert model_of("language_model", words, units=4, layers=1).get_config()["carried_rows"] == 0


def test_rows_of_a_text_go_on_from_batch_to_batch():
    splits = splits_of("language_model", examples=3000, rows=4, steps=16)
    (first, _, _), (second, _, _) = splits.validation[0], splits.validation[1]
    assert (first["target"][:, 0] == START).all()
    assert (second["target"][:, 0] != START).all()
    assert model_of("language_model", splits, units=4, layers=1).get_config()["carried_rows"] == 4


@pytest.mark.real_data
def test_tiny_shakespeare(real_data):
    splits = splits_of("language_model", data=str(real_data / "tinyshakespeare"))
    assert len(splits.vocabularies["target"]) == 65 + 4
    assert (len(splits.train.ids), len(splits.validation.ids)) == (1003854, 111540)
    assert splits.test.ids.tolist() == splits.validation.ids.tolist()


@pytest.mark.slow
@pytest.mark.real_data
def test_universal_dependencies(real_data):
    splits = splits_of("language_model", data=str(real_data / "ud_english_ewt"), level="word")
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [12544, 2001, 2077]
    assert sum(len(ids) - 1 for ids in splits.test.targets) == 25094
