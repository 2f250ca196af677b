import numpy as np

from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.synthetic import speech


def test_every_digit_by_every_voice_and_none_twice():
    recordings = speech.generate(3, speakers=2, seed=4)
    assert len({(one.digit, one.speaker, one.index) for one in recordings}) == len(recordings) == 60
    assert len({one.samples.tobytes() for one in recordings}) == 60
    for one in recordings:
        assert one.rate == 8000
        assert 0.15 < len(one.samples) / one.rate < 0.7
        assert 0.2 < np.abs(one.samples).max() <= 1
        assert one.samples.dtype == "float32"


def test_a_seed_decides():
    one, again, other = (speech.generate(1, speakers=1, seed=seed)[3].samples for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert len(one) != len(other) or not np.allclose(one, other)


def test_a_digit_sounds_more_like_itself_than_like_others():
    """The nearest mean spectrum of other takes, beginning and end apart, tells most digits."""
    sound = LogMelSpectrogram(mel_bins=20)
    recordings = speech.generate(6, speakers=1, seed=2)

    def portrait(one):
        frames = sound.encode(one.sound)
        return np.concatenate([part.mean(axis=0) for part in np.array_split(frames, 3)])

    known = [np.mean([portrait(r) for r in recordings if r.digit == d and r.index], axis=0) for d in range(10)]
    heard = [np.argmin([np.linalg.norm(portrait(r) - one) for one in known]) for r in recordings if not r.index]
    assert np.mean(np.array(heard) == np.arange(10)) >= 0.7  # chance: 0.1
