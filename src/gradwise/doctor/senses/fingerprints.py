"""Fingerprints of samples: equal rows have equal ones, whatever batch they come in. They tell nothing of the values."""

from __future__ import annotations

import torch
from torch import Tensor

_COLUMNS = 4096  # values of a sample that count, spread evenly
_CELLS = 2**18  # values of a batch: of a larger one, some rows only
_BITS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


class Fingerprints:
    """Makes them. The factors are its own: no random number of the program's is drawn."""

    def __init__(self) -> None:
        self._factors: dict[tuple[tuple[int, ...], torch.device], Tensor] = {}

    def of(self, batch: Tensor) -> Tensor:
        """batch (B, ...) -> (at most B,), on its device; a vector (F,) is one sample."""
        values = part(batch)
        bits = values.view(_BITS[values.element_size()]).long()
        if values.element_size() == 8:  # the sign, and all of 0.5 or 3.0, lie in high bits, which the sum wraps away
            bits = bits ^ ((bits >> 32) & 0xFFFFFFFF)
        key = (tuple(batch.shape[1:]), batch.device)
        factors = self._factors.get(key)
        if factors is None or len(factors) != bits.shape[1]:
            own = torch.Generator().manual_seed(abs(hash(key[0])) % 2**31)
            factors = torch.randint(-(2**62), 2**62, (bits.shape[1],), generator=own).to(batch.device)
            self._factors[key] = factors
        return (bits * factors).sum(1)  # wraps round


def part(batch: Tensor) -> Tensor:
    """(B, ...) -> (rows, values), at most as many as are fingerprinted; always the same ones of a sample."""
    if batch.ndim < 2:
        batch = batch.reshape(1, -1)
    size = batch[0].numel() if len(batch) else 1
    step = -(-len(batch) * min(size, _COLUMNS) // _CELLS) or 1
    values = batch[::step].flatten(1)
    return values[:, :: -(-size // _COLUMNS) or 1]


def bits(values: Tensor) -> float:
    """How unlikely it is that two samples are equal by chance, in bits, if their features were independent.

    values (rows, features). A feature of real numbers, which is never the same twice, is enough by itself: 24 and more.
    """
    rows = len(values)
    if rows < 4:
        return 0.0
    shifts = [shift for shift in (1, 2, 3, 5, 8, 13) if shift < rows // 2 + 1]
    equal = torch.stack([(values[shift:] == values[:-shift]).float().mean(0) for shift in shifts]).mean(0)
    never = values.is_floating_point() and rows >= 16 and bool((equal == 0).any())
    found = float(-torch.log2(equal.clamp_min(1 / (rows * len(shifts)))).sum())
    return max(found, 24.0) if never else found
