"""Sounds in WAV files."""

import io
import os
import struct
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zoo.storage.data_error import damage_as_data_error
from zoo.storage.extras import import_extra
from zoo.storage.files import DataError, replace_file

# Samples a second: resampling from a rate far outside takes memory beyond proportion to the file.
RATES = range(100, 1_000_001)
# A size from here on stands for "unknown" in a file that was written to a pipe (ffmpeg: 0xFFFFFFFF).
UNKNOWN_SIZE = 0x7FFF0000


class SilenceError(DataError):
    """A silent sound."""


class _Silence(ValueError):  # noqa: N818
    """Samples of which none is above 0."""


def read(path: str | os.PathLike, *, content: bytes | None = None) -> tuple[int, np.ndarray]:
    """Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floats. Several channels are mixed to one, with a warning.

    What was written to a pipe does not know its size: it is read to the end of the file, with a warning.

    Args:
        path: the file; with `content` its name alone, for messages.
        content: the bytes, where they come from elsewhere (an archive).
    Returns:
        (rate, samples): samples a second, and samples (N,) float32 from -1 to 1; floats that are louder are made
        softer as a whole.
    Raises:
        DataError: no WAV file, another coding, a truncated one, a rate outside of RATES, samples that are no numbers.
        SilenceError: no samples, or nothing but silence.
    """
    wavfile = import_extra("scipy.io.wavfile", "audio")
    content = Path(path).read_bytes() if content is None else content
    with damage_as_data_error(path, "a whole WAV file, PCM or float"), warnings.catch_warnings():
        # The rest of a truncated file is a warning to SciPy; chunks of notes beside the sound are none to us.
        warnings.simplefilter("error", wavfile.WavFileWarning)
        warnings.filterwarnings("ignore", message="Chunk .non-data. not understood")
        sized = _with_sizes(content)
        rate, samples = wavfile.read(io.BytesIO(sized))
    if rate not in RATES:
        raise DataError(path, None, f"a rate of {RATES[0]} to {RATES[-1]:,} samples a second", f"{rate:,}")
    if sized is not content:
        warnings.warn(f"{path}: the header leaves the size of the sound open, it is read to the end.", stacklevel=2)
    if samples.ndim > 1:
        warnings.warn(f"{path}: {samples.shape[1]} channels are mixed to one.", stacklevel=2)
    try:
        return int(rate), as_samples(samples)
    except ValueError as error:
        kind = SilenceError if isinstance(error, _Silence) else DataError
        raise kind(path, None, "a sound", f"{error}") from error


def _with_sizes(content: bytes) -> bytes:
    """The same file; with its sizes filled in if they were left open."""
    offset = 12
    while offset + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, offset)
        if name == b"data":
            break
        offset += 8 + size + size % 2
    else:
        return content
    rest = len(content) - offset - 8
    (whole,) = struct.unpack_from("<I", content, 4)
    # A header that was never completed has 0, and a size of the file that ends before the sound.
    is_open = (size >= UNKNOWN_SIZE and size > rest) or (not size and whole <= offset and rest > 0)
    if content[:4] == b"RIFF" and size > rest and not is_open:
        raise ValueError(f"{rest:,} of {size:,} bytes of sound: truncated")
    if content[:4] != b"RIFF" or not is_open:
        return content
    (width,) = struct.unpack_from("<H", content, content.index(b"fmt ") + 20)  # bytes of a sample in all channels
    rest -= rest % max(width, 1)
    sound = content[offset + 8 : offset + 8 + rest]
    body = content[8:offset] + struct.pack("<4sI", b"data", rest) + sound + b"\0" * (rest % 2)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def write(path: str | os.PathLike, rate: int, samples: np.ndarray) -> None:
    """Writes samples (N,) from -1 to 1 as PCM of 16 bits; the file appears whole or not at all."""
    wavfile = import_extra("scipy.io.wavfile", "audio")
    loud = np.round(np.clip(as_samples(samples), -1, 1) * 32767).astype("int16")
    with replace_file(path) as temporary:
        wavfile.write(temporary, rate, loud)


def silence_warning(path: str | os.PathLike, silent: Sequence[str], count: int) -> str:
    """The warning about silent sounds that were left out.

    Args:
        path: the table, archive or folder.
        silent: their names.
        heard: how many others there are.
    """
    return f"{path}: {len(silent)} of {len(silent) + count} sounds are silent and left out, the first: {silent[0]:.80}"


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
        raise _Silence("no samples at all.")
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
        raise _Silence("nothing but silence.")
    return (samples / max(loudest, 1.0)).astype("float32")
