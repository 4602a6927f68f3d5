"""A program without a program: what a sense is told, made by hand."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.doctor.graph import Graph
from gradwise.doctor.names import Names
from gradwise.doctor.sense import Backward, Call, LossCall, Sense
from gradwise.doctor.sources import Sources
from gradwise.watch.facts import Facts, Loss, Network
from gradwise.watch.trace import Trace


class Fake:
    """Stands for the observer."""

    def __init__(self) -> None:
        self.trace = Trace()
        self.facts: Facts = self.trace.facts
        self.names, self.sources = Names(), Sources(Path(__file__).parent)
        self.step, self.asleep = 0, False
        self._networks: weakref.WeakKeyDictionary[nn.Module, Network] = weakref.WeakKeyDictionary()

    def network(self, module: nn.Module) -> Network:
        if module not in self._networks:
            size = sum(p.numel() for p in module.parameters())
            self._networks[module] = Network(type(module).__name__, parameters=size)
            self.facts.networks.append(self._networks[module])
        return self._networks[module]


class Program:
    """Tells a sense of turns."""

    def __init__(self, kind: Any) -> None:
        self.observer = Fake()
        self.facts = self.observer.facts
        self.sense: Sense = kind(self.observer)
        self.look = True
        self.calls: list[Call] = []
        self.losses: list[LossCall] = []

    def call(self, module: nn.Module, x: Any, *lines: str, gradient: bool = True) -> Any:
        training = module.training
        with torch.set_grad_enabled(gradient):
            output = module(x)
        call = Call(module, (x,), {}, output, training, gradient, lines or ("train.py:1",))
        if gradient:
            self.calls.append(call)
        self._tell("called", call)
        return output

    def loss(self, function: Any, x: Tensor, y: Tensor, *lines: str, gradient: bool = True, **arguments: Any) -> Any:
        value, error = None, ""
        with torch.set_grad_enabled(gradient):
            try:
                value = function(x, y, **arguments)
            except Exception as raised:
                error = f"{type(raised).__name__}: {raised}"
        tracked = gradient and x.requires_grad
        call = LossCall(function.__name__, x, y, arguments, value, tracked, lines or ("train.py:2",), error)
        if tracked:
            self.losses.append(call)
        self._tell("lossed", call)
        return value

    def back(self, root: Tensor) -> None:
        """A backward pass."""
        backward = Backward((root,), "train.py:3", self.calls, self.losses)
        backward.graph = Graph((root,)) if self.look else None
        self._tell("before_backward", backward)
        root.backward(retain_graph=True)
        self._tell("after_backward", backward)
        self.calls, self.losses = [], []

    def turn(self) -> None:
        """An optimizer steps."""
        self._tell("after_step", None)
        self.observer.step += 1

    def train(self, root: Tensor) -> None:
        self.back(root)
        self.turn()

    def end(self) -> Facts:
        self.look = True
        with torch.no_grad():
            self.sense.ended()
        return self.facts

    def series(self, kind: str, source: str) -> list[float]:
        return self.observer.trace.series(kind, source, "value")[1].tolist()

    def only(self, training: bool = True) -> Loss:
        (found,) = [loss for loss in self.end().losses if loss.training == training]
        return found

    def _tell(self, what: str, thing: object) -> None:
        if what in type(self.sense).__dict__:
            with torch.no_grad():
                getattr(self.sense, what)(thing, self.look)
