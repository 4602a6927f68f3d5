"""Divide by an estimate of the Hessian's diagonal. stage: backward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.gradient.elsewhere import network_of, trainable
from gradwise.stages import Batch, Count, Fraction, Memory, Objective, Positive, memory, technique


@technique
class Sophia:
    """Momentum over curvature, cut element by element (Liu et al. 2023, arXiv:2305.14342, algorithms 1 and 3).

    The curvature is Hutchinson's estimate of the Hessian's diagonal, taken every few steps from two differentiations
    of the whole batch. Use it with `SGD(lr=...)`: a weight moves by the rate at most.
    stage: backward. treats: plateau, loss-spike.
    equation: m <- momentum m + (1 - momentum) g; h <- decay h + (1 - decay) u H u, u standard normal;
        g <- clip(m / max(scale h, 1e-12), -1, 1)
    Args: momentum, decay: of the two averages, 0 <= a < 1; good: 0.96 and 0.99; scale: above 0; larger cuts fewer
        elements; good: 0.01, or so that 10 to 50 % are not cut; every: steps between two looks at the curvature, at
        least 1; good: 10.
    conflicts: Adam (scales once more); SGD with momentum (a second one); clipping (the step is bounded).
    """

    momentum: Fraction = 0.96
    decay: Fraction = 0.99
    scale: Positive = 0.01
    every: Count = 10
    kept: Memory[Any] = memory()

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; `.grad` is the step's direction."""
        network = network_of(model)
        params = trainable(network)
        if not self.kept:
            zeros = [[torch.zeros_like(p, requires_grad=False) for p in params] for _ in range(2)]
            self.kept.update(steps=0, mean=zeros[0], curvature=zeros[1])
        looks = self.kept["steps"] % self.every == 0
        loss = objective(network if looks else model, batch)  # a compiled network has no second derivative
        gradients = torch.autograd.grad(loss, params, create_graph=looks, materialize_grads=True)
        mean: list[Tensor] = self.kept["mean"]
        curvature: list[Tensor] = self.kept["curvature"]
        if looks:
            torch._foreach_lerp_(curvature, diagonal(gradients, params), 1 - self.decay)
        torch._foreach_lerp_(mean, [gradient.detach() for gradient in gradients], 1 - self.momentum)
        for p, g, m, h in zip(params, gradients, mean, curvature, strict=True):
            step = (m / (self.scale * h).clamp(min=1e-12)).clamp_(-1, 1)  # the sign, where the curvature is negative
            p.grad = step.add_((g - g).detach())  # NaN where the gradient is infinite: not hidden by the cut
        self.kept["steps"] += 1
        return loss.detach()


def diagonal(gradients: Sequence[Tensor], params: list[nn.Parameter], signs: bool = False) -> list[Tensor]:
    """u * (H u), u standard normal or of signs at random: its mean over u is the diagonal of the Hessian."""
    directions = [torch.randn_like(gradient) for gradient in gradients]
    directions = [torch.where(u < 0, -1.0, 1.0).to(u) for u in directions] if signs else directions
    curved = [(g, u) for g, u in zip(gradients, directions, strict=True) if g.requires_grad]
    if not curved:  # the loss is linear in all of them
        return [torch.zeros_like(u) for u in directions]
    products = torch.autograd.grad([g for g, _ in curved], params, [u for _, u in curved], materialize_grads=True)
    return [u * product for u, product in zip(directions, products, strict=True)]
