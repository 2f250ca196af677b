"""Base class of featurizers, which turn raw inputs other than text into numbers and are saved with a run."""

import dataclasses
import os
from typing import Any, ClassVar, Self

import numpy as np

from zoo.data.vocabularies.vocabulary import read_kind, write_kind
from zoo.storage.data_error import damage_as_data_error

# JSON's types of plain settings; a bool is no number.
PLAIN_TYPES: dict[Any, tuple[type, ...]] = {int: (int,), float: (int, float), bool: (bool,)}
# No setting is larger; what is made by it would not fit into memory.
MAX_SETTING = 10_000_000


@dataclasses.dataclass(frozen=True)
class Featurizer:
    """The settings by which sounds, pictures or clips become arrays of one kind.

    A new one is a frozen dataclass of plain settings with a `KIND` and an `encode`; a line in
    `zoo.data.vocabularies.load` makes it load with a run.
    """

    KIND: ClassVar[str] = ""

    @property
    def features(self) -> int | None:
        """Numbers in a frame; None where an input is no sequence of frames."""
        return None

    def encode(self, value: Any) -> np.ndarray:
        """The array (float32) of one raw input: a path, or numbers.

        Raises:
            ValueError: an input that cannot be read, and why.
        """
        raise NotImplementedError

    def save(self, path: str | os.PathLike) -> None:
        """Writes readable JSON."""
        write_kind(path, {"kind": self.KIND, **dataclasses.asdict(self)})

    @classmethod
    def load(cls, path: str | os.PathLike) -> Self:
        """Reads what `save` wrote. Raises DataError if the file is anything else."""
        content = read_kind(path, cls.KIND, {})
        settings = {name: value for name, value in content.items() if name != "kind"}
        with damage_as_data_error(path, f"settings of kind {cls.KIND}", line=1):
            cls._check_types(settings)
            return cls(**settings)

    @classmethod
    def _check_types(cls, settings: dict[str, Any]) -> None:
        """Refuse what would fail in use alone: "64" or true for a number, numbers beyond MAX_SETTING."""
        types = {field.name: field.type for field in dataclasses.fields(cls)}
        for name, value in settings.items():
            kinds = PLAIN_TYPES.get(types.get(name))
            if kinds and (type(value) not in kinds or (bool not in kinds and not abs(value) <= MAX_SETTING)):
                raise ValueError(f"{value!r:.40} as {name}")
