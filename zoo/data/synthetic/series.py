"""A series that somebody made: a slow wave, a season that swells and fades, and noise that lasts."""

import numpy as np

from zoo.data.readers.series import Series

SEASON, LEAD = 24, 6


def generate(rows: int, seed: int = 0) -> Series:
    """Hourly numbers in two columns.

        y_t = 20 + 3 sin(2 pi t / 500) + a_t sin(2 pi t / 24) + e_t,    e_t = 0.5 e_{t-1} + N(0, 1)
        a_t = 5 + 2 sin(2 pi t / 168)

    The second column, "load", is what the first will be 6 hours later.

    Args:
        rows: how many.
        seed: of the noise.
    """
    random = np.random.default_rng(seed)
    t = np.arange(rows + LEAD)
    noise = np.zeros(rows + LEAD)
    drawn = random.normal(size=rows + LEAD)
    for step in range(1, rows + LEAD):
        noise[step] = 0.5 * noise[step - 1] + drawn[step]
    swell = 5 + 2 * np.sin(2 * np.pi * t / 168)
    y = 20 + 3 * np.sin(2 * np.pi * t / 500) + swell * np.sin(2 * np.pi * t / SEASON) + noise
    times = np.datetime64("2020-01-01T00:00") + np.arange(rows) * np.timedelta64(1, "h")
    return Series(times, np.stack([y[:-LEAD], y[LEAD:]], axis=1), ("demand", "load"))
