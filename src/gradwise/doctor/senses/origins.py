"""What a target was before the program converted it: whole numbers that were cast to floating point for the loss."""

from __future__ import annotations

from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gradwise.doctor.names import variables
from gradwise.doctor.tensors import plain, tensors

_VALUES = 16  # of a batch that are compared


class Origins:
    """Remembers the first values of what a DataLoader gave, until it gives something else."""

    def __init__(self) -> None:
        self._given: list[tuple[int, list[float], str]] = []  # size, first values, dtype

    def fetched(self, batch: object) -> None:
        """A DataLoader gave a batch."""
        found = [readable for tensor in tensors(batch) if (readable := plain(tensor)) is not None]
        self._given = [(tensor.numel(), _first(tensor), _name(tensor.dtype)) for tensor in found[:8] if tensor.ndim]

    def of(self, target: Tensor, frame: FrameType | None) -> str:
        """The dtype of the same values where they came from; "" where that is not known."""
        size, values = target.numel(), _first(target)
        for other, given, dtype in self._given:
            if other == size and given == values:
                return dtype
        if frame is None or size < 2:
            return ""
        scopes = (variables(frame), frame.f_globals) if frame.f_locals is not frame.f_globals else (frame.f_globals,)
        for scope in scopes:
            for thing in list(scope.values()):
                dtype = _whole(thing, size, values)
                if dtype:
                    return dtype
        return ""


def _whole(thing: Any, size: int, values: list[float]) -> str:
    """The dtype of a tensor or array of whole numbers with these values."""
    if isinstance(thing, np.ndarray) and thing.dtype.kind in "iub" and thing.size == size:
        return str(thing.dtype) if thing.reshape(-1)[:_VALUES].astype(float).tolist() == values else ""
    tensor = plain(thing) if isinstance(thing, Tensor) and thing.numel() == size else None
    if tensor is None or tensor.is_floating_point():
        return ""
    return _name(tensor.dtype) if _first(tensor) == values else ""


def _first(tensor: Tensor) -> list[float]:
    return tensor.reshape(-1)[:_VALUES].tolist() if tensor.is_contiguous() else tensor.flatten()[:_VALUES].tolist()


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
