"""The arguments that functions and models take, with their texts: read from signatures and docstrings, listed nowhere
else.
"""

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# "name: text" or "one, another: text" in an Args section.
ENTRY = re.compile(r"(\w+(?:, \w+)*): (.*)")
REFERENCE = re.compile(r"as (?:in|of) `(\w+)`\.")
SECTION = re.compile(r"^(Args|Returns|Raises|Shapes|Reference|Yields):", re.MULTILINE)


@dataclass(frozen=True)
class Argument:
    """A keyword argument of a function or model.

    Args:
        name: of the argument.
        annotation: its type.
        default: its value where none is given; `inspect.Parameter.empty` if it must be given.
        text: its line of the docstring; "" without one.
    """

    name: str
    annotation: Any
    default: Any
    text: str = ""


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """Return the signature of a function, or of a class's constructor (Keras hides it behind its own `__new__`)."""
    if not inspect.isclass(function):
        return inspect.signature(function)
    _, *parameters = inspect.signature(function.__init__).parameters.values()  # type: ignore[misc]
    return inspect.Signature(parameters)


def keyword_arguments(function: Callable[..., Any]) -> dict[str, Argument]:
    """Return the keyword-only arguments of a function or of a class's constructor, in their order."""
    described = function.__mro__ if inspect.isclass(function) else (function,)
    texts: dict[str, str] = {}
    for one in reversed(described):  # a subclass describes what it adds
        texts |= argument_texts(one)
    return {
        name: Argument(name, parameter.annotation, parameter.default, texts.get(name, ""))
        for name, parameter in signature_of(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


def signature_arguments(function: Callable[..., Any]) -> list[Argument]:
    """Return all arguments of a function or class, whether keyword-only or not."""
    texts = argument_texts(function)
    return [
        Argument(name, parameter.annotation, parameter.default, texts.get(name, ""))
        for name, parameter in inspect.signature(function).parameters.items()
    ]


def argument_texts(function: Callable[..., Any]) -> dict[str, str]:
    """Return the text of each argument in the `Args` section of a docstring, on one line.

    For "name: as in `other`." it is the text that `other`, a function or class of the same module, has for the name.
    """
    documentation = inspect.cleandoc(function.__doc__ or "")
    if "Args:\n" not in documentation:
        return {}
    section = documentation.split("Args:\n", 1)[1]
    if end := SECTION.search(section):
        section = section[: end.start()]
    texts: dict[str, str] = {}
    for entry in re.split(r"\n(?=    \S)", section):
        if match := ENTRY.match(" ".join(entry.split())):
            texts |= dict.fromkeys(match[1].split(", "), match[2])
    return {name: _resolve(text, name, function) for name, text in texts.items()}


def _resolve(text: str, name: str, function: Callable[..., Any]) -> str:
    """The text of an argument, which may be that of the same argument elsewhere."""
    reference = REFERENCE.fullmatch(text)
    other = vars(sys.modules[function.__module__]).get(reference[1]) if reference else None
    return argument_texts(other).get(name, text) if other else text


def accepted(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the values that a function takes by keyword."""
    return {name: values[name] for name in keyword_arguments(function) if name in values}
