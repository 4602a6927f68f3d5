"""Bound the gradient by what is usual: the weights' own size, or the gradient's past. stage: gradient.

Shapes: O outputs of a layer; a unit is one of them, with all that leads to it.
"""

from __future__ import annotations

from typing import Annotated, Any

import torch
from annotated_types import Ge, Gt, Le
from torch import Tensor, nn

from gradwise.stages import Count, Memory, Positive, memory, technique


@technique
class AdaptiveClip:
    """Shorten each unit's gradient to a share of its weights' length (Brock et al. 2021, arXiv:2102.06171, equation 3).

    stage: gradient. treats: exploding-gradient, loss-spike.
    equation: per unit g <- g min(1, share max(|w|, floor) / |g|)
    Args: share: longest gradient per length of the weights, above 0; good: 0.01 to 0.16, smaller for larger batches;
        floor: the least length that weights are taken to have, above 0, so that units that start at 0 can move;
        good: 0.001; spared: how many of the last parameters are left alone, at least 0; good: 2, a last layer's
        weight and bias, as in the paper.
    order: after what adds to the gradient, before noise.
    conflicts: ClipNorm, ClipValue, AutoClip (two bounds, one of them idle).
    """

    share: Positive = 0.01
    floor: Positive = 1e-3
    spared: Annotated[int, Ge(0)] = 0

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`; a vector (a bias, a normalisation's scale) counts as one unit, as in the paper's code."""
        for p in params[: len(params) - self.spared]:
            if p.grad is None:
                continue
            most = _lengths(p.detach()).clamp(min=self.floor).mul_(self.share)  # (O, 1, ...)
            length = _lengths(p.grad).clamp(min=1e-12)
            p.grad.mul_((most / length).clamp_(max=1.0))


@technique
class AutoClip:
    """Shorten the gradient to a percentile of the lengths so far (Seetharaman et al. 2020, arXiv:2007.14469).

    stage: gradient. treats: exploding-gradient, loss-spike.
    equation: g <- g min(1, c_t / |g|), c_t the percentile of |g_1|, ..., |g_t|
    Args: percentile: above 0, at most 100; good: 10, as in the paper, to 90; window: how many past lengths are kept,
        at least 1 (the paper keeps all; a window lets the bound follow a training whose gradients shrink);
        good: 1000, or the steps of the whole run.
    order: after what adds to the gradient, before noise.
    conflicts: ClipNorm, AdaptiveClip (two bounds, one of them idle).
    """

    percentile: Annotated[float, Gt(0), Le(100)] = 10.0
    window: Count = 1000
    kept: Memory[Any] = memory()

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`; the lengths stay on the device."""
        gradients = [p.grad for p in params if p.grad is not None]
        if not gradients:
            return
        length = nn.utils.get_total_norm(gradients)  # ()
        if not self.kept:
            self.kept.update(count=0, lengths=length.new_zeros(self.window))
        lengths: Tensor = self.kept["lengths"]  # (window,), the oldest overwritten first
        lengths[self.kept["count"] % self.window] = torch.where(
            length.isfinite(), length, 0.0
        )  # such a step is skipped
        self.kept["count"] += 1
        past = lengths[: self.kept["count"]]
        most = torch.quantile(past, self.percentile / 100)
        torch._foreach_mul_(gradients, (most / (length + 1e-6)).clamp(max=1.0))


def _lengths(tensor: Tensor) -> Tensor:
    """The Euclidean length of each unit, in a shape that multiplies the tensor."""
    if tensor.dim() < 2:
        return tensor.norm()
    return torch.linalg.vector_norm(tensor, dim=tuple(range(1, tensor.dim())), keepdim=True)
