"""Options of decoders: which decoder a command line asks for, and what that takes."""

from collections.abc import Sequence
from typing import Any

from zoo.cli.arguments import option_names, option_value
from zoo.experiments.arguments import Argument, keyword_arguments

# Arguments of decoders that a command line does not give, or gives in another way.
INTERNAL = ("name", "allowed_next", "banned_tokens")


def decoder_of(tokens: Sequence[str]) -> str | None:
    """Return the decoder that a command line names, or whose options stand on it; None for any."""
    from zoo.decoding import DECODERS

    if name := option_value(tokens, "decoder"):
        return name
    options = option_names(tokens)
    owners = {name: set(keyword_arguments(decoder)) for name, decoder in DECODERS.items()}
    shared = set.intersection(*owners.values())
    return next((name for name, own in owners.items() if (own - shared) & options), None)


def parsed_arguments(tokens: Sequence[str]) -> list[Argument]:
    """Return the arguments of decoders that a command line may have; its help shows those of the decoder it names."""
    return decoder_arguments(decoder_of(tokens) if {"--help", "-h"} & set(tokens) else None)


def decoder_arguments(decoder: str | None) -> list[Argument]:
    """Return the arguments of a decoder by its name; of None those of all decoders."""
    from zoo.decoding import DECODERS
    from zoo.lookup import lookup

    decoders = DECODERS.values() if decoder is None else [lookup("decoder", decoder, DECODERS)]
    arguments: dict[str, Argument] = {}
    for one in decoders:
        arguments |= {name: argument for name, argument in keyword_arguments(one).items() if name not in arguments}
    return [argument for name, argument in arguments.items() if name not in INTERNAL]


def check_arguments(decoder: str, arguments: dict[str, Any]) -> None:
    """Make sure that a decoder takes some arguments.

    Raises:
        ValueError: one that it does not take.
    """
    from zoo.decoding import DECODERS
    from zoo.lookup import lookup

    taken = keyword_arguments(lookup("decoder", decoder, DECODERS))
    for name in arguments:
        if name not in taken:
            raise ValueError(f"--{name.replace('_', '-')} is not for {decoder}: choose another --decoder or omit it.")
