"""Optimizers: what the program made, how often each steps, at which rate, and what it holds that it should not."""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from gradwise.doctor.sense import Backward, Sense
from gradwise.watch import facts

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

BY_HAND = "by hand"  # the kind of an optimizer that the program is itself
_RECENT = 16  # steps within which another optimizer has to step to count as one that is in use
_EVERY = 16  # steps in which what an optimizer holds is compared with the networks, between looks


@dataclass(eq=False)
class _Known:
    fact: facts.Optimizer
    key: int = 0  # its id
    size: int = 0  # elements that it holds
    made: int = 0  # the step that it was made at
    stepped: bool = False  # since
    last: int = -1  # the step that it was last used at
    judged: int = -1  # the step at which what it holds was last compared
    awaits: weakref.ref[ReduceLROnPlateau] | None = None  # a schedule that waits for something to grow
    clips: list[bool] = field(default_factory=list[bool])
    held: list[weakref.ref[Tensor]] = field(default_factory=list[weakref.ref[Tensor]])


class Optimizers(Sense):
    """Fills facts.optimizers and the series of rates and of norms before clipping."""

    always = ("after_step",)

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._of: weakref.WeakKeyDictionary[torch.optim.Optimizer, _Known] = weakref.WeakKeyDictionary()
        self._all: list[_Known] = []
        self._hand: facts.Optimizer | None = None
        self._leaves: set[int] = set()  # ids of what the losses of this turn reach
        self._over = False  # the turn is

    # For other senses.

    def fact(self, optimizer: torch.optim.Optimizer | None) -> facts.Optimizer:
        """What is known of it; None is the program that changes weights by hand."""
        if optimizer is not None:
            return self._known(optimizer).fact
        if self._hand is None:
            self._hand = facts.Optimizer(BY_HAND, self.facts.update_source or self.observer.sources.line())
            self.facts.optimizers.append(self._hand)
        return self._hand

    def main(self, optimizer: torch.optim.Optimizer | None) -> bool:
        """Of those in use it holds the most: the series of all parameters together are its."""
        if optimizer is None:
            return True
        own = self._known(optimizer)
        if not own.size:
            own.size = sum(p.numel() for p in parameters(optimizer))
        own.last = self.observer.step
        return all(own.size >= known.size for known in self._all if known.last >= own.last - _RECENT)

    def stepped(self) -> list[torch.optim.Optimizer]:
        """Those that did and are still there."""
        return [optimizer for optimizer, known in self._of.items() if known.fact.steps]

    # What happens.

    def made(self, thing: object, source: str) -> None:
        """An optimizer, or a schedule of one."""
        if isinstance(thing, torch.optim.Optimizer):
            self._known(thing, source)
        elif isinstance(thing, LRScheduler):
            fact = self.fact(thing.optimizer)
            fact.scheduler, fact.scheduler_source = type(thing).__name__, source
            if isinstance(thing, ReduceLROnPlateau) and thing.mode == "max":
                self._known(thing.optimizer).awaits = weakref.ref(thing)

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Remember what the loss reaches."""
        if self._over:
            self._over = False
            self._leaves.clear()
        if backward.graph is not None:
            self._leaves.update(map(id, backward.graph.leaves))

    def before_step(self, optimizer: torch.optim.Optimizer, look: bool) -> None:
        """Compare what it holds with what there is, before its gradients are cleared."""
        self._judge(optimizer, look)

    def after_step(self, optimizer: torch.optim.Optimizer | None, look: bool) -> None:
        """Count, and note the rate: a schedule changes it after this."""
        self._over = True
        fact = self.fact(optimizer)
        fact.steps += 1 + self.observer.slept.pop(id(optimizer), 0)
        fact.step_source = fact.step_source or self.observer.sources.line()
        if optimizer is None:
            return
        self._judge(optimizer, look)
        known = self._known(optimizer)
        self._begins(known)
        if known.awaits is not None and (schedule := known.awaits()) is not None and math.isfinite(schedule.best):
            fact.awaited = float(schedule.best)
        rate = _rate(optimizer, look)
        if rate is not None:
            if fact.steps == 1:
                fact.rate = rate
            self.trace.add(self.observer.step, "rate", fact.source, "value", rate)

    def clipped(self, parameters: list[Tensor], limit: float, total: Tensor, source: str) -> None:
        """The norm before clipping, where it is looked at."""
        if not self.observer.look or not parameters:
            return
        known = next((known for known in reversed(self._all) if _holds(known, parameters[0])), None)
        if known is None:
            return
        norm = float(total)
        known.clips.append(norm > limit)
        known.fact.clip, known.fact.clipped = limit, sum(known.clips) / len(known.clips)
        self.trace.add(self.observer.step, "clip", known.fact.source, "norm", norm)

    def ended(self) -> None:
        """Leave out those that never stepped because another one steps their parameters: wrapped or replaced."""
        for known in self._all:  # also those that are no more
            known.fact.steps += self.observer.slept.pop(known.key, 0)
        stepped = [known for known in self._all if known.fact.steps]
        held = {id(p) for known in stepped for ref in known.held if (p := ref()) is not None}
        for known in self._all:
            own = [id(p) for ref in known.held if (p := ref()) is not None]
            if not known.fact.steps and stepped and held.issuperset(own):
                _remove(self.facts.optimizers, known.fact)
        if stepped and self._hand is not None:  # before its first step: a closure's line search, a step aside of SAM's
            _remove(self.facts.optimizers, self._hand)
            self.facts.manual_updates = False

    # Within.

    def _known(self, optimizer: torch.optim.Optimizer, source: str = "") -> _Known:
        known = self._of.get(optimizer)
        if known is None:
            kind, source = type(optimizer).__name__, source or self.observer.sources.line()
            known = self._gone(kind, source)
            if known is None:
                known = _Known(facts.Optimizer(kind, source))
                self.facts.optimizers.append(known.fact)
                self._all.append(known)
            known.fact.arguments = _arguments(optimizer.defaults)
            known.fact.maximize = bool(optimizer.defaults.get("maximize", False))
            known.held = [weakref.ref(p) for p in parameters(optimizer)]
            known.key, known.size = id(optimizer), 0
            known.made, known.stepped = self.observer.step, False
            self._of[optimizer] = known
        return known

    def _begins(self, known: _Known) -> None:
        """Its first step, where others were made before: another task, another fold, a new head."""
        begins = max(known.made, self.observer.step - _EVERY)  # its first steps may have been slept through
        if not known.stepped and begins > 0:
            self.facts.begins(begins)
        known.stepped = True

    def _gone(self, kind: str, source: str) -> _Known | None:
        """One of the same place that is no more: a program that trains again and again has one fact, not hundreds."""
        alive = list(self._of.values())
        alike = (known for known in self._all if (known.fact.kind, known.fact.source) == (kind, source))
        return next((known for known in alike if known not in alive), None)

    def _judge(self, optimizer: torch.optim.Optimizer, look: bool) -> None:
        """Count what it holds without use: once per step, at looks and now and then."""
        known, step = self._known(optimizer), self.observer.step
        if known.judged == step or not (look or step - known.judged >= _EVERY):
            return
        known.judged = step
        held = parameters(optimizer)
        known.held, known.size = [weakref.ref(p) for p in held], sum(p.numel() for p in held)
        networks = {id(p) for ref in self.names.roots if (module := ref()) is not None for p in module.parameters()}
        known.fact.frozen = sum(not p.requires_grad for p in held)
        elsewhere = [p for p in held if id(p) not in networks and p.requires_grad]
        known.fact.stale = sum(id(p) not in self._leaves if look else p.grad is None for p in elsewhere)


def optimizers(observer: Observer) -> Optimizers:
    """The sense that knows them."""
    return next(sense for sense in observer.senses if isinstance(sense, Optimizers))


def parameters(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    """All that it holds."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def _rate(optimizer: torch.optim.Optimizer, look: bool) -> float | None:
    """The largest of its groups; None where that would have to be waited for."""
    rates = [group["lr"] for group in optimizer.param_groups if "lr" in group]
    if not look and any(isinstance(rate, Tensor) and rate.device.type != "cpu" for rate in rates):
        return None
    return max(map(float, rates), default=None)


def _arguments(defaults: dict[str, Any]) -> dict[str, float | bool]:
    found: dict[str, float | bool] = {}
    for name, value in defaults.items():
        if isinstance(value, (bool, float, int)):
            found[name] = value
        elif isinstance(value, (tuple, list)):  # betas
            found |= {f"{name}[{i}]": float(v) for i, v in enumerate(value) if isinstance(v, (float, int))}
    return found


def _holds(known: _Known, parameter: Tensor) -> bool:
    return any(ref() is parameter for ref in known.held)


def _remove(found: list[facts.Optimizer], fact: facts.Optimizer) -> None:
    found[:] = [each for each in found if each is not fact]
