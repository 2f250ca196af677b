"""Sounds as frames: how loud each band of frequencies is, every few milliseconds."""

import os
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import keras
import numpy as np

from zoo.data.featurizers.featurizer import Featurizer
from zoo.data.readers import wav
from zoo.storage.extras import import_extra

# Sounds are padded to powers of 2 above this, so that few shapes are compiled.
SHORTEST = 4096
# A band that varies by less decibels than this within a sound is not stretched to deviation 1.
FAINT = 1.0


@dataclass(frozen=True)
class LogMelSpectrogram(Featurizer):
    """A sound to log-mel frames, with `keras.layers.MelSpectrogram`.

        frame_s = 10 log10(mel |STFT(samples around s * stride)|^2), no lower than 80 decibels below the loudest
        y_s     = (frame_s - mean) / max(deviation, 1)                of the sound itself, band by band

    Frame s stands in the middle of its window; the first one at the first sample, the last one before the end. So a
    sound shorter than a window is a frame or more, too. As every frame is measured by the mean and deviation of its
    whole sound, loudness and microphone matter little, and none is known before the sound has ended.

    What is not of this `rate` is resampled: one warning for every rate, and `repairs` counts them.

    Args:
        rate: samples a second.
        window: milliseconds of sound behind a frame.
        stride: milliseconds between frames.
        mel_bins: bands, evenly spaced on the mel scale: the numbers in a frame.
        lowest: hertz at which the first band begins; the last one ends at half the rate.
        normalized: bring every band of a sound to mean 0 and deviation 1; else decibels.
    Raises:
        ValueError: settings that are not above 0, or a window or stride below a sample.
    """

    KIND: ClassVar[str] = "sound"
    rate: int = 8000
    window: float = 25.0
    stride: float = 10.0
    mel_bins: int = 40
    lowest: float = 20.0
    normalized: bool = True

    @property
    def features(self) -> int:
        return self.mel_bins

    def __post_init__(self):
        if not np.isfinite([self.rate, self.window, self.stride, self.mel_bins, self.lowest]).all():
            raise ValueError(f"rate, window, stride, mel_bins and lowest are finite. Received: {self}")
        if min(self.rate, self.mel_bins) < 1 or self.lowest < 0 or min(self._window, self.step) < 1:
            raise ValueError(
                f"rate, mel_bins, window and stride must be positive, a window or stride a sample. Received: {self}"
            )
        # Beside the settings: neither saved nor compared.
        object.__setattr__(self, "repairs", Counter())

    @property
    def step(self) -> int:
        """Samples between frames."""
        return round(self.rate * self.stride / 1000)

    @property
    def _window(self) -> int:
        return round(self.rate * self.window / 1000)

    def encode(self, value: Any) -> np.ndarray:
        """The frames of one sound.

        Args:
            value: the path of a WAV file, (rate, samples), or samples at the own rate.
        Shapes:
            samples (N,) or (N, channels) -> (S, mel_bins) float32, S = ceil(N / step).
        Raises:
            DataError: a file that is no WAV, truncated or without a sound. ValueError: samples without a sound.
        """
        samples = self._as_sound(value)
        # Zeros behind the sound: a frame is the same whatever shape it is computed in.
        size = max(SHORTEST, 1 << (len(samples) + self._window).bit_length())
        padded = np.zeros((1, size), "float32")
        padded[0, : len(samples)] = samples
        decibels = np.asarray(_spectrogram(self).predict_on_batch(padded))[0].T[: -(-len(samples) // self.step)]
        if not self.normalized:
            return decibels
        return (decibels - decibels.mean(axis=0)) / np.maximum(decibels.std(axis=0), FAINT)

    def frame_centers(self, value: tuple[int, np.ndarray]) -> np.ndarray:
        """The sample of (rate, samples) over which each of the sound's frames stands, (S,) float."""
        rate, samples = value
        count = -(-len(samples) * self.rate // rate)
        return np.arange(-(-count // self.step)) * self.step * rate / self.rate

    def _as_sound(self, value) -> np.ndarray:
        """Samples at the own rate."""
        if isinstance(value, str | os.PathLike):
            rate, samples = wav.read(value)
        elif isinstance(value, tuple | list) and len(value) == 2 and np.ndim(value[1]):
            rate, samples = int(value[0]), wav.as_samples(value[1])
        else:
            rate, samples = self.rate, wav.as_samples(value)
        if rate < 1:
            raise ValueError(f"a rate is samples a second, received: {rate}.")
        return samples if rate == self.rate else self._resampled(rate, samples)

    def _resampled(self, rate, samples) -> np.ndarray:
        repairs: Counter = vars(self)["repairs"]
        what = f"resampled from {rate} to {self.rate} samples a second"
        if not repairs[what]:
            warnings.warn(f"A sound is {what}; further ones are counted without a warning.", stacklevel=4)
        repairs[what] += 1
        common = np.gcd(rate, self.rate)
        return (
            import_extra("scipy.signal", "audio")
            .resample_poly(samples, self.rate // common, rate // common)
            .astype("float32")
        )


@lru_cache(maxsize=8)
def _spectrogram(sound: LogMelSpectrogram) -> keras.Model:
    """(1, N) -> (1, mel_bins, frames): compiled, which is 30 times as fast as op by op."""
    samples = keras.Input((None,), batch_size=1)
    layer = keras.layers.MelSpectrogram(
        fft_length=1 << (sound._window - 1).bit_length(),
        sequence_stride=sound.step,
        sequence_length=sound._window,
        sampling_rate=sound.rate,
        num_mel_bins=sound.mel_bins,
        min_freq=sound.lowest,
        dtype="float32",
    )
    return keras.Model(samples, layer(samples))
