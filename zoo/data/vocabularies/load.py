"""All kinds of vocabularies, by the kind that their files name."""

import os

from zoo.data.featurizers.drawings import Drawings
from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.featurizers.forecast_windows import ForecastWindows
from zoo.data.featurizers.images import ImageResizer, VideoFrames
from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.featurizers.piano_rolls import PianoRolls
from zoo.data.vocabularies.copy_vocabulary import CopyVocabulary
from zoo.data.vocabularies.dialogues import Utterances
from zoo.data.vocabularies.pointer_vocabulary import PointerVocabulary
from zoo.data.vocabularies.vocabulary import Labels, Vocabulary, read_kind

KINDS: dict[str, type[Vocabulary] | type[Labels] | type[PointerVocabulary] | type[Featurizer] | type[Utterances]] = {
    "vocabulary": Vocabulary,
    "open vocabulary": CopyVocabulary,
    "labels": Labels,
    "utterances": Utterances,
    "positions": PointerVocabulary,
    "sound": LogMelSpectrogram,
    "pictures": ImageResizer,
    "clips": VideoFrames,
    "drawings": Drawings,
    "windows": ForecastWindows,
    "piano rolls": PianoRolls,
}


def load_vocabulary(path: str | os.PathLike) -> Vocabulary | Labels | PointerVocabulary | Featurizer | Utterances:
    """Loads a vocabulary of the kind that its file names. Raises DataError for another file."""
    return KINDS[read_kind(path, tuple(KINDS), {})["kind"]].load(path)
