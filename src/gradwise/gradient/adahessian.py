"""Adam by curvature instead of the gradient's square. stage: backward."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from gradwise.gradient.elsewhere import network_of, trainable
from gradwise.gradient.hessian import diagonal
from gradwise.stages import Batch, Count, Fraction, Memory, Objective, Positive, Share, memory, technique


@technique
class AdaHessian:
    """Adam with the Hessian's diagonal in the place of the gradient (Yao et al. 2021, arXiv:2006.00719, algorithm 1).

    The diagonal is Hutchinson's estimate from signs drawn at random; of a convolution's kernel its mean over each
    window. Use it with `SGD(lr=...)`.
    stage: backward. treats: plateau, oscillating-loss.
    equation: m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) D^2, D the mean of z H z; g <- m / (sqrt(v)^power + eps),
        m and v corrected for their start at zero
    Args: betas: b1 and b2, each 0 <= b < 1; good: (0.9, 0.999); power: 0 is momentum alone, 1 the whole curvature;
        good: 1; eps: above 0; good: 1e-4 (the paper's code), more where curvature is near 0; every: steps between two
        looks at the curvature, at least 1; good: 1 as in the paper, 10 at a tenth of the extra cost.
    conflicts: Adam (scales once more); SGD with momentum (a second one); torch.compile (it knows no second derivative).
    """

    betas: tuple[Fraction, Fraction] = (0.9, 0.999)
    power: Share = 1.0
    eps: Positive = 1e-4
    every: Count = 1
    kept: Memory[Any] = memory()

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; `.grad` is the step's direction."""
        network = network_of(model)
        params = trainable(network)
        kept, (beta1, beta2) = self.kept, self.betas
        if not kept:
            zeros = [[torch.zeros_like(p, requires_grad=False) for p in params] for _ in range(2)]
            kept.update(steps=0, looks=0, mean=zeros[0], square=zeros[1])
        looks = kept["steps"] % self.every == 0
        loss = objective(network if looks else model, batch)
        gradients = torch.autograd.grad(loss, params, create_graph=looks, materialize_grads=True)
        if looks:
            curvature = [_over_window(part) for part in diagonal(gradients, params, signs=True)]
            torch._foreach_lerp_(kept["square"], torch._foreach_mul(curvature, curvature), 1 - beta2)
            kept["looks"] += 1
        kept["steps"] += 1
        torch._foreach_lerp_(kept["mean"], [g.detach() for g in gradients], 1 - beta1)
        first, second = 1 - beta1 ** kept["steps"], 1 - beta2 ** kept["looks"]
        for p, g, m, v in zip(params, gradients, kept["mean"], kept["square"], strict=True):
            step = (m / first) / ((v / second).sqrt_().pow_(self.power) + self.eps)
            p.grad = step.add_((g - g).detach())  # NaN where the gradient is infinite
        return loss.detach()


def _over_window(curvature: Tensor) -> Tensor:
    """Of (O, I, H, W) the mean size over each window (equation 9 of the paper); anything else as it is."""
    if curvature.dim() < 3:
        return curvature
    window = tuple(range(2, curvature.dim()))
    return curvature.abs().mean(window, keepdim=True).expand_as(curvature)
