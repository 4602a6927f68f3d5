"""Change the gradient's shape. stage: gradient.

Shapes: O outputs of a layer.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import nn

from gradwise.stages import Memory, NonNegative, Positive, memory, technique


@technique
class Centralise:
    """Take the mean off the gradient of each output's weights (Yong et al. 2020, arXiv:2004.01461, equation 1).

    stage: gradient.
    equation: per output g <- g - mean(g)
    order: before clipping, normalising and noise.
    """

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`; vectors (biases, normalisations) stay as they are."""
        for p in params:
            if p.grad is not None and p.dim() > 1:
                p.grad.sub_(p.grad.mean(tuple(range(1, p.dim())), keepdim=True))  # (O, 1, ...)


@technique
class GradientNoise:
    """Add normal noise to the gradient (Neelakantan et al. 2015, arXiv:1511.06807, equation 1).

    It shakes small networks out of poor minima. It draws from torch's global stream, as dropout does.
    stage: gradient. treats: plateau.
    equation: g <- g + N(0, std^2 / (1 + t)^decay), t the steps done
    Args: std: spread of the noise at the first step, above 0; good: 0.1 to 1; decay: how fast the variance falls, at
        least 0; 0.55 in the paper, 0 keeps the spread (a learning rate that falls to 0 takes the noise with it).
    order: after centralisation and clipping.
    """

    std: Positive = 0.1
    decay: NonNegative = 0.0
    kept: Memory[int] = memory()

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`."""
        done = self.kept.get("steps", 0)
        spread = self.std / (1 + done) ** (self.decay / 2)
        self.kept["steps"] = done + 1
        for p in params:
            if p.grad is not None:
                p.grad.add_(torch.randn_like(p), alpha=spread)


@technique
class Sign:
    """Keep the gradient's signs alone (Bernstein et al. 2018, arXiv:1802.04434, algorithm 1).

    Every weight moves by the learning rate, however small or large its gradient: take a far smaller one (1e-4 to
    1e-2) and let it fall.
    stage: gradient. treats: exploding-gradient, vanishing-gradient.
    equation: g <- sign(g)
    order: last; what scales the gradient before it has no effect.
    conflicts: ClipNorm, ClipValue, AdaptiveClip, AutoClip, UnitNorm (idle before it); Adam (scales once more).
    """

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`; what is 0 stays 0."""
        for p in params:
            if p.grad is not None:
                p.grad.sign_()


@technique
class UnitNorm:
    """Give the gradient the length 1, so that the learning rate is the length of the step.

    Over all parameters: Hazan et al. 2015, arXiv:1507.02030, algorithm 1; each by itself: Yu et al. 2017,
    arXiv:1707.04822.
    stage: gradient. treats: exploding-gradient, vanishing-gradient, plateau.
    equation: g <- g / |g|
    Args: over: "all" parameters together, or each "parameter" by itself; floor: the least length that is divided by,
        above 0, so that a gradient that has all but vanished is not blown up; good: 1e-8.
    order: after centralisation, before noise.
    conflicts: ClipNorm, AutoClip, AdaptiveClip (idle before it); Adam (scales once more).
    """

    over: Literal["all", "parameter"] = "all"
    floor: Positive = 1e-8

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`; the length stays on the device."""
        gradients = [p.grad for p in params if p.grad is not None]
        if not gradients:
            return
        if self.over == "all":
            torch._foreach_div_(gradients, nn.utils.get_total_norm(gradients).clamp(min=self.floor))
        else:
            for gradient in gradients:
                gradient.div_(gradient.norm().clamp(min=self.floor))
