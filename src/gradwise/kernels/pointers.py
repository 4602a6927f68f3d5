"""Tensors as the kernels see them: addresses and sizes."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

from torch import Tensor


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
