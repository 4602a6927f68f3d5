"""Updates: how far a step goes compared with the weights, whether it goes downhill, and how well gradients agree.

Measured on a sample of every parameter: a full copy before each step would cost more than the step of many a network.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gradwise.doctor.sense import Backward, Sense
from gradwise.doctor.senses.optimizers import optimizers, parameters
from gradwise.doctor.senses.values import as_laid_out, norms, sample, some, usable


@dataclass(eq=False)
class _Before:
    """Weights and gradients before a step."""

    refs: list[weakref.ref[Tensor]]
    sizes: list[int]
    weights: Tensor
    gradients: Tensor


class Updates(Sense):
    """Fills the optimizers' `uphill`, and the series of updates and of the gradients' agreement."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._before: dict[int, _Before] = {}  # of the optimizers that are stepping; 0: by hand
        self._last: dict[int, tuple[int, Tensor]] = {}  # steps of the optimizer, and its gradient then
        self._uphill: dict[int, list[bool]] = {}
        self._stepped = False  # an optimizer did
        self._kept = -1  # step of the last look at what may be changed by hand

    def after_backward(self, backward: Backward, look: bool) -> None:
        """From here on the program may change its weights by hand."""
        first = self._kept != self.observer.step or not self.facts.optimizers  # of passes that one is going to add up
        if look and first and not self._stepped and backward.graph is not None:
            self._kept = self.observer.step
            self._keep(0, backward.graph.leaves, backward.gradients)

    def before_step(self, optimizer: torch.optim.Optimizer, look: bool) -> None:
        """Keep what is to be compared."""
        self._before.pop(0, None)
        if look:
            self._keep(id(optimizer), parameters(optimizer))

    def after_step(self, optimizer: torch.optim.Optimizer | None, look: bool) -> None:
        """Compare."""
        self._stepped = self._stepped or optimizer is not None
        before = self._before.pop(id(optimizer) if optimizer is not None else 0, None)
        if before is None:
            return
        kept = [ref() for ref in before.refs]
        held = [p for p in kept if p is not None and usable(p)]
        if len(held) < len(kept) or [len(some(p)) for p in held] != before.sizes:
            return  # replaced by others: there is nothing to compare
        update = sample(held) - before.weights
        self._ratios(held, before, update)
        self._direction(optimizer, before, update)

    def _keep(self, key: int, held: Sequence[Tensor], given: Mapping[int, Tensor] | None = None) -> None:
        held = [p for p in held if p.requires_grad and usable(p)]
        given = given or {}
        if not held or all(p.grad is None and id(p) not in given for p in held):
            return
        gradients = [_gradient(p, given.get(id(p), p.grad)) for p in held]
        sizes = [len(some(p)) for p in held]
        self._before[key] = _Before([weakref.ref(p) for p in held], sizes, sample(held), sample(gradients))

    def _ratios(self, held: list[Tensor], before: _Before, update: Tensor) -> None:
        sizes, step = before.sizes, self.observer.step
        both = norms([*update.split(sizes), *before.weights.split(sizes)])
        for p, moved, weight in zip(held, both[: len(held)], both[len(held) :], strict=True):
            name = self.names.find(p)
            if name is not None and weight > 0:
                self.trace.add(step, "update", name, "ratio", moved / weight)

    def _direction(self, optimizer: torch.optim.Optimizer | None, before: _Before, update: Tensor) -> None:
        key, fact = id(optimizer) if optimizer is not None else 0, optimizers(self.observer).fact(optimizer)
        gradients = before.gradients.to(update)
        steps, last = self._last.get(key, (-2, gradients))
        consecutive = steps == fact.steps - 1 and last.shape == gradients.shape
        length, slope, before_that, product = torch.stack(
            [gradients.norm(), update @ gradients, last.norm(), (last @ gradients) if consecutive else update.sum() * 0]
        ).tolist()
        if slope == slope and slope != 0:
            found = self._uphill.setdefault(id(fact), [])
            found.append(slope > 0)
            fact.uphill = sum(found) / len(found)
        if consecutive and length * before_that > 0 and optimizers(self.observer).main(optimizer):
            self.trace.add(self.observer.step, "gradient", "", "agreement", product / (length * before_that))
        self._last[key] = (fact.steps, gradients)


def _gradient(parameter: Tensor, found: Tensor | None) -> Tensor:
    """In the order of the parameter's memory; zeros where it has none, or a sparse one."""
    if found is None or not usable(found) or found.shape != parameter.shape:
        return torch.zeros_like(parameter)
    return as_laid_out(found.detach(), parameter)
