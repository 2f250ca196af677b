"""All kinds of vocabularies, by what their files say they are."""

import os

from zoo.data.extended import OpenVocabulary
from zoo.data.positions import Positions
from zoo.data.senses import Sense
from zoo.data.vocabulary import Labels, Vocabulary, read_kind

KINDS: dict[str, type[Vocabulary] | type[Labels] | type[Positions] | type[Sense]] = {
    "vocabulary": Vocabulary,
    "open vocabulary": OpenVocabulary,
    "labels": Labels,
    "positions": Positions,
}


def load_vocabulary(path: str | os.PathLike) -> Vocabulary | Labels | Positions | Sense:
    """Loads whichever kind the file says it holds. Raises DataError if it holds none."""
    return KINDS[read_kind(path, tuple(KINDS), {})["kind"]].load(path)
