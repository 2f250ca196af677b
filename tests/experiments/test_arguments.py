import inspect

from zoo.decoding import BeamSearch
from zoo.experiments.arguments import accepted, argument_texts, keyword_arguments, signature_arguments
from zoo.experiments.settings import Settings
from zoo.models.encoder_decoder import EncoderDecoder


def function(first, *, units: int = 3, rate, name: str | None = None):
    """A function.

    Args:
        first: positional.
        units, rate: two of them, on
            two lines.
        name: one; with a colon: inside.
    Raises:
        ValueError: none of these.
    """


def test_keyword_arguments_have_types_defaults_and_texts():
    arguments = keyword_arguments(function)
    assert list(arguments) == ["units", "rate", "name"]
    assert (arguments["units"].annotation, arguments["units"].default) == (int, 3)
    assert arguments["rate"].default is inspect.Parameter.empty
    assert arguments["rate"].text == arguments["units"].text == "two of them, on two lines."
    assert arguments["name"].text == "one; with a colon: inside."
    assert argument_texts(lambda: 0) == {}


def test_classes_are_read_by_their_constructors():
    arguments = keyword_arguments(EncoderDecoder)
    assert arguments["attention"].default == "additive" and "attention" in arguments["heads"].text
    assert "self" not in arguments


def test_texts_of_base_classes_serve_their_subclasses():
    arguments = keyword_arguments(BeamSearch)
    assert arguments["beam_width"].text and arguments["maximum_length"].text.startswith("tokens")


def test_accepted_values_are_those_of_keywords():
    assert accepted(function, {"units": 1, "first": 2, "other": 3}) == {"units": 1}


def test_every_setting_has_a_text():
    assert all(argument.text for argument in signature_arguments(Settings))
