"""Weights that a program changes without an optimizer."""

from __future__ import annotations

import weakref
from collections.abc import Sequence

import torch
from torch import Tensor

from gradwise.doctor.sense import Backward

ACCUMULATED = 32  # backward passes without a step of an optimizer that was made: it is not going to
INNER = 32  # gradients of such weights, one after the other, without a backward pass outside: it is no inner loop


class ByHand:
    """Are they changed? Some of their values are compared from one backward pass to the next."""

    def __init__(self) -> None:
        self._leaves: list[tuple[weakref.ref[Tensor], int, Tensor]] = []
        self._known: bool | None = None  # as it was at the last look
        self.optimizers = 0  # made
        self.passes = 0  # backward passes of this turn
        self._idle = False  # an optimizer was made, and does not step: every backward pass is a turn
        self._asked: list[weakref.ref[Tensor]] = []  # what gradients were asked for that are no leaves or keep a graph
        self._shapes: list[torch.Size] = []  # of these
        self._times, self._taken = 0, 0  # in a row; as backward passes

    def ends_turn(self) -> bool:
        """A backward pass ended a turn, no step: where there is an optimizer, several may come before its first one."""
        self.passes += 1
        self._idle = self._idle or self.passes > ACCUMULATED
        return self._idle or not self.optimizers or self.changed()

    def replaced(self, of: Sequence[object], backwards: int) -> bool:
        """Whether these tensors, of which gradients are asked for again and again, are weights that each step makes
        anew: a matrix and a vector at least, and nothing else is trained (backwards: the passes so far). An inner loop
        has an outer one, and what a penalty or an equation is differentiated by has the shape of samples."""
        given = [x for x in of if isinstance(x, Tensor)]
        if self.optimizers or backwards > self._taken or len({x.ndim for x in given}) < 2:
            return False
        anew = all(ref() is not x for ref, x in zip(self._asked, given, strict=False))
        shapes = [x.shape for x in given]
        self._times = self._times + 1 if shapes == self._shapes and anew else 0
        self._asked, self._shapes = [weakref.ref(x) for x in given], shapes
        self._taken += self._times > INNER
        return self._times > INNER

    def remember(self, backward: Backward) -> None:
        """Before the program changes them."""
        self._leaves = []
        if backward.graph is not None:
            leaves = backward.graph.leaves[:64]
            self._leaves = [(weakref.ref(leaf), leaf._version, _some(leaf)) for leaf in leaves]

    def changed(self) -> bool:
        """Whether they have been since; in a turn that was not looked at: whether they were before."""
        if self._times > INNER:
            return True
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
