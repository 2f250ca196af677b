"""A model by name: `zoo.build`, `zoo.list_models`, `zoo.describe`."""

import inspect
from dataclasses import dataclass
from typing import Any

import keras

from zoo.lookup import lookup
from zoo.presets import PRESETS
from zoo.registry import EXAMPLES, FAMILIES, MODELS


def build(name: str, **arguments: Any) -> keras.Model:
    """Builds a model of the registry, or a paper's preset of one.

        model = zoo.build("many_to_one", vocabulary_size=8000, outputs=2, cell="gru", bidirectional=True)
        model = zoo.build("ma_2016_bilstm_cnn_crf", vocabulary_size=8000, outputs=17)    # arguments override the preset

    Args:
        name: a key of `zoo.list_models()`.
        **arguments: the model's own; `zoo.describe(name)` lists them.
    Raises:
        ValueError: an unknown name, with the closest ones.
        TypeError: an argument that the model does not take, with its signature.
    """
    function, preset = _find(name)
    signature = _signature(function)
    unknown = [argument for argument in arguments if argument not in signature.parameters]
    if unknown:
        raise TypeError(f"{name} takes no argument {unknown[0]!r}. Its signature:\n{name}{_shown(signature)}")
    return function(**{**preset, **arguments})


def list_models(family: str | None = None) -> dict[str, str]:
    """Names of models and presets, each with one line.

    Args:
        family: only those of one family: "many_to_one", "many_to_many", "language_model", ...
    Raises:
        ValueError: an unknown family.
    """
    models = MODELS if family is None else lookup("family", family, FAMILIES)
    lines = {name: _documentation(MODELS[name]).split("\n")[0] for name in models}
    return lines | {name: paper for name, (model, _, paper) in PRESETS.items() if model in models}


@dataclass(frozen=True)
class Description:
    """A description of a model; its `str` is the whole text."""

    name: str
    model: str
    documentation: str
    signature: str
    preset: dict
    paper: str | None
    presets: dict[str, str]
    example: dict
    parameters: int

    def __str__(self) -> str:
        called = ", ".join(f"{key}={value!r}" for key, value in self.example.items())
        lines = [f"{self.name}{self.signature}", "", self.documentation, ""]
        if self.paper:
            lines += [f"Preset of {self.model}: {self.paper}", f"    {self.preset}", ""]
        if self.presets:
            lines += ["Presets:", *(f"    {name}: {paper}" for name, paper in self.presets.items()), ""]
        return "\n".join([*lines, f"Parameters of {self.name}({called}): {self.parameters:,}"])

    __repr__ = __str__


def describe(name: str, **arguments: Any) -> Description:
    """Equation, paper, shapes, arguments, presets and parameter count of a model or preset.

    Args:
        name: a key of `zoo.list_models()`.
        **arguments: count the parameters of this call; without any, of a small example that is named.
    Raises:
        ValueError: an unknown name. TypeError: an unknown argument.
    """
    function, preset = _find(name)
    model, _, paper = PRESETS.get(name, (name, {}, None))
    example = {**EXAMPLES[model], **arguments}
    return Description(
        name=name,
        model=model,
        documentation=_documentation(function),
        signature=_shown(_signature(function)),
        preset=preset,
        paper=paper,
        presets={n: text for n, (of, _, text) in PRESETS.items() if of == name},
        example=example,
        parameters=build(name, **example).count_params(),
    )


def _find(name):
    lookup("model", name, MODELS | PRESETS)
    model, preset, _ = PRESETS.get(name, (name, {}, None))
    return MODELS[model], preset


def _signature(function) -> inspect.Signature:
    """Of a function, or of a class's constructor (Keras hides it behind its own `__new__`)."""
    if not inspect.isclass(function):
        return inspect.signature(function)
    _, *parameters = inspect.signature(function.__init__).parameters.values()
    return inspect.Signature(parameters)


def _documentation(function) -> str:
    return inspect.getdoc(function) or ""


def _shown(signature) -> str:
    lines = ",\n    ".join(str(parameter) for parameter in signature.parameters.values())
    return f"(\n    {lines},\n)"
