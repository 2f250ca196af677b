import gzip
import io
import tarfile
import zipfile

import numpy as np
import pytest

from zoo.storage import containers
from zoo.storage.containers import expansion_limit, read_bytes, read_npz, tar_members
from zoo.storage.data_error import DataError
from zoo.storage.files import open_text


@pytest.fixture
def small(monkeypatch):
    """A file may unpack to 1,000 bytes, a larger one to its own size."""
    monkeypatch.setattr(containers, "MAX_EXPANDED_BYTES", 1000)
    monkeypatch.setattr(containers, "MAX_EXPANSION", 1)


def tar(*members, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def every(name):
    return True


def test_a_file_may_grow_in_proportion():
    assert expansion_limit(1) == 128 << 20
    assert expansion_limit(1 << 30) == 20 << 30


@pytest.mark.parametrize("content", [b"a" * 1001, b"a\n" * 501])
@pytest.mark.parametrize("read", [read_bytes, lambda path: list(open_text(path))])
def test_gzip_is_bounded(small, tmp_path, content, read):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(content[:1000]))
    assert len(read(path))
    path.write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match=r"a\.txt\.gz: expected at most 1,000 bytes when unpacked .*gunzip"):
        read(path)


def test_bytes_of_files(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x"))
    assert read_bytes(tmp_path / "a") == read_bytes(tmp_path / "a.gz") == b"x"
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 99)[:-9])
    with pytest.raises(DataError, match=r"a\.gz: expected a whole gzip file \(fetch it again\), found damage"):
        read_bytes(tmp_path / "a.gz")
    with pytest.raises(FileNotFoundError):
        read_bytes(tmp_path / "b.gz")


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_members_of_archives(tmp_path, mode):
    path = tmp_path / "a.tar"
    path.write_bytes(tar(("a/b.txt", b"one"), ("c", b""), mode=mode))
    assert list(tar_members(path, every)) == [("a/b.txt", b"one"), ("c", b"")]
    assert list(tar_members(path, "c".__eq__)) == [("c", b"")]
    with pytest.raises(DataError, match=r"a\.tar: expected members of at most 2 bytes, found a/b\.txt: 3"):
        list(tar_members(path, every, largest=2))
    for cut in (700 if mode == "w" else -9, 20):
        path.write_bytes(path.read_bytes()[:cut])
        with pytest.raises(DataError, match=r"a\.tar: expected whole, found damage"):
            list(tar_members(path, every, expected="whole"))


def test_links_have_no_content(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        member = tarfile.TarInfo("link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    assert list(tar_members(tmp_path / "a.tar", every)) == [("link", None)]


@pytest.mark.parametrize("packed", [False, True])
def test_a_member_that_claims_eight_gigabytes(tmp_path, packed):
    member = tarfile.TarInfo("a.txt")
    member.size = 8 << 30
    content = member.tobuf() + b"x" * 512
    (tmp_path / "a.tar").write_bytes(gzip.compress(content) if packed else content)
    for wanted in (every, "b".__eq__):
        with pytest.raises(DataError, match=r"members of at most 134,217,728 bytes together, found 8,589,934,592"):
            list(tar_members(tmp_path / "a.tar", wanted))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_headers_are_bounded_too(small, tmp_path, kind):
    """What a tar file says of a member, the library reads without a question."""
    member = tarfile.TarInfo("a.txt")
    member.size, member.type = 1 << 20, kind
    (tmp_path / "a.tar").write_bytes(gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20)))
    with pytest.raises(DataError, match="bytes when unpacked"):
        list(tar_members(tmp_path / "a.tar", every))


def test_arrays_come_back(tmp_path):
    arrays = {"a": np.arange(6, dtype=">i2").reshape(2, 3), "b": np.asfortranarray(np.eye(3)), "c": np.zeros((0, 2))}
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    found = read_npz(tmp_path / "a.npz")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


def test_what_a_header_promises_is_checked_before_it_is_made(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (3 * 10**12,)})
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("a.npy", header.getvalue())
    with pytest.raises(
        DataError, match=r"a\.npz: expected an \.npz file of numbers, found .*float64 \(3000000000000,\) in 0"
    ):
        read_npz(tmp_path / "a.npz")


def test_arrays_together_are_bounded(small, tmp_path):
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(200), b=np.zeros(200))
    with pytest.raises(DataError, match="arrays of at most 1,000 bytes together, found 3,456"):
        read_npz(tmp_path / "a.npz")


def test_objects_are_no_numbers(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.array([{}], object))
    with pytest.raises(DataError, match=r"an \.npz file of numbers, found damage \(ValueError: a\.npy: object"):
        read_npz(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["__MACOSX/._a.npy", "._a.npy", "README.txt"])
def test_what_is_no_array_in_an_npz_file_is_passed_over(tmp_path, name):
    np.savez(tmp_path / "a.npz", a=[1, 2])
    with zipfile.ZipFile(tmp_path / "a.npz", "a") as archive:
        archive.writestr(name, b"\0\5\x16\7")
    assert {key: array.tolist() for key, array in read_npz(tmp_path / "a.npz").items()} == {"a": [1, 2]}


def test_lines_of_utf_16_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("zoo.storage.containers.MAX_EXPANDED_BYTES", 1000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(("a" * 100_000).encode("utf-16")))
    with pytest.raises(DataError, match="at most [0-9,]+ bytes when unpacked"):
        list(open_text(tmp_path / "a.gz", encoding="utf-16"))
