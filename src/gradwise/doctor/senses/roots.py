"""The losses that a program computes itself: what backward is called on where no known loss function made it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gradwise.doctor.sense import Backward, LossCall, Sense
from gradwise.doctor.senses.targets import Targets
from gradwise.watch.facts import Loss

STEADY = 0.05  # how much the loss over the error may vary: batches of other sizes, no penalty


class Roots(Sense):
    """Fills facts.losses with nameless ones, and their series."""

    always = ("before_backward",)

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._facts: dict[str, Loss] = {}
        self._errors: dict[str, _Error] = {}
        self._waiting: list[tuple[int, str, Tensor]] = []  # values on a device that is not waited for

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Keep the value."""
        if backward.losses or len(backward.roots) != 1 or backward.roots[0].numel() != 1:
            return
        fact = self._facts.get(backward.source)
        if fact is None:
            fact = self._facts[backward.source] = Loss("", backward.source, backward_source=backward.source)
            self.facts.losses.append(fact)
        fact.calls += 1
        if backward.error is not None:
            error = self._errors.setdefault(fact.source, _Error(fact))
            error.penalised |= backward.tape is not None and bool(backward.tape.penalties)
            error.add(backward.error, float(backward.roots[0]), look)
        value = backward.roots[0].detach()
        if value.device.type == "cpu":
            self.trace.add(self.observer.step, "loss", fact.source, "value", float(value))
            return
        self._waiting.append((self.observer.step, fact.source, value.reshape(())))
        if len(self._waiting) >= 64:
            self._drain()

    def ended(self) -> None:
        """The rest."""
        self._drain()
        for error in self._errors.values():
            error.fill()

    def _drain(self) -> None:
        if self._waiting:
            values = torch.stack([value.float() for _, _, value in self._waiting]).tolist()  # waits for the device
            for (step, source, _), value in zip(self._waiting, values, strict=True):
                self.trace.add(step, "loss", source, "value", value)
            self._waiting = []


class _Error:
    """A squared or absolute error that the program writes out: what its targets are like."""

    def __init__(self, fact: Loss) -> None:
        self._fact = fact
        self._targets: Targets | None = None
        self.penalised = False  # more is added to it
        self._scales: list[float] = []  # the loss over the mean error: 1, or a sum's number of values

    def add(self, call: LossCall, root: float, look: bool) -> None:
        """Targets of a looked-at step."""
        if self._targets is None:
            self._targets = Targets(Loss(call.name, self._fact.source))
            self._fact.input_shape = self._fact.target_shape = list(call.input.shape)
        if call.name == self._targets.fact.name:
            mean = float(call.value) if call.value is not None else 0.0
            self._scales += [root / mean] if mean > 0 else []
            self._targets.add(call, False, False, look)

    def fill(self) -> None:
        """What follows for the loss of a constant prediction, where the error is all that there is."""
        if self._targets is None or not self._scales:
            return
        scale = sorted(self._scales)[len(self._scales) // 2]
        self._targets.fill()
        known = self._targets.fact
        for name in ("target_low", "target_high", "target_mean", "target_spread", "target_distinct", "samples"):
            setattr(self._fact, name, getattr(known, name))
        steady = (
            not self.penalised and self._scales[0] > 0 and all(abs(each / scale - 1) < STEADY for each in self._scales)
        )
        if steady and known.baseline is not None and known.chance is not None:
            self._fact.baseline, self._fact.chance = known.baseline * scale, known.chance * scale
