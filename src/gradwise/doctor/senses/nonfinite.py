"""The first NaN or infinity: noticed by the loss before backward and by gradients before the step, then traced back."""

from __future__ import annotations

import math
import weakref
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.utils.data import DataLoader

from gradwise.doctor import origin, singular, ways
from gradwise.doctor.graph import Graph
from gradwise.doctor.replay import Replay
from gradwise.doctor.sense import Backward, Sense
from gradwise.watch.facts import NonFinite

EVERY = 16  # turns between two looks at a device that has to be waited for
SMALL = 65_536  # elements of a gradient that is looked at in every turn


class Finiteness(Sense):
    """Fills facts.nonfinite."""

    always = ("before_backward", "before_step", "after_step")

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._replay = Replay(observer.names, observer.sources)
        self._done = self._by_optimizer = False
        self._pending: NonFinite | None = None  # a loss that no step has followed yet: it may be skipped
        self._passed = False  # a finite one has come since
        self._backward: Backward | None = None  # of this turn
        self._watched = singular.Watched()
        self._canaries: weakref.WeakKeyDictionary[Optimizer, list[weakref.ref[Tensor]]] = weakref.WeakKeyDictionary()
        self._guards: dict[int, weakref.ref[Tensor]] = {}  # by the optimizer's id: what is looked at in deep sleep
        self._losses: deque[float] = deque(maxlen=20)
        self._norms: deque[float] = deque(maxlen=20)
        self._batch: int | None = None

    def made(self, thing: object, source: str) -> None:
        """A pass over the data begins."""
        if isinstance(thing, DataLoader):
            self._batch = None
        self._by_optimizer |= isinstance(thing, Optimizer)

    def fetched(self, batch: object, look: bool) -> None:
        """Count the batches of a pass."""
        self._batch = 0 if self._batch is None else self._batch + 1

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Look at the loss, while its graph is whole."""
        if self._done or not self._due(backward.roots[0], look):
            return
        self._backward = backward
        root = backward.roots[0]
        value = float(root) if root.numel() == 1 else None
        if origin.finite(root) if value is None else math.isfinite(value):
            if value is not None:
                self._losses.append(value)
            self._passed = self._pending is not None
            self._watched.keep(root, backward.graph)
            return
        self._passed = False
        if self._pending is None:
            self._pending = self._notice(self._of_loss(backward))

    def after_backward(self, backward: Backward, look: bool) -> None:
        """Where weights are updated by hand, no step will be announced."""
        if self._done or self._by_optimizer or not backward.calls or not self._due(backward.roots[0], look):
            return
        weights = [p for call in backward.calls for p in call.module.parameters() if p.grad is not None]
        if self._pending is None and not all(_quick(p) for p in _chosen(weights)):
            self._of_gradient([p for p in weights if not _good(p)])

    def before_step(self, optimizer: Optimizer, look: bool) -> None:
        """Look at the gradients, while weights are those of the forward pass."""
        self._by_optimizer = True
        if self._done:
            return
        canaries = self._canaries.get(optimizer)
        if canaries is None:
            held = [p for group in optimizer.param_groups for p in group["params"] if isinstance(p, Tensor)]
            chosen = _chosen(held)
            canaries = self._canaries[optimizer] = [weakref.ref(p) for p in chosen]
            near = [p for p in held[:4] if p.is_cpu and any(p is each for each in chosen)]
            self._guards.update({id(optimizer): weakref.ref(p) for p in near[:1]})
        some = [p for ref in canaries if (p := ref()) is not None]
        if not some or not self._due(some[0], look or self._pending is not None):
            return
        good = all(_quick(p) for p in some)
        if good and look:
            good = self._norm(optimizer)
        if good:
            if self._pending is not None and self._passed:  # it was not used: a later loss made these gradients
                self._pending.skipped, self._pending = True, None
            return
        bad = [p for group in optimizer.param_groups for p in group["params"] if isinstance(p, Tensor) and not _good(p)]
        if bad and self._pending is None:
            self._of_gradient(bad)

    def alarmed(self, optimizer: Optimizer) -> bool:
        """The gradient of the small one next to the input is not finite: whatever goes wrong arrives there."""
        ref = self._guards.get(id(optimizer))
        weight = ref() if ref is not None else None
        gradient = weight.grad if weight is not None else None
        if weight is None or gradient is None or math.isfinite(gradient.sum().item()):
            return False
        return not self._done and not _quick(weight)

    def after_step(self, optimizer: Optimizer | None, look: bool) -> None:
        """Nothing of the turn is kept."""
        self._done |= self._pending is not None
        self._backward = None
        self._watched.clear()

    def ended(self) -> None:
        """The turn that was begun."""
        self.after_step(None, False)

    def _due(self, tensor: Tensor, look: bool) -> bool:
        return tensor.device.type == "cpu" or look or self.observer.step % EVERY == 0

    def _norm(self, optimizer: Optimizer) -> bool:
        gradients = [p.grad for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        dense = [g.detach() for g in gradients if g.layout == torch.strided and g.is_floating_point()]
        if not dense:
            return True
        total = float(torch.stack([norm.float() for norm in torch._foreach_norm(dense)]).norm())
        if math.isfinite(total):
            self._norms.append(total)
        return math.isfinite(total)

    # Where it began.

    def _of_loss(self, backward: Backward) -> NonFinite:
        graph = backward.graph or Graph(backward.roots)
        weights = [p for call in backward.calls for p in call.module.parameters()] + graph.leaves
        found = origin.in_data(backward, self.names) or origin.in_weights(weights, self.names)
        for call in backward.calls:
            if found is not None:
                return found
            parts = [part for _, part in ways.parts(call.output)]
            if not all(origin.finite(part) for part in parts):
                found = self._replay.forward(call)
        traced = origin.in_graph(graph, self.names) if found is None else None
        if traced is not None:
            found = traced[1]
            inside = [op for call in backward.calls for _, x in ways.parts(call.output) if (op := graph.find(x))]
            if found.what == "loss" and _leads(traced[0], inside):
                found.what = "activation"
        wrong = next(
            (loss for loss in backward.losses if loss.value is not None and not origin.finite(loss.value)), None
        )
        if wrong is not None and origin.finite(wrong.input) and (found is None or found.what == "loss"):
            return self._replay.loss(wrong)
        found = found or NonFinite(0, "loss")
        return self._lined(found, backward)

    def _of_gradient(self, bad: list[Tensor]) -> None:
        backward = self._backward
        found = self._watched.origin()
        again = self._again(backward) if backward is not None else None
        if found is not None and again is not None and again.operation == found.operation:
            found.layer, found.source = again.layer, again.source
        found = found or again or NonFinite(0, "gradient", self.names.parameter(bad[-1]))
        self._notice(self._lined(found, backward) if backward is not None else found)
        self._done = True

    def _again(self, backward: Backward) -> NonFinite | None:
        """A replay, where a known loss was computed from a network's output."""
        for loss in reversed(backward.losses):
            for call in backward.calls:
                way = ways.find(call.output, loss.input)
                found = self._replay.backward(call, loss, way) if way is not None else None
                if found is not None:
                    return found
        return None

    def _lined(self, found: NonFinite, backward: Backward) -> NonFinite:
        """The line of the operation, where the program has it in one line only; else that of backward()."""
        chains = [call.chain[:1] for call in backward.calls] + [loss.chain[:1] for loss in backward.losses]
        files = dict.fromkeys([backward.source, *(line for chain in chains for line in chain)])
        for name, _, near in (source.rpartition(":") for source in files) if not found.source else ():
            path = Path(name) if Path(name).is_absolute() else self.observer.sources.home / name
            line = origin.only_line(str(path), found.operation, int(near or 0)) if found.operation else None
            if line is not None:
                found.source = f"{name}:{line}"
                break
        found.source = found.source or backward.source
        return found

    def _notice(self, found: NonFinite) -> NonFinite:
        found.step, found.batch = self.observer.step, self._batch
        index = self.observer.last_indices()
        if found.samples and index is not None and max(found.samples) < len(index) and found.what != "weight":
            found.samples, found.indexed = [int(index[row]) for row in found.samples], True
        if self._losses:
            found.before |= {"loss": self._losses[-1], "loss_median": median(self._losses)}
        if self._norms:
            found.before |= {"gradient": self._norms[-1], "gradient_median": median(self._norms)}
        self.facts.nonfinite = found
        return found


def _leads(op: Any, to: list[Any]) -> bool:
    """An operation that one of others depends on."""
    waiting, seen = list(to), set[int]()
    while waiting:
        each = waiting.pop()
        if each is op:
            return True
        waiting += [below for below in each.inputs if id(below) not in seen]
        seen |= {id(below) for below in each.inputs}
    return False


def _chosen(tensors: Sequence[Tensor]) -> list[Tensor]:
    """The small ones next to the input: backward comes there last, and whatever went wrong on its way arrives."""
    small = [x for x in tensors[:4] if x.numel() <= SMALL and x.requires_grad]
    return sorted(small, key=lambda x: x.numel())[:2]


def _quick(weight: Tensor) -> bool:
    """Its gradient's sum is finite, or all of it is: a sum may overflow."""
    gradient = weight.grad
    if gradient is None or gradient.layout != torch.strided:
        return True
    return math.isfinite(float(gradient.sum())) or origin.finite(gradient)


def _good(weight: Tensor) -> bool:
    return weight.grad is None or origin.finite(weight.grad)
