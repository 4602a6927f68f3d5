"""Fill `.grad` by automatic differentiation. stage: backward."""

from __future__ import annotations

import copy
from typing import Literal

import torch
from torch import Tensor, nn

from gradwise.stages import Batch, Count, Objective, technique

Precision = Literal["float32", "bfloat16"]


@technique
class Backprop:
    """Back-propagation (Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0) by torch's autograd.

    stage: backward.
    equation: dL/dw by the chain rule, from the loss backwards
    Args: precision: "float32", or "bfloat16" for forward and backward under autocast (weights and update stay float32);
        good: "bfloat16" on a GPU.
    """

    precision: Precision = "float32"

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; every parameter's `.grad` holds its derivative."""
        loss = _forward(objective, model, batch, self.precision)
        loss.backward()
        return loss.detach()


@technique
class Accumulate:
    """A batch in parts, one after another: the same gradient as the whole batch, in a part of the memory.

    Each part counts by its share of the samples, so uneven parts are right too. Batch normalisation sees the parts,
    not the batch.
    stage: backward.
    equation: g = sum over the parts p of |p| / B dL_p/dw
    Args: parts: how many, at least 1; good: as few as fit into memory; precision: as Backprop's.
    """

    parts: Count
    precision: Precision = "float32"

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The mean loss over the batch, detached."""
        total, size = torch.zeros((), device=batch.x.device), len(batch.x)
        for part in zip(*(tensor.chunk(self.parts) for tensor in batch), strict=True):
            share = len(part[0]) / size
            loss = _forward(objective, model, Batch(*part), self.precision) * share
            loss.backward()
            total += loss.detach()
        return total


def parts_differ(backward: Accumulate, objective: Objective, model: nn.Module, batch: Batch) -> float:
    """The greatest difference between the gradient in parts and in one, over the greatest gradient.

    On copies in float64 and in evaluation mode, two samples a part: above 1e-6 the objective is no mean over samples.
    """
    few = Batch(*(tensor[: 2 * backward.parts] for tensor in batch))
    few = Batch(*(tensor.double() if tensor.is_floating_point() else tensor for tensor in few))
    found: list[torch.Tensor] = []
    for way in (Backprop(), Accumulate(backward.parts)):
        network = copy.deepcopy(model).double().eval()
        way(copy.deepcopy(objective), network, few)
        found.append(torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None]))
    return float((found[0] - found[1]).abs().max() / found[0].abs().max().clamp(min=1e-300))


def _forward(objective: Objective, model: nn.Module, batch: Batch, precision: Precision) -> Tensor:
    if precision == "float32":
        return objective(model, batch)
    with torch.autocast(batch.x.device.type, torch.bfloat16):
        return objective(model, batch)
