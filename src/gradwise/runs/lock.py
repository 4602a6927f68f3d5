"""One process per run folder.

The lock is the kernel's (`flock`): it vanishes with its owner, however that dies, so that no stale lock ever stands in
the way. The record inside the file only tells who the owner is.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from gradwise.errors import RunError
from gradwise.runs import disk

_held: weakref.WeakSet[Lock] = weakref.WeakSet()


class Lock:
    """An exclusive lock on `path`, taken when made. RunError names the process that has it already."""

    def __init__(self, path: Path) -> None:
        self._descriptor = -1
        with disk.explained(path):
            descriptor = disk.open_append(path)
        try:
            self.supported = _flock(descriptor, path)
            with disk.explained(path):
                disk.cut(descriptor, 0)
                disk.write(descriptor, _record())
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        _held.add(self)

    def release(self) -> None:
        """Give the lock back; a second time does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _flock(descriptor: int, path: Path) -> bool:
    """False where the file system knows no locks, as some on clusters: refusing to train there would help nobody."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _taken(path) from None
    except OSError as error:
        if error.errno in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
            return False
        raise
    return True


def _record() -> bytes:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return (json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": started}) + "\n").encode()


def _taken(path: Path) -> RunError:
    owner: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        owner = cast("dict[str, Any]", json.loads(path.read_bytes()[:1000]))
    pid, host, started = (str(owner.get(key, "unknown")) for key in ("pid", "host", "started"))
    return RunError(
        f"the run {path.parent.name} is in use by process {pid}",
        where=str(path.parent),
        why=f"it has been written there since {started}, on {host}.",
        fix=f"wait until it ends, stop it with `kill {pid}`, or choose another folder with --run.",
    )


def _let_go_in_child() -> None:
    """A forked worker would keep the lock after its parent's death: close its copy, which does not unlock."""
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_let_go_in_child)
