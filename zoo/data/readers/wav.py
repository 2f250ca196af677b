"""Sounds in WAV files."""

import io
import os
import struct
import warnings
from pathlib import Path

import numpy as np

from zoo.data.files import DataError, replace_file


def read(path: str | os.PathLike, *, content: bytes | None = None) -> tuple[int, np.ndarray]:
    """Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floats. Several channels are mixed to one, with a warning.

    Args:
        path: the file; with `content` its name alone, for messages.
        content: the bytes, where they come from elsewhere (an archive).
    Returns:
        (rate, samples): samples a second, and samples (N,) float32 from -1 to 1; floats that are louder are made
        softer as a whole.
    Raises:
        DataError: no WAV file, another coding, a truncated one, samples that are no numbers, or no sound in it.
    """
    from scipy.io import wavfile

    content = Path(path).read_bytes() if content is None else content
    try:
        with warnings.catch_warnings():
            # The rest of a truncated file is a warning to SciPy; chunks of notes beside the sound are none to us.
            warnings.simplefilter("error", wavfile.WavFileWarning)
            warnings.filterwarnings("ignore", message="Chunk .non-data. not understood")
            rate, samples = wavfile.read(io.BytesIO(content))
    except (ValueError, EOFError, struct.error, wavfile.WavFileWarning, UnboundLocalError, ZeroDivisionError) as error:
        raise DataError(path, None, "a whole WAV file, PCM or float", f"{error}") from error
    if samples.ndim > 1:
        warnings.warn(f"{path}: {samples.shape[1]} channels are mixed to one.", stacklevel=2)
    try:
        return int(rate), as_samples(samples)
    except ValueError as error:
        raise DataError(path, None, "a sound", f"{error}") from error


def write(path: str | os.PathLike, rate: int, samples: np.ndarray) -> None:
    """Writes samples (N,) from -1 to 1 as PCM of 16 bits; the file appears whole or not at all."""
    from scipy.io import wavfile

    loud = np.round(np.clip(as_samples(samples), -1, 1) * 32767).astype("int16")
    with replace_file(path) as temporary:
        wavfile.write(temporary, rate, loud)


def as_samples(values: np.ndarray) -> np.ndarray:
    """Samples as one channel (N,) float32 from -1 to 1, from (N,) or (N, channels) of whole numbers or floats.

    Raises:
        ValueError: another shape, no samples, samples that are no finite numbers, or nothing but silence.
    """
    samples = np.asarray(values)
    if samples.ndim not in (1, 2) or samples.dtype.kind not in "iuf":
        raise ValueError(
            f"samples are numbers, (N,) or (N, channels), received: {samples.dtype} of shape {samples.shape}."
        )
    if not samples.size:
        raise ValueError("no samples at all.")
    if samples.dtype.kind in "iu":
        limits = np.iinfo(samples.dtype)
        middle = 0.0 if limits.min else (limits.max + 1) / 2  # unsigned ones lie around their middle
        samples = (samples - middle) / (limits.max + 1 - middle)
    samples = samples.astype("float64")
    if not np.isfinite(samples).all():
        raise ValueError("samples that are not finite.")
    samples = samples.mean(axis=1) if samples.ndim == 2 else samples
    loudest = np.abs(samples).max()
    if loudest == 0:
        raise ValueError("nothing but silence.")
    return (samples / max(loudest, 1.0)).astype("float32")
