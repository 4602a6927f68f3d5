"""What is tried on copies of a network, with batches of the program's own, once the program is over.

Forward only: batch norms' own statistics against the running ones, inputs that say nothing, two batches at once.
And, where it did not learn, some steps from the initial weights: as the program took them, at other learning rates,
with Adam from fresh weights, and on sixteen samples alone.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from gradwise.doctor.ways import Way
from gradwise.watch.facts import Probes

RECENT = 8  # batches that are tried with, at most
FORWARD, PASSES = 2.0, 8  # seconds for forward passes, at most, of which each batch takes so many
SECONDS = 0.25  # for one training
STEPS = (8, 60)
SLOW = 0.1  # seconds: a step that takes longer is not tried
RATES = ("0.01", "0.1", "10", "100")
ADAM = 3e-3
SIXTEEN, LONG = 16, 1.5  # samples, seconds
BEYOND = 1e30  # stands for a loss that is not finite: JSON knows no infinity


@dataclass(eq=False)
class Batch:
    """A batch of the program's, kept until the end."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    target: Tensor
    arguments: dict[str, Any]  # of the loss
    index: list[int] | None = None  # numbers in the data set

    @property
    def rows(self) -> int:
        """How many samples; 0 where it is one by itself, a number for a number."""
        first = next((x for x in (*self.args, *self.kwargs.values()) if isinstance(x, Tensor) and x.ndim), self.target)
        return len(first) if first.ndim else 0

    @property
    def bytes(self) -> int:
        """What it takes."""
        return sum(x.nbytes for x in (*self.args, *self.kwargs.values(), self.target) if isinstance(x, Tensor))

    def changed(self, change: Callable[[Tensor], Tensor], target: bool = False) -> Batch:
        """With every tensor of as many rows changed."""
        rows = self.rows

        def applied(x: Any) -> Any:
            return change(x) if isinstance(x, Tensor) and x.ndim and len(x) == rows else x

        args, kwargs = tuple(map(applied, self.args)), {name: applied(x) for name, x in self.kwargs.items()}
        arguments = {name: applied(x) if target else x for name, x in self.arguments.items()}
        return Batch(args, kwargs, applied(self.target) if target else self.target, arguments)


@dataclass
class Recipe:
    """How the program's optimizer was made: parameters by name, options, the largest learning rate that was seen."""

    make: Callable[..., torch.optim.Optimizer]
    groups: list[tuple[list[str], dict[str, Any]]]
    clip: float | None = None

    def build(self, module: nn.Module, factor: float) -> torch.optim.Optimizer:
        """The same for a copy, at another learning rate."""
        named = dict(module.named_parameters())
        return self.make(
            [
                {"params": [named[name] for name in names if name in named], **options, "lr": options["lr"] * factor}
                for names, options in self.groups
            ]
        )


@dataclass(eq=False)
class Subject:
    """A network, as it began and as it ended, with the loss that it was trained for."""

    initial: nn.Module
    loss: str
    way: Way
    summed: bool = False  # the program sums what the loss function does not reduce
    factor: float = 1.0  # backward was called on so many times the loss
    source: str = ""
    final: nn.Module | None = None
    batches: list[Batch] = field(default_factory=list[Batch])
    recipe: Recipe | None = None

    def value(self, module: nn.Module, batch: Batch) -> Tensor:
        """The loss of a batch, reduced as the program does it."""
        output = self.way(module(*batch.args, **batch.kwargs))
        value: Tensor = getattr(F, self.loss)(output, batch.target, **batch.arguments)
        return value.sum() if self.summed else value.mean()

    def mean(self, module: nn.Module, batches: list[Batch]) -> float:
        """The mean loss of some batches. Leaves the network's modes as they are."""
        with torch.no_grad():
            values = [float(self.value(module, batch)) for batch in batches]
        return tidy(sum(values) / len(values))


def tidy(value: float) -> float:
    """A number that JSON can hold."""
    return value if math.isfinite(value) and abs(value) < BEYOND else BEYOND


def steady(module: nn.Module) -> nn.Module:
    """Dropout off, batch norms by their batch: a network as in training, without the chance."""
    module.eval()
    for part in module.modules():
        if isinstance(part, _BatchNorm):
            part.train()
    return module


def few_enough(subject: Subject, batches: list[Batch], seconds: float) -> list[Batch]:
    """As many of the last batches as forward passes fit into these seconds; none where one pass takes too long."""
    taken: list[float] = []
    for _ in range(2):  # the first is often slow
        begun = time.thread_time()
        subject.mean(copy.deepcopy(subject.initial), batches[-1:])
        taken.append(time.thread_time() - begun)
        if taken[0] > seconds:
            break
    most = int(seconds / PASSES / max(1e-6, min(taken)))
    return batches[-min(RECENT, most) :] if most else []


def look(subject: Subject, batches: list[Batch], probes: Probes) -> None:
    """The probes that take a few forward passes."""
    assert subject.final is not None
    several = all(batch.rows > 1 for batch in batches)
    norms = any(isinstance(part, _BatchNorm) for part in subject.final.modules())
    if norms and several:
        probes.train_mode = subject.mean(steady(copy.deepcopy(subject.final)), batches)
        probes.eval_mode = subject.mean(copy.deepcopy(subject.final).eval(), batches)
    if several:
        probes.as_is = subject.mean(steady(copy.deepcopy(subject.final)), batches)
        dull = [batch.changed(_without_meaning) for batch in batches]
        probes.zeroed = subject.mean(steady(copy.deepcopy(subject.final)), dull)
    if 0.5 < abs(subject.factor) < 2:  # else the program may divide a sum by the size of the batch itself
        probes.batch_sensitivity = _two_at_once(subject, batches)


def train(subject: Subject, batches: list[Batch], probes: Probes, late: Callable[[], bool]) -> None:
    """The probes that train from the initial weights."""
    assert subject.recipe is not None
    second = seconds_per_step(subject, batches)
    if second > SLOW:
        probes.why_not = f"a step takes {second:.1f} s: too long to try some"
        return
    probes.steps = max(STEPS[0], min(STEPS[1], int(SECONDS / second)))
    apart = subject.batches[: -len(batches)][-PASSES:]
    initial = steady(copy.deepcopy(subject.initial))
    probes.start = subject.mean(initial, batches)
    probes.start_apart = subject.mean(initial, apart) if apart else None
    probes.same = subject.mean(trained(subject, batches, probes.steps, 1.0), batches)
    for rate in RATES:
        if not late():
            module = trained(subject, batches, probes.steps, float(rate))
            probes.rates[rate] = subject.mean(module, batches)
            if apart:
                probes.rates_apart[rate] = subject.mean(module, apart)
    if not late():
        probes.adam = subject.mean(trained(subject, batches, probes.steps, None), batches)
    few = _first_rows(batches)
    if few is not None and not late():
        probes.sixteen_start = subject.mean(steady(copy.deepcopy(subject.initial)), [few])
        probes.sixteen = _learnt(subject, few)


def trained(subject: Subject, batches: list[Batch], steps: int, rate: float | None) -> nn.Module:
    """A copy after some steps: the program's optimizer with its rate times `rate`, or Adam from fresh weights."""
    module = copy.deepcopy(subject.initial)
    if rate is None:
        torch.manual_seed(0)
        for part in module.modules():
            if callable(reset := getattr(part, "reset_parameters", None)):
                reset()
        optimizer: torch.optim.Optimizer = torch.optim.Adam([p for p in module.parameters() if p.requires_grad], ADAM)
    else:
        assert subject.recipe is not None
        optimizer = subject.recipe.build(module, rate)
    clip = subject.recipe.clip if subject.recipe is not None else None
    for step in range(steps):
        _step(subject, module, optimizer, batches[step % len(batches)], subject.factor if rate is not None else 1, clip)
    return steady(module)


def _learnt(subject: Subject, few: Batch) -> float:
    """The loss of a few samples after training on nothing else."""
    module = copy.deepcopy(subject.initial)
    optimizer = torch.optim.Adam([p for p in module.parameters() if p.requires_grad], ADAM)
    begun = time.thread_time()
    for _ in range(300):
        _step(subject, steady(module), optimizer, few, 1.0, None)
        if time.thread_time() - begun > LONG:
            break
    return subject.mean(steady(module), [few])


def _step(
    subject: Subject,
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    batch: Batch,
    factor: float,
    clip: float | None,
) -> None:
    optimizer.zero_grad()
    (factor * subject.value(module, batch)).backward()
    if clip is not None:
        nn.utils.clip_grad_norm_(module.parameters(), clip)
    optimizer.step()


def seconds_per_step(subject: Subject, batches: list[Batch]) -> float:
    """Of a copy's, with the program's own optimizer."""
    assert subject.recipe is not None
    module = copy.deepcopy(subject.initial)
    optimizer = subject.recipe.build(module, 1.0)
    taken: list[float] = []
    for batch in [batches[0], *batches][:3]:
        begun = time.thread_time()
        _step(subject, module, optimizer, batch, subject.factor, None)
        taken.append(time.thread_time() - begun)
    return min(taken)


def _without_meaning(x: Tensor) -> Tensor:
    """The mean over the batch for every sample; numbers that stand for something are dealt to other samples."""
    if x.is_floating_point():
        return x.mean(0, keepdim=True).expand_as(x).clone()
    return x.roll(1, 0)


def _two_at_once(subject: Subject, batches: list[Batch]) -> float | None:
    """The loss of two batches at once over the mean of both: 1 for a mean, 2 for a sum."""
    pairs = [(a, b) for a, b in pairwise(batches) if a.rows == b.rows and _alike(a, b)]
    if not pairs or subject.final is None:
        return None
    a, b = pairs[-1]
    module = copy.deepcopy(subject.final).eval()
    apart = subject.mean(module, [a, b])
    together = subject.mean(module, [_joined(a, b)])
    return together / apart if 1e-12 < abs(apart) < BEYOND and together < BEYOND else None


def _alike(a: Batch, b: Batch) -> bool:
    """They can be put together: every tensor has the batch first."""
    tensors = [x for x in (*a.args, *a.kwargs.values()) if isinstance(x, Tensor)]
    return (
        all(x.ndim and len(x) == a.rows for x in tensors)
        and len(a.target) == a.rows
        and a.target.shape == b.target.shape
        and [x.shape for x in b.args if isinstance(x, Tensor)] == [x.shape for x in a.args if isinstance(x, Tensor)]
    )


def _joined(a: Batch, b: Batch) -> Batch:
    def both(x: Any, y: Any) -> Any:
        together = isinstance(x, Tensor) and isinstance(y, Tensor) and x.ndim and len(x) == a.rows
        return torch.cat([x, y]) if together else x

    args = tuple(both(x, y) for x, y in zip(a.args, b.args, strict=True))
    kwargs = {name: both(x, b.kwargs[name]) for name, x in a.kwargs.items()}
    per_sample = {n: both(x, b.arguments[n]) if _per_sample(x, a) else x for n, x in a.arguments.items()}
    return Batch(args, kwargs, torch.cat([a.target, b.target]), per_sample)


def _per_sample(weight: Any, batch: Batch) -> bool:
    return isinstance(weight, Tensor) and weight.shape == batch.target.shape and batch.target.ndim > 1


def _first_rows(batches: list[Batch]) -> Batch | None:
    """Sixteen samples, of one batch or of several."""
    few = batches[0]
    for batch in batches[1:]:
        if few.rows >= SIXTEEN or few.rows != batches[0].rows or not _alike(few, batch):
            break
        few = _joined(few, batch)
    if few.rows <= SIXTEEN:
        return few if few.rows > 1 else None
    return few.changed(lambda x: x[:SIXTEEN], target=True) if len(few.target) == few.rows else None
