"""The checkpoints of one run: which is the newest, which may go, and two names for two of them.

`last` and `best` are small text files that hold a folder's name. They are conveniences for people: `newest` never
trusts them. Whoever calls `sweep`, `set_aside` or `prune` holds the run's lock.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from gradwise.errors import RunError
from gradwise.runs import disk, files
from gradwise.runs.checkpoint import Checkpoint, checkpoints, load, read_manifest, read_name
from gradwise.runs.manifest import Manifest

Pointer = Literal["last", "best"]


def newest(root: Path) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that is valid, by step number, and a line for each newer one that is not."""
    problems: list[str] = []
    for named in checkpoints(root):
        try:
            return load(named.path), problems
        except RunError as error:
            problems.append(error.what)
    return None, problems


def set_aside(root: Path, checkpoint: Checkpoint) -> list[Path]:
    """Rename what is newer than `checkpoint` to `broken-...`, so that it neither counts nor is reported again."""
    moved: list[Path] = []
    for _, _, path in checkpoints(root):
        if path == checkpoint.path:
            break
        place, number = path.with_name(f"broken-{path.name}"), 2
        while place.exists():
            place, number = path.with_name(f"broken-{path.name}-{number}"), number + 1
        with disk.explained(path):
            disk.rename(path, place)
        moved.append(place)
    return moved


def prune(root: Path, keep: Collection[int] = (), last: int = 2) -> list[Path]:
    """Remove all checkpoints but the `last` (at least 1) newest, the steps in `keep`, and the one that `best` names.

    Only those whose files are there in full length count as newest; checksums are `newest`'s business. Returns what
    was removed. A folder is renamed before it is emptied: a crash on the way leaves no half of a checkpoint.
    """
    if last < 1:
        raise RunError(f"prune must keep at least 1 checkpoint, got last={last}")
    best, whole, removed = pointed(root, "best"), 0, list[Path]()
    for step, _, path in checkpoints(root):
        complete = _complete(path)
        whole += complete
        if not ((complete and whole <= last) or path == best or step in keep):
            removed.append(path)
    with disk.explained(root):
        gone = [path.with_name(f".removing-{path.name}") for path in removed]
        for old, new in zip(removed, gone, strict=True):
            disk.remove(new)
            disk.rename(old, new)
        if gone:
            disk.sync_folder(root)
        for path in gone:
            disk.remove(path)
    return removed


def _complete(path: Path) -> bool:
    try:
        manifest: Manifest = read_manifest(path)
        return all((path / name).stat().st_size == entry.bytes for name, entry in manifest.files.items())
    except (RunError, OSError):
        return False


def sweep(root: Path) -> list[Path]:
    """Remove what a process that died was writing or removing under `root`; what was removed."""
    left = [path for pattern in (".writing-*", ".removing-*") for path in sorted(root.glob(pattern))]
    for path in left:
        with disk.explained(path):
            disk.remove(path)
    return left


def point(root: Path, pointer: Pointer, checkpoint: Path) -> None:
    """Let `pointer` name a checkpoint of this run."""
    files.write_atomic(root / pointer, f"{checkpoint.name}\n".encode())


def pointed(root: Path, pointer: Pointer) -> Path | None:
    """The folder that `pointer` names, None where it names none that exists."""
    try:
        name = (root / pointer).read_bytes()[:100].decode("ascii").strip()
    except (OSError, ValueError):
        return None
    path = root / name
    return path if read_name(path) and path.parent == root and path.is_dir() else None
