"""Are two finished runs the same, bit for bit?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from gradwise import runs

FILES = ("config.yaml", "metrics.jsonl", "metrics.csv", "trace.bin", "trace.json")


def differences(one: Path, other: Path) -> list[str]:
    """What differs, a line each: record, trace, the last checkpoint with all of its state, the best one's weights."""
    found = [name for name in FILES if _bytes(one / name) != _bytes(other / name)]
    for pointer in ("last", "best"):
        left, right = (runs.pointed(run / "checkpoints", pointer) for run in (one, other))  # pyright: ignore[reportArgumentType]
        if left is None or right is None:
            found += [f"{pointer}: missing"] if left is not right else []
            continue
        for name in ("weights.safetensors", "average.safetensors"):
            if _bytes(left / name) != _bytes(right / name):
                found.append(f"{pointer}: {name}")
        a, b = runs.load(left), runs.load(right)
        if (a.step, a.epoch) != (b.step, b.epoch):
            found.append(f"{pointer}: step {a.step}, epoch {a.epoch} and step {b.step}, epoch {b.epoch}")
        elif pointer == "last":
            found += [f"state{place}" for place in unlike(a.state, b.state)]
    newest, problems = runs.newest(other / "checkpoints")
    last = runs.pointed(other / "checkpoints", "last")
    if problems or newest is None or newest.path != last:
        found.append(f"the newest checkpoint is {newest and newest.path.name}, `last` names {last}; {problems}")
    return found


def unlike(a: Any, b: Any, place: str = "") -> list[str]:
    """The places at which two states differ in a type or a bit."""
    if type(a) is not type(b):
        return [f"{place}: {type(a).__name__} and {type(b).__name__}"]
    if isinstance(a, dict):
        keys = [] if list(a) == list(b) else [f"{place}: {list(a)} and {list(b)}"]
        return keys + [line for key in a if key in b for line in unlike(a[key], b[key], f"{place}.{key}")]
    if isinstance(a, (list, tuple)):
        lengths = [] if len(a) == len(b) else [f"{place}: {len(a)} and {len(b)} entries"]
        pairs = enumerate(zip(a, b, strict=False))
        return lengths + [line for i, pair in pairs for line in unlike(*pair, f"{place}.{i}")]
    if isinstance(a, torch.Tensor):
        kinds = [(tensor.dtype, tensor.shape, tensor.stride()) for tensor in (a, b)]
        return [] if kinds[0] == kinds[1] and a.numpy().tobytes() == b.numpy().tobytes() else [place]
    return [] if repr(a) == repr(b) else [f"{place}: {a!r} and {b!r}"]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
