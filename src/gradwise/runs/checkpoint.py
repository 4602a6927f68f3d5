"""A checkpoint: one folder, all of it or none of it.

    checkpoints/step-00001234/
        weights.safetensors     parameters and buffers
        average.safetensors     their moving average, where there is one
        state.pt                optimizer, counters, random numbers: plain data
        manifest.json           sizes and SHA-256 of the others

It is written beside its place, every file and the folder synced, renamed, and the parent synced: at every moment of a
crash or a power cut there is the checkpoint before or this one. It is trusted only after every checksum was verified.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from torch import Tensor

from gradwise.errors import RunError
from gradwise.runs import disk, files, tensors
from gradwise.runs.disk import Buffer
from gradwise.runs.manifest import AVERAGE, MANIFEST, STATE, WEIGHTS, Entry, Manifest, parse, render
from gradwise.runs.tensors import Weights

_NAME = re.compile(r"step-(\d{8,18})(?:-(\d{1,6}))?")


@dataclass(frozen=True)
class Checkpoint:
    """All that a run needs to continue as if it had never stopped. Tensors are on the CPU."""

    step: int
    epoch: int
    weights: Weights
    state: dict[str, Any]
    average: Weights | None
    path: Path


def save(
    root: Path,
    step: int,
    weights: Mapping[str, Tensor],
    state: Mapping[str, Any],
    average: Mapping[str, Tensor] | None = None,
    *,
    epoch: int = 0,
) -> Path:
    """Save a checkpoint under `root`, which exists; its folder. When this returns, a power cut cannot undo it.

    A step that was saved before is kept where it holds the same, else a second edition `step-00001234-2` is written
    and outranks it: there is no moment without a valid one.

    Raises NonFinite before anything is written where weights or average hold a NaN or an infinity, and RunError where
    the disk is full or not writable, or where `state` holds more than plain data.
    """
    tensors.check_finite("the weight", weights)
    tensors.check_finite("the averaged weight", average or {})
    parts: dict[str, list[Buffer]] = {WEIGHTS: tensors.encode_weights(weights), STATE: [tensors.encode_state(state)]}
    if average is not None:
        parts[AVERAGE] = tensors.encode_weights(average)
    place = _free_place(root, step)
    with disk.explained(place, sum(len(part) for group in parts.values() for part in group)):
        return _write(place, step, epoch, parts)


def _write(place: Path, step: int, epoch: int, parts: dict[str, list[Buffer]]) -> Path:
    fresh = place.with_name(f".writing-{os.getpid()}-{place.name}")
    try:
        disk.remove(fresh)
        disk.make_folder(fresh)
        manifest = Manifest(
            step, epoch, {name: Entry(*files.write_new(fresh / name, group)) for name, group in parts.items()}
        )
        same = _same(place.parent, manifest)
        if same:
            disk.remove(fresh)
            return same
        files.write_new(fresh / MANIFEST, [render(manifest)])
        disk.sync_folder(fresh)
        disk.rename(fresh, place)
        disk.sync_folder(place.parent)
    except BaseException:  # Ctrl-C too
        with contextlib.suppress(OSError):
            disk.remove(fresh)
        raise
    return place


class Named(NamedTuple):
    """What the name of a checkpoint's folder says. They sort by age: clocks are not asked."""

    step: int
    edition: int  # 1, then 2 ... where a step was saved again
    path: Path


def read_name(path: Path) -> Named | None:
    """None for a folder that is not named as a checkpoint."""
    match = _NAME.fullmatch(path.name)
    return Named(int(match[1]), int(match[2] or 1), path) if match else None


def checkpoints(root: Path) -> list[Named]:
    """The folders named as checkpoints, newest first."""
    found = (read_name(path) for path in (root.iterdir() if root.is_dir() else ()))
    return sorted((named for named in found if named), reverse=True)


def _free_place(root: Path, step: int) -> Path:
    edition = max((named.edition for named in checkpoints(root) if named.step == step), default=0) + 1
    return root / (f"step-{step:08d}" if edition == 1 else f"step-{step:08d}-{edition}")


def _same(root: Path, manifest: Manifest) -> Path | None:
    """The newest edition of this step, where it is valid and holds the same bytes."""
    path = next((named.path for named in checkpoints(root) if named.step == manifest.step), None)
    with contextlib.suppress(RunError):
        if path and read_manifest(path) == manifest and _read_files(path, manifest):
            return path
    return None


def load(path: Path) -> Checkpoint:
    """Read a checkpoint after verifying the size and checksum of every file of it.

    Raises RunError that names the file and what is wrong with it. Nothing in a checkpoint is ever executed.
    """
    manifest = read_manifest(path)
    data = _read_files(path, manifest)
    name = ""
    try:
        name = WEIGHTS
        weights = tensors.decode_weights(data.pop(WEIGHTS))
        name = AVERAGE
        average = tensors.decode_weights(data.pop(AVERAGE)) if AVERAGE in data else None
        name = STATE
        state = tensors.decode_state(data.pop(STATE))
    except ValueError as error:
        raise broken(path, name, str(error)) from error
    return Checkpoint(manifest.step, manifest.epoch, weights, state, average, path)


def read_manifest(path: Path) -> Manifest:
    """The manifest of a checkpoint, itself verified; the files that it lists are not."""
    try:
        manifest = parse((path / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise broken(path, MANIFEST, _reason(error)) from error
    named = read_name(path)
    if named and named.step != manifest.step:
        raise broken(path, MANIFEST, f"is of step {manifest.step}: the folder was renamed")
    return manifest


def _read_files(path: Path, manifest: Manifest) -> dict[str, bytes]:
    """Every file's content, verified: what is read afterwards is what was checked."""
    data: dict[str, bytes] = {}
    for name, entry in manifest.files.items():
        try:
            data[name] = (path / name).read_bytes()
        except OSError as error:
            raise broken(path, name, _reason(error)) from error
        if (size := len(data[name])) != entry.bytes:
            kind = "is truncated" if size < entry.bytes else "is too long"
            raise broken(path, name, f"{kind}: has {size:,} of {entry.bytes:,} bytes")
        if hashlib.sha256(data[name]).hexdigest() != entry.sha256:
            raise broken(path, name, "is damaged: its checksum differs")
    return data


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    return f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)


def broken(path: Path, name: str, what: str) -> RunError:
    """The error of a file `name` in the checkpoint `path`."""
    return RunError(
        f"the checkpoint {path.name} cannot be used: {name} {what}",
        where=str(path / name),
        fix="use the checkpoint before it; `gradwise resume` does so by itself.",
    )
