import json

import numpy as np
import pytest

from tests.runs import model_of, splits_of
from zoo.data.vocabularies.vocabulary import Labels
from zoo.experiments import run
from zoo.recipes import tagging

QUICK = run.Settings(quick=True, epochs=1, verbose=0)
TINY = {"examples": 40, "units": 8, "embedding_size": 8, "character_units": 8}


def test_a_short_run_tags_text(tmp_path):
    sentence = "the\tDET\njudges\tNOUN\nwatch\tVERB\nBruno\tPROPN\n\n"
    (tmp_path / "mine.tsv").write_text(sentence * 30)
    small = {**TINY, "data": str(tmp_path / "mine.tsv"), "model": "crf"}
    trained = run.train("tagging", out=tmp_path / "run", settings=QUICK, **small)
    assert 0 < trained.metrics["test"]["accuracy"] <= 1
    assert trained.metrics["baseline"]["commonest_tag_accuracy"] == 1  # every word has one tag
    shown = tagging.format_prediction(trained.predict(["the judges watch Bruno"])[0])
    assert [pair.split("/")[0] for pair in shown.split(" ")] == ["the", "judges", "watch", "Bruno"]


@pytest.mark.slow
@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_trains_and_tags_text(tmp_path, head):
    trained = run.train("tagging", out=tmp_path, settings=QUICK, model=head, **TINY)
    assert 0 < trained.metrics["test"]["accuracy"] <= 1
    assert trained.metrics["baseline"]["commonest_tag_accuracy"] > 0.5
    shown = tagging.format_prediction(trained.predict(["the judges watch Bruno"])[0])
    assert [pair.split("/")[0] for pair in shown.split(" ")] == ["the", "judges", "watch", "Bruno"]


@pytest.mark.slow
def test_entities_are_legal_paths_scored_by_span(tmp_path):
    trained = run.train("tagging", out=tmp_path, settings=QUICK, task="entities", **TINY)
    assert set(trained.metrics["test"]) == {"accuracy", "f1"}
    texts = ["Jordan flew to New Lincoln", "shares of Bank of Oslo fell", "Anna Ford met Hudson & Sons"]
    for prediction in trained.predict(texts):
        before = "O"
        for tag in prediction.output:
            assert tag[0] != "I" or before[2:] == tag[2:]
            before = tag


def test_entities_of_other_schemes_become_bio(tmp_path):
    # IOB1 begins a span with I unless it touches the one before; BIOES has letters for the last and the only one.
    lines = "Anna\tI-PER\nBo\tB-PER\nsaw\tO\nNew\tB-LOC\nYork\tE-LOC\nRome\tS-LOC\n\n"
    (tmp_path / "mine.conll").write_text(lines * 10)
    splits = splits_of("tagging", data=str(tmp_path / "mine.conll"), task="entities")
    assert splits.raw["train"][0][1] == ["B-PER", "B-PER", "O", "B-LOC", "I-LOC", "B-LOC"]


def test_own_files(tmp_path):
    (tmp_path / "train.tsv").write_text("a\tX\nb\tY\n\n" * 20)
    (tmp_path / "test.jsonl").write_text(json.dumps({"tokens": ["b", "c"], "tags": ["Y", "X"]}) + "\n")
    splits = splits_of("tagging", data=str(tmp_path))
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [18, 2, 1]
    assert splits.raw["test"] == [(["b", "c"], ["Y", "X"])]
    (tmp_path / "train.conll").write_text("a X\n")
    with pytest.raises(ValueError, match=r"both for train.*Move one away"):
        splits_of("tagging", data=str(tmp_path))


def test_a_folder_without_a_test_file_says_what_is_there(tmp_path):
    (tmp_path / "train.tsv").write_text("a\tX\n")
    with pytest.raises(FileNotFoundError, match=r"\.\.\.test\.\.\..*train\.tsv"):
        splits_of("tagging", data=str(tmp_path))


def test_tags_of_tfds_by_task(stored):
    row = {"tokens": ["Anna", "sang"], "pos": ["NNP", "VBD"], "ner": ["I-PER", "O"]}
    stored["conll2003"] = {"train": [row] * 10, "dev": [row], "test": [row] * 3}
    for task, tags in (("upos", ["NNP", "VBD"]), ("entities", ["B-PER", "O"])):
        splits = splits_of("tagging", data="tfds:conll2003", task=task)
        assert splits.raw["test"] == [(["Anna", "sang"], tags)] * 3


def test_pretrained_vectors_fill_the_embedding(tmp_path):
    (tmp_path / "vectors.txt").write_text("the 1 2 3\nzebra 4 5 6\n")
    splits = splits_of("tagging", examples=40)
    model = model_of("tagging", splits, vectors=str(tmp_path / "vectors.txt"), units=4, character_units=4)
    table = model.get_layer("embedding").get_weights()[0]
    assert table.shape == (len(splits.vocabularies["tokens"]), 3)
    np.testing.assert_array_equal(table[splits.vocabularies["tokens"].encode("the")[0]], [1, 2, 3])


@pytest.mark.slow
@pytest.mark.real_data
def test_universal_dependencies(real_data):
    splits = splits_of("tagging", data=str(real_data / "ud_english_ewt"))
    # Counts of the distribution's own README.
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [12544, 2001, 2077]
    assert sum(len(tags) for _, tags in splits.raw["test"]) == 25094
    assert len(splits.vocabularies["labels"]) == 17


@pytest.mark.slow
@pytest.mark.real_data
def test_wnut(real_data):
    splits = splits_of("tagging", data=str(real_data / "wnut17_ner"), task="entities")
    assert [len(splits.raw[name]) for name in ("train", "validation", "test")] == [3394, 1009, 1287]
    assert len(splits.vocabularies["labels"]) == 13
    # The annotation is BIO already: nothing was rewritten.
    raw = splits_of("tagging", data=str(real_data / "wnut17_ner")).raw
    assert raw["train"] == splits.raw["train"]


def test_vocabularies_of_a_trained_run_are_used():
    splits = splits_of("tagging", examples=40)
    vocabularies = splits.vocabularies | {"labels": Labels([*splits.vocabularies["labels"].names, "NEW"])}
    again = splits_of("tagging", examples=40, vocabularies=vocabularies)
    assert again.vocabularies == vocabularies
    assert again.fingerprint == splits.fingerprint
