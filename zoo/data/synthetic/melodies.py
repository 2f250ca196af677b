"""Pieces for four voices, in chords that follow each other as in a hymn."""

import numpy as np

LOWEST, KEYS = 21, 88
SCALE = (0, 2, 4, 5, 7, 9, 11)
# Chords by the step of the scale they stand on, from 0, and what may follow.
FOLLOWING = {0: (1, 3, 4, 5), 1: (4,), 3: (0, 1, 4), 4: (0, 5), 5: (1, 3)}
CADENCE = (3, 4, 0)
BASS, SOPRANO = range(36, 52), range(62, 80)
PHRASE = 8  # steps


def generate(count: int, *, seed: int = 0) -> list[dict[str, np.ndarray]]:
    """Draw pieces of two to six phrases of eight steps, in any of the twelve major keys.

    Every step is a triad of the key, its root in the bass and all three notes close together above. Chords follow each
    other by `FOLLOWING`, a phrase begins on the first chord and ends with those of `CADENCE`; the upper voice goes
    the shorter ways more often. Baselines, in nats a step: each key as often as it sounds anywhere 12.5; as often
    as it follows itself or its silence 11.9.

    Args:
        count: examples.
        seed: of the draws.
    Shapes:
        {"target": roll (T, 88) float32 of 0 and 1}, four keys down at every step; T is 16 to 48, column 0 is the
        lowest key of a piano, MIDI number 21.
    """
    rng = np.random.default_rng(seed)
    return [{"target": _piece(rng)} for _ in range(count)]


def _piece(rng: np.random.Generator) -> np.ndarray:
    tonic = int(rng.integers(12))
    chords = [chord for _ in range(rng.integers(2, 7)) for chord in _phrase(rng)]
    roll = np.zeros((len(chords), KEYS), "float32")
    bass, soprano = 43, 70
    for step, chord in enumerate(chords):
        classes = [(tonic + SCALE[(chord + third) % 7]) % 12 for third in (0, 2, 4)]
        bass = min((pitch for pitch in BASS if pitch % 12 == classes[0]), key=lambda pitch: abs(pitch - bass))
        tones = [pitch for pitch in SOPRANO if pitch % 12 in classes]
        chances = np.exp(-np.abs(np.array(tones) - soprano) / 2)
        soprano = int(rng.choice(tones, p=chances / chances.sum()))
        below = [pitch for pitch in range(soprano - 12, soprano) if pitch % 12 in classes][-2:]
        roll[step, [pitch - LOWEST for pitch in (bass, *below, soprano)]] = 1.0
    return roll


def _phrase(rng: np.random.Generator) -> list[int]:
    """The chords of a phrase: from the first, by `FOLLOWING`, to the cadence."""
    while True:
        chords = [0]
        while len(chords) < PHRASE - len(CADENCE):
            chords.append(int(rng.choice(FOLLOWING[chords[-1]])))
        if CADENCE[0] in FOLLOWING[chords[-1]]:
            return [*chords, *CADENCE]
