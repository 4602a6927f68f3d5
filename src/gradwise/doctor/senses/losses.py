"""The loss functions of a program: their values call by call, their predictions and targets."""

from __future__ import annotations

import weakref
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from gradwise.doctor.graph import Op
from gradwise.doctor.sense import Backward, Call, LossCall, Sense
from gradwise.doctor.senses.curves import Curves, Place
from gradwise.doctor.senses.origins import Origins
from gradwise.doctor.senses.reached import Reached, leads_to
from gradwise.doctor.senses.shares import unexplained
from gradwise.doctor.tensors import first, outside, plain, transformed
from gradwise.watch.facts import Loss

_CALLS = 200  # of a training loss whose targets are looked at in any case
_EVALUATED = 64  # of an evaluated one
_WAITING = 512  # calls whose backward pass is still to come
_ALONE = 50  # turns after which it is believed that there is one loss
_TRUSTED = 4  # looks after which a place is known


class _Waiting:
    """A call with gradients, of which it is not known yet whether it is trained on. It keeps nothing alive."""

    def __init__(self, step: int, call: LossCall, made: Tensor, value: float | Tensor) -> None:
        self.step, self.name, self.chain, self.value = step, call.name, call.chain, value
        self.call = weakref.ref(call)
        self.made = weakref.ref(made)
        self.size = _size(call.target)


class Losses(Sense):
    """Fills facts.losses with those of torch.nn.functional, and the series "loss" and "evaluation"."""

    always = ("lossed", "before_backward", "after_step")

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._curves = Curves(self.trace)
        self._waiting: list[_Waiting] = []
        self._reached, self._origins = Reached(), Origins()
        self._far: set[tuple[str, ...]] = set()  # places whose losses lie deep below the root
        self._alone: tuple[tuple[str, tuple[str, ...]], int] = (("", ()), 0)  # a loss that was all, so often in a row
        self._rows = -1  # samples that a network was given last

    def made(self, thing: object, source: str) -> None:
        """A DataLoader is iterated over: what tells the sets apart that one place evaluates."""
        if isinstance(thing, DataLoader):
            try:
                size = len(thing.dataset)  # type: ignore[arg-type]
            except (TypeError, NotImplementedError):
                size = -1
            self._curves.loader = (size, type(thing.dataset).__name__, thing.batch_size), self.observer.step

    def fetched(self, batch: object, look: bool) -> None:
        """A DataLoader gave a batch."""
        if look:
            self._origins.fetched(batch)

    def called(self, call: Call, look: bool) -> None:
        """A network was called: how many samples there are."""
        x = first(call.args, call.kwargs)
        self._rows = len(x) if x is not None else -1

    def lossed(self, call: LossCall, look: bool) -> None:
        """Keep its value; one without gradient is evaluated at once."""
        if call.value is None:
            self._failed(call)
            return
        within = transformed(call.value)
        value = _value(call.value, within)
        if value is None:
            return
        if call.gradient and within:  # torch.func.grad: there is no backward pass to wait for
            self._curves.record(self._place(call), self.observer.step, value)
            with outside():
                self._study(self._place(call), call, look, _CALLS)
        elif call.gradient:
            self._waiting.append(_Waiting(self.observer.step, call, call.value, value))
            if len(self._waiting) > _WAITING:
                self._settle(self._waiting.pop(0))
        else:
            place = self._curves.evaluated(call.name, call.chain, _size(call.target), self.observer.step)
            self._curves.record(place, self.observer.step, value)
            self._study(place, call, look, _EVALUATED)

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Those that it reaches are trained on."""
        alone = len(self._waiting) == 1 and self._waiting[0].made() is backward.roots[0] and len(backward.roots) == 1
        each = self._waiting[0] if alone else None
        now = (each.name, each.chain) if each is not None else ("", ())
        self._alone = now, self._alone[1] + 1 if alone and now == self._alone[0] else int(alone)
        if backward.bare is not None:  # no module was called that would tell
            self._rows = len(backward.bare.args[0])
        trained = self._record(self._waiting.pop()) if alone and not look else self._trained(backward)
        for call in trained:
            place = self._place(call)
            place.fact.backward_source = place.fact.backward_source or backward.source
            alone = len(trained) == 1 or sum(other.chain == call.chain for other in trained) == 1
            self._study(place, call, look, _CALLS, alone)
        if backward.bare is not None:
            self._rows = -1
        if backward.graph is not None and trained:
            self._explain(backward, trained)

    def plain(self) -> bool:
        """Every turn has trained on the same loss and on nothing else."""
        return self._alone[1] >= _ALONE

    def dozed(self, value: float) -> None:
        """So this is its value."""
        self._curves.record(self._curves.trained(*self._alone[0]), self.observer.step, value)

    def after_step(self, optimizer: torch.optim.Optimizer | None, look: bool) -> None:
        """What no backward pass reached in this turn and the one before was evaluated."""
        if self._waiting and self._waiting[0].step < self.observer.step:
            old = [each for each in self._waiting if each.step < self.observer.step]
            self._waiting = [each for each in self._waiting if each.step >= self.observer.step]
            for each in old:
                self._settle(each)
        if look:
            self._curves.read()

    def ended(self) -> None:
        """Sum up."""
        for each in self._waiting:
            self._settle(each)
        self._waiting = []
        self._curves.read()
        for place in self._curves:
            place.fill()

    # Which calls are trained on.

    def _trained(self, backward: Backward) -> list[LossCall]:
        hits = {id(each) for each in self._waiting if self._hit(each, backward)}
        chains = {each.chain for each in self._waiting if id(each) in hits}
        trained: list[LossCall] = []
        left: list[_Waiting] = []
        for each in self._waiting:
            # only the last calls of a turn are kept alive: the others are as those of their line
            if id(each) in hits or (each.made() is None and each.chain in chains):
                trained += self._record(each)
            else:
                left.append(each)
        self._waiting = left
        return trained

    def _record(self, each: _Waiting) -> list[LossCall]:
        self._curves.record(self._curves.trained(each.name, each.chain), each.step, each.value)
        call = each.call()
        return [call] if call is not None else []

    def _hit(self, each: _Waiting, backward: Backward) -> bool:
        value = each.made()
        if value is None:
            return False
        place = (each.chain, True)
        if backward.graph is None:
            far = each.chain in self._far
            return self._reached.certain(place, _TRUSTED) if far else leads_to(backward.roots, value)
        hit = backward.graph.find(value) is not None or any(root is value for root in backward.roots)
        self._reached.saw(place, hit)
        if hit and each.chain not in self._far and not leads_to(backward.roots, value):
            self._far.add(each.chain)
        return hit

    def _settle(self, each: _Waiting) -> None:
        """No backward pass came: it was evaluated, with gradients on."""
        place = self._curves.evaluated(each.name, each.chain, each.size, each.step)
        self._curves.record(place, each.step, each.value)

    def _place(self, call: LossCall) -> Place:
        return self._curves.trained(call.name, call.chain)

    # What is in them.

    def _study(self, place: Place, call: LossCall, look: bool, most: int, alone: bool = True) -> None:
        """Predictions and targets: in turns that are looked at, and of the first calls; evaluations in full."""
        fact, step = place.fact, self.observer.step
        if not look:
            if place.targets.calls >= most or call.target.device.type != "cpu":
                return
            if fact.training and self.observer.asleep:
                return
        if not fact.input_shape:
            self._describe(fact, call)
        order = place.targets.order
        place.chain = place.chain or call.chain
        order.wrong = order.wrong or not alone or call.chain != place.chain  # real and fake at one line
        ordered = 0 < call.target.ndim < 3 and len(call.target) == self._rows  # moments of a series come in order
        full = look or not fact.training
        place.targets.add(call, ordered and alone, step - place.turn in (0, 1), full)
        place.turn = step
        if full:
            place.predictions.add(call, place.targets.kind)
        if look and place.asked < 3 and not fact.data_dtype:
            place.asked += 1
            target = plain(call.target)
            if target is not None:
                fact.data_dtype = self._origins.of(target, self.observer.sources.frame())

    @staticmethod
    def _describe(fact: Loss, call: LossCall) -> None:
        fact.input_shape, fact.target_shape = list(call.input.shape), list(call.target.shape)
        fact.target_dtype = str(call.target.dtype).removeprefix("torch.")
        for name, value in call.arguments.items():
            if isinstance(value, Tensor) or value is None or isinstance(value, (bool, int, float, str)):
                fact.arguments[name] = True if isinstance(value, Tensor) else value

    def _failed(self, call: LossCall) -> None:
        """It raised: what it was given is part of the explanation."""
        curves, step = self._curves, self.observer.step
        place = None if call.gradient else curves.evaluated(call.name, call.chain, _size(call.target), step)
        fact = (place or self._place(call)).fact
        self._describe(fact, call)
        target = plain(call.target)
        if target is not None and target.numel() and target.device.type == "cpu":
            low, high = float(target.min()), float(target.max())
            fact.target_low = low if fact.target_low is None else min(low, fact.target_low)
            fact.target_high = high if fact.target_high is None else max(high, fact.target_high)

    def _explain(self, backward: Backward, trained: list[LossCall]) -> None:
        """The share of the root that these losses do not make."""
        graph, root = backward.graph, plain(backward.roots[0])
        if graph is None or root is None or len(backward.roots) > 1 or root.numel() != 1:
            return
        found: list[tuple[Op, float, LossCall]] = []
        for call in trained:
            value = plain(call.value) if call.value is not None else None
            op = graph.find(call.value) if call.value is not None else None
            if op is not None and value is not None:
                found.append((op, float(value.sum()), call))
        share = unexplained(graph, [op for op, _, _ in found], [value for _, value, _ in found], float(root))
        for _, _, call in found:
            if share is not None:
                self._place(call).penalties.append(share)


def _size(target: Tensor) -> int:
    return target.shape[0] if target.ndim else 1


def _value(made: Tensor, within: bool) -> float | Tensor | None:
    """A number; on a device a copy, since programs divide a loss in place. within: torch.func's transformations."""
    value = plain(made) if within or type(made) is not Tensor else made
    if value is None or not value.numel():
        return None
    if value.numel() != 1:
        value = value.mean()
    return value.item() if value.is_cpu else value.detach().reshape(()).clone()
