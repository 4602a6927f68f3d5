"""Files that are replaced as a whole, and files that grow and are rewound."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwise.errors import RunError
from gradwise.runs import Appended, disk, write_atomic
from gradwise.runs.files import check_writable

from .crash import Refuser


def test_write_atomic_replaces(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", b"old and long")
    write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_write_takes_short_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data[:3])))
    write_atomic(tmp_path / "a", b"0123456789")
    write_atomic(tmp_path / "empty", b"")
    assert (tmp_path / "a").read_bytes() == b"0123456789"
    assert (tmp_path / "empty").read_bytes() == b""


@pytest.mark.parametrize("at", range(5))
def test_write_atomic_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    write_atomic(tmp_path / "a", b"old")
    Refuser(monkeypatch, ("create", "write", "sync", "rename", "sync_folder"), at)
    with pytest.raises(RunError, match="disk full: a needs 3 bytes"):
        write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == (b"new" if at == 4 else b"old")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunError, match="is a file, not a folder"):
        check_writable(tmp_path / "file")
    with pytest.raises(RunError, match=r"cannot write|not writable"):
        check_writable(Path("/proc"))
    check_writable(tmp_path)
    for error in (errno.EROFS, errno.EACCES, errno.EPERM):
        with monkeypatch.context() as patch:
            Refuser(patch, ("create",), 0, error)
            with pytest.raises(RunError, match="is not writable") as caught:
                check_writable(tmp_path)
        assert "--run" in caught.value.fix
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_appended_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Appended(tmp_path / "a") as file:
        file.append(b"one")
        with monkeypatch.context() as patch:
            Refuser(patch, ("write",), 0)
            with pytest.raises(RunError, match="disk full: a needs 6 bytes"):
                file.append(b"twotwo")
        file.append(b"three")
        file.flush(fsync=True)
        assert (file.size, file.read()) == (8, b"onethree")
    file.close()
    assert (tmp_path / "a").read_bytes() == b"onethree"


def test_appended_refuses_what_is_too_short(tmp_path: Path) -> None:
    (tmp_path / "trace.bin").write_bytes(b"12345")
    with pytest.raises(RunError, match=r"trace\.bin is too short: the checkpoint recorded 6 bytes, there are 5"):
        Appended(tmp_path / "trace.bin", 6)
    assert (tmp_path / "trace.bin").read_bytes() == b"12345"


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(st.binary(max_size=20), max_size=8), cut=st.integers(0, 8), torn=st.binary(max_size=20))
def test_appended_resumes_where_the_checkpoint_was(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], cut: int, torn: bytes
) -> None:
    """Whatever was written after the recorded size: what follows equals what an uninterrupted run writes."""
    path = tmp_path_factory.mktemp("appended") / "a"
    with Appended(path) as file:
        for part in parts[:cut]:
            file.append(part)
        recorded = file.size
        file.append(torn)
    with Appended(path, recorded) as file:
        for part in parts[cut:]:
            file.append(part)
    assert path.read_bytes() == b"".join(parts)


def test_disk_remove_does_not_follow_links(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    disk.remove(tmp_path / "link")
    disk.remove(tmp_path / "nothing")
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]
