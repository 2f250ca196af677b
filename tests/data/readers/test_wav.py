import io
import wave
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from zoo.data.readers import wav
from zoo.storage.files import DataError

CASES = Path(__file__).parents[1] / "cases" / "sounds"
TONE = 0.5 * np.sin(np.arange(800) / 8000 * 2 * np.pi * 440)


def coded(path, bits):
    """The tone as the `wave` module of Python writes it."""
    if bits == 8:
        samples = np.round(TONE * 127 + 128).astype("uint8").tobytes()
    else:
        whole = np.round(TONE * (2 ** (bits - 1) - 1)).astype("<i4")
        samples = b"".join(int(value).to_bytes(bits // 8, "little", signed=True) for value in whole)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(bits // 8)
        file.setframerate(8000)
        file.writeframes(samples)
    return path


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_whole_numbers_of_any_width(tmp_path, bits):
    rate, samples = wav.read(coded(tmp_path / "tone.wav", bits))
    assert rate == 8000
    assert samples.dtype == "float32"
    np.testing.assert_allclose(samples, TONE, atol=1.5 / 2 ** (bits - 1))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats(tmp_path, dtype):
    wavfile.write(tmp_path / "tone.wav", 16000, TONE.astype(dtype))
    rate, samples = wav.read(tmp_path / "tone.wav")
    assert rate == 16000
    np.testing.assert_allclose(samples, TONE, atol=1e-6)
    wavfile.write(tmp_path / "loud.wav", 16000, (TONE * 10).astype(dtype))
    np.testing.assert_allclose(np.abs(wav.read(tmp_path / "loud.wav")[1]).max(), 1, rtol=1e-6)


def test_what_is_written_is_read(tmp_path):
    wav.write(tmp_path / "tone.wav", 8000, TONE)
    rate, samples = wav.read(tmp_path / "tone.wav")
    assert rate == 8000
    np.testing.assert_allclose(samples, TONE, atol=1e-4)
    assert [path.name for path in tmp_path.iterdir()] == ["tone.wav"]
    again = wav.read("name.wav", content=(tmp_path / "tone.wav").read_bytes())[1]
    np.testing.assert_array_equal(again, samples)


def test_channels_are_mixed_and_said(tmp_path):
    both = np.stack([TONE, np.zeros_like(TONE)], axis=1).astype("float32")
    wavfile.write(tmp_path / "two.wav", 8000, both)
    with pytest.warns(UserWarning, match=r"two\.wav: 2 channels are mixed to one"):
        _, samples = wav.read(tmp_path / "two.wav")
    np.testing.assert_allclose(samples, TONE / 2, atol=1e-6)


@pytest.mark.parametrize("kept", [0, 3, 11, 20, 30, 43, 44, 45, 500, -3])
def test_a_truncated_file_is_an_error(tmp_path, kept):
    whole = coded(tmp_path / "tone.wav", 16).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[:kept])
    with pytest.raises(DataError, match=r"cut\.wav: expected a whole WAV file"):
        wav.read(tmp_path / "cut.wav")


def test_what_is_no_sound(tmp_path):
    buffer = io.BytesIO()
    for samples, found in (
        (np.zeros(100, "int16"), "nothing but silence"),
        (np.full(100, 128, "uint8"), "nothing but silence"),
        (np.zeros(0, "int16"), "no samples"),
        (np.array([0.1, np.nan], "float32"), "not finite"),
    ):
        buffer.seek(0)
        buffer.truncate()
        wavfile.write(buffer, 8000, samples)
        with pytest.raises(DataError, match=f"still.wav: expected a sound, found.*{found}"):
            wav.read(tmp_path / "still.wav", content=buffer.getvalue())
    (tmp_path / "text.wav").write_text("What is said?" * 10)
    with pytest.raises(DataError, match=r"text\.wav: expected a whole WAV file"):
        wav.read(tmp_path / "text.wav")
    with pytest.raises(FileNotFoundError):
        wav.read(tmp_path / "none.wav")


def test_notes_beside_the_sound_are_passed_over(tmp_path):
    whole = coded(tmp_path / "tone.wav", 16).read_bytes()
    note = b"note" + (6).to_bytes(4, "little") + b"hello "
    (tmp_path / "noted.wav").write_bytes(
        whole[:4] + (len(whole) - 8 + len(note)).to_bytes(4, "little") + whole[8:12] + note + whole[12:]
    )
    np.testing.assert_array_equal(wav.read(tmp_path / "noted.wav")[1], wav.read(tmp_path / "tone.wav")[1])


@pytest.mark.parametrize("values", [np.zeros((2, 2, 2)), np.array(["a"]), np.array([1 + 1j])])
def test_what_are_no_samples(values):
    with pytest.raises(ValueError, match="samples are numbers"):
        wav.as_samples(values)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFF000])
@pytest.mark.parametrize("odd", [0, 1])
def test_what_was_written_to_a_pipe_is_read_to_its_end(tmp_path, size, odd):
    content = (CASES / "pipe_ffmpeg.wav").read_bytes()
    content = content.replace(b"data\xff\xff\xff\xff", b"data" + size.to_bytes(4, "little")) + b"x" * odd
    with pytest.warns(UserWarning, match=r"a\.wav: the header leaves the size of the sound open"):
        rate, samples = wav.read(tmp_path / "a.wav", content=content)
    assert (rate, len(samples)) == (8000, 2000)
    expected = np.frombuffer(content[78 : 78 + 4000], "<i2") / 2**15
    np.testing.assert_allclose(samples, expected, atol=1e-6)


def test_silence_has_an_error_of_its_own():
    with pytest.raises(wav.SilenceError, match=r"silent\.wav: expected a sound, found nothing but silence"):
        wav.read(CASES / "silent.wav")


@pytest.mark.parametrize("rate", [0, 1, 2_000_000])
def test_rates_that_no_sound_has(tmp_path, rate):
    wavfile.write(tmp_path / "a.wav", rate, np.ones(9, "int16"))
    with pytest.raises(DataError, match=r"a\.wav: expected a rate of 100 to 1,000,000 samples a second, found"):
        wav.read(tmp_path / "a.wav")


def with_sizes(path, whole, sound):
    """The file with other sizes in its header."""
    content = bytearray(path.read_bytes())
    content[4:8], content[40:44] = whole.to_bytes(4, "little"), sound.to_bytes(4, "little")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("whole", [0, 36])
def test_a_header_of_0_bytes_before_a_sound_is_open(tmp_path, whole):
    """As of a recorder that was switched off."""
    wav.write(tmp_path / "a.wav", 8000, TONE)
    with pytest.warns(UserWarning, match="leaves the size of the sound open"):
        _, samples = wav.read(with_sizes(tmp_path / "a.wav", whole, 0))
    assert len(samples) == len(TONE)


def test_a_sound_shorter_than_its_size_is_truncated(tmp_path):
    wav.write(tmp_path / "a.wav", 8000, TONE)
    path = with_sizes(tmp_path / "a.wav", 36 + 2 * len(TONE), 4 * len(TONE))
    with pytest.raises(DataError, match=r"1,600 of 3,200 bytes of sound: truncated"):
        wav.read(path)
