"""Fetch samples that are kept as bytes: rows by number, made float and normalised in one pass."""

from __future__ import annotations

import torch
from torch import Tensor

from gradwise.kernels.build import library


def gathers(x: Tensor) -> bool:
    """Can `gather` fetch from these samples: bytes on the CPU, without gaps, and a compiler was there?"""
    return x.dtype is torch.uint8 and x.is_cpu and x.is_contiguous() and library() is not None


def gather(x: Tensor, index: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """x[index].float() * scale + shift. x (N, ...) for which `gathers`; index (B,) int64, contiguous, all below N.

    scale and shift: float32, contiguous, one number for each of a sample's numbers.
    """
    loaded = library()
    assert loaded is not None
    out = torch.empty((len(index), *x.shape[1:]))
    rows, width = len(index), scale.numel()
    loaded.gather_bytes(x.data_ptr(), index.data_ptr(), out.data_ptr(), rows, width, scale.data_ptr(), shift.data_ptr())
    return out
