"""Crashes on paper: a recorder for what `disk` does, and every state that a power cut could leave behind.

Names: on a journalling file system the changes of names reach the disk in their order, so that a cut loses any number
of the latest unsynced ones; a laxer one keeps each folder's names on its own, so that those of one folder may be there
and those of the others lost. Contents: of what was not synced there may be nothing, half, zeros in full length, or all.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gradwise.runs import disk

OPERATIONS = ("create", "open_append", "write", "cut", "sync", "make_folder", "sync_folder", "rename", "remove")
Image = dict[str, bytes | None]  # path below the root -> content, None for a folder
Operation = tuple[Any, ...]


class Crash(BaseException):
    """The process is dead."""


class Killer:
    """Lets `after` operations of disk pass, then dies: no operation passes any more. `torn`: half of the last write."""

    def __init__(self, patch: pytest.MonkeyPatch, after: int, torn: bool = False) -> None:
        self.after, self.torn, self.count = after, torn, 0
        for name in OPERATIONS:
            patch.setattr(disk, name, self._guarded(name, getattr(disk, name)))

    def _guarded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operate(*args: Any) -> Any:
            self.count += 1
            if self.count > self.after:
                if name == "write" and self.torn and self.count == self.after + 1:
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                raise Crash
            return real(*args)

        return operate


class Refuser:
    """Refuses the operation number `at` with an error of the system; a write leaves half of its bytes."""

    def __init__(self, patch: pytest.MonkeyPatch, names: tuple[str, ...], at: int, error: int = errno.ENOSPC) -> None:
        self.at, self.error, self.count = at, error, 0
        for name in names:
            patch.setattr(disk, name, self._guarded(name, getattr(disk, name)))

    def _guarded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operate(*args: Any) -> Any:
            self.count += 1
            if self.count - 1 == self.at:
                if name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                raise OSError(self.error, os.strerror(self.error))
            return real(*args)

        return operate


class Recorder:
    """Does everything and writes it down, below `root`."""

    def __init__(self, patch: pytest.MonkeyPatch, root: Path, forget: str = "") -> None:
        self.root = root
        # what a defective disk leaves out: an operation, and if need be what its path begins with
        self.forget, _, self.beginning = forget.partition(" ")
        self.log: list[Operation] = []
        self.files: dict[int, int] = {}  # descriptor -> number of the file
        self.numbers = itertools.count()
        real = {name: getattr(disk, name) for name in OPERATIONS}
        for name in OPERATIONS:
            patch.setattr(disk, name, self._recorded(name, real[name]))

    def _recorded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operate(*args: Any) -> Any:
            if name == "remove":
                self._remove(args[0])
            made = real(*args)
            if name == self.forget and (name == "sync" or self._below(args[0]).startswith(self.beginning)):
                return made
            if name == "create":
                self.files[made] = next(self.numbers)
                self.log.append(("create", self._below(args[0]), self.files[made]))
            elif name in ("write", "cut"):
                self.log.append((name, self.files[args[0]], bytes(args[1]) if name == "write" else args[1]))
            elif name == "sync":
                self.log.append(("sync", self.files[args[0]]))
            elif name in ("make_folder", "sync_folder"):
                self.log.append((name, self._below(args[0])))
            elif name == "rename":
                self.log.append(("rename", self._below(args[0]), self._below(args[1])))
            elif name == "open_append":
                raise AssertionError("not modelled")
            return made

        return operate

    def _remove(self, path: Path) -> None:
        if path.exists():
            within = sorted(path.rglob("*"), reverse=True) if path.is_dir() else []
            self.log.extend(("unlink", self._below(each)) for each in [*within, path])

    def _below(self, path: Path) -> str:
        return "." if path == self.root else str(path.relative_to(self.root))


def image(root: Path) -> Image:
    """What is below `root` now."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes() for path in sorted(root.rglob("*"))
    }


def put(content: Image, root: Path) -> Path:
    """Make it true below a new folder."""
    root.mkdir(parents=True)
    for name, data in sorted(content.items()):
        if data is None:
            (root / name).mkdir()
        else:
            (root / name).write_bytes(data)
    return root


def states(before: Image, log: list[Operation]) -> Iterator[tuple[int, Image]]:
    """(operations done, what a cut at that moment may leave), each different image once per moment."""
    for done in range(len(log) + 1):
        seen: set[bytes] = set()
        for names in _survivors(log[:done]):
            for lost in ("none", "half", "zeros", "all"):
                left = _replay(before, names, _contents(log[:done], lost))
                mark = hashlib.sha256(repr(sorted(left.items())).encode()).digest()
                if mark not in seen:
                    seen.add(mark)
                    yield done, left


def _survivors(log: list[Operation]) -> Iterator[list[Operation]]:
    """The changes of names that may be on the disk, in every combination of the model."""
    names: list[Operation] = []
    folders: list[str] = []  # of each of the names
    safe: set[int] = set()
    for operation in log:
        if operation[0] in ("create", "make_folder", "rename", "unlink"):
            names.append(operation)
            folders.append(str(Path(operation[1]).parent))
        elif operation[0] == "sync_folder":
            safe |= {number for number, folder in enumerate(folders) if folder == operation[1]}
    for kept in range(max(safe, default=-1) + 1, len(names) + 1):
        yield names[:kept]
    for lucky in {"", *folders}:
        yield [name for n, name in enumerate(names) if n in safe or folders[n] == lucky]


def _contents(log: list[Operation], lost: str) -> dict[int, bytes]:
    """File number -> what is on the disk, if of the unsynced bytes this much is there."""
    now: dict[int, bytes] = {}
    safe: dict[int, bytes] = {}
    for operation in log:
        kind, number = operation[0], operation[-1] if operation[0] == "create" else operation[1]
        if kind == "create":
            now[number] = safe[number] = b""
        elif kind == "write":
            now[number] += operation[2]
        elif kind == "sync":
            safe[number] = now[number]
    return {number: _partly(safe[number], now[number], lost) for number in now}


def _partly(safe: bytes, now: bytes, lost: str) -> bytes:
    fresh = now[len(safe) :]
    return safe + {"none": b"", "half": fresh[: len(fresh) // 2], "zeros": bytes(len(fresh)), "all": fresh}[lost]


def _replay(before: Image, names: list[Operation], contents: dict[int, bytes]) -> Image:
    tree: dict[str, bytes | int | None] = dict(before)
    for operation in names:
        kind, path = operation[0], operation[1]
        parent = str(Path(path).parent)
        if parent != "." and parent not in tree:
            continue  # safe in a folder whose own name was lost
        if kind == "create":
            tree[path] = operation[2]
        elif kind == "make_folder":
            tree[path] = None
        elif kind == "unlink":
            tree = {name: data for name, data in tree.items() if name != path and not name.startswith(path + "/")}
        else:
            moved = [name for name in tree if name == path or name.startswith(path + "/")]
            for name in moved:
                tree[operation[2] + name[len(path) :]] = tree.pop(name)
    return {name: contents[data] if isinstance(data, int) else data for name, data in tree.items()}
