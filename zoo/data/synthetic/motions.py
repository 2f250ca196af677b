"""Activities as a watch on the wrist feels them: acceleration and rotation along three axes."""

import numpy as np

ACTIVITIES = ("badminton", "running", "standing", "walking")
RATE = 10.0  # frames a second
# Oscillations a second of a stride, and how much of it each channel feels: acceleration x, y, z, rotation x, y, z.
STRIDES = {"walking": (0.8, 1.2), "running": (1.4, 1.9)}
CHANNELS = np.array([1.0, 0.6, 1.4, 0.5, 0.9, 0.4])


def generate(count: int, *, length: int = 100, seed: int = 0) -> list[tuple[np.ndarray, str]]:
    """Draw recordings of four activities, all of which are wearers of different strength and different straps.

    Walking and running are strides with their second harmonic and differ in pace, not in strength; badminton is strokes
    at any time, each a short swing; standing is a slow sway with now and then a fidget. Baselines: chance 0.25; the
    nearest class centre of each channel's mean and deviation reaches about 0.4, logistic regression on
    the spectra about 0.98.

    Args:
        count: examples, the activities in equal chances.
        length: steps T, ten a second.
        seed: of the draws.
    Shapes:
        frames (T, 6) float32: acceleration x, y, z and rotation x, y, z. Target one of `ACTIVITIES`.
    Raises:
        ValueError: length < 1.
    """
    if length < 1:
        raise ValueError(f"A recording has a frame. Received: length={length}. Pass length >= 1.")
    rng = np.random.default_rng(seed)
    seconds = np.arange(length) / RATE
    return [_record(rng, ACTIVITIES[kind], seconds) for kind in rng.integers(0, len(ACTIVITIES), count)]


def _record(rng: np.random.Generator, activity: str, seconds: np.ndarray) -> tuple[np.ndarray, str]:
    channels = CHANNELS * rng.lognormal(0, 0.4, 6)
    phases = rng.uniform(0, 2 * np.pi, 6)
    clock = seconds[:, None]  # (T, 1)
    if activity in STRIDES:
        pace = rng.uniform(*STRIDES[activity]) * 2 * np.pi * clock
        motion = np.sin(pace + phases) + rng.uniform(0.3, 0.8) * np.sin(2 * pace + phases[::-1])
    elif activity == "badminton":
        motion = _bursts(rng, clock, phases, strokes=int(rng.integers(4, 9)), strength=2.5)
    else:
        motion = 0.3 * np.sin(rng.uniform(0.1, 0.4) * 2 * np.pi * clock + phases)
        motion += _bursts(rng, clock, phases, strokes=int(rng.integers(0, 3)), strength=2.0)
    strength = rng.uniform(0.5, 1.8)
    resting = rng.normal(0, 0.4, 6)  # how the watch is strapped
    noise = rng.normal(0, 0.25, motion.shape)
    return (strength * channels * motion + resting + noise).astype("float32"), activity


def _bursts(
    rng: np.random.Generator, clock: np.ndarray, phases: np.ndarray, *, strokes: int, strength: float
) -> np.ndarray:
    """Swings of a fifth of a second or so at `strokes` random times: (T, 6)."""
    motion = np.zeros((len(clock), 6))
    for time in rng.uniform(0, clock[-1, 0], strokes):
        since = clock - time
        swing = np.exp(-0.5 * (since / rng.uniform(0.15, 0.3)) ** 2)
        motion += strength * swing * np.cos(2 * np.pi * rng.uniform(1.0, 2.5) * since + phases)
    return motion
