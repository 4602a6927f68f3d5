"""The few operations that change a disk. All of `runs` goes through them, so that a test can stop at each one.

Two words about durability: the content of a file is safe after `sync`, its *name* after `sync_folder` of the folder
that it stands in. A rename of a synced file followed by `sync_folder` is the only commit that survives a power cut.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import TypeAlias

from gradwise.errors import RunError

Buffer: TypeAlias = bytes | bytearray | memoryview


def create(path: Path) -> int:
    """Create a file that does not exist yet; its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def open_append(path: Path) -> int:
    """Open a file that grows at its end, made if need be; its descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)


def write(descriptor: int, data: Buffer) -> None:
    """Write all of it: the system may take less at a time."""
    rest = memoryview(data).cast("B") if len(data) else memoryview(b"")
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def cut(descriptor: int, size: int) -> None:
    """Shorten an open file to `size` bytes."""
    os.ftruncate(descriptor, size)


def sync(descriptor: int) -> None:
    """Wait until a file's content is on the disk."""
    os.fsync(descriptor)


def make_folder(path: Path) -> None:
    """Make a folder that does not exist yet; FileExistsError where it does."""
    path.mkdir()


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(old: Path, new: Path) -> None:
    """Give a file or folder another name in one step; a file of that name is replaced."""
    os.replace(old, new)


def remove(path: Path) -> None:
    """Remove a file, or a folder and all that is in it. What is not there is removed already."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def explained(path: Path, needs: int = 0) -> Generator[None]:
    """Turn the system's refusal to write `path` (of `needs` bytes) into a RunError with its way out."""
    try:
        yield
    except OSError as error:
        raise _explain(error, path, needs) from error


def _explain(error: OSError, path: Path, needs: int) -> RunError:
    where, reason = str(path), error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunError(
            f"disk full: {path.name} needs {needs:,} bytes, {_free(path):,} free",
            where=where,
            why=f"{reason}. What was saved before is whole.",
            fix="free some space there, then `gradwise resume` the run.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return RunError(
            f"the folder {path.parent} is not writable",
            where=where,
            why=reason,
            fix="choose another folder with --run, or change its permissions.",
        )
    blocking = next((place for place in path.parents if place.exists() and not place.is_dir()), None)
    if blocking:
        return RunError(
            f"{blocking} is a file, not a folder", where=where, fix="choose another folder with --run or --runs."
        )
    return RunError(f"cannot write {path.name}: {reason}", where=where, fix="choose another folder with --run.")


def _free(path: Path) -> int:
    """Bytes that are free where `path` is or would be."""
    for place in (path, *path.parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(place).free
    return 0
