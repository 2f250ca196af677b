import numpy as np
import pytest

import zoo
from zoo.data.vocabularies.vocabulary import Vocabulary
from zoo.inference.search_tree import search_tree

TARGET = {"target": Vocabulary(["ein", "altes", "haus"])}
ARGUMENTS = {"vocabularies": TARGET, "beam_width": 3, "maximum_length": 5}


@pytest.fixture(scope="module")
def model():
    model = zoo.build("language_model", vocabulary_size=7, units=4, layers=1)
    for number, weight in enumerate(model.trainable_weights):
        weight.assign(np.random.default_rng(number).normal(size=weight.shape, scale=0.8))
    return model


@pytest.mark.parametrize("prefix", ["", "altes"])
def test_the_tree_of_a_search_holds_its_answer(model, prefix):
    """Along the parents from the roots: one of the paths is the best output, with its log-probability."""
    tree = search_tree(model, [prefix], **ARGUMENTS)
    ((best,),) = zoo.generate(model, [prefix], decoder="beam_search", **ARGUMENTS)
    paths, found = [], []
    for number, step in enumerate(tree):
        assert 1 <= len(step) <= 3
        assert all((parent is None) == (number == 0) for _, parent, _, _ in step)
        before, paths = paths, []
        for token, parent, log_p, ended in step:
            assert ended == (token == "<end>")
            paths.append([token] if parent is None else [*before[parent], token])
            found.append((paths[-1], log_p))
    tokens = [*best.tokens, *(["<end>"] if best.finished else [])]
    assert any(path == tokens and log_p == pytest.approx(best.log_probability, rel=1e-5) for path, log_p in found)
    assert prefix == "" or {path[0] for path, _ in found} == {prefix}


def test_a_search_is_shown_for_one_input(model):
    with pytest.raises(ValueError, match="A search is shown for one input. Received: 2"):
        search_tree(model, ["", "ein"], **ARGUMENTS)
