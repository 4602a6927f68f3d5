"""Weights that a program changes without an optimizer."""

from __future__ import annotations

import weakref

import torch
from torch import Tensor

from gradwise.doctor.sense import Backward

ACCUMULATED = 32  # backward passes without a step of an optimizer that was made: it is not going to


class ByHand:
    """Are they changed? Some of their values are compared from one backward pass to the next."""

    def __init__(self) -> None:
        self._leaves: list[tuple[weakref.ref[Tensor], int, Tensor]] = []
        self._known: bool | None = None  # as it was at the last look
        self.optimizers = 0  # made
        self.passes = 0  # backward passes of this turn
        self._idle = False  # an optimizer was made, and does not step: every backward pass is a turn

    def ends_turn(self) -> bool:
        """A backward pass ended a turn, no step: where there is an optimizer, several may come before its first one."""
        self.passes += 1
        self._idle = self._idle or self.passes > ACCUMULATED
        return self._idle or not self.optimizers or self.changed()

    def remember(self, backward: Backward) -> None:
        """Before the program changes them."""
        self._leaves = []
        if backward.graph is not None:
            leaves = backward.graph.leaves[:64]
            self._leaves = [(weakref.ref(leaf), leaf._version, _some(leaf)) for leaf in leaves]

    def changed(self) -> bool:
        """Whether they have been since; in a turn that was not looked at: whether they were before."""
        if self._leaves:
            self._known = any(self._differs(*leaf) for leaf in self._leaves)
        return bool(self._known)

    @staticmethod
    def _differs(ref: weakref.ref[Tensor], version: int, values: Tensor) -> bool:
        leaf = ref()
        if leaf is None:
            return True  # replaced by a new one
        return leaf._version != version or not torch.equal(_some(leaf), values)


def _some(tensor: Tensor) -> Tensor:
    flat = tensor.detach().reshape(-1)
    return flat[:: max(1, flat.numel() // 256)].clone()
