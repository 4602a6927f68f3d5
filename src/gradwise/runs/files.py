"""Two kinds of file: one that is replaced as a whole, and one that grows at its end and can be rewound."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradwise.errors import RunError
from gradwise.runs import disk
from gradwise.runs.disk import Buffer


def write_new(path: Path, parts: Iterable[Buffer]) -> tuple[int, str]:
    """Write a file that does not exist yet and wait until it is on the disk; its size and SHA-256.

    The checksum is computed beside the writing, from memory: what the disk makes of the bytes is what it judges.
    """
    parts = list(parts)
    digest = hashlib.sha256()
    descriptor = disk.create(path)
    try:
        with ThreadPoolExecutor(1) as beside:  # neither hashing nor writing holds the interpreter's lock
            hashed = beside.submit(lambda: [digest.update(part) for part in parts])
            for part in parts:
                disk.write(descriptor, part)
            disk.sync(descriptor)
            hashed.result()
    finally:
        os.close(descriptor)
    return sum(len(part) for part in parts), digest.hexdigest()


def write_atomic(path: Path, data: bytes) -> None:
    """Put `data` in the place of `path`: after a crash there is the old content or the new, whole.

    Raises RunError where the disk is full or the folder cannot be written.
    """
    fresh = path.with_name(f".writing-{os.getpid()}-{path.name}")
    with disk.explained(path, len(data)):
        try:
            disk.remove(fresh)
            write_new(fresh, [data])
            disk.rename(fresh, path)
            disk.sync_folder(path.parent)
        except BaseException:  # Ctrl-C too
            with contextlib.suppress(OSError):
                disk.remove(fresh)
            raise


def check_writable(folder: Path) -> None:
    """Raise RunError unless a file can be made in `folder`: asked before the first step, not at the first save."""
    probe = folder / f".writing-{os.getpid()}-probe"
    with disk.explained(probe, 1):
        disk.remove(probe)
        write_new(probe, [b"?"])
        disk.remove(probe)


class Appended:
    """A file that only grows, until it is cut back to a size that a checkpoint recorded.

    `size`: None takes the file as it is; a number cuts off what a dead process wrote after that size. Raises RunError
    where the file is shorter than `size`, for then what the checkpoint counts on is lost.
    """

    def __init__(self, path: Path, size: int | None = None) -> None:
        self.path = path
        with disk.explained(path):
            new = not path.exists()
            self._descriptor = disk.open_append(path)
            if new:
                disk.sync_folder(path.parent)
        self._size = os.fstat(self._descriptor).st_size
        if size is not None:
            try:
                self.truncate(size)
            except RunError:
                self.close()
                raise

    @property
    def size(self) -> int:
        """Bytes that were appended and not cut off."""
        return self._size

    def append(self, data: Buffer) -> None:
        """Add `data` at the end: all of it, or RunError and none of it."""
        with disk.explained(self.path, len(data)):
            try:
                disk.write(self._descriptor, data)
            except OSError:
                with contextlib.suppress(OSError):
                    disk.cut(self._descriptor, self._size)  # a full disk leaves half a row
                raise
        self._size += len(data)

    def flush(self, fsync: bool = False) -> None:
        """Hand everything to the system (it always is), and with `fsync` wait until it is on the disk."""
        if fsync:
            with disk.explained(self.path):
                disk.sync(self._descriptor)

    def truncate(self, size: int) -> None:
        """Cut back to `size` bytes; RunError where the file is shorter."""
        if size > self._size:
            raise RunError(
                f"{self.path.name} is too short: the checkpoint recorded {size:,} bytes, there are {self._size:,}",
                where=str(self.path),
                why="the file was cut or replaced after the checkpoint was saved.",
                fix="restore the file, or start a new run.",
            )
        if size < self._size:
            with disk.explained(self.path):
                disk.cut(self._descriptor, size)
            self._size = size

    def read(self) -> bytes:
        """All of its content."""
        return os.pread(self._descriptor, self._size, 0) if self._size else b""

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Appended:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def whole_lines(data: bytes) -> int:
    """The size of `data` without a last line that was torn."""
    return data.rfind(b"\n") + 1
