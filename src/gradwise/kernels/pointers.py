"""Tensors as the kernels see them: addresses and sizes."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import torch
from torch import Tensor


def without_gaps(tensor: Tensor) -> bool:
    """Do a tensor's numbers fill one stretch of memory, in whatever order of its dimensions (channels last, say)?"""
    if tensor.is_contiguous():
        return True
    if tensor.dim() == 4:
        return tensor.is_contiguous(memory_format=torch.channels_last)
    return tensor.dim() == 2 and tensor.t().is_contiguous()


class Pointers:
    """An array of addresses, as `float **`. Cheap to refill: gradients move at every step, weights hardly ever."""

    def __init__(self, size: int) -> None:
        self.array = (ctypes.c_void_p * size)()
        self.address = ctypes.addressof(self.array)

    def fill(self, tensors: Sequence[Tensor]) -> int:
        """Point at these tensors; the array's own address, to be handed to a kernel."""
        self.array[:] = [tensor.data_ptr() for tensor in tensors]
        return self.address


def sizes(tensors: Sequence[Tensor]) -> ctypes.Array[ctypes.c_long]:
    """How many numbers each tensor has, as `long *`."""
    return (ctypes.c_long * len(tensors))(*[tensor.numel() for tensor in tensors])
