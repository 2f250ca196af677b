import os
import subprocess
import sys

import pytest

from zoo.storage.lock import FolderInUseError, exclusive_lock, is_empty


def test_only_one_at_a_time(tmp_path):
    with (
        exclusive_lock(tmp_path),
        pytest.raises(FolderInUseError, match="Another process works in"),
        exclusive_lock(tmp_path),
    ):
        pass
    with exclusive_lock(tmp_path), exclusive_lock(tmp_path, name=".other"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_made_and_goes_again_if_nothing_came_of_it(tmp_path):
    with exclusive_lock(tmp_path / "a" / "b"):
        assert is_empty(tmp_path / "a" / "b")
    assert not (tmp_path / "a" / "b").exists()
    with exclusive_lock(tmp_path / "c"):
        (tmp_path / "c" / "file").touch()
    assert not is_empty(tmp_path / "c")
    assert not is_empty(tmp_path / "c" / "file")
    assert is_empty(tmp_path / "d")


def test_a_dead_process_holds_nothing(tmp_path):
    """A process of its own (20 ms): within one there is nobody to kill."""
    code = (
        "import fcntl, os, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('held', flush=True); os.read(0, 1)"
    )
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", code, str(tmp_path / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(FolderInUseError), exclusive_lock(tmp_path):
        pass
    process.kill()
    process.communicate()
    with exclusive_lock(tmp_path):
        pass


def test_a_lock_that_was_removed_is_taken_anew(tmp_path, monkeypatch):
    """Between opening the file and locking it, whoever held it removes it."""
    import fcntl

    flock, removed = fcntl.flock, []

    def late(*arguments):
        if not removed:
            removed.append(os.unlink(tmp_path / ".lock"))
        flock(*arguments)

    monkeypatch.setattr(fcntl, "flock", late)
    with exclusive_lock(tmp_path):
        assert (tmp_path / ".lock").is_file()
        with pytest.raises(FolderInUseError), exclusive_lock(tmp_path):
            pass
