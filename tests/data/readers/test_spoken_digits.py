import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from zoo.data.readers import spoken_digits, wav
from zoo.data.readers.spoken_digits import Recording
from zoo.storage.files import DataError

TONE = 0.5 * np.sin(np.arange(80))


@pytest.fixture
def content(tmp_path):
    """The bytes of a recording."""
    wav.write(tmp_path / "tone.wav", 8000, TONE)
    found = (tmp_path / "tone.wav").read_bytes()
    (tmp_path / "tone.wav").unlink()
    return found


def pack(path, members, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def names(recordings):
    return [(one.digit, one.speaker, one.index) for one in recordings]


@pytest.mark.parametrize("ending", ["tar.gz", "tar"])
def test_archives_and_folders_hold_the_same(tmp_path, content, ending):
    members = {f"recordings/{name}.wav": content for name in ("4_ann_10", "4_ann_2", "0_bob_smith_0")}
    members["recordings/notes.wav"] = b"none"  # not named as a recording
    members["readme.md"] = b"none"
    archive = pack(tmp_path / f"digits.{ending}", members, "w:gz" if ending == "tar.gz" else "w")
    (tmp_path / "unpacked").mkdir()
    for name in members:
        (tmp_path / "unpacked" / name.split("/")[-1]).write_bytes(members[name])
    for path in (archive, tmp_path, tmp_path / "unpacked"):
        assert spoken_digits.is_there(path)
        found = spoken_digits.read(path)
        assert names(found) == [(0, "bob_smith", 0), (4, "ann", 2), (4, "ann", 10)]
        rate, samples = found[0].sound
        assert rate == 8000
        np.testing.assert_allclose(samples, TONE, atol=1e-4)
    # Nothing was unpacked.
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"digits.{ending}", "unpacked"]


def test_members_that_point_elsewhere_are_but_names(tmp_path, content):
    with tarfile.open(tmp_path / "digits.tar", "w") as archive:
        for name in ("../../1_ann_0.wav", "/2_ann_0.wav"):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("3_ann_0.wav")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert names(spoken_digits.read(tmp_path / "digits.tar")) == [(1, "ann", 0), (2, "ann", 0)]
    assert [path.name for path in tmp_path.iterdir()] == ["digits.tar"]


def test_damage_is_told(tmp_path, content, monkeypatch):
    whole = pack(tmp_path / "digits.tar.gz", {"1_ann_0.wav": content}).read_bytes()
    (tmp_path / "digits.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"digits\.tar\.gz: expected a whole archive"):
        spoken_digits.read(tmp_path / "digits.tar.gz")
    pack(tmp_path / "digits.tar.gz", {"1_ann_0.wav": content[:100]})
    with pytest.raises(DataError, match=r"1_ann_0\.wav: expected a whole WAV file"):
        spoken_digits.read(tmp_path / "digits.tar.gz")
    pack(tmp_path / "digits.tar.gz", {"1_ann_0.wav": content})
    (tmp_path / "1_ann_0.wav").write_bytes(content)
    with pytest.raises(DataError, match=r"each recording once, found 1_ann_0\.wav"):
        spoken_digits.read(tmp_path)
    pack(tmp_path / "none.tar", {"one.wav": content}, "w")
    with pytest.raises(DataError, match="found none"):
        spoken_digits.read(tmp_path / "none.tar")
    monkeypatch.setattr(spoken_digits, "LARGEST", 100)
    with pytest.raises(DataError, match="at most 100 bytes"):
        spoken_digits.read(tmp_path / "digits.tar.gz")


def spoken(takes, speakers=("ann", "bob")):
    return [Recording(d, s, i, 8000, TONE) for d in range(10) for s in speakers for i in range(takes)]


def test_the_published_split():
    parts = spoken_digits.split(spoken(12))
    assert {name: {one.index for one in part} for name, part in parts.items()} == {
        "train": {10, 11},
        "validation": {5, 6, 7, 8, 9},
        "test": {0, 1, 2, 3, 4},
    }
    assert sum(map(len, parts.values())) == 240


def test_few_recordings_are_split_too():
    parts = spoken_digits.split(spoken(3))
    assert {name: {one.index for one in part} for name, part in parts.items()} == {
        "train": {2},
        "validation": {1},
        "test": {0},
    }


def test_a_speaker_held_out_is_only_tested():
    parts = spoken_digits.split(spoken(12), held_out="bob")
    assert {name: {one.speaker for one in part} for name, part in parts.items()} == {
        "train": {"ann"},
        "validation": {"ann"},
        "test": {"bob"},
    }
    assert len(parts["test"]) == 120
    with pytest.raises(ValueError, match="one of the speakers ann, bob. Received: 'eve'"):
        spoken_digits.split(spoken(3), held_out="eve")
    with pytest.raises(ValueError, match="The train split holds no recordings"):
        spoken_digits.split(spoken(2))


def test_speeds_change_length_and_pitch():
    tone = np.sin(2 * np.pi * 500 * np.arange(4000) / 8000)
    slow, same, fast = spoken_digits.at_speeds([Recording(1, "ann", 0, 8000, tone)])
    assert same.samples is tone
    for one, percent in ((slow, 90), (fast, 110)):
        assert (one.digit, one.speaker, one.rate) == (1, "ann", 8000)
        assert len(one.samples) == -(-4000 * 100 // percent)
        spectrum = np.abs(np.fft.rfft(one.samples * np.hanning(len(one.samples))))
        assert spectrum.argmax() * 8000 / len(one.samples) == pytest.approx(500 * percent / 100, abs=3)


@pytest.mark.real_data
def test_free_spoken_digits(real_data):
    parts = spoken_digits.split(spoken_digits.read(real_data / "free_spoken_digits"))
    assert {name: len(part) for name, part in parts.items()} == {"train": 2400, "validation": 300, "test": 300}
    assert {one.rate for part in parts.values() for one in part} == {8000}
    assert len({one.speaker for one in parts["test"]}) == 6


def test_silent_recordings_are_left_out_and_counted(tmp_path):
    wav.write(tmp_path / "1_ann_0.wav", 8000, np.sin(np.arange(50)) * 0.5)
    silent = Path(__file__).parents[1] / "cases" / "sounds" / "silent.wav"
    (tmp_path / "2_ann_0.wav").write_bytes(silent.read_bytes())
    (tmp_path / "._3_ann_0.wav").write_bytes(b"\0\5\x16\7")
    with pytest.warns(UserWarning, match=r"1 of 2 sounds are silent and left out, the first: 2_ann_0\.wav"):
        assert [one.digit for one in spoken_digits.read(tmp_path)] == [1]
