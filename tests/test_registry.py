"""The tables of models agree with each other and with the files."""

import inspect

import pytest

from zoo.registry import EXAMPLES, FAMILIES, MODELS


def parameters(model):
    """Of a function, or of a class's constructor, which Keras hides behind its own."""
    if not inspect.isclass(model):
        return dict(inspect.signature(model).parameters)
    found = dict(inspect.signature(model.__init__).parameters)
    found.pop("self")
    return found


def test_every_model_belongs_to_one_family_and_has_an_example():
    assert sorted(name for names in FAMILIES.values() for name in names) == sorted(MODELS)
    assert set(EXAMPLES) == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_takes_keywords_with_real_defaults(name):
    """But for what its data alone can tell, which its example shows."""
    for parameter in parameters(MODELS[name]).values():
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY, parameter
        assert parameter.default is not inspect.Parameter.empty or parameter.name in EXAMPLES[name], parameter


@pytest.mark.parametrize("name", MODELS)
def test_a_model_documents_every_argument_and_says_what_is_expected(name):
    text = inspect.getdoc(MODELS[name])
    for part in ("Args:", "Shapes:", "Raises:", "Reference:"):
        assert part in text, part
    arguments = text[text.index("Args:") : text.index("Shapes:")]
    for parameter in parameters(MODELS[name]):
        assert parameter in arguments, parameter
