"""Piano rolls from MIDI files, and to them."""

import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.readers.chorales import HIGHEST, KEYS, LOWEST
from zoo.storage.data_error import damage_as_data_error
from zoo.storage.files import DataError, replace_file

TICKS_PER_BEAT = 480
VELOCITY = 80
DRUMS = 9  # the channel whose notes are no pitches
# Steps of a piece: hours of music. A rest is written in five bytes, however long it is.
MAX_STEPS = 100_000
KEY_SIGNATURE = re.compile(rb"(\xff\x59\x02)(.)(.)", re.DOTALL)


@dataclass(frozen=True)
class PianoRolls(Featurizer):
    """MIDI files as rolls of one kind, and back.

    Args:
        steps_per_beat: 1 if a step is a quarter note, 4 if it is a sixteenth.
        drums: whether keys are pieces of a drum kit, which have a channel of their own, instead of pitches.
    Raises:
        ValueError: steps that no file can hold.
    """

    KIND: ClassVar[str] = "piano rolls"
    steps_per_beat: int = 1
    drums: bool = False

    def __post_init__(self):
        _check_steps(self.steps_per_beat)

    def encode(self, value: Any) -> np.ndarray:
        """(T, 88) float32 of 0 and 1, of the path of a MIDI file.

        Raises:
            DataError: as `read`.
        """
        return read(value, steps_per_beat=self.steps_per_beat, drums=self.drums)

    def write(self, path: str | os.PathLike, roll: np.ndarray) -> None:
        """Write a roll (T, 88) as a MIDI file; see `write`."""
        write(path, roll, steps_per_beat=self.steps_per_beat, drums=self.drums)


def write(
    path: str | os.PathLike,
    roll: np.ndarray,
    *,
    beats_per_minute: float = 100,
    steps_per_beat: int = 1,
    drums: bool = False,
) -> None:
    """Writes a roll as a MIDI file for piano; the file appears whole or not at all.

    A key that is down in steps that follow each other is one held note.

    Args:
        path: the file.
        roll: (T, 88), column 0 the lowest key; above 0.5 is down.
        beats_per_minute: the tempo.
        steps_per_beat: 1 if a step is a quarter note, 4 if it is a sixteenth.
        drums: write notes of drums instead of a piano's.
    Raises:
        ValueError: a roll of another shape, or a tempo or steps that no file can hold.
    """
    import mido

    down = np.asarray(roll) > 0.5
    if down.ndim != 2 or down.shape[1] != KEYS:
        raise ValueError(f"a piano roll is (steps, {KEYS}), received: shape {down.shape}.")
    _check_steps(steps_per_beat)
    if not 4 <= beats_per_minute <= 1000:
        raise ValueError(f"beats_per_minute must be 4 to 1000, received: {beats_per_minute}.")
    step = TICKS_PER_BEAT // steps_per_beat
    silence = np.zeros((1, KEYS), "int8")
    changes = np.diff(down.astype("int8"), axis=0, prepend=silence, append=silence)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(beats_per_minute))])
    before = 0
    for number, change in enumerate(changes):
        # Notes end before others begin.
        ends, begins = np.flatnonzero(change < 0), np.flatnonzero(change > 0)
        for kind, keys in (("note_off", ends), ("note_on", begins)):
            for key in keys:
                pitch, time = int(key) + LOWEST, (number - before) * step
                channel = DRUMS if drums else 0
                track.append(mido.Message(kind, note=pitch, channel=channel, velocity=VELOCITY, time=time))
                before = number
    track.append(mido.MetaMessage("end_of_track", time=(len(down) - before) * step))
    file = mido.MidiFile(ticks_per_beat=TICKS_PER_BEAT, tracks=[track])
    with replace_file(path) as temporary:
        file.save(temporary)


def read(
    path: str | os.PathLike,
    *,
    steps_per_beat: int = 1,
    drums: bool = False,
    content: bytes | None = None,
    maximum_steps: int = MAX_STEPS,
) -> np.ndarray:
    """Reads a MIDI file as a roll: every note from the step it begins in to the one it ends in, at least one step.

    Notes of all tracks and instruments are put together, drums are left out.

    Args:
        path: the file; with `content` its name alone, for messages.
        steps_per_beat: as in `write`.
        drums: the drums instead, which have no pitches: a column is a piece of the kit, by its number.
        content: the bytes, where they come from elsewhere (a data set).
        maximum_steps: that a piece may have.
    Shapes:
        (T, 88) float32 of 0 and 1.
    Raises:
        DataError: no MIDI file, one that counts time in frames of film (SMPTE) instead of beats, a note that is no key
            of a piano, or a piece that is too long or has no step.
    """
    import mido

    content = Path(path).read_bytes() if content is None else content
    with damage_as_data_error(path, "a MIDI file"):
        try:
            file = mido.MidiFile(file=io.BytesIO(content))
        except mido.KeySignatureError:  # its notes are fine, and keys are not read
            file = mido.MidiFile(file=io.BytesIO(KEY_SIGNATURE.sub(_known_key, content)))
        messages = mido.merge_tracks(file.tracks)
    if file.ticks_per_beat < 1:
        received = "frames of film (SMPTE): save it with ticks a beat" if file.ticks_per_beat else "0 ticks a beat"
        raise DataError(path, None, "time in ticks a beat, 1 or more", received)
    step = file.ticks_per_beat / steps_per_beat
    notes: list[tuple[int, float, float]] = []
    started: dict[tuple[int, int], float] = {}
    now, has_other_notes = 0.0, False
    for message in messages:
        now += message.time / step
        if message.type not in ("note_on", "note_off"):
            continue
        if (message.channel == DRUMS) != drums:
            has_other_notes = True
            continue
        if not LOWEST <= message.note <= HIGHEST:
            raise DataError(path, None, f"notes of {LOWEST} to {HIGHEST}", f"the note {message.note}")
        start = started.pop((message.channel, message.note), None)
        if start is not None:
            notes.append((message.note - LOWEST, start, now))
        if message.type == "note_on" and message.velocity:
            started[message.channel, message.note] = now
    notes += [(pitch - LOWEST, start, now) for (_, pitch), start in started.items()]
    if now > maximum_steps:
        raise DataError(
            path, None, f"a piece of at most {maximum_steps:,} steps", f"{now:,.0f}: cut it, or shorten its rests"
        )
    spans = [(key, round(start), max(round(start) + 1, round(end))) for key, start, end in notes]
    # A file of drums alone is a silent piece, of one step at least.
    roll = np.zeros((max([round(now), int(has_other_notes), *(end for _, _, end in spans)]), KEYS), "float32")
    if not len(roll):
        raise DataError(path, None, "a piece of one step or more", "none: it has no notes")
    for key, first, end in spans:
        roll[first:end, key] = 1.0
    return roll


def _check_steps(steps_per_beat: int) -> None:
    if steps_per_beat < 1 or TICKS_PER_BEAT % steps_per_beat:
        raise ValueError(f"steps_per_beat must divide {TICKS_PER_BEAT}, received: {steps_per_beat}.")


def _known_key(match: re.Match) -> bytes:
    """C major for a key that there is not: more than 7 sharps or flats, neither major nor minor."""
    is_known = (match[2][0] + 7) % 256 <= 14 and match[3][0] <= 1
    return match[0] if is_known else match[1] + b"\0\0"
