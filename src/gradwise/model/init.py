"""Initialise the weights. stage: surgery: (Module, Batch) -> Module. Treats: vanishing and exploding gradients."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from gradwise.stages import Batch, NonNegative, Positive, technique


@technique
class He:
    """Variance 2 / fan-in, which keeps the size of a signal through ReLU (He et al. 2015, arXiv:1502.01852, eq. 10).

    treats: vanishing-gradient, initialisation-scale; with a bias above 0, dead-units.
    Args: distribution: "normal" or "uniform"; slope: of a leaky ReLU's negative side, at least 0;
        bias: where the hidden layers' biases start (above 0, every unit starts active); the last layer's start at 0.
    """

    distribution: Literal["normal", "uniform"] = "normal"
    slope: NonNegative = 0.0
    bias: float = 0.0

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module, initialised."""
        fill = nn.init.kaiming_normal_ if self.distribution == "normal" else nn.init.kaiming_uniform_
        maps = _linear_maps(model)
        for i, (weight, bias) in enumerate(maps):
            fill(weight, a=self.slope, nonlinearity="leaky_relu")
            if bias is not None:
                nn.init.constant_(bias, self.bias if i < len(maps) - 1 else 0.0)
        return model


@technique
class Xavier:
    """Variance 2 / (fan-in + fan-out), for tanh and sigmoid (Glorot & Bengio 2010, equation 16).

    Biases become 0. treats: vanishing-gradient, saturated-units, initialisation-scale.
    Args: distribution: "normal" or "uniform"; gain: factor on the spread, above 0 (5/3 for tanh).
    """

    distribution: Literal["normal", "uniform"] = "uniform"
    gain: Positive = 1.0

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module, initialised."""
        fill = nn.init.xavier_normal_ if self.distribution == "normal" else nn.init.xavier_uniform_
        for weight, bias in _linear_maps(model):
            fill(weight, gain=self.gain)
            if bias is not None:
                nn.init.zeros_(bias)
        return model


@technique
class ChannelsLast:
    """Keep pictures with their channels innermost in memory: the same numbers, faster convolutions."""

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module, its 4-d weights rearranged; activations follow."""
        return model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def _linear_maps(model: nn.Module) -> list[tuple[Tensor, Tensor | None]]:
    """Weight and bias of every linear map and convolution."""
    kinds = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
    return [(m.weight, m.bias) for m in model.modules() if isinstance(m, kinds)]
