"""Digits as a machine would speak them: a pitch with two formants that glide, and hissing."""

import numpy as np

from zoo.data.readers.spoken_digits import Recording

RATE = 8000
# Of each digit its parts: hertz of the two formants where the part begins and where it ends, and how much it hisses.
DIGITS = (
    (((500, 2300), (450, 1900), 0.6), ((400, 1800), (450, 900), 0.0)),
    (((350, 700), (650, 1100), 0.0), ((450, 1300), (400, 1400), 0.0)),
    (((400, 2900), (350, 2500), 0.8), ((320, 1000), (300, 800), 0.0)),
    (((500, 1500), (400, 1300), 0.5), ((300, 2200), (280, 2400), 0.0)),
    (((600, 1100), (550, 900), 0.4), ((500, 850), (480, 1200), 0.0)),
    (((700, 1200), (700, 1250), 0.3), ((600, 1800), (400, 2200), 0.0)),
    (((400, 2600), (400, 2700), 0.9), ((420, 1900), (400, 2000), 0.0), ((500, 3000), (500, 3200), 0.9)),
    (((450, 2800), (520, 1800), 0.7), ((550, 1700), (500, 1300), 0.1), ((450, 1400), (400, 1500), 0.0)),
    (((550, 1900), (480, 2000), 0.0), ((350, 2300), (600, 2800), 0.4)),
    (((380, 1500), (700, 1250), 0.0), ((750, 1300), (400, 2100), 0.0), ((350, 1500), (300, 1450), 0.0)),
)


def generate(takes: int = 12, *, speakers: int = 2, noise: float = 0.02, seed: int = 0) -> list[Recording]:
    """Synthesize every digit by every speaker; no two recordings are equal.

    Args:
        takes: recordings of each digit by each speaker.
        speakers: who differ in pitch, in the length of their throats and in tempo.
        noise: of the room, its deviation beside a voice that is as loud as 1.
        seed: of speakers and recordings.
    Shapes:
        recordings of 8000 samples a second, 0.2 to 0.6 seconds long.
    """
    random = np.random.default_rng(seed)
    voices = [(random.uniform(90, 220), random.uniform(0.9, 1.12), random.uniform(0.9, 1.15)) for _ in range(speakers)]
    return [
        Recording(digit, f"voice{number}", take, RATE, _render(DIGITS[digit], *voice, noise, random))
        for digit in range(10)
        for number, voice in enumerate(voices)
        for take in range(takes)
    ]


def _render(parts, pitch, throat, tempo, noise, random) -> np.ndarray:
    tempo, pitch = tempo * random.uniform(0.85, 1.2), pitch * random.uniform(0.92, 1.08)
    throat = throat * random.uniform(0.97, 1.03)
    samples = np.concatenate([_part(part, pitch, throat, tempo, random) for part in parts])
    samples = samples / np.abs(samples).max() * random.uniform(0.3, 0.9)
    return (samples + random.normal(size=len(samples)) * noise * np.abs(samples).max()).astype("float32")


def _part(part, pitch, throat, tempo, random) -> np.ndarray:
    begin, end, hiss = part
    count = int(RATE * tempo * random.uniform(0.1, 0.18))
    time = np.linspace(0, 1, count)[:, None]
    formants = throat * (np.array(begin) + (np.array(end) - np.array(begin)) * time)
    harmonics = np.arange(1, int(RATE / 2 / pitch))
    phases = 2 * np.pi * harmonics * (np.arange(count)[:, None] * pitch / RATE) + random.uniform(0, 6, len(harmonics))
    # A harmonic is as loud as it is near to a formant; the second formant is the softer one.
    loud = sum(
        share * np.exp(-(((harmonics * pitch - formants[:, [formant]]) / (120 + 40 * formant)) ** 2))
        for formant, share in ((0, 1.0), (1, 0.6))
    )
    voiced = (loud * np.sin(phases)).sum(axis=1)
    # Noise that is moved up to the second formant.
    carrier = np.sin(2 * np.pi * np.cumsum(formants[:, 1]) / RATE)
    unvoiced = np.convolve(random.normal(size=count), np.ones(4) / 4, "same") * carrier
    envelope = np.sin(np.pi * np.clip(time[:, 0] * 0.9 + 0.05, 0, 1)) ** 0.5
    return envelope * ((1 - hiss) * voiced / (np.abs(voiced).max() + 1e-9) + hiss * unvoiced)
