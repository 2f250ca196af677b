"""The public way to a model: by name, with arguments that are checked at the first hop."""

import inspect
import sys

import keras
import pytest

import zoo
from tests.test_registry import parameters
from zoo.presets import PRESETS
from zoo.registry import EXAMPLES, FAMILIES, MODELS

# The papers' own widths take seconds to draw. Heads divide units, and come in 8, 12 and 16.
SMALL = {"units": 4, "embedding_size": 4}
SMALL_BLOCKS = {"units": 48}
# Presets of many equal layers take seconds to build: two layers in the fast part, all of them in the slow one.
DEEP = [name for name, (_, arguments, _) in PRESETS.items() if arguments.get("layers", 1) >= 4]
DEPTHS = [(name, 2 if name in DEEP else None) for name in (*MODELS, *PRESETS)]
DEPTHS += [pytest.param(name, None, marks=pytest.mark.slow) for name in DEEP]
# Those of the models without further arguments, to build each once.
DESCRIPTIONS = {}
# What has the units, whichever the model is.
LAYERS = ("stack", "hops", "machine", "recursion")


def describe(name, patch, **arguments):
    """A description, and the model that was built to count its parameters."""
    models = []

    def build(name, **arguments):
        models.append(zoo.build(name, **arguments))
        return models[-1]

    with patch.context() as within:
        within.setattr(sys.modules["zoo.build"], "build", build)  # `zoo.build` is the function
        description = zoo.describe(name, **arguments)
    [model] = models
    if not arguments:
        DESCRIPTIONS[name] = description
    return description, model


@pytest.mark.parametrize(("name", "depth"), DEPTHS)
def test_every_model_and_preset_builds_and_is_described(name, depth, monkeypatch):
    """The described count is the built model's own, and a preset's arguments reach it."""
    function = MODELS[PRESETS.get(name, (name,))[0]]
    generates, taken = inspect.isclass(function), parameters(function)
    small = SMALL_BLOCKS if "feed_forward" in taken else {name: size for name, size in SMALL.items() if name in taken}
    small = small if generates and name in PRESETS else {}
    if depth:
        small = {**small, "layers": depth}
    description, model = describe(name, monkeypatch, **small)
    assert isinstance(model, keras.Model)
    assert description.parameters == model.count_params() > 0
    assert str(description.parameters) in str(description).replace(",", "")
    assert description.documentation == inspect.getdoc(MODELS[description.model])
    if name in PRESETS:
        if generates:
            assert {**PRESETS[name][1], **small}.items() <= model.get_config().items()
        else:
            units = PRESETS[name][1]["units"]
            [layer] = [model.get_layer(name) for name in LAYERS if name in {layer.name for layer in model.layers}]
            ways = getattr(layer, "directions", [[layer]])
            assert all(recurrence.units == units for way in ways for recurrence in way)
        assert description.paper == PRESETS[name][2]
        assert description.paper in str(description)


def test_the_name_is_the_function_of_the_registry():
    arguments = {"vocabulary_size": 5, "embedding_size": 2, "units": 3, "outputs": 2}
    assert zoo.build("many_to_one", **arguments).output_shape == (None, 2)
    assert zoo.build("many_to_many", **arguments).output_shape == (None, None, 2)


def test_parameters_are_those_of_the_equations():
    """Embedding V E, LSTM 4 (E + U + 1) U, head (U + 1) K, counted by hand."""
    arguments = {"vocabulary_size": 7, "embedding_size": 5, "units": 3, "outputs": 2}
    assert zoo.describe("many_to_one", **arguments).parameters == 7 * 5 + 4 * (5 + 3 + 1) * 3 + (3 + 1) * 2


def test_arguments_override_a_preset():
    model = zoo.build("huang_2015_bilstm_crf", vocabulary_size=5, outputs=3, units=2)
    assert model.get_layer("stack").width == 4
    assert model.get_layer("embedding").output_dim == PRESETS["huang_2015_bilstm_crf"][1]["embedding_size"]


def test_an_unknown_name_is_answered_with_the_closest():
    with pytest.raises(ValueError, match=r"Unknown model: 'many_to_on'. Did you mean 'many_to_one'"):
        zoo.build("many_to_on", vocabulary_size=5)
    with pytest.raises(ValueError, match="crf_tagger"):
        zoo.describe("crf_taggr")


@pytest.mark.parametrize(("name", "units"), [("many_to_one", 128), ("le_2015_irnn", 128), ("language_model", 256)])
def test_an_unknown_argument_is_answered_with_the_signature(name, units):
    with pytest.raises(TypeError, match=rf"(?s){name} takes no argument 'unit'.*units: int = {units}"):
        zoo.build(name, vocabulary_size=5, unit=3)


def test_models_are_listed_with_one_line_each_by_family_too():
    everything = zoo.list_models()
    assert list(everything) == [*MODELS, *PRESETS]
    assert all(line and "\n" not in line for line in everything.values())
    by_family = {name: line for family in FAMILIES for name, line in zoo.list_models(family).items()}
    assert by_family == everything
    assert "graves_2005_bilstm" in zoo.list_models("many_to_many")
    assert "graves_2005_bilstm" not in zoo.list_models("many_to_one")
    with pytest.raises(ValueError, match="Unknown family: 'many_to_two'"):
        zoo.list_models("many_to_two")


@pytest.mark.parametrize("name", MODELS)
def test_a_description_shows_all_that_a_user_needs(name):
    description = DESCRIPTIONS.get(name) or zoo.describe(name)
    text = str(description)
    assert text == repr(description)
    for argument in (*parameters(MODELS[name]), *EXAMPLES[name]):
        assert argument in text
    for preset, (model, _, paper) in PRESETS.items():
        assert (f"{preset}: {paper}" in text) == (model == name)
