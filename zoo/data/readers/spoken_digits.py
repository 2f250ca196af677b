"""Recordings of spoken digits, one a WAV file named `{digit}_{speaker}_{index}.wav`: the free spoken digits."""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from zoo.data.readers import wav
from zoo.storage.containers import tar_members
from zoo.storage.extras import import_extra
from zoo.storage.files import DataError, visible_files

NAME = re.compile(r"(\d)_(.+)_(\d{1,9})\.wav")
ARCHIVES = (".tar", ".tar.gz", ".tgz")
# The folder of recordings in the published one.
PUBLISHED = "recordings"
# A recording is a second or two; nothing larger is taken into memory.
LARGEST = 50_000_000
# Of the published recordings of a digit by a speaker, these are for testing and for validation.
TEST, VALIDATION = range(5), range(5, 10)


@dataclass(frozen=True, eq=False)
class Recording:
    """One spoken digit.

    Args:
        digit: 0 to 9.
        speaker: of the recording.
        index: which of the speaker's recordings of this digit it is.
        rate: samples a second.
        samples: (N,) float32 from -1 to 1.
    """

    digit: int
    speaker: str
    index: int
    rate: int
    samples: np.ndarray

    @property
    def sound(self) -> tuple[int, np.ndarray]:
        """(rate, samples)."""
        return self.rate, self.samples


def is_there(path: Path) -> bool:
    """Return whether a path is an archive, or a folder with archives or recordings by their names, or with such a
    folder.
    """
    if path.is_dir():
        path = _folder_of(path)
        return any(file.name.endswith(ARCHIVES) or NAME.fullmatch(file.name) for file in visible_files(path))
    return path.name.endswith(ARCHIVES)


def read(path: Path) -> list[Recording]:
    """Reads all recordings of an archive, or of a folder of archives or WAV files, by digit, speaker and index.

    The published folder has them in its folder `recordings`.

    Archives are read in memory: nothing is unpacked, and where a member's name points to does not matter. Silent
    recordings are left out; one warning has their number.

    Raises:
        DataError: a damaged archive or recording, a recording that is there twice, or none at all.
    """
    recordings: dict[tuple, Recording] = {}
    silent = []
    for where, name, content in _files(path):
        match = NAME.fullmatch(name)
        if match is None:
            continue
        digit, speaker, index = int(match[1]), match[2], int(match[3])
        if (digit, speaker, index) in recordings:
            raise DataError(where, None, "each recording once", f"{name} for the second time")
        try:
            rate, samples = wav.read(where / name, content=content)
        except wav.SilenceError:
            silent.append(name)
            continue
        recordings[digit, speaker, index] = Recording(digit, speaker, index, rate, samples)
    if not recordings:
        raise DataError(path, None, "recordings named {digit}_{speaker}_{index}.wav", "none")
    if silent:
        warnings.warn(wav.silence_warning(path, silent, len(recordings)), stacklevel=2)
    return [recordings[key] for key in sorted(recordings)]


def named(sounds: Iterable[tuple[str, int, np.ndarray]], where: str) -> list[Recording]:
    """Recordings of sounds that carry the names of their files, by digit, speaker and index.

    Args:
        sounds: (name, rate, samples).
        place: where they come from, for errors.
    Raises:
        DataError: another name, or what is no sound.
    """
    recordings = {}
    for name, rate, samples in sounds:
        match = NAME.fullmatch(name)
        if match is None:
            raise DataError(where, None, "recordings named {digit}_{speaker}_{index}.wav", name)
        key = int(match[1]), match[2], int(match[3])
        try:
            recordings[key] = Recording(*key, rate, wav.as_samples(samples))
        except ValueError as error:
            raise DataError(where, None, "sounds", f"{error} in {name}") from error
    return [recordings[key] for key in sorted(recordings)]


def split(recordings: list[Recording], *, held_out: str | None = None) -> dict[str, list[Recording]]:
    """Recordings by split.

    Args:
        recordings: of each digit by each speaker; where there are more than 10, index 0 to 4 are for testing and 5 to 9
            for validation, as published; else index 0 and 1.
        held_out: a speaker whose recordings are for testing, all of them, and no others: how well somebody is
            recognised who does not occur in training.
    Raises:
        ValueError: no such speaker, or a split without recordings.
    """
    speakers = sorted({recording.speaker for recording in recordings})
    if held_out is not None and held_out not in speakers:
        raise ValueError(f"held_out must be one of the speakers {', '.join(speakers)}. Received: {held_out!r}")
    many = max(recording.index for recording in recordings) >= 10
    test, validation = (TEST, VALIDATION) if many else (range(1), range(1, 2))
    parts: dict[str, list[Recording]] = {"train": [], "validation": [], "test": []}
    for one in recordings:
        tested = one.index in test if held_out is None else one.speaker == held_out
        parts["test" if tested else "validation" if one.index in validation else "train"].append(one)
    for name, part in parts.items():
        if not part:
            raise ValueError(f"The {name} split holds no recordings: give three or more of each digit by each speaker.")
    return parts


def at_speeds(recordings: list[Recording], percents: Sequence[int] = (90, 100, 110)) -> list[Recording]:
    """Every recording at several speeds, 110 a tenth faster and higher: more to train on.

    Reference: Ko et al. 2015, Audio Augmentation for Speech Recognition.
    """
    resample_poly = import_extra("scipy.signal", "audio").resample_poly

    return [
        one if percent == 100 else replace(one, samples=resample_poly(one.samples, 100, percent).astype("float32"))
        for one in recordings
        for percent in percents
    ]


def _folder_of(path: Path) -> Path:
    return path / PUBLISHED if (path / PUBLISHED).is_dir() else path


def _files(path: Path) -> Iterator[tuple[Path, str, bytes]]:
    """(where it is, name, bytes) of all WAV files."""
    if path.is_dir():
        path = _folder_of(path)
        for file in visible_files(path):
            if file.name.endswith(ARCHIVES):
                yield from _members(file)
            elif NAME.fullmatch(file.name) and file.is_file():
                yield path, file.name, file.read_bytes()
    else:
        yield from _members(path)


def _members(path: Path) -> Iterator[tuple[Path, str, bytes]]:
    for name, content in tar_members(path, lambda name: name.endswith(".wav"), largest=LARGEST):
        if content is not None:
            yield path, PurePosixPath(name).name, content
