from collections import Counter

import pytest

import zoo
from tests.runs import splits_of
from zoo.data.splits import share_in_training
from zoo.experiments.run import train
from zoo.experiments.settings import Settings


def test_a_quick_run_learns_and_reads_names(tmp_path):
    settings = Settings(quick=True, epochs=3, verbose=0)
    run = train("surnames", out=tmp_path / "run", settings=settings, examples=800)
    assert set(run.metrics["test"]) == {"accuracy", "f1", "nats"}
    assert run.metrics["validation"]["accuracy"] > 0.4  # chance: 1/6
    assert run.metrics["baseline"]["naive_bayes_accuracy"] > 0.5
    (name,) = zoo.load(run.folder).predict(["Belarovic"])
    assert name.output in run.vocabularies["labels"].names
    assert set(name.probabilities) == set(run.vocabularies["labels"].names)


def test_a_folder_of_names_is_split_language_by_language(tmp_path):
    for language, letter in (("One", "a"), ("Two", "b")):
        (tmp_path / f"{language}.txt").write_text("".join(f"{letter * (n + 1)}\n" for n in range(11)))
    splits = splits_of("surnames", data=str(tmp_path))
    assert splits.raw["test"] == [("a", "One"), ("a" * 11, "One"), ("b", "Two"), ("b" * 11, "Two")]
    assert splits.raw["validation"] == [("aa", "One"), ("bb", "Two")]
    assert len(splits.raw["train"]) == 16
    assert splits.vocabularies["tokens"].tokens[4:] == ["a", "b"]


def test_names_are_read_whatever_their_capitals():
    vocabulary = splits_of("surnames", examples=60).vocabularies["tokens"]
    assert vocabulary.encode("BELKA").tolist() == vocabulary.encode("belka").tolist()


@pytest.mark.real_data
def test_published_names(real_data):
    splits = splits_of("surnames", data=str(real_data / "surnames"))
    assert len(splits.vocabularies["labels"]) == 18
    assert sum(len(part) for part in splits.raw.values()) == 20050
    assert share_in_training(splits.raw) == share_in_training(splits.raw, "validation") == 0
    languages = Counter(language for _, language in splits.raw["test"])
    assert len(languages) == 18 and 1900 < languages.total() < 2100
