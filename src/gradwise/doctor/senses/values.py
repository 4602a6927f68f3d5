"""What senses ask of weights and gradients: norms, small samples, and whether the units of a matrix are all the same.

Nothing here changes a tensor, and what is given back is small. Each call waits for the device once: for looks only.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.utils._python_dispatch import is_traceable_wrapper_subclass

from gradwise.kernels import without_gaps

MOST = 1024  # elements of a tensor that are sampled


def usable(tensor: Tensor) -> bool:
    """Real numbers in one piece of memory: not sparse, not spread over processes, not without values."""
    return (
        tensor.layout is torch.strided
        and tensor.is_floating_point()
        and not tensor.is_meta
        and not torch.nn.parameter.is_lazy(tensor)
        and not is_traceable_wrapper_subclass(tensor)
        and tensor.numel() > 0
    )


def gradient(tensor: Tensor, given: Mapping[int, Tensor] | None = None) -> Tensor | None:
    """The values of its gradient, those that are there where it is sparse; None where there are none to be read.

    given: gradients that were returned and not kept with the weights, by id.
    """
    found = tensor.grad if not given else given.get(id(tensor), tensor.grad)
    if found is None:
        return None
    if found.layout is torch.sparse_coo:
        found = found.coalesce().values()
    return found.detach() if usable(found) else None


def norms(tensors: Sequence[Tensor]) -> list[float]:
    """The Euclidean norm of each."""
    groups: dict[tuple[torch.device, torch.dtype], list[int]] = {}
    for number, tensor in enumerate(tensors):
        groups.setdefault((tensor.device, tensor.dtype), []).append(number)
    found = [0.0] * len(tensors)
    for (_, dtype), numbers in groups.items():
        parts = torch._foreach_norm([tensors[i].detach() for i in numbers], 2, _wide(dtype))
        for number, norm in zip(numbers, torch.stack(parts).tolist(), strict=True):
            found[number] = norm
    return found


def some(tensor: Tensor, most: int = MOST) -> Tensor:
    """At most so many of its elements, spread evenly: a view where its memory has no gaps."""
    flat = _flat(tensor.detach())
    return flat[:: _stride(flat.numel(), most)]


def sample(tensors: Sequence[Tensor], most: int = MOST) -> Tensor:
    """A copy of `some` of each, one after the other, in float32 or wider, on the first one's device."""
    parts = [some(tensor, most) for tensor in tensors]
    together = torch.cat([part.to(parts[0].device) for part in parts])
    return together.to(_wide(together.dtype))


def as_laid_out(tensor: Tensor, like: Tensor) -> Tensor:
    """The same values in the order of memory that `like` has, so that samples of both are of the same places."""
    return tensor if tensor.stride() == like.stride() else torch.empty_like(like, dtype=tensor.dtype).copy_(tensor)


def units_alike(weight: Tensor, units: str, tolerance: float) -> bool | None:
    """Do all units of a layer have the same weights? None where that can't be asked.

    units: "rows" (of a matrix, or of a kernel), "columns" (of an embedding), "either" where it is not known. The gates
    of a recurrent layer lie one below the other and are compared each for itself.
    """
    if weight.ndim < 2 or len(weight) < 2:
        return None
    rows = weight.detach().flatten(1)
    if units == "rows" or weight.ndim > 2:
        return _rows_alike(rows, tolerance)
    if rows.shape[1] < 2:
        return None
    if _rows_alike(rows.t(), tolerance):
        return True
    return units == "either" and _rows_alike(rows, tolerance)


def _rows_alike(rows: Tensor, tolerance: float) -> bool:
    first, second = rows[0, :256], rows[1, :256]
    if not bool((first - second).abs().max() <= tolerance * first.abs().max()):
        return False  # as good as always: the rest need not be looked at
    limit = tolerance * rows.abs().max()
    for gates in (1, 3, 4):
        if len(rows) % gates == 0 and len(rows) // gates >= 2:
            parts = rows.unflatten(0, (gates, -1))
            if bool((parts - parts[:, :1]).abs().max() <= limit):
                return True
    return False


def _wide(dtype: torch.dtype) -> torch.dtype:
    return torch.float64 if dtype is torch.float64 else torch.float32


def _flat(tensor: Tensor) -> Tensor:
    if tensor.is_contiguous():
        return tensor.view(-1)
    return tensor.as_strided((tensor.numel(),), (1,)) if without_gaps(tensor) else tensor.reshape(-1)


@functools.lru_cache(4096)
def _stride(size: int, most: int) -> int:
    """Without a common divisor with the size, or it would fall on the same few columns in every row."""
    stride = max(1, -(-size // most))
    while math.gcd(stride, size) > 1:
        stride += 1
    return stride
