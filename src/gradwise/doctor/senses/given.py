"""Samples with their targets, kept until the program ends: do the inputs say anything about the targets?"""

from __future__ import annotations

from torch import Tensor

from gradwise.doctor.sense import Call, LossCall

BYTES = 8_000_000  # of batches
ROWS = 2048
Given = tuple[list[Tensor], Tensor, list[int] | None]  # inputs, target, numbers in the data set


class Samples:
    """Samples with their targets, where no single network could be copied: an encoder and a head, plain tensors."""

    def __init__(self) -> None:
        self.given: list[Given] = []
        self.loss = ""
        self._bytes = self._rows = 0

    def add(self, call: Call, loss: LossCall) -> None:
        """Of one step, as long as there is room."""
        if not loss.input.ndim:
            return  # one sample by itself
        inputs = [x for x in (*call.args, *call.kwargs.values()) if isinstance(x, Tensor)]
        inputs = [x.detach() for x in inputs if x.grad_fn is None and x.ndim and len(x) == len(loss.input)]
        target = loss.target
        if not inputs or not target.ndim or len(target) != len(inputs[0]) or loss.name != (self.loss or loss.name):
            return
        self._bytes += sum(x.nbytes for x in inputs) + target.nbytes
        self._rows += len(target)
        if self._bytes <= BYTES and self._rows <= ROWS:
            self.loss = loss.name
            self.given.append(([x.clone() for x in inputs], target.detach().clone(), None))
