"""Piano rolls to MIDI files, to be heard, and back."""

import io
import os

import numpy as np

from zoo.data.files import DataError, replace_file
from zoo.data.readers.chorales import HIGHEST, KEYS, LOWEST

TICKS_PER_BEAT = 480
VELOCITY = 80
DRUMS = 9  # the channel whose notes are no pitches


def write(path: str | os.PathLike, roll: np.ndarray, *, beats_per_minute: float = 100, steps_per_beat: int = 1) -> None:
    """Writes a roll as a MIDI file for piano; the file appears whole or not at all.

    A key that is down in steps that follow each other is one held note.

    Args:
        path: the file.
        roll: (T, 88), column 0 the lowest key; above 0.5 is down.
        beats_per_minute: the tempo.
        steps_per_beat: 1 if a step is a quarter note, 4 if it is a sixteenth.
    Raises:
        ValueError: a roll of another shape, or a tempo or steps that no file can hold.
    """
    import mido

    down = np.asarray(roll) > 0.5
    if down.ndim != 2 or down.shape[1] != KEYS:
        raise ValueError(f"a piano roll is (steps, {KEYS}), received: shape {down.shape}.")
    if steps_per_beat < 1 or TICKS_PER_BEAT % steps_per_beat:
        raise ValueError(f"steps_per_beat must divide {TICKS_PER_BEAT}, received: {steps_per_beat}.")
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
                track.append(mido.Message(kind, note=pitch, velocity=VELOCITY, time=time))
                before = number
    track.append(mido.MetaMessage("end_of_track", time=(len(down) - before) * step))
    file = mido.MidiFile(ticks_per_beat=TICKS_PER_BEAT, tracks=[track])
    with replace_file(path) as temporary:
        file.save(temporary)


def read(
    path: str | os.PathLike, *, steps_per_beat: int = 1, drums: bool = False, content: bytes | None = None
) -> np.ndarray:
    """Reads a MIDI file as a roll: every note from the step it begins in to the one it ends in, at least one step.

    Notes of all tracks and instruments are put together, drums are left out.

    Args:
        path: the file; with `content` its name alone, for messages.
        steps_per_beat: as in `write`.
        drums: the drums instead, which have no pitches: a column is a piece of the kit, by its number.
        content: the bytes, where they come from elsewhere (a data set).
    Shapes:
        (T, 88) float32 of 0 and 1.
    Raises:
        DataError: no MIDI file, or a note that is no key of a piano.
    """
    import mido

    try:
        file = mido.MidiFile(path) if content is None else mido.MidiFile(file=io.BytesIO(content))
        messages = mido.merge_tracks(file.tracks)
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, TypeError, LookupError) as error:
        raise DataError(path, None, "a MIDI file", f"{type(error).__name__}: {error}") from error
    step = file.ticks_per_beat / steps_per_beat
    notes: list[tuple[int, float, float]] = []
    begun: dict[tuple[int, int], float] = {}
    now = 0.0
    for message in messages:
        now += message.time / step
        if message.type not in ("note_on", "note_off") or (message.channel == DRUMS) != drums:
            continue
        if not LOWEST <= message.note <= HIGHEST:
            raise DataError(path, None, f"notes of {LOWEST} to {HIGHEST}", f"the note {message.note}")
        start = begun.pop((message.channel, message.note), None)
        if start is not None:
            notes.append((message.note - LOWEST, start, now))
        if message.type == "note_on" and message.velocity:
            begun[message.channel, message.note] = now
    notes += [(pitch - LOWEST, start, now) for (_, pitch), start in begun.items()]
    spans = [(key, round(start), max(round(start) + 1, round(end))) for key, start, end in notes]
    roll = np.zeros((max([round(now), *(end for _, _, end in spans)]), KEYS), "float32")
    for key, first, end in spans:
        roll[first:end, key] = 1.0
    return roll
