"""The cycle of back-propagation, once per batch.

    learning rate -> batch edits -> forward, loss, backward -> check -> gradient edits -> update -> what follows

It knows nothing of watching, logging, checkpoints or screens, and never waits for the device. It is a generator:
evaluation, checkpoints and stopping are plain code in its caller, and leaving is `break`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gradwise.gradient import Guard
from gradwise.recipe import Recipe, edited
from gradwise.stages import Batch


class Tick(NamedTuple):
    """What one turn yields."""

    step: int  # of the run, from 0
    loss: Tensor  # still on the device
    finite: bool | Tensor  # was all finite, so that the step was applied? On a GPU still on the device


def cycle(
    recipe: Recipe,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    guard: Guard,
    batches: Iterable[Batch],
    *,
    start: int,
    steps: int,
    epoch: int,
) -> Iterator[Tick]:
    """Turn the cycle for each batch of an epoch; `start` is the run's step of the first, `steps` the run's length."""
    params = guard.params
    network = getattr(model, "_orig_mod", model)  # without torch.compile's wrapper, whose names are others
    rates = [group.setdefault("initial_lr", group["lr"]) for group in optimizer.param_groups]
    for step, batch in enumerate(batches, start):
        scale = recipe.schedule(step / steps)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * scale
        batch = edited(recipe, batch, epoch, step, step / steps)
        loss = recipe.backward(recipe.objective, model, batch)  # fills p.grad
        finite = guard(loss)
        for rewrite in recipe.gradient:
            rewrite(params)  # rewrites p.grad
        guard.step(finite)  # moves p, unless something was not finite
        for p in params:
            p.grad = None
        if finite is not False:
            for follow in recipe.after:
                follow(network, step)
        yield Tick(step, loss, finite)
