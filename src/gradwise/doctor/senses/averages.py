"""An average of the weights over the last part of a run: what its steps go to and fro about, where they do."""

from __future__ import annotations

import copy
import time
import weakref
from typing import Any, NamedTuple

from torch import Tensor
from torch.optim import Optimizer

from gradwise.doctor.probes import RECENT, Subject, steady, tidy
from gradwise.doctor.sense import Backward, Sense
from gradwise.watch.facts import Probes

APART = 100  # of the steps so far one in so many is taken
FIRST, LONGER = 16, 1.5  # steps of the first window; times the steps so far at the end of the others
SEVERAL = 20  # values of each weight, or their average is none
WEIGHTS = 16_000_000  # bytes of weights
SECONDS = 0.3  # in which they are compared
ENOUGH = 512  # samples that they are compared on


class Average(NamedTuple):
    """By number (id) of the weight."""

    mean: dict[int, Tensor]
    last: dict[int, Tensor]
    values: int  # of each weight


class Averages(Sense):
    """Keeps observer.average: over windows that grow with the run, as its length is not known before its end."""

    always = ("after_step",)

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._weights: dict[int, weakref.ref[Tensor]] = {}
        self._next, self._end = 0, FIRST
        self._sums: list[dict[int, Tensor]] = [{}, {}]  # of the window before, and of this one
        self._counts = [0, 0]
        self._last: dict[int, Tensor] = {}

    def after_backward(self, backward: Backward, look: bool) -> None:
        """Which weights there are."""
        if not look or self.observer.step > 0 or backward.graph is None:
            return
        self._weights.update((id(leaf), weakref.ref(leaf)) for leaf in backward.graph.leaves if leaf.is_leaf)

    def after_step(self, optimizer: Optimizer | None, look: bool) -> None:
        """Take their values now and then."""
        step = self.observer.step
        if step < self._next or not self._weights:
            return
        self._next = step + 1 + step // APART
        now = {number: p.detach() for number, ref in self._weights.items() if (p := ref()) is not None}
        if sum(p.nbytes for p in now.values()) > WEIGHTS:
            self._weights = {}
            return
        if step >= self._end:
            self._end = int(step * LONGER)
            self._sums, self._counts = [self._sums[1], {}], [self._counts[1], 0]
        self._last = {number: p.clone() for number, p in now.items()}
        for number, p in self._last.items():
            before = self._sums[1].get(number)
            self._sums[1][number] = p if before is None else before + p
        self._counts[1] += 1

    def ended(self) -> None:
        """For those that try things."""
        (before, here), (earlier, later) = self._sums, self._counts
        if later < SEVERAL and earlier and set(before) == set(here):
            here, later = {number: before[number] + total for number, total in here.items()}, earlier + later
        if later >= SEVERAL:
            mean = {number: total / later for number, total in here.items() if total.is_floating_point()}
            self.observer.average = Average(mean, self._last, later)
        self._weights, self._sums, self._last = {}, [{}, {}], {}


def compare(subject: Subject, mean: dict[str, Tensor], seconds: float, probes: Probes) -> None:
    """The last weights and their average, on the last batches: on more of them where they are small."""
    assert subject.final is not None
    last, averaged = (steady(copy.deepcopy(subject.final)) for _ in range(2))
    averaged.load_state_dict(mean, strict=False)
    values, rows, begun = list[tuple[float, float]](), 0, time.thread_time()
    for batch in reversed(subject.batches):
        values.append((subject.mean(last, [batch]), subject.mean(averaged, [batch])))
        rows += batch.rows
        if (len(values) >= RECENT and rows >= ENOUGH) or time.thread_time() - begun > seconds:
            break
    probes.last, probes.averaged = (tidy(sum(each) / len(values)) for each in zip(*values, strict=True))
