"""The table of presets agrees with the models."""

import pytest

from tests.test_registry import parameters
from zoo.presets import PRESETS
from zoo.registry import MODELS


def test_no_preset_hides_a_model():
    assert not set(PRESETS) & set(MODELS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_names_its_model_its_arguments_and_its_paper(name):
    model, arguments, paper = PRESETS[name]
    assert set(arguments) <= set(parameters(MODELS[model]))
    author, year = name.split("_")[:2]
    assert author in paper.lower()
    assert year in paper
