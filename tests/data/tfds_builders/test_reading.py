import numpy as np

from zoo.data.trees import parse


def test_classes_have_names(read):
    for name, classes in (
        ("zoo_sentiment", {"neg", "pos"}),
        ("zoo_questions", {"ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"}),
        ("zoo_dna", {"EI", "IE", "N"}),
        ("zoo_activity", {"badminton", "running", "standing", "walking"}),
    ):
        assert {row["label"] for row in read(f"{name}/100_examples")} == classes


def test_names_are_those_of_surnames(read):
    assert read("zoo_names/20_examples") == read("zoo_surnames/20_examples")


def test_every_word_and_every_base_has_its_tag(read):
    for name, tokens, tags in (
        ("zoo_tagging", "tokens", "tags"),
        ("zoo_tagging_entities", "tokens", "tags"),
        ("zoo_dna_positions", "text", "marks"),
    ):
        assert all(len(row[tokens]) == len(row[tags]) > 0 for row in read(f"{name}/20_examples"))
    assert {tag[:2] for row in read("zoo_tagging_entities/50_examples") for tag in row["tags"]} == {"B-", "I-", "O"}


def test_answers_stand_in_the_sentences_that_give_them(read):
    for row in read("zoo_question_answering/100_examples"):
        if row["task"] in (1, 5):
            assert row["answer"] in " ".join(row["story"][place] for place in row["supporting"])


def test_words_and_trees(read):
    assert all(all(row["words"]) for row in read("zoo_segmentation/20_examples"))
    assert {parse(row["tree"]).label for row in read("zoo_tree_sentiment/100_examples")} == set("01234")


def test_sums_and_copies(read):
    for row in read("zoo_memory_span/20_examples"):
        np.testing.assert_allclose(row["target"], [row["frames"][:, 0] @ row["frames"][:, 1]], rtol=1e-5)
    for row in read("zoo_memory_span_copy/20_examples"):
        np.testing.assert_array_equal(row["target"][-10:], row["source"][:10])
