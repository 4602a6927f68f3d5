"""Other learning rates, tried on what a program computes, whatever way it is written: its first turns, played again."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradwise.diagnose.case import Case, Learning
from gradwise.diagnose.generalisation import FITTED
from gradwise.diagnose.rates import LEARNT, POOR
from gradwise.doctor.aside import aside
from gradwise.doctor.probes import RATES, SECONDS, SLOW, STEPS, tidy
from gradwise.doctor.sense import Backward, Sense
from gradwise.doctor.tape import BYTES, CLOSE, Tape

ALTOGETHER = 5.0  # seconds
WEIGHTS = 16_000_000  # bytes of weights
KEPT = 8  # tapes
AGAIN = 4  # times one is played: it may draw random numbers
FREE, LONG = 400, 1.0  # steps, seconds without what holds the weights back: decay takes its time
Group = tuple[list[int], dict[str, Any]]  # numbers of weights, options


class Tapes(Sense):
    """Fills the rates of facts.probes where no network could be copied, and what holds the weights back."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._tapes: list[tuple[Tape, float]] = []
        self._start: dict[int, Tensor] = {}  # weights at the first step
        self._now: dict[int, weakref.ref[Tensor]] = {}
        self._source = ""
        self._rewards: list[float] = []
        self._why_not = ""
        self._recipes: weakref.WeakKeyDictionary[Optimizer, list[Group]] = weakref.WeakKeyDictionary()
        self._kinds: list[tuple[type, list[Group]]] = []
        self._hand: list[float] = []  # update over gradient of a program that steps by hand
        self._before: dict[int, tuple[weakref.ref[Tensor], Tensor, Tensor]] = {}
        self._clip: float | None = None

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Keep the tape."""
        tape = backward.tape
        if tape is None:
            return
        self._rewards += tape.rewards
        if not look or len(self._tapes) >= KEPT:
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
                self._start[number], self._now[number] = p.detach().clone(), weakref.ref(p)
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
            groups: list[Group] = []
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
        if len(self._rewards) > 1:
            mean = sum(self._rewards) / len(self._rewards)
            spread = (sum((each - mean) ** 2 for each in self._rewards) / len(self._rewards)) ** 0.5
            self.facts.rewards = [mean, spread]
        tapes = [(tape, value) for tape, value in self._tapes if tape.whole]
        self._tapes = []
        if not tapes or self.facts.crash is not None or not self.facts.finished:
            return
        went = Case(self.trace).learning
        told = went.baseline is not None or not any(tape.penalties for tape, _ in tapes)  # a penalty falls by itself
        if not went.known or (told and went.progress > LEARNT and not went.stuck):  # there is nothing to ask
            return
        with aside():
            try:
                seconds = self.observer.pace.afterwards(ALTOGETHER, went.learns)
                self._try(tapes, went, told, time.thread_time() + seconds)
            except Exception as error:  # what is played elsewhere than in its place may fail
                self.facts.probes.why_not = self.facts.probes.why_not or f"{type(error).__name__} beside the program"

    def _try(self, tapes: list[tuple[Tape, float]], went: Learning, told: bool, until: float) -> None:
        for tape, _ in tapes:
            tape.own()
        first, value = tapes[0]
        again, clock = list[float](), [time.thread_time()]
        for _ in range(AGAIN):
            again.append(float(first.play(_fresh(self._start))))
            clock.append(time.thread_time())
        second = 3 * min(end - begin for begin, end in pairwise(clock))  # the first is played from cold
        middle = sum(again) / AGAIN
        noise = max(abs(each - middle) for each in again)
        if abs(middle - value) > max(CLOSE * abs(value), 4 * noise) or second > SLOW:
            return
        played = [tape for tape, _ in tapes]
        self._average(played)
        repeatable = self._kinds or (self._hand and self._hand[0] > 0)
        if self._why_not or not repeatable or (told and went.progress > FITTED and not went.stuck):
            return
        if not self.facts.probes.rates and (went.stuck or went.progress < POOR):
            self._rates(played, _steps(STEPS[1], SECONDS, second, until, 1 + len(RATES)), until)
        self._free(played, lambda trainings: _steps(FREE, LONG, second, until, trainings))

    def _average(self, tapes: list[Tape]) -> None:
        average, probes = self.observer.average, self.facts.probes
        if average is not None and probes.averaged is None and set(self._start) <= set(average.mean):
            probes.averaged, probes.last = _mean(tapes, average.mean, True), _mean(tapes, average.last, True)
            probes.averages = average.values

    def _rates(self, tapes: list[Tape], steps: int, until: float) -> None:
        if not steps:
            return
        probes = self.facts.probes
        probes.steps = steps
        probes.start = _mean(tapes, _fresh(self._start))
        probes.same = _mean(tapes, self._trained(tapes, _fresh(self._start), steps, 1.0))
        for rate in RATES:
            if time.thread_time() < until:
                probes.rates[rate] = _mean(tapes, self._trained(tapes, _fresh(self._start), steps, float(rate)))
        probes.why_not = ""

    def _free(self, tapes: list[Tape], affordable: Callable[[int], int]) -> None:
        """From the first weights: as many steps as the program took them, and without what holds the weights back.

        Some batches are kept apart, and tell how well it goes: what is learnt by heart does not count.
        """
        now = {number: p.detach() for number, ref in self._now.items() if (p := ref()) is not None}
        decays = any(options.get("weight_decay") for _, groups in self._kinds for _, options in groups)
        kinds = [
            ("decay", decays),
            ("penalty", self._penalised(tapes[0])),
            ("code", bool(tapes[0].codes)),
            ("dropout", any(t.drops for t in tapes)),
        ]
        steps = affordable(1 + sum(there for _, there in kinds))
        if not any(there for _, there in kinds) or not steps:
            return
        apart = max(1, len(tapes) // 3) if len(tapes) > 2 else 0
        own, others = tapes[: len(tapes) - apart], tapes[len(tapes) - apart :] or tapes
        probes = self.facts.probes
        probes.began = _mean(others, _fresh(self._start), True)
        kept = self._trained(own, _fresh(self._start), steps, 1.0)
        if set(now) != set(self._start):  # the function that held the network has returned
            now = {number: p.detach() for number, p in kept.items()}
        probes.kept, probes.ended = _mean(others, kept, True), _mean(others, now, True)
        whole = [tape.play(_fresh(now), tape.penalties, True) for tape in others if tape.codes]
        if whole:
            probes.code = sum(map(float, whole)) / len(whole) - probes.ended
        for kind, there in kinds:
            if there:
                free = self._trained(own, _fresh(self._start), steps, 1.0, kind)
                probes.freed[kind], probes.freed_steps = _mean(others, free, True), steps

    def _penalised(self, tape: Tape) -> bool:
        """A term that depends on weights alone and not on their signs: no scale that is learnt with the rest."""
        if not tape.penalties:
            return False
        with torch.no_grad():
            weights = {number: torch.randn_like(p) for number, p in self._start.items()}
            found: list[float] = []
            for sign in (1, -1):
                signed = {number: (sign * p).requires_grad_() for number, p in weights.items()}
                values: list[float] = []
                for free in (False, True):
                    torch.manual_seed(0)
                    values.append(float(tape.play(signed, tape.penalties if free else None, True).detach()))
                found.append(values[0] - values[1])
        return found[0] > 0 and abs(found[0] - found[1]) < 1e-2 * found[0]

    def _trained(
        self, tapes: list[Tape], weights: dict[int, Tensor], steps: int, rate: float, free: str = ""
    ) -> dict[int, Tensor]:
        options = {"weight_decay": 0.0} if free == "decay" else {}
        optimizers = [_built(make, groups, weights, rate, options) for make, groups in self._kinds]
        if not optimizers:
            optimizers = [torch.optim.SGD(list(weights.values()), lr=self._hand[0] * rate)]
        for step in range(steps):
            for p in weights.values():
                p.grad = None
            tape = tapes[step % len(tapes)]
            without = {"penalty": tape.penalties, "code": tape.codes}.get(free)
            tape.play(weights, without, free == "dropout").backward()
            if self._clip is not None:
                torch.nn.utils.clip_grad_norm_(list(weights.values()), self._clip)
            for optimizer in optimizers:
                optimizer.step()
        return weights


def _fresh(weights: dict[int, Tensor]) -> dict[int, Tensor]:
    return {number: p.clone().requires_grad_() for number, p in weights.items()}


def _mean(tapes: list[Tape], weights: dict[int, Tensor], bare: bool = False) -> float:
    """The mean loss; bare: of the data alone, without dropout."""
    leaves = {number: p.detach().requires_grad_() for number, p in weights.items()}
    played = (tape.play(leaves, {**tape.codes, **tape.penalties} if bare else None, bare) for tape in tapes)
    return tidy(sum(map(float, played)) / len(tapes))


def _steps(most: int, seconds: float, second: float, until: float, trainings: int) -> int:
    """How many steps each of so many trainings takes: of these seconds; fewer where time is short, or 0."""
    left = max(until - time.thread_time(), 0.0) / trainings
    fit = int(left / max(second, 1e-6)) - KEPT // 2  # all tapes are played forward, too
    steps = min(fit, max(STEPS[0], min(most, int(seconds / max(second, 1e-6)))))
    return steps if steps >= STEPS[0] else 0


def _built(make: type, groups: list[Group], weights: dict[int, Tensor], rate: float, changed: dict[str, Any]) -> Any:
    made = [{"params": [weights[i] for i in ids], **options, "lr": options["lr"] * rate} for ids, options in groups]
    for group in made:
        group.update({name: value for name, value in changed.items() if name in group})
    return make(made)
