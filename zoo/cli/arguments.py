"""Command lines that are made of arguments of functions and models: what they take, and their help."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, get_args, get_origin

from cyclopts import App, Parameter

from zoo.experiments.arguments import Argument

KEYWORD = inspect.Parameter.KEYWORD_ONLY


def call(
    title: str,
    description: str,
    function: Callable[..., Any],
    arguments: Sequence[Argument],
    tokens: Sequence[str],
    *,
    positional: Sequence[inspect.Parameter] = (),
    show_defaults: bool = True,
) -> None:
    """Call a function with the arguments of a command line; with --help print them instead.

    Only what stands on the command line is passed, so that a function can tell it from a default. The word "none" is
    None for an argument that may be None.

    Args:
        title: of the command, for its help.
        description: of the command, for its help.
        function: that is called.
        arguments: its keyword arguments.
        tokens: the command line behind the title.
        positional: parameters that stand before the options.
        show_defaults: whether the help shows the defaults.
    """
    annotations = {argument.name: _bare(argument.annotation) for argument in arguments}

    def command(*values: Any, **named: Any) -> None:
        function(*values, **{name: _none(value, annotations[name]) for name, value in named.items()})

    # cyclopts reads arguments, types, defaults and texts from a signature.
    keywords = [_parameter(argument, show_defaults) for argument in arguments]
    command.__signature__ = inspect.Signature([*positional, *keywords])  # type: ignore[attr-defined]
    command.__doc__ = description
    # cyclopts would end the program at Ctrl-C without a word.
    app = App(name=title, default_command=command, version_flags=[], suppress_keyboard_interrupt=False)
    app(tokens, exit_on_error=False, print_error=False)


def option_value(tokens: Sequence[str], name: str) -> str | None:
    """Return the value of an option on a command line, or None, before anything else of it is known."""
    option = f"--{name.replace('_', '-')}"
    for number, token in enumerate(tokens):
        if token == "--":
            return None
        if token == option and number + 1 < len(tokens):
            return tokens[number + 1]
        if token.startswith(f"{option}="):
            return token.partition("=")[2]
    return None


def option_names(tokens: Sequence[str]) -> set[str]:
    """Return the names of the arguments whose options stand on a command line."""
    before = tokens[: tokens.index("--")] if "--" in tokens else tokens
    options = (token.partition("=")[0] for token in before if token.startswith("--"))
    return {option.removeprefix("--").removeprefix("no-").replace("-", "_") for option in options}


def _parameter(argument: Argument, show_default: bool) -> inspect.Parameter:
    described = Parameter(help=argument.text, show_default=show_default)
    annotation: Any = Annotated[argument.annotation, described]  # type: ignore[name-defined]
    return inspect.Parameter(argument.name, KEYWORD, default=argument.default, annotation=annotation)


def with_name(argument: Argument, name: str) -> Argument:
    """Return an argument whose option has another name."""
    return replace(argument, annotation=Annotated[argument.annotation, Parameter(name=name, negative=())])


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _none(value: Any, annotation: Any) -> Any:
    is_none = isinstance(value, str) and value.lower() == "none"
    return None if is_none and type(None) in get_args(annotation) else value
