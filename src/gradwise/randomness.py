"""Random numbers that are functions, not streams.

What a sample is given depends on (seed, epoch, the sample's number, which draw it is) and on nothing else: not on a
worker's state, not on the batch it sits in, not on what was drawn before a restart. Four purposes have four
independent keys: initialisation, order, augmentation, dropout.

The mixing is the finaliser of SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195).
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor

Purpose = Literal["initialisation", "order", "augmentation", "dropout", "split", "workers"]
_PURPOSES: tuple[Purpose, ...] = ("initialisation", "order", "augmentation", "dropout", "split", "workers")
_MASK = (1 << 64) - 1
_GOLDEN, _A, _B = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def key(seed: int, purpose: Purpose, *counters: int) -> int:
    """A 63-bit seed for one purpose at one place of a run."""
    mixed = seed & _MASK
    for number in (_PURPOSES.index(purpose) + 1, *counters):
        mixed = _mix_int((mixed + _GOLDEN * (number + 1)) & _MASK)
    return mixed >> 1


def generator(seed: int, purpose: Purpose, *counters: int, device: str = "cpu") -> torch.Generator:
    """A torch generator that starts at that key."""
    return torch.Generator(device).manual_seed(key(seed, purpose, *counters))


def order(seed: int, epoch: int, size: int) -> Tensor:
    """(size,) int64: the order in which an epoch visits its samples, f(seed, epoch)."""
    return torch.randperm(size, generator=generator(seed, "order", epoch))


class Rng:
    """What a batch edit draws from during one step.

    Each call is a draw of its own, so techniques that follow one another never share numbers. `progress`, 0 to 1, is
    how much of the run is done.
    """

    def __init__(self, seed: int, epoch: int, step: int, progress: float = 0.0) -> None:
        self.seed, self.epoch, self.step, self.progress, self.draws = seed, epoch, step, progress, 0

    def uniform(self, index: Tensor, columns: int = 1) -> Tensor:
        """(B, columns) float32 in [0, 1): f(seed, epoch, sample, draw, column)."""
        base = self._next(self.epoch)
        sample = _mix(index[:, None] * _signed(_GOLDEN) + base)  # (B, 1)
        column = torch.arange(1, columns + 1, device=index.device)[None, :] * _signed(_A)  # (1, columns)
        bits = _shift(_mix(sample + column), 40)  # 24 bits: what a float32 in [0, 1) holds exactly
        return bits.to(torch.float32) * 2.0**-24

    def normal(self, index: Tensor, columns: int = 1) -> Tensor:
        """(B, columns) float32, standard normal: Box & Muller (1958) on two uniform draws."""
        radius, angle = self.uniform(index, columns), self.uniform(index, columns)
        return torch.sqrt(-2 * torch.log1p(-radius)) * torch.cos(2 * math.pi * angle)

    def once(self) -> float:
        """One number in [0, 1) for the whole batch: f(seed, step, draw)."""
        return self._next(self.step) / 2.0**63

    def _next(self, counter: int) -> int:
        self.draws += 1
        return key(self.seed, "augmentation", counter, self.draws)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _mix_int(z: int) -> int:
    z = ((z ^ (z >> 30)) * _A) & _MASK
    z = ((z ^ (z >> 27)) * _B) & _MASK
    return z ^ (z >> 31)


def _shift(z: Tensor, bits: int) -> Tensor:
    """A logical shift to the right: torch's own copies the sign of an int64."""
    return (z >> bits) & ((1 << (64 - bits)) - 1)


def _mix(z: Tensor) -> Tensor:
    z = (z ^ _shift(z, 30)) * _signed(_A)  # int64 products wrap, as SplitMix64's do
    z = (z ^ _shift(z, 27)) * _signed(_B)
    return z ^ _shift(z, 31)
