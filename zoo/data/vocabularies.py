"""All kinds of vocabularies, by what their files say they are."""

import os

from zoo.data.dialogues import Utterances
from zoo.data.drawings import Drawings
from zoo.data.extended import OpenVocabulary
from zoo.data.midi import PianoRolls
from zoo.data.pictures import Clips, Pictures
from zoo.data.positions import Positions
from zoo.data.senses import Sense
from zoo.data.sound import Sound
from zoo.data.vocabulary import Labels, Vocabulary, read_kind
from zoo.data.windows import Windows

KINDS: dict[str, type[Vocabulary] | type[Labels] | type[Positions] | type[Sense] | type[Utterances]] = {
    "vocabulary": Vocabulary,
    "open vocabulary": OpenVocabulary,
    "labels": Labels,
    "utterances": Utterances,
    "positions": Positions,
    "sound": Sound,
    "pictures": Pictures,
    "clips": Clips,
    "drawings": Drawings,
    "windows": Windows,
    "piano rolls": PianoRolls,
}


def load_vocabulary(path: str | os.PathLike) -> Vocabulary | Labels | Positions | Sense | Utterances:
    """Loads whichever kind the file says it holds. Raises DataError if it holds none."""
    return KINDS[read_kind(path, tuple(KINDS), {})["kind"]].load(path)
