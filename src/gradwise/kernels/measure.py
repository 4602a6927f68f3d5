"""Measure tensors: sum, square sum, largest magnitude, zeros and non-finite numbers in one pass."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gradwise.kernels.build import library
from gradwise.kernels.pointers import Pointers, sizes, without_gaps

MEASURES = ("sum", "square_sum", "maximum", "zeros", "nonfinite")
NORMS = ("square_sum", "maximum", "nonfinite")  # what is measured of many tensors at once


def measure(tensor: Tensor, out: Tensor) -> None:
    """Write the five measures of a tensor of any shape and float type into `out`, (5,) float32, on its device.

    Nobody waits for the device. In memory that is dense in some order (channels last, say) a pass follows the memory.
    """
    loaded = library()
    brief = tensor.dtype is torch.bfloat16
    if loaded is not None and (brief or tensor.dtype is torch.float32) and tensor.is_cpu and without_gaps(tensor):
        loaded.measure(tensor.data_ptr(), tensor.numel(), brief, out.data_ptr())
        return
    values = tensor.detach().to(torch.float32)
    magnitude = values.abs()
    largest = magnitude.max() if values.numel() else values.sum()
    zeros, wrong = (magnitude == 0).sum(), (~torch.isfinite(values)).sum()
    parts = (values.sum(), values.square().sum(), largest, zeros, wrong)
    out.copy_(torch.stack([part.to(torch.float32) for part in parts]))


class Measurer:
    """The same list of tensors at every step: sizes are taken once, addresses anew."""

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self.count = len(tensors)
        self._sizes = sizes(tensors)
        self._pointers = Pointers(self.count)

    def measure(self, tensors: Sequence[Tensor], out: Tensor) -> bool | Tensor:
        """NORMS of each tensor, into `out` (tensors, 3). All finite? A bool on a CPU, else on the device."""
        loaded = library()
        if loaded is not None and all(map(_plain, tensors)):
            found = loaded.measure_all(self.count, self._pointers.fill(tensors), self._sizes, out.data_ptr())
            return bool(found)
        values = [tensor.detach().to(torch.float32) for tensor in tensors]
        out[:, 0] = torch.stack(torch._foreach_norm(values)).square()
        out[:, 1] = torch.stack([value.abs().max() for value in values])
        out[:, 2] = torch.stack([(~torch.isfinite(value)).sum() for value in values])
        return _known((out[:, 2] == 0).all())

    def finite(self, tensors: Sequence[Tensor]) -> bool | Tensor:
        """Are all numbers finite? A bool on a CPU, else a tensor on the device."""
        loaded = library()
        if loaded is not None and all(map(_plain, tensors)):
            return bool(loaded.finite_all(self.count, self._pointers.fill(tensors), self._sizes))
        # A norm is one number per tensor; it overflows only where the gradient is beyond use anyway.
        return _known(torch.isfinite(torch.stack(torch._foreach_norm(list(tensors)))).all())


def _known(flag: Tensor) -> bool | Tensor:
    return bool(flag) if flag.device.type == "cpu" else flag  # waits for nothing on a CPU


def _plain(tensor: Tensor) -> bool:
    """Is it what a kernel takes: float32, on the CPU, without gaps?"""
    return tensor.dtype is torch.float32 and tensor.is_cpu and without_gaps(tensor)
