"""Change the gradient's shape. stage: gradient."""

from __future__ import annotations

import torch
from torch import nn

from gradwise.stages import Positive, technique


@technique
class GradientNoise:
    """Add normal noise to the gradient (Neelakantan et al. 2015, arXiv:1511.06807).

    It shakes small networks out of poor minima. Let the learning rate fall to 0, and the noise falls with it.
    stage: gradient. treats: plateau.
    Args: std: spread of the noise, above 0. It draws from torch's global stream, as dropout does.
    """

    std: Positive = 0.1

    def __call__(self, params: list[nn.Parameter]) -> None:
        """Rewrite `.grad`."""
        for p in params:
            if p.grad is not None:
                p.grad.add_(torch.randn_like(p), alpha=self.std)
