"""What turns raw inputs that are no texts into numbers; kept with a run, so that the run takes raw inputs."""

import dataclasses
import os
from typing import Any, ClassVar, Self

import numpy as np

from zoo.data.files import DataError
from zoo.data.vocabulary import read_kind, write_kind


@dataclasses.dataclass(frozen=True)
class Sense:
    """The settings by which sounds, pictures or clips become arrays of one kind.

    A new one is a frozen dataclass of plain settings with a `KIND` and an `encode`; a line in `zoo.data.vocabularies`
    makes it load with a run.
    """

    KIND: ClassVar[str] = ""

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
        try:
            return cls(**settings)
        except (TypeError, ValueError) as error:
            raise DataError(path, 1, f"settings of kind {cls.KIND}", f"others: {error}") from error
