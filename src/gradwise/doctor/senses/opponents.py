"""Two optimizers against each other, as in a GAN: the loss of one passes through what the other holds and then leaves
that as it is; the other steps later on a loss of its own. Their curves say little about how the training goes.
"""

from __future__ import annotations

import weakref
from typing import Any

import torch

from gradwise.doctor.sense import Backward, Sense
from gradwise.doctor.senses.optimizers import parameters

_TURNS = 2  # how often they have to take turns


class Opponents(Sense):
    """Fills facts.adversarial."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._steps: weakref.WeakKeyDictionary[torch.optim.Optimizer, int] = weakref.WeakKeyDictionary()
        self._leaves: set[int] = set()
        self._used: set[int] = set()  # optimizers that have stepped on this loss already
        self._passed: dict[tuple[int, int], int] = {}  # (one, other): other's steps when one's loss passed through it
        self._waits: set[tuple[int, int]] = set()  # and the other left it at that: now it is the other's turn
        self._turns: dict[tuple[int, int], int] = {}

    def woke(self) -> None:
        """Whose turn it was is not known any more."""
        for each in (self._leaves, self._used, self._passed, self._waits):
            each.clear()

    def before_backward(self, backward: Backward, look: bool) -> None:
        """A new loss: whoever has not stepped on the last one let it pass."""
        if self._used:
            steps = {id(optimizer): count for optimizer, count in self._steps.items()}
            self._waits |= {pair for pair, count in self._passed.items() if steps.get(pair[1]) == count}
            self._passed.clear()
            self._leaves.clear()
            self._used.clear()
        if backward.graph is not None:
            self._leaves.update(map(id, backward.graph.leaves))
            for call in backward.calls:  # what is frozen for this loss is no leaf of its graph
                self._leaves.update(id(p) for p in call.module.parameters() if not p.requires_grad)

    def before_step(self, optimizer: torch.optim.Optimizer, look: bool) -> None:
        """Through whom did its loss pass?"""
        if not look or self.facts.adversarial or len(self._steps) < 2:
            return
        own = set(map(id, parameters(optimizer)))
        for other, count in self._steps.items():
            theirs = set(map(id, parameters(other))) if other is not optimizer else own
            if id(other) not in self._used and theirs.isdisjoint(own) and not theirs.isdisjoint(self._leaves):
                self._passed[id(optimizer), id(other)] = count

    def after_step(self, optimizer: torch.optim.Optimizer | None, look: bool) -> None:
        """Its turn is over."""
        self._used.add(id(optimizer))
        if optimizer is None:
            return
        self._steps[optimizer] = self._steps.get(optimizer, 0) + 1
        for pair in [pair for pair in self._waits if pair[1] == id(optimizer)]:
            self._waits.remove(pair)
            self._turns[pair] = self._turns.get(pair, 0) + (pair[0] not in self._used)  # not both on one loss
            if self._turns[pair] >= _TURNS:
                self.facts.adversarial = True
