import numpy as np

from zoo.data.synthetic import series


def test_the_same_seed_gives_the_same_series():
    one, again, other = (series.generate(50, seed=seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_day_repeats_and_the_load_leads():
    made = series.generate(2400)
    demand, load = made.values.T
    np.testing.assert_array_equal(demand[series.LEAD :], load[: -series.LEAD])
    power = np.abs(np.fft.rfft(demand - demand.mean()))
    assert np.argmax(power) == 2400 // series.SEASON
    assert (np.diff(made.times) == np.timedelta64(1, "h")).all()
