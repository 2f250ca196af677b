import pytest

from tests.runs import model_of, splits_of
from zoo.data.vocabularies.vocabulary import Labels
from zoo.experiments.assembly import recipe_arguments
from zoo.experiments.recipe import load_recipe
from zoo.recipes import sentiment


def test_own_formats_give_the_same_examples(tmp_path):
    rows = [
        (f"film {number} is {'good' if number % 2 else 'bad'} .", "pos" if number % 2 else "neg")
        for number in range(40)
    ]
    (tmp_path / "mine.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows))
    (tmp_path / "mine.csv").write_text("label,text\n" + "".join(f"{label},{text}\n" for text, label in rows))
    tsv, csv = (splits_of("sentiment", data=str(tmp_path / name)) for name in ("mine.tsv", "mine.csv"))
    assert tsv.raw == csv.raw
    assert tsv.fingerprint == csv.fingerprint
    assert [len(tsv.raw[name]) for name in ("train", "validation", "test")] == [32, 4, 4]


def test_vocabularies_come_from_training_alone_or_from_a_trained_model():
    splits = splits_of("sentiment", examples=60, minimum_count=1)
    tokens = splits.vocabularies["tokens"]
    training = {word for text, _ in splits.raw["train"] for word in tokens.split(text)}
    assert set(tokens.tokens[4:]) == training
    again = splits_of("sentiment", examples=30, seed=5, vocabularies=splits.vocabularies)
    assert again.vocabularies["tokens"] is tokens
    with pytest.raises(ValueError, match=r"label '(neg|pos)' was never seen in training"):
        splits_of("sentiment", examples=60, vocabularies=splits.vocabularies | {"labels": Labels(["bad", "good"])})


@pytest.mark.real_data
def test_published_sentences(real_data):
    splits = splits_of("sentiment", data=str(real_data / "rotten_tomatoes_mr"))
    assert splits.vocabularies["labels"].names == ["neg", "pos"]
    # 5331 sentences of each kind: every tenth is for testing, beginning with the first.
    assert splits.test.examples == 2 * 534
    assert splits.validation.examples == 2 * 533
    assert splits.train.examples == 2 * (5331 - 534 - 533)
    assert sum(label == "pos" for _, label in splits.raw["test"]) == 534


def test_classes_that_alternate_are_in_every_split(cases):
    splits = splits_of("sentiment", data=str(cases / "alternating" / "pairs.tsv"))
    assert sum(map(len, splits.raw.values())) == 600
    assert all(len({label for _, label in part}) == 2 for part in splits.raw.values())


def test_one_class_is_refused(cases):
    with pytest.raises(ValueError, match="A classification needs two labels or more"):
        splits_of("sentiment", data=str(cases / "one_class" / "same.tsv"))


def test_a_label_that_is_met_once_is_learned(cases):
    splits = splits_of("sentiment", data=str(cases / "rare_labels" / "rows.tsv"))
    assert "rare" in {label for _, label in splits.raw["train"]}
    assert splits.vocabularies["labels"].names == ["a", "b", "c", "rare"]


def test_blank_last_lines_are_passed_over(cases):
    splits = splits_of("sentiment", data=str(cases / "tables" / "blank_last_line.jsonl"))
    assert sum(map(len, splits.raw.values())) == 30


def test_every_argument_is_taken_and_quick_knows_them():
    splits = splits_of("sentiment", examples=40, batch_size=8)
    model = model_of("sentiment", splits, cell="gru", units=3, layers=2, embedding_size=5, bidirectional=False)
    assert model.output_shape == (None, 2)
    figures = sentiment.evaluate(model, splits, "validation")
    assert set(figures) == {"accuracy", "f1", "nats"}
    assert 0 <= figures["accuracy"] <= 1
    assert 0 <= sentiment.baseline(splits)["naive_bayes_accuracy"] <= 1


def test_a_search_varies_arguments_of_the_recipe():
    class First:
        """Hyperparameters at their first value."""

        def Choice(self, name, values):  # noqa: N802
            return values[0]

        def Int(self, name, low, high, step=1):  # noqa: N802
            return low

        def Float(self, name, low, high, step=None, sampling=None):  # noqa: N802
            return low

    assert set(sentiment.space(First())) <= set(recipe_arguments(load_recipe("sentiment"), "recurrent"))
