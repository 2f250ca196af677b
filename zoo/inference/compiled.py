"""Decoders and other models over a model: made and compiled once, and kept as long as that model.

TensorFlow and JAX trace a decoder for every shape of its inputs; a new decoder for every call would be traced at every
call. So what `zoo.generate` and its kin make is kept by its arguments, and their inputs come in few shapes (`Batches`
with `rounded`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import keras
import numpy as np

from zoo.decoding import DECODERS
from zoo.decoding.decoder import LENGTH_LIMIT, Decoder
from zoo.decoding.sampling import Sampling
from zoo.inference.codec import require_autoregressive
from zoo.lookup import lookup

# Of one model so many are kept, those used last.
CAPACITY = 8
ATTRIBUTE = "_zoo_compiled"


class CompiledModels:
    """What is kept of a model, by its key. A plain object: Keras neither tracks nor saves it with the model."""

    def __init__(self) -> None:
        self.by_key: OrderedDict[Hashable, Any] = OrderedDict()


def compiled(model: keras.Model, key: Hashable, make: Callable[[], Any]) -> Any:
    """Return what was made for a model under a key, or make it.

    Args:
        model: that owns it.
        key: its kind and arguments, see `argument_key`; None: it is made anew.
        make: makes it.
    """
    if key is None:
        return make()
    # Past Keras' own `__setattr__`, which would make a decoder over a model a layer of that model.
    kept = vars(model).setdefault(ATTRIBUTE, CompiledModels()).by_key
    if key not in kept:
        kept[key] = make()
    kept.move_to_end(key)
    while len(kept) > CAPACITY:
        kept.popitem(last=False)
    return kept[key]


def make_decoder(model: keras.Model, decoder: str | Decoder, **arguments: Any) -> Decoder:
    """Return the decoder by name over a model, compiled once for its arguments, or the one given.

    A decoder that samples starts anew with its seed, as if it had just been made.
    """
    require_autoregressive(model)
    if isinstance(decoder, Decoder):
        if arguments:
            raise ValueError(f"This decoder is made already; it takes no {', '.join(arguments)}.")
        if decoder.model is not model:
            raise ValueError("The decoder was made for another model.")
        return decoder
    longest = model.maximum_target  # a picture is as long as it is
    known = {} if longest is None else {"maximum_length": longest, "length_limit": max(longest, LENGTH_LIMIT)}
    decoder_class, values = lookup("decoder", decoder, DECODERS), {**known, **arguments}
    if decoder_class is Sampling:
        values["seed"] = 0  # no constant of the compiled search: `reset` sets it
    key = argument_key(values)
    chosen = compiled(model, None if key is None else (decoder, key), lambda: decoder_class(model, **values))
    if isinstance(chosen, Sampling):
        chosen.reset(arguments.get("seed"))
    return chosen


def argument_key(arguments: Mapping[str, Any]) -> Hashable | None:
    """Return a key that is equal for equal arguments: numbers, strings, arrays, and lists or dicts of them; None for
    anything else.
    """
    try:
        return tuple((name, _key(value)) for name, value in sorted(arguments.items()))
    except TypeError:
        return None


def _key(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return ("dict", frozenset((_key(name), _key(one)) for name, one in value.items()))
    if isinstance(value, set | frozenset):
        return ("set", frozenset(map(_key, value)))
    if isinstance(value, list | tuple | range):
        return ("list", tuple(map(_key, value)))
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
    if value is None or isinstance(value, bool | int | float | str | np.generic):
        return (type(value).__name__, value)
    raise TypeError(f"{type(value).__name__} is no key")
