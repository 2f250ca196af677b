import numpy as np

from zoo.recipes.baselines.linear_forecast import linear_forecast


def windows(series, seen=48, ahead=6):
    places = np.arange(len(series) - seen - ahead + 1)[:, None]
    return series[places + np.arange(seen)], series[places + seen + np.arange(ahead)]


def test_a_trend_with_a_season_is_forecast_exactly():
    t = np.arange(400.0)
    seen, future = windows(0.1 * t + 3 * np.sin(2 * np.pi * t / 12))
    said = linear_forecast((seen[:200], future[:200]), (seen[200:250], future[200:250]), seen[300:])
    np.testing.assert_allclose(said, future[300:], atol=0.05)


def test_among_noise_weights_are_held_small(random):
    """Where there is nothing to learn but the mean, it is no worse than repeating the last number."""
    seen, future = windows(random.normal(size=300))
    said = linear_forecast((seen[:120], future[:120]), (seen[120:180], future[120:180]), seen[180:])
    assert np.mean((said - future[180:]) ** 2) < np.mean((seen[180:, -1:] - future[180:]) ** 2)
