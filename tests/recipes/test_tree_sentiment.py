import json

import numpy as np
import pytest

import zoo
from tests.runs import model_of, splits_of
from zoo.data.trees import parse
from zoo.data.vocabularies.vocabulary import Labels
from zoo.experiments.run import train
from zoo.experiments.settings import Settings
from zoo.recipes import tree_sentiment

LINES = ["(4 (3 lovely) (2 film))", "(0 (1 dull) (2 film))", "(2 (2 a) (2 film))"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    settings = Settings(quick=True, epochs=4, verbose=0)
    out = tmp_path_factory.mktemp("runs") / "trees"
    return train("tree_sentiment", out=out, settings=settings, task="logic", examples=800)


def test_a_quick_run_learns(run):
    test, commonest = run.metrics["test"], run.metrics["baseline"]["commonest_accuracy"]
    assert test["accuracy"] > max(0.8, commonest)
    assert test["accuracy_nodes"] > 0.8
    assert (run.folder / "trees.png").stat().st_size > 5000


def test_brackets_and_sentences_are_judged_phrase_by_phrase(run, command, tmp_path):
    words = run.vocabularies["tokens"].tokens[4:7]
    output, _, code = command("predict", run.folder, " ".join(words), "--plot", tmp_path / "tree.png")
    assert code == 0 and len(output.splitlines()) == 1 + 5  # three words, two phrases
    assert "\x1b" not in output  # no colours where nobody sees them
    assert (tmp_path / "tree.png").stat().st_size > 5000
    told, _, _ = command("predict", run.folder, "--json", "((true) ((and) (false)))")
    told = json.loads(told)
    tree = parse(told["trace"])
    assert tree.label == told["output"]
    assert tree.tokens() == ["true", "and", "false"]
    assert {node.label for node in tree.nodes()} <= set(run.vocabularies["labels"].names)


@pytest.mark.parametrize(("text", "said"), [("(3 (2 a)", "still open"), ("()", "an empty one"), (" ", "at least one")])
def test_what_is_no_tree_is_refused(run, command, text, said):
    _, errors, code = command("predict", run.folder, text)
    assert code and said in errors


def test_a_single_word_is_a_tree(run):
    (said,) = zoo.load(run.folder).predict(["true"])
    assert parse(said.trace).token == "true"


def test_two_classes_leave_out_what_is_neither(tmp_path):
    (tmp_path / "all.txt").write_text("\n".join(LINES * 10))
    splits = splits_of("tree_sentiment", data=str(tmp_path / "all.txt"), classes=2)
    assert splits.vocabularies["labels"].names == ["negative", "positive"]
    assert sum(map(len, splits.raw.values())) == 20  # the neutral sentences are gone, the neutral words unlabelled
    trees = {tree.brackets() for part in splits.raw.values() for tree in part}
    assert trees == {"(positive (positive lovely) (film))", "(negative (negative dull) (film))"}
    with pytest.raises(ValueError, match="classes must be 5 or 2"):
        splits_of("tree_sentiment", classes=3)
    with pytest.raises(ValueError, match="omit --classes"):
        splits_of("tree_sentiment", classes=2, examples=20)


def test_the_root_alone_can_be_learned_from():
    splits = splits_of("tree_sentiment", examples=40, labelled="root", batch_size=8)
    inputs, targets, weights = splits.train[2]
    assert inputs["node_rows"].shape == targets.shape == weights.shape == (8, 1)
    model = model_of("tree_sentiment", splits, composition="matrix", units=4)
    assert np.isfinite(model.train_on_batch(inputs, targets, weights)).all()


@pytest.mark.parametrize("composition", tree_sentiment.UNITS)
def test_every_composition_builds_with_its_papers_width(composition):
    splits = splits_of("tree_sentiment", examples=20, batch_size=4)
    model = model_of("tree_sentiment", splits, composition=composition)
    assert model.get_layer("recursion").units == tree_sentiment.UNITS[composition]


def test_a_wrong_tree_names_its_line(tmp_path, command):
    (tmp_path / "all.txt").write_text("\n".join([*LINES, "(2 (2 a) (2 b) (2 c))"]))
    _, errors, code = command("train", "tree_sentiment", "--data", tmp_path / "all.txt", "--out", tmp_path / "run")
    assert code and f"{tmp_path / 'all.txt'}:4: expected exactly two children" in errors
    assert not (tmp_path / "run").exists()


def test_a_label_never_seen_names_its_tree(tmp_path):
    for part, last in (("train", "(4 a)"), ("dev", "(4 a)"), ("test", "(7 (2 a) (2 film))")):
        (tmp_path / f"{part}.txt").write_text("\n".join([*LINES, last]))
    with pytest.warns(UserWarning, match=r"count as wrong where they stand: '7' \(example 4 of test\)"):
        splits = splits_of("tree_sentiment", data=str(tmp_path))
    assert "7" in splits.vocabularies["labels"].names
    trained = {**splits.vocabularies, "labels": Labels(["0", "1", "2", "3", "4"])}
    with pytest.raises(ValueError, match=r"test split: tree 4, \(7 .*7"):
        splits_of("tree_sentiment", data=str(tmp_path), vocabularies=trained)


@pytest.mark.slow
@pytest.mark.real_data
def test_the_published_treebank(real_data):
    splits = splits_of("tree_sentiment", data=str(real_data / "sst_trees"))
    assert [len(splits.raw[part]) for part in ("train", "validation", "test")] == [8544, 1101, 2210]
    assert splits.vocabularies["labels"].names == ["0", "1", "2", "3", "4"]
    two = splits_of("tree_sentiment", data=str(real_data / "sst_trees"), classes=2)
    assert [len(two.raw[part]) for part in ("train", "validation", "test")] == [6920, 872, 1821]
