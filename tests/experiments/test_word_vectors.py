"""Pretrained word vectors: every recipe whose model embeds words begins with those of a file."""

import numpy as np
import pytest

from tests.runs import model_of, splits_of
from zoo.experiments.entry_points import list_recipes
from zoo.experiments.recipe import load_recipe
from zoo.experiments.word_vectors import read_word_vectors

SMALL = {"units": 4}
SOURCE, TARGET = ["source_embedding/embeddings"], ["target_embedding/embeddings"]
TREES = ["recursion/embedding/embeddings"]
# recipe: its data, its model, the vocabulary of words, and the paths of the tables of words.
CASES = {
    "sentiment": ({"examples": 40}, SMALL, "tokens", ["embedding/embeddings"]),
    "questions": ({"examples": 40}, SMALL, "tokens", ["embedding/embeddings"]),
    "tagging": ({"examples": 40}, {**SMALL, "character_units": 4}, "tokens", ["embedding/embeddings"]),
    "tree_sentiment": ({"examples": 40}, SMALL, "tokens", TREES),
    "question_answering": (
        {"examples": 60, "tasks": "1"},
        {"hops": 2},
        "tokens",
        ["hops/embedding_0", "hops/embedding_1"],
    ),
    "language_model": ({"examples": 3000, "rows": 2, "steps": 8, "level": "word"}, SMALL, "target", TARGET),
    "translation": ({"examples": 40, "level": "word"}, SMALL, "source", SOURCE),
    "commands": ({"examples": 40}, SMALL, "source", SOURCE),
    "copying": ({"examples": 200, "rule_count": 5}, SMALL, "source", SOURCE),
    "dialogue": (
        {"examples": 20},
        SMALL,
        "target",
        ["dialogue_encoder/source_embedding/embeddings", *TARGET],
    ),
    "captioning": (
        {"examples": 20, "shapes": 1, "height": 16, "width": 16},
        {**SMALL, "filters": 2, "blocks": 2, "region_units": 4},
        "target",
        TARGET,
    ),
    "video": (
        {"examples": 20, "turns": 1, "size": 16},
        {**SMALL, "region_units": 4},
        "target",
        TARGET,
    ),
}
# Other forms of the same recipes.
FORMS = {
    **{name: (name, {}, {}, case[-1]) for name, case in CASES.items()},
    "dialogue, flat": ("dialogue", {"model": "flat"}, {}, [*SOURCE, *TARGET]),
    "tagging, softmax": ("tagging", {}, {"model": "softmax"}, ["embedding/embeddings"]),
    "tree_sentiment, matrix_vector": ("tree_sentiment", {}, {"composition": "matrix_vector"}, TREES),
    "tree_sentiment, tensor": ("tree_sentiment", {}, {"composition": "tensor"}, TREES),
}


def write(folder, *lines):
    (folder / "vectors.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return str(folder / "vectors.txt")


def test_every_recipe_of_words_takes_them():
    assert {name for name in list_recipes() if load_recipe(name).VECTORS} == set(CASES)


@pytest.mark.parametrize("form", FORMS)
def test_known_words_begin_with_their_vectors(tmp_path, capsys, form):
    name, more_data, more, paths = FORMS[form]
    data, arguments, side, _ = CASES[name]
    splits = splits_of(name, **data, **more_data)
    vocabulary = splits.vocabularies[side]
    first, second, *others = vocabulary.tokens[4:]
    assert others
    path = write(tmp_path, f"{first} 1 2 3 4", "zebras 9 9 9 9", f"{second} -1 0.5 0 2")
    model = model_of(name, splits, **{**data, **more_data, **arguments, **more}, vectors=path)
    words = 2 + len(others)
    assert f"{path}: 2 of the vocabulary's {words} words have a vector, of 4 numbers.\n" in capsys.readouterr()[0]
    tables = {variable.path: np.array(variable) for variable in model.trainable_variables}
    for table in (tables[path] for path in paths):
        assert len(table) == len(vocabulary)
        assert form == "tree_sentiment, matrix_vector" or table.shape[1] == 4
        np.testing.assert_array_equal(table[4:6, :4], [[1, 2, 3, 4], [-1, 0.5, 0, 2]])
        assert not table[0, :4].any() and table[6:, :4].any(axis=1).all()


def test_other_scripts_and_spellings(tmp_path, capsys):
    (tmp_path / "mine.tsv").write_text("source\ttarget\n" + "".join(f"राम café {n}\tx\n" for n in range(20)), "utf-8")
    splits = splits_of("translation", data=str(tmp_path / "mine.tsv"), level="word")
    model = model_of("translation", splits, units=4, vectors=write(tmp_path, "2 2", "राम 1 2", "cafe\u0301 3 4"))
    table = np.array(model.get_layer("source_embedding").embeddings)
    np.testing.assert_array_equal(table[splits.vocabularies["source"].encode("राम cafe\u0301")], [[1, 2], [3, 4]])
    assert "2 of the vocabulary's" in capsys.readouterr()[0]


def test_what_holds_no_words_is_refused(tmp_path):
    path = write(tmp_path, "a 1 2")
    splits = splits_of("translation", examples=40, level="character")
    with pytest.raises(ValueError, match=r"Received: a vocabulary of level character\. Train on words.*--level word"):
        model_of("translation", splits, units=4, vectors=path)
    with pytest.raises(ValueError, match="Received: a training without one"):
        read_word_vectors(None, vectors=path)
    splits = splits_of("translation", examples=40, level="word")
    with pytest.raises(TypeError, match="takes no argument 'vectors'. recurrent does."):
        model_of("translation", splits, model="transformer", vectors=path)
