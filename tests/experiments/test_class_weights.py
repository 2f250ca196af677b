"""`--class-weight balanced`: the weights of the training labels, in training alone, and its refusals."""

import json

import numpy as np
import pytest

import zoo
from tests.runs import splits_of
from zoo.data.batches.contiguous import ContiguousBatches
from zoo.data.batches.padded import Batches
from zoo.data.batches.trees import TreeBatches
from zoo.data.trees import parse
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.experiments import run
from zoo.experiments.class_weights import class_weights
from zoo.experiments.settings import Settings
from zoo.models.base.mapping_model import TakesClassWeight

TOKENS = {"tokens": [np.array([4, 5], "int32")] * 4}
TREES = [parse("(1 (0 good) (0 film))"), parse("(0 bad)")]


def built(name, **arguments):
    return zoo.build(name, units=2, **arguments)


def test_balanced_weights_are_those_of_the_training_labels():
    model = built("many_to_one", vocabulary_size=8)
    assert class_weights(None, model, None) is None
    assert class_weights("balanced", model, Batches(TOKENS, [0, 0, 0, 1])) == {0: 4 / 6, 1: 2.0}
    steps = Batches(TOKENS, [np.array([0, 1])] * 3 + [np.array([1, 1])], aligned=True)
    assert class_weights("balanced", built("crf_tagger", vocabulary_size=8), steps) == {0: 8 / 6, 1: 0.8}


def test_balanced_weights_of_trees_count_labelled_nodes():
    batches = TreeBatches(TREES, Vocabulary.build(["good film bad"]), [[0, -1, 1], [0]])
    model = built("recursive_tree", vocabulary_size=8)
    assert class_weights("balanced", model, batches) == {0: 0.75, 1: 1.5}


@pytest.mark.parametrize(
    ("name", "arguments", "targets", "message"),
    [
        ("many_to_one", {"features": 1, "activation": None}, [0.5, 1.0, 2.0, 2.0], "numbers to predict have no class"),
        ("language_model", {"vocabulary_size": 8}, [0, 1, 1, 1], "models that predict classes.*LanguageModel.*Omit it"),
    ],
)
def test_what_predicts_no_classes_is_refused(name, arguments, targets, message):
    with pytest.raises(ValueError, match=message):
        class_weights("balanced", built(name, **arguments), Batches(TOKENS, targets))


def test_batches_without_targets_are_refused():
    stream = ContiguousBatches(np.arange(4, 40, dtype="int32"), rows=2, steps=4)
    with pytest.raises(ValueError, match="models that predict classes"):
        class_weights("balanced", built("many_to_one", vocabulary_size=40), stream)


def test_an_unknown_name_is_answered_with_the_known_one():
    with pytest.raises(ValueError, match="Unknown class_weight: 'balance'. Did you mean 'balanced'"):
        class_weights("balance", None, None)


def test_a_recipe_trains_with_the_weights_of_its_classes(command, monkeypatch, tmp_path):
    """From the command line to `fit`, and recorded."""
    table, out, received = tmp_path / "words.tsv", tmp_path / "run", []
    lines = [f"{'a' * (number % 7 + 1)}\tmany" for number in range(60)] + [f"{'b' * (n + 1)}\tfew" for n in range(20)]
    table.write_text("\n".join(["text\tlabel", *lines]))
    fit = TakesClassWeight.fit

    def watched(model, *arguments, class_weight=None, **options):
        received.append(class_weight)
        return fit(model, *arguments, class_weight=class_weight, **options)

    monkeypatch.setattr(TakesClassWeight, "fit", watched)
    settings = ("--data", table, "--units", 2, "--epochs", 1, "--verbose", 0, "--out", out)
    _, errors, code = command("train", "surnames", *settings, "--class-weight", "balanced")
    assert (errors, code) == ("", 0)
    splits = splits_of("surnames", data=str(table))
    labels = np.array(splits.train.targets)
    assert received == [{n: len(labels) / (2 * int((labels == n).sum())) for n in (0, 1)}]
    assert received[0][0] > 2 * received[0][1]  # "few" stands before "many"
    assert json.loads((out / "recipe.json").read_text())["class_weight"] == "balanced"


def test_a_recipe_that_generates_refuses_before_it_writes(tmp_path):
    settings = Settings(quick=True, epochs=1, verbose=0, class_weight="balanced")
    with pytest.raises(ValueError, match="class_weight is for models that predict classes"):
        run.train("reverse", out=tmp_path / "run", settings=settings, examples=60, units=4)
    assert not (tmp_path / "run").exists() or not any((tmp_path / "run").iterdir())


def test_a_misspelt_choice_is_refused_before_data_are_read(tmp_path):
    with pytest.raises(ValueError, match="Did you mean 'balanced'"):
        run.train("surnames", out=tmp_path / "run", settings=Settings(class_weight="balance"), data="nowhere")
