from collections.abc import Iterator
from typing import Any

import keras

from zoo.layers.unmasked import Unmasked

KEY = "frozen_sublayers"


class Composite(Unmasked):
    """Base class of layers made of layers: a configuration records which of these are frozen (`trainable=False`).

    Keras' own layers with sublayers keep it, because they serialise each of them; ours make theirs from their
    arguments. Saving, loading, `from_config` and `keras.models.clone_model` go through here.
    """

    _restored: list[str] | None = None

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), KEY: frozen_sublayers(self)}

    # Keras adds the constructor's arguments to the configuration of a layer whose `get_config` it takes for its own.
    get_config._is_default = True  # type: ignore[attr-defined]

    @classmethod
    def from_config(cls, config: dict[str, Any]):
        config = dict(config)
        frozen = config.pop(KEY, None)
        layer = super().from_config(config)
        layer._restored = frozen
        layer._restore()
        return layer

    def _post_build(self):
        super()._post_build()
        self._restore()  # some sublayers are made in `build`

    def _restore(self):
        if self._restored is not None:
            freeze_sublayers(self, self._restored)


def frozen_sublayers(layer: keras.layers.Layer) -> list[str]:
    """Return the addresses of all sublayers, at any depth, that are not trainable: "1.0" is the first of the second."""
    return [address for address, sublayer in _sublayers(layer) if not sublayer.trainable]


def freeze_sublayers(layer: keras.layers.Layer, frozen: list[str]) -> None:
    """Make the sublayers at these addresses not trainable, and all others trainable."""
    for address, sublayer in _sublayers(layer):  # a layer before its own: its flag goes down to them
        sublayer.trainable = address not in frozen


def _sublayers(layer, above="") -> Iterator[tuple[str, keras.layers.Layer]]:
    for number, sublayer in enumerate(layer._layers):
        address = f"{above}{number}"
        yield address, sublayer
        yield from _sublayers(sublayer, f"{address}.")
