"""Strings of digits, spoken: recordings of single ones, one after the other, with short silences between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoo.data.readers.spoken_digits import Recording

# Seconds of silence before, between and behind digits: the least and the most.
SILENCE = 0.02, 0.2
# Share of the strings without any before and behind them.
CUT = 1 / 3


@dataclass(frozen=True, eq=False)
class Utterance:
    """A spoken string of digits.

    Args:
        digits: "47".
        speaker: of the recording.
        rate: samples a second.
        samples: (N,) float32 from -1 to 1.
        spans: of each digit its first sample and the one behind its last, (D, 2) int.
    """

    digits: str
    speaker: str
    rate: int
    samples: np.ndarray
    spans: np.ndarray

    @property
    def sound(self) -> tuple[int, np.ndarray]:
        """(rate, samples)."""
        return self.rate, self.samples

    def digits_at(self, samples: np.ndarray) -> list[int | None]:
        """Return the digit that sounds at each of the samples, None in the silence between them."""
        digits: list[int | None] = [None] * len(samples)
        for digit, (begin, end) in zip(self.digits, self.spans, strict=True):
            for number in np.flatnonzero((samples >= begin) & (samples < end)):
                digits[number] = int(digit)
        return digits


def speak(recordings: Sequence[Recording], strings: Sequence[str], *, seed: int = 0) -> list[Utterance]:
    """Join recordings to strings of digits, each by one speaker, each digit by any of the speaker's recordings of it.

    Silences are of random length, and as loud as the quietest tenth of the recording before them: where digits meet is
    not to be known by a silence that no microphone hears.

    Args:
        recordings: of one split, so that what is tested was not trained on.
        strings: of digits, "47".
        seed: of speakers, recordings and silences.
    Raises:
        ValueError: recordings of several rates, or a string that no speaker has all digits for.
    """
    rates = sorted({recording.rate for recording in recordings})
    if len(rates) != 1:
        raise ValueError(f"Strings are made from recordings of one rate. Received: {rates} samples a second")
    random = np.random.default_rng(seed)
    recordings_of: dict[str, dict[str, list[Recording]]] = {}
    for recording in recordings:
        recordings_of.setdefault(recording.speaker, {}).setdefault(str(recording.digit), []).append(recording)
    return [_utterance(recordings_of, string, rates[0], random) for string in strings]


def _utterance(recordings, string: str, rate: int, random: np.random.Generator) -> Utterance:
    able = [speaker for speaker in sorted(recordings) if set(string) <= set(recordings[speaker])]
    if not string or not able:
        raise ValueError(f"No speaker has recordings of all digits of {string!r}: give more recordings.")
    speaker = able[random.integers(len(able))]
    chosen = [_pick(random, recordings[speaker][digit]) for digit in string]
    pauses = [_silence(random, recording) for recording in (chosen[0], *chosen)]
    if random.random() < CUT:  # as recordings that were cut to the speech
        pauses[0] = pauses[-1] = pauses[0][:0]
    pieces, spans, offset = [pauses[0]], [], len(pauses[0])
    for recording, pause in zip(chosen, pauses[1:], strict=True):
        spans.append((offset, offset + len(recording.samples)))
        pieces += [recording.samples, pause]
        offset += len(recording.samples) + len(pause)
    return Utterance(string, speaker, rate, np.concatenate(pieces).astype("float32"), np.array(spans))


def _silence(random, recording) -> np.ndarray:
    count = int(random.uniform(*SILENCE) * recording.rate)
    return random.normal(size=count) * np.quantile(np.abs(recording.samples), 0.1)


def _pick(random, options):
    return options[random.integers(len(options))]
