"""Where a batch was drawn from: how many samples there are to draw."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gradwise.doctor.names import variables
from gradwise.doctor.tensors import plain

_CELLS = 2**22  # a variable with more values is not searched
_ATTRIBUTES = 32  # of an object


class Pool(NamedTuple):
    """How many samples, and what holds them: the name of a variable, or "storage"."""

    size: int
    source: str


def behind(batch: Tensor) -> Pool | None:
    """The tensor that a batch is a part of: x = X[0:32]."""
    rows = len(batch)
    row = batch.stride(0) * batch.element_size()
    if rows < 2 or batch.ndim < 2 or batch.stride(0) < batch[0].numel():
        return None
    size = batch.untyped_storage().nbytes() // row
    return Pool(size, "storage") if size > rows else None


def among(batch: Tensor, frames: Iterator[FrameType]) -> Pool | None:
    """A variable of the program's that the batch was taken from: the smallest that has its samples, and more.

    Where none has these very values (they were scaled on the way) the smallest of the same shape is taken.
    """
    found: list[Pool] = []
    alike: list[Pool] = []
    for name, values in _candidates(frames):
        if values.ndim == batch.ndim and values.shape[1:] == batch.shape[1:] and len(values) > len(batch):
            if _has(values, batch[0]):
                found.append(Pool(len(values), name))
            elif "[" not in name and ("." not in name or name.startswith("self.")) and batch.is_floating_point():
                alike.append(Pool(len(values), name))
        elif values.ndim == batch.ndim == 2 and len(values) > len(batch) and _has_part(values, batch[0]):
            found.append(Pool(len(values), name))  # x, y = rows[:, :-1], rows[:, 1:]
        elif values.ndim == 1 and batch.ndim == 2 and len(values) > batch.numel() and _has_window(values, batch[0]):
            found.append(Pool(len(values) // batch.shape[1], name))  # as many pieces are all of it
    return min(found or alike, key=lambda pool: pool.size, default=None)


def _candidates(frames: Iterator[FrameType]) -> Iterator[tuple[str, Tensor]]:
    seen: set[int] = set()
    for name, thing in _named(frames):
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, np.ndarray) and thing.dtype.kind in "fiu" and thing.ndim:
            thing = _shared(thing)
        tensor = plain(thing) if isinstance(thing, Tensor) and not thing.requires_grad else None
        if tensor is not None and tensor.ndim and tensor.numel() > 1:
            yield name, tensor


def _shared(array: np.ndarray[Any, Any]) -> Tensor | None:
    """Without a copy, where torch can: not of a read-only or backwards array."""
    if not array.dtype.isnative:
        return None
    if not array.flags.writeable or any(stride < 0 for stride in array.strides):
        return torch.from_numpy(array.copy()) if array.size <= _CELLS else None
    return torch.from_numpy(array)


def _named(frames: Iterator[FrameType]) -> Iterator[tuple[str, Any]]:
    """The variables of the frames, what is in lists and dicts among them, and the attributes of objects."""
    modules: list[dict[str, Any]] = []
    for frame in frames:
        if frame.f_locals is not frame.f_globals:
            for name, value in variables(frame).items():
                yield from _within(name, value)
        if not any(frame.f_globals is module for module in modules):
            modules.append(frame.f_globals)
    for module in modules:
        for name, value in list(module.items()):
            yield from _within(name, value)


def _within(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    yield name, value
    if isinstance(value, (list, tuple)) and len(value) <= 16:
        for number, item in enumerate(value):
            yield f"{name}[{number}]", item
    elif isinstance(value, dict) and len(value) <= 16:
        for key, item in list(value.items()):
            yield f"{name}[{key!r}]", item
    elif _holds(value):
        for key, item in list(vars(value).items())[:_ATTRIBUTES]:
            yield f"{name}.{key}", item


def _holds(value: Any) -> bool:
    """An object of a class of somebody's own, such as a data set: no network, no tensor, no module or class."""
    if isinstance(value, (nn.Module, Tensor, ModuleType, type)) or callable(value):
        return False
    return isinstance(getattr(value, "__dict__", None), dict)


def _has(values: Tensor, row: Tensor) -> bool:
    """Whether one of the values (N, ...) is the row (...), given to the precision of its own type."""
    if values[0].numel() == 0:
        return False
    flat, row = values.reshape(len(values), -1) if values.is_contiguous() else values.flatten(1), row.reshape(-1)
    rows = (flat[:, 0].to(row.device, row.dtype) == row[0]).nonzero()[:, 0]
    for start in range(1, len(row), 64):  # few are left after the first
        if len(rows) * 64 > _CELLS:
            return False
        part = flat[rows.to(flat.device), start : start + 64].to(row.device, row.dtype)
        rows = rows[(part == row[start : start + 64]).all(1)]
    return len(rows) > 0


def _has_part(values: Tensor, row: Tensor) -> bool:
    """Whether the row (T,) is how one of the values (N, more than T) begins or ends."""
    width = len(row)
    return 1 < width < values.shape[1] and (_has(values[:, :width], row) or _has(values[:, -width:], row))


def _has_window(values: Tensor, row: Tensor) -> bool:
    """Whether the row (T,) is a piece of the values (N,)."""
    if len(row) < 2 or values.numel() * len(row) > _CELLS or values.is_floating_point() != row.is_floating_point():
        return False
    windows = values.to(row.device, row.dtype).unfold(0, len(row), 1)
    return bool((windows == row).all(1).any())
