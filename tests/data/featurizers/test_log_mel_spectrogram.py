"""Frames against the definition, in float64; what they do not depend on; repairs that are said."""

import warnings

import keras
import numpy as np
import pytest

from zoo.data.featurizers.log_mel_spectrogram import LogMelSpectrogram
from zoo.data.readers import wav
from zoo.storage.files import DataError

TIME = np.arange(2400) / 8000
CHIRP = 0.4 * np.sin(2 * np.pi * (300 * TIME + 2000 * TIME**2)) + 0.01 * np.sin(2 * np.pi * 3000 * TIME)


def triangles(sound, size):
    """The mel bands as triangles over the bins of a transform of `size`, HTK's scale."""
    mel = lambda hertz: 2595 * np.log10(1 + np.asarray(hertz) / 700)  # noqa: E731
    edges = np.linspace(mel(sound.lowest), mel(sound.rate / 2), sound.mel_bins + 2)
    places = mel(np.arange(size // 2 + 1) * sound.rate / size)
    rising = (places[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - places[:, None]) / np.diff(edges)[1:]
    bands = np.maximum(0, np.minimum(rising, falling))
    bands[0] = 0  # what does not move makes no sound
    return bands


def decibels(sound, samples):
    """By definition: windows around every step, reflected in front of the sound, silence behind it."""
    window = round(sound.rate * sound.window / 1000)
    size = 1 << (window - 1).bit_length()
    wide = np.concatenate([samples[1 : size // 2 + 1][::-1], samples, np.zeros(size)])
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    hann = np.pad(hann, ((size - window) // 2, size - window - (size - window) // 2))
    count = -(-len(samples) // sound.step)
    frames = np.stack([wide[s * sound.step :][:size] * hann for s in range(count)])
    loud = 10 * np.log10(np.maximum(np.abs(np.fft.rfft(frames)) ** 2 @ triangles(sound, size), 1e-10))
    return np.maximum(loud, loud.max() - 80)


@pytest.mark.parametrize("settings", [{}, {"stride": 7.5, "window": 20.0, "mel_bins": 13, "lowest": 100.0}])
def test_frames_are_what_the_definition_says(settings):
    sound = LogMelSpectrogram(normalized=False, **settings)
    expected = decibels(sound, CHIRP)
    found = sound.encode(CHIRP)
    assert found.shape == expected.shape
    assert found.dtype == "float32"
    np.testing.assert_allclose(found, expected, atol=0.05)
    normalized = LogMelSpectrogram(**settings).encode(CHIRP)
    plain = (found - found.mean(axis=0)) / np.maximum(found.std(axis=0), 1)
    np.testing.assert_allclose(normalized, plain, atol=1e-5)


@pytest.mark.each_backend
def test_loudness_and_what_follows_change_nothing():
    sound = LogMelSpectrogram()
    frames = sound.encode(CHIRP)
    np.testing.assert_allclose(sound.encode(CHIRP * 0.1), frames, atol=1e-3)
    # Padded to another shape; frames behind the loudest part are as they were.
    plain = LogMelSpectrogram(normalized=False)
    longer = np.concatenate([CHIRP, np.full(9000, 1e-6)])
    np.testing.assert_allclose(plain.encode(longer)[:28], plain.encode(CHIRP)[:28], atol=1e-3)


@pytest.mark.parametrize("count", [1, 79, 80, 81, 199, 5000])
def test_any_length_has_its_frames(count):
    sound = LogMelSpectrogram()
    frames = sound.encode(np.random.default_rng(0).normal(size=count) * 0.1)
    assert frames.shape == (-(-count // 80), 40)
    assert np.isfinite(frames).all()
    places = sound.frame_centers((8000, np.zeros(count)))
    assert places.tolist() == [80 * number for number in range(len(frames))]


def test_a_path_a_rate_and_samples(tmp_path):
    sound = LogMelSpectrogram()
    wav.write(tmp_path / "chirp.wav", 8000, CHIRP)
    expected = sound.encode(CHIRP)
    for value in (tmp_path / "chirp.wav", str(tmp_path / "chirp.wav"), (8000, CHIRP), list(CHIRP)):
        np.testing.assert_allclose(sound.encode(value), expected, atol=0.05)
    np.testing.assert_allclose(sound.encode(np.stack([CHIRP, CHIRP], axis=1)), expected, atol=1e-5)


@pytest.mark.parametrize("rate", [16000, 11025, 4000])
def test_another_rate_is_resampled_said_once_and_counted(rate):
    time = np.arange(int(0.3 * rate)) / rate
    tone = 0.4 * np.sin(2 * np.pi * 700 * time)
    sound = LogMelSpectrogram()
    with pytest.warns(UserWarning, match=f"resampled from {rate} to 8000 samples a second"):
        frames = sound.encode((rate, tone))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sound.encode((rate, tone))
    assert dict(vars(sound)["repairs"]) == {f"resampled from {rate} to 8000 samples a second": 2}
    assert len(frames) == len(sound.frame_centers((rate, tone))) == 30
    assert sound.frame_centers((rate, tone))[1] == 0.01 * rate
    # The loudest band is that of the tone, whatever the rate was.
    plain = LogMelSpectrogram(normalized=False)
    own = plain.encode(0.4 * np.sin(2 * np.pi * 700 * np.arange(2400) / 8000))
    with pytest.warns(UserWarning, match="resampled"):
        assert (plain.encode((rate, tone))[5:25].argmax(axis=1) == own[5:25].argmax(axis=1)).all()


def test_precision_of_models_is_not_its_own():
    expected = LogMelSpectrogram(mel_bins=11).encode(CHIRP)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        # Other settings, so that it is made anew.
        np.testing.assert_allclose(LogMelSpectrogram(mel_bins=11, rate=8000, window=25).encode(CHIRP), expected)
        assert LogMelSpectrogram(mel_bins=12).encode(CHIRP).dtype == "float32"
    finally:
        keras.config.set_dtype_policy("float32")


def test_settings_are_kept_and_repairs_are_not(tmp_path):
    sound = LogMelSpectrogram(rate=16000, mel_bins=20)
    with pytest.warns(UserWarning, match="resampled"):
        sound.encode((8000, CHIRP))
    sound.save(tmp_path / "frames.json")
    loaded = LogMelSpectrogram.load(tmp_path / "frames.json")
    assert loaded == sound
    assert not vars(loaded)["repairs"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(100), "nothing but silence"),
        (np.zeros(0), "no samples"),
        ((0, CHIRP), "a rate is samples a second, received: 0"),
        ("no.wav", "no.wav"),
    ],
)
def test_what_is_no_sound(tmp_path, monkeypatch, value, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no.wav").write_text("none")
    with pytest.raises((ValueError, DataError), match=message):
        LogMelSpectrogram().encode(value)


@pytest.mark.parametrize("settings", [{"rate": 0}, {"stride": 0.01}, {"window": 0.0}, {"mel_bins": 0}, {"lowest": -1}])
def test_settings_that_cannot_be(settings):
    with pytest.raises(ValueError, match="must be positive"):
        LogMelSpectrogram(**settings)
