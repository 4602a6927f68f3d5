"""What a step of several trials needs beside the networks: batches, losses, clipping, updates.

Shapes: T trials, B samples, D numbers of a sample, C classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from gradwise.data import Sets
from gradwise.gradient import ClipValue
from gradwise.kernels import gathers, library
from gradwise.randomness import order
from gradwise.training import Training
from gradwise.update.fused import FusedAdam, FusedSGD

AHEAD = 1 << 20  # numbers that are fetched at once: a few steps of small batches


class Kept:
    """A data stage that is asked once for each seed, and keeps once what is the same for several."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.found: dict[int, Sets] = {}

    def __call__(self, seed: int) -> Sets:
        """The sets of this seed."""
        if seed not in self.found:
            self.found[seed] = self._shared(self.stage(seed))
        return self.found[seed]

    def _shared(self, sets: Sets) -> Sets:
        for known in self.found.values():
            parts = (sets.train, known.train), (sets.valid, known.valid), (sets.test, known.test)
            if all(_alike(one, other) for one, other in parts):
                return known
        return sets


def _alike(one: Any, other: Any) -> bool:
    """Are two parts the same numbers?"""
    if one is None or other is None:
        return one is other
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("x", "y", "scale", "shift")]
    return all(a is b or (a is not None and b is not None and torch.equal(a, b)) for a, b in pairs)


class Feed:
    """Every trial's own batches in its own order, those of several steps fetched at once."""

    def __init__(self, trainings: Sequence[Training]) -> None:
        first = trainings[0].parts.supply
        self.seeds = [training.parts.supply.seed for training in trainings]
        self.sets: list[Any] = [training.parts.supply.sets.train for training in trainings]  # all in memory
        self.size, width = first.batch_size, self.sets[0].fetch(torch.tensor([0])).x.numel()
        self.ahead = max(1, AHEAD // (len(trainings) * self.size * width))
        self.x = torch.empty(len(trainings), min(self.ahead, first.per_epoch) * self.size, width)

    def epoch(self, epoch: int, steps: int) -> Iterator[tuple[Tensor, Tensor]]:
        """The epoch's batches: x (T, B, D), y (T, B, ...)."""
        visits = [order(seed, epoch, len(part)) for seed, part in zip(self.seeds, self.sets, strict=True)]
        size = self.size
        for start in range(0, steps, self.ahead):
            count = min(self.ahead, steps - start)
            here = slice(start * size, (start + count) * size)
            x = self.x[:, : count * size]
            parts = zip(self.sets, visits, x, strict=True)
            y = torch.stack([_fetch(part, visit[here], into) for part, visit, into in parts])
            for i in range(0, count * size, size):
                yield x[:, i : i + size], y[:, i : i + size]


def _fetch(part: Any, index: Tensor, into: Tensor) -> Tensor:
    """The samples of these numbers into (M, D), normalised; their labels."""
    loaded = library()
    if loaded is None or not gathers(part.x):
        batch = part.fetch(index)
        into.copy_(batch.x.flatten(1))
        return batch.y
    scale, shift = part._per_number()
    shape = (len(index), scale.numel(), scale.data_ptr(), shift.data_ptr())
    loaded.gather_bytes(part.x.data_ptr(), index.data_ptr(), into.data_ptr(), *shape)
    return part.y.index_select(0, index)


class Update:
    """One network's optimizer. Its gradients stay in their place, so that ours needs their addresses only once."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizer = optimizer
        self.groups = optimizer.param_groups
        self.rates = [group.setdefault("initial_lr", group["lr"]) for group in self.groups]
        self.plans: list[Any] = []
        if isinstance(optimizer, (FusedAdam, FusedSGD)):
            for number, group in enumerate(self.groups):
                (plan,) = optimizer._planned(number, group["params"], 0)  # all of them begin together
                plan.gradients.fill([p.grad for p in group["params"]])
                self.plans.append(plan)

    def __call__(self, scale: float) -> None:
        """A step at this factor on the rate."""
        for group, rate in zip(self.groups, self.rates, strict=True):
            group["lr"] = rate * scale
        ours: Any = self.optimizer
        if not self.plans:
            ours.step()
        for group, plan in zip(self.groups, self.plans, strict=False):
            group["steps"] += 1
            ours._update(group, plan, None)


def clip(techniques: Sequence[Any], gradients: list[Tensor]) -> None:
    """Each trial's own bound on its gradient, all ClipNorm or all ClipValue. gradients (T, ...)."""
    if isinstance(techniques[0], ClipValue):
        limits = torch.tensor([technique.limit for technique in techniques])
        for gradient in gradients:
            limit = _wide(limits, gradient)
            torch.clamp(gradient, -limit, limit, out=gradient)
        return
    norms = [torch.linalg.vector_norm(gradient, dim=tuple(range(1, gradient.dim()))) for gradient in gradients]
    lengths = torch.linalg.vector_norm(torch.stack(norms), dim=0)  # (T,)
    most = torch.tensor([technique.max_norm for technique in techniques])
    factors = (most / (lengths + 1e-6)).clamp_(max=1.0)
    for gradient in gradients:
        gradient.mul_(_wide(factors, gradient))


def _wide(values: Tensor, like: Tensor) -> Tensor:
    """(T,) as (T, 1, ...)."""
    return values.reshape(-1, *[1] * (like.dim() - 1))


def rows_of(stacked: Tensor) -> list[int]:
    """Where each trial begins in memory."""
    start, step = stacked.data_ptr(), stacked.stride(0) * stacked.element_size()
    return [start + t * step for t in range(len(stacked))]


def cross_entropy(z: Tensor, y: Tensor, smoothing: Tensor) -> tuple[Tensor, Tensor]:
    """Mean cross-entropy (T,) of logits z (T, B, C) and class numbers y (T, B), and its derivative by z.

    smoothing: (T, 1) label smoothing s: the target is 1 - s + s / C at the class, s / C elsewhere. The derivative may
    lie in the place of z.
    """
    size, classes = z.shape[1:]
    kernels = library()
    if kernels is not None and z.is_contiguous():
        none, spare = torch.zeros(2, classes).unbind()  # no bias is added, and its gradient is taken elsewhere
        shape, shares = (spare.data_ptr(), size, classes), smoothing.flatten().tolist()
        parts = zip(rows_of(z), rows_of(y), shares, strict=True)
        found = [kernels.cross_entropy(at, none.data_ptr(), label, *shape, share, None) for at, label, share in parts]
        return torch.tensor(found), z
    logarithms = torch.log_softmax(z, 2)
    likely = logarithms.gather(2, y[:, :, None])[:, :, 0]  # (T, B)
    losses = -((1 - smoothing) * likely + smoothing / classes * logarithms.sum(2)).mean(1)
    delta = logarithms.exp_().sub_((smoothing / classes)[:, :, None])
    delta.scatter_add_(2, y[:, :, None], (smoothing - 1)[:, :, None].expand(-1, size, 1))
    return losses, delta.div_(size)


def by_autograd(objectives: Sequence[Any], z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The same for any loss: each network's criterion by itself."""
    with torch.enable_grad():
        outputs = [part.detach().requires_grad_() for part in z]
        losses = torch.stack([o.criterion(a, b) for o, a, b in zip(objectives, outputs, y, strict=True)])
        return losses.detach(), torch.stack(torch.autograd.grad(losses.sum(), outputs))
