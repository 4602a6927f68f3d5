"""Other learning rates, tried on what a program computes, whatever way it is written: its first turns, played again."""

from __future__ import annotations

import time
import weakref
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradwise.doctor.aside import aside
from gradwise.doctor.probes import RATES, SECONDS, SLOW, STEPS, tidy
from gradwise.doctor.sense import Backward, Sense
from gradwise.doctor.senses.optimizers import parameters
from gradwise.doctor.tape import BYTES, CLOSE, Tape

ALTOGETHER = 5.0  # seconds
WEIGHTS = 16_000_000  # bytes of weights
KEPT = 8  # tapes
NOISY = 0.5  # of the loss: a tape that draws random numbers


class Tapes(Sense):
    """Fills the rates of facts.probes where no network could be copied."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._tapes: list[tuple[Tape, float]] = []
        self._start: dict[int, Tensor] = {}  # weights at the first step
        self._names: dict[int, str] = {}
        self._source = ""
        self._why_not = ""
        self._recipes: weakref.WeakKeyDictionary[Optimizer, list[tuple[list[int], dict[str, Any]]]]
        self._recipes = weakref.WeakKeyDictionary()
        self._kinds: list[tuple[type, list[tuple[list[int], dict[str, Any]]]]] = []
        self._hand: list[float] = []  # update over gradient of a program that steps by hand
        self._before: dict[int, tuple[weakref.ref[Tensor], Tensor, Tensor]] = {}
        self._clip: float | None = None

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Keep the tape."""
        tape = backward.tape
        if tape is None or not look or len(self._tapes) >= KEPT:
            return
        root = backward.roots[0]
        if root.numel() != 1 or not root.is_floating_point() or root.device.type != "cpu":
            return
        if self._source not in ("", backward.source):
            self._why_not = "several losses are made small in turns"
            return
        self._source = backward.source
        sizes = sum(p.nbytes for p in tape.leaves.values())
        if sizes > WEIGHTS or tape.bytes + sum(t.bytes for t, _ in self._tapes) > BYTES:
            self._why_not = self._why_not or "it is too large to be tried beside the program"
            return
        for number, p in tape.leaves.items():
            if number not in self._start and self.observer.step == 0:
                self._start[number] = p.detach().clone()
        if set(tape.leaves) - set(self._start):
            return
        tape.leaves = {number: self._start[number] for number in tape.leaves}
        self._tapes.append((tape, float(root)))

    def after_backward(self, backward: Backward, look: bool) -> None:
        """Where it steps by hand, by how much is seen at the step."""
        if look and self.observer.step == 0 and backward.graph is not None:
            for p in backward.graph.leaves:
                g = backward.gradients.get(id(p), p.grad)
                if g is not None and g.layout is torch.strided:
                    self._before[id(p)] = (weakref.ref(p), p.detach().clone(), g.detach().clone())

    def before_step(self, optimizer: Optimizer, look: bool) -> None:
        """How each is made."""
        if not look or self.observer.step >= KEPT or not self._start:
            return
        if not type(optimizer).__module__.startswith("torch.optim") or type(optimizer).__name__ == "LBFGS":
            self._why_not = f"its optimizer is {type(optimizer).__name__}"
        elif optimizer not in self._recipes:
            groups: list[tuple[list[int], dict[str, Any]]] = []
            for group in optimizer.param_groups:
                options = {k: v for k, v in group.items() if k in optimizer.defaults and not isinstance(v, Tensor)}
                options["lr"] = float(group["lr"])
                groups.append(([id(p) for p in group["params"] if id(p) in self._start], options))
            self._recipes[optimizer] = groups
            self._kinds.append((type(optimizer), groups))
        else:
            for (_, options), group in zip(self._recipes[optimizer], optimizer.param_groups, strict=False):
                options["lr"] = max(options["lr"], float(group["lr"]))

    def after_step(self, optimizer: Optimizer | None, look: bool) -> None:
        """By hand: the first step over the gradient."""
        before, self._before = self._before, {}
        if optimizer is not None or not before:
            return
        pairs = [(p, w, g) for ref, w, g in before.values() if (p := ref()) is not None and p.shape == w.shape]
        moved = torch.cat([(p.detach() - w).reshape(-1) for p, w, _ in pairs]) if pairs else torch.zeros(1)
        slope = torch.cat([g.reshape(-1) for _, _, g in pairs]) if pairs else torch.zeros(1)
        length = float(slope.norm())
        if length > 0:
            self._hand.append(-float(moved @ slope) / length**2)

    def clipped(self, parameters: list[Tensor], limit: float, total: Tensor, source: str) -> None:
        """The steps are clipped."""
        self._clip = limit

    def ended(self) -> None:
        """Try."""
        tapes = [(tape, value) for tape, value in self._tapes if tape.whole]
        self._tapes = []
        if self.facts.probes.rates or not tapes or self._why_not or self.facts.crash is not None:
            return
        if not self._kinds and not (self._hand and self._hand[0] > 0):
            return
        with aside():
            try:
                self._try(tapes, time.thread_time() + ALTOGETHER)
            except Exception as error:  # what is played elsewhere than in its place may fail
                self.facts.probes.why_not = self.facts.probes.why_not or f"{type(error).__name__} beside the program"

    def _try(self, tapes: list[tuple[Tape, float]], until: float) -> None:
        for tape, _ in tapes:
            tape.own()
        first, value = tapes[0]
        begun = time.thread_time()
        again = float(first.play(self._fresh()))
        second = 3 * (time.thread_time() - begun)
        noise = abs(float(first.play(self._fresh())) - again)
        if abs(again - value) > max(CLOSE * abs(value), 4 * noise) or second > SLOW:
            return
        probes = self.facts.probes
        played = [tape for tape, _ in tapes]
        probes.steps = max(STEPS[0], min(STEPS[1], int(SECONDS / second)))
        probes.start = self._mean(played, self._fresh())
        probes.same = self._trained(played, probes.steps, 1.0)
        for rate in RATES:
            if time.thread_time() < until:
                probes.rates[rate] = self._trained(played, probes.steps, float(rate))
        probes.why_not = ""

    def _fresh(self) -> dict[int, Tensor]:
        return {number: p.clone().requires_grad_() for number, p in self._start.items()}

    def _mean(self, tapes: list[Tape], weights: dict[int, Tensor]) -> float:
        return tidy(sum(float(tape.play(weights)) for tape in tapes) / len(tapes))

    def _trained(self, tapes: list[Tape], steps: int, rate: float) -> float:
        weights = self._fresh()
        optimizers = [_built(make, groups, weights, rate) for make, groups in self._kinds]
        if not optimizers:
            optimizers = [torch.optim.SGD(list(weights.values()), lr=self._hand[0] * rate)]
        for step in range(steps):
            for p in weights.values():
                p.grad = None
            tapes[step % len(tapes)].play(weights).backward()
            if self._clip is not None:
                torch.nn.utils.clip_grad_norm_(list(weights.values()), self._clip)
            for optimizer in optimizers:
                optimizer.step()
        return self._mean(tapes, weights)


def _built(make: type, groups: list[tuple[list[int], dict[str, Any]]], weights: dict[int, Tensor], rate: float) -> Any:
    return make([{"params": [weights[i] for i in ids], **options, "lr": options["lr"] * rate} for ids, options in groups])
