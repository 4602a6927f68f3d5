"""Parameters: which there are, who holds them, whether the loss reaches them, how they start and how they change."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.doctor.graph import Graph
from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.doctor.senses.optimizers import optimizers, parameters
from gradwise.doctor.senses.registry import Known, Registry
from gradwise.doctor.senses.values import gradient, norms, sample, units_alike, usable
from gradwise.doctor.tensors import tensors, transformed

_START = (5, 24)  # the steps at which units that started alike are compared again
_EVERY = 32  # steps after which modules are looked through again, even while the doctor sleeps


class Parameters(Sense):
    """Fills facts.parameters and the series of gradients' and weights' norms."""

    always = ("after_step",)

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._registry = Registry(observer)
        self._modules: weakref.WeakKeyDictionary[nn.Module, None] = weakref.WeakKeyDictionary()  # called with gradients
        self._new = False  # one of them was not looked through yet
        self._new_at = 0  # the step at which the last one was called first
        self._waiting: list[tuple[Known, float]] = []  # gradients' norms, until a step by hand has used them
        self._waiting_step = 0
        self._stepped: weakref.WeakSet[torch.optim.Optimizer] = weakref.WeakSet()
        self._any_stepped = False
        self._measured = -1  # step of the last gradients

    def called(self, call: Call, look: bool) -> None:
        """A module that is run with gradients trains; within torch.func its parameters are replaced by others."""
        if call.gradient and call.module not in self._modules and not any(map(transformed, tensors(call.output))):
            self._modules[call.module] = None
            self._new, self._new_at = True, self.observer.step

    def made(self, thing: object, source: str) -> None:
        """Optimizers have a claim on what they are made with."""
        if isinstance(thing, torch.optim.Optimizer):
            fact = optimizers(self.observer).fact(thing)
            for p in parameters(thing):
                self._registry.claim(p, fact)

    def woke(self) -> None:
        """Gradients of the turns that were slept through may still be there."""
        self._note_reached()

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Meet what is new, and see how it starts."""
        if self._waiting_step < self.observer.step:
            self._flush()
        if not look:
            return
        leaves = backward.graph.leaves if backward.graph is not None else []
        if self._new or any(self._registry.find(leaf) is None for leaf in leaves):
            self._sweep()
        if backward.graph is not None:
            self._reach(backward, backward.graph)
        first, last = _START
        again = first <= self.observer.step < last
        for known in self._registry.listed if again else ():
            p = known.ref()
            if p is not None and known.fact.start_equal_rows and known.fact.equal_rows is not False:
                known.fact.equal_rows = units_alike(p, known.units, 1e-5)  # gradients are rounded row by row

    def after_backward(self, backward: Backward, look: bool) -> None:
        """See whom it reached; between looks only of those that nothing reached yet."""
        graph = backward.graph
        if graph is None:
            self._note_reached()
            return
        filled = any(leaf.grad is not None for leaf in graph.leaves)  # else: torch.autograd.grad
        for leaf in graph.leaves:
            known = self._registry.find(leaf)
            if known is not None and (leaf.grad is not None or not filled):
                known.fact.reached = known.fact.in_model = True
        if not self._any_stepped and not (
            self.facts.optimizers and self._waiting and self._waiting_step == self.observer.step
        ):
            self._waiting = self._gradients(graph.leaves, backward.gradients)
            self._waiting_step = self.observer.step

    def before_step(self, optimizer: torch.optim.Optimizer, look: bool) -> None:
        """Its parameters are held; measure their gradients."""
        self._waiting = []
        self._any_stepped = True
        if look or optimizer not in self._stepped:
            self._stepped.add(optimizer)
            self._hold(optimizer)
        if look:
            self._measure(optimizer)

    def after_step(self, optimizer: torch.optim.Optimizer | None, look: bool) -> None:
        """By hand: what has changed is held. LBFGS: its last gradients are as good as any."""
        if optimizer is None:
            self._step_by_hand(look)
        elif look and self._measured != self.observer.step:
            self.before_step(optimizer, look)
        if self.observer.step % _EVERY == 0:
            self._note_reached()
            self._new = True  # a head may have been replaced
            if optimizer is not None:
                self._hold(optimizer)

    def ended(self) -> None:
        """What can only be said at the end."""
        if not self.facts.backwards:  # torch.func, or nothing is trained
            self.facts.parameters.clear()
            return
        self._flush()
        self._sweep()
        self._registry.close()

    def _step_by_hand(self, look: bool) -> None:
        for known in self._registry.known.values():
            p = known.ref()
            if p is not None and look and not known.fact.held and known.changed(p):
                known.fact.held = known.fact.changed = True
                self._registry.put(known)
        self._flush()
        if look:
            held = (known.ref() for known in self._registry.listed if known.fact.held)
            self._weights([p for p in held if p is not None])

    # Meeting.

    def _sweep(self) -> None:
        self._new = False
        self._registry.forget()
        for module in list(self._modules):
            found = [
                self._registry.meet(p, type(part).__name__)
                for part in module.modules()
                for p in part._parameters.values()
                if p is not None and p.requires_grad
            ]
            self._registry.look(found, self.observer.step in (0, self._new_at))
            for known in found:
                self._registry.put(known)
                known.fact.in_model = True
                p = known.ref()
                known.fact.reached = known.fact.reached or (p is not None and p.grad is not None)

    def _reach(self, backward: Backward, graph: Graph) -> None:
        """Leaves without a module: a plain tensor is a weight, or an input whose derivative is asked for."""
        twice = any(op.kind.endswith("backward") for op in graph.ops)
        given = {id(value) for call in backward.calls for value in call.args}
        leaves = graph.leaves[::-1]  # the input first
        met = [self._registry.meet(leaf) for leaf in leaves]
        self._registry.look(met, self.observer.step == 0)
        for known, leaf in zip(met, leaves, strict=True):
            again = known.step < self.observer.step and not twice and id(leaf) not in given
            if isinstance(leaf, nn.Parameter) or again:
                self._registry.put(known)
            if known.fact.fan_in == 0 and leaf.ndim == 2:
                known.fact.fan_in = leaf.shape[0 if _multiplied_as_it_is(graph, leaf) else 1]

    def _hold(self, optimizer: torch.optim.Optimizer) -> None:
        if self._new:
            self._sweep()
        fact = optimizers(self.observer).fact(optimizer)
        for group in optimizer.param_groups:
            for p in group["params"]:
                known = self._registry.meet(p)
                known.fact.in_model = known.fact.in_model and known.listed
                self._registry.put(known)
                known.fact.held, known.fact.source, known.told = True, fact.source, True
                if known.sample is None and usable(p):
                    known.sample = sample([p])
                known.fact.decay = float(group.get("weight_decay", 0.0) or 0.0)

    def _note_reached(self) -> None:
        for known in self._registry.listed:
            if not known.fact.reached and (p := known.ref()) is not None and p.grad is not None:
                known.fact.reached = known.fact.in_model = True

    # Measuring.

    def _gradients(
        self, held: Iterable[Tensor], given: Mapping[int, Tensor] | None = None
    ) -> list[tuple[Known, float]]:
        pairs = [(self._registry.find(p), gradient(p, given)) for p in held]
        found = [(known, g) for known, g in pairs if known is not None and g is not None]
        return [(known, norm) for (known, _), norm in zip(found, norms([g for _, g in found]), strict=True)]

    def _measure(self, optimizer: torch.optim.Optimizer) -> None:
        self._measured = self.observer.step
        held = parameters(optimizer)
        self._add(self._gradients(held), self.observer.step, together=optimizers(self.observer).main(optimizer))
        self._weights(held)

    def _weights(self, held: Sequence[Tensor]) -> None:
        found = [(known, p) for p in held if (known := self._registry.find(p)) is not None and usable(p)]
        for (known, _), norm in zip(found, norms([p for _, p in found]), strict=True):
            self.trace.add(self.observer.step, "weight", known.fact.name, "norm", norm)
            known.fact.changed = known.fact.changed or (known.norm is not None and norm != known.norm)
            known.norm = norm if known.norm is None else known.norm

    def _flush(self) -> None:
        """Gradients that no optimizer used: of a program that steps by hand, or not at all."""
        waiting, self._waiting = self._waiting, []
        self._add([(known, norm) for known, norm in waiting if known.listed], self._waiting_step, together=True)

    def _add(self, found: list[tuple[Known, float]], step: int, together: bool) -> None:
        for known, norm in found:
            known.gradients += 1
            known.nonzero = known.nonzero or norm != 0
            self.trace.add(step, "gradient", known.fact.name, "norm", norm)
        if found and together:
            self.trace.add(step, "gradient", "", "norm", sum(norm * norm for _, norm in found) ** 0.5)


def _multiplied_as_it_is(graph: Graph, leaf: Tensor) -> bool:
    """x @ W, not the W.t() of a linear layer: then its rows are the inputs."""
    ops = (op for op in graph.ops if any(each is leaf for each in op.leaves))
    direct = (child for op in ops for child, _ in op.node.next_functions)
    return any(getattr(child, "variable", None) is leaf for child in direct)
