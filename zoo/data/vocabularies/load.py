"""All kinds of vocabularies, by what their files say they are."""

import os

from zoo.data.featurizers.drawings import Drawings
from zoo.data.featurizers.featurizer import Sense
from zoo.data.featurizers.forecast_windows import Windows
from zoo.data.featurizers.images import Clips, Pictures
from zoo.data.featurizers.log_mel_spectrogram import Sound
from zoo.data.featurizers.piano_rolls import PianoRolls
from zoo.data.vocabularies.copy_vocabulary import OpenVocabulary
from zoo.data.vocabularies.dialogues import Utterances
from zoo.data.vocabularies.pointer_vocabulary import Positions
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary, read_kind

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
