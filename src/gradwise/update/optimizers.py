"""The optimizers of the first hour. stage: optimizer: parameters -> torch.optim.Optimizer.

On a CPU with our kernels an update is one pass that also measures it (`update/fused.py`); elsewhere torch's own fused
optimizer does it. Both are checked against torch's reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import torch
from annotated_types import Gt, Le

from gradwise.errors import RecipeError
from gradwise.stages import Fraction, NonNegative, Positive, technique
from gradwise.update.fused import FusedAdam, FusedSGD, suits
from gradwise.update.groups import grouped, listed


@technique
class SGD:
    """Gradient descent, with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013) where asked for.

    stage: optimizer.
    equation: v <- momentum v + g + weight_decay w; w <- w - lr v; with Nesterov's w <- w - lr (g + momentum v)
    Args: lr: above 0; good: 0.01 to 0.5; momentum: 0 <= m < 1; good: 0.9; nesterov: look ahead (needs momentum);
        weight_decay: L2 penalty added to the gradient, at least 0; good: 0 to 5e-4;
        decay_vectors: also for biases and normalisations (parameters of one dimension);
        layer_decay: rate of a layer over that of the one above it, 0 < d <= 1 (Howard & Ruder 2018, arXiv:1801.06146,
        section 3.2), 1 for all alike; good: 1, for fine-tuning 0.4 to 0.9.
    """

    lr: Positive = 0.1
    momentum: Fraction = 0.0
    nesterov: bool = False
    weight_decay: NonNegative = 0.0
    decay_vectors: bool = True
    layer_decay: Annotated[float, Gt(0), Le(1)] = 1.0

    def __post_init__(self) -> None:
        if self.nesterov and self.momentum == 0:
            raise RecipeError("SGD.nesterov needs SGD.momentum above 0, got 0.", fix="write momentum: 0.9.")

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        params = grouped(params, self.lr, self.decay_vectors, self.layer_decay)
        options: dict[str, Any] = {
            "lr": self.lr,
            "momentum": self.momentum,
            "nesterov": self.nesterov,
            "weight_decay": self.weight_decay,
        }
        return FusedSGD(params, **options) if suits(params) else _torch_sgd(params, options)


def _torch_sgd(params: list[Any], options: dict[str, Any]) -> torch.optim.SGD:
    """torch's own, its velocities 0 from the start: it fails where some gradients begin later than others."""
    made = torch.optim.SGD(params, **options, fused=True)
    if options["momentum"]:
        for group in made.param_groups:
            for p in group["params"]:
                made.state[p]["momentum_buffer"] = torch.zeros_like(p)
    return made


@technique
class Adam:
    """Adaptive moments (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1).

    stage: optimizer.
    equation: m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
        w <- w - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps), t steps done
    Args: lr: above 0; good: 1e-4 to 3e-3; betas: decay of the two moments, each 0 <= b < 1; good: (0.9, 0.999);
        eps: above 0; good: 1e-8; weight_decay: L2 penalty added to the gradient, at least 0 (see AdamW for decay
        beside it); good: 0.
    """

    lr: Positive = 1e-3
    betas: tuple[Fraction, Fraction] = (0.9, 0.999)
    eps: Positive = 1e-8
    weight_decay: NonNegative = 0.0

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        return _adam(listed(params), torch.optim.Adam, self)


@technique
class AdamW:
    """Adam with weight decay beside the gradient (Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2).

    stage: optimizer. treats: overfitting.
    equation: w <- w - lr (Adam's direction + weight_decay w)
    Args: lr, betas, eps: as Adam's; weight_decay: share of a weight taken off per unit of lr, at least 0;
        good: 0.01 to 0.1; decay_vectors: also for biases and normalisations;
        layer_decay: rate of a layer over that of the one above it, 0 < d <= 1 (Clark et al. 2020, arXiv:2003.10555,
        appendix A), 1 for all alike; good: 1, for fine-tuning 0.65 to 0.9 a block, so its root for each matrix of it.
    """

    lr: Positive = 1e-3
    betas: tuple[Fraction, Fraction] = (0.9, 0.999)
    eps: Positive = 1e-8
    weight_decay: NonNegative = 0.01
    decay_vectors: bool = True
    layer_decay: Annotated[float, Gt(0), Le(1)] = 1.0

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        return _adam(grouped(params, self.lr, self.decay_vectors, self.layer_decay), torch.optim.AdamW, self)


def _adam(params: list[Any], reference: type[torch.optim.Adam], wanted: Adam | AdamW) -> torch.optim.Optimizer:
    options: dict[str, Any] = {
        "lr": wanted.lr,
        "betas": wanted.betas,
        "eps": wanted.eps,
        "weight_decay": wanted.weight_decay,
    }
    if suits(params):
        return FusedAdam(params, **options, decoupled=isinstance(wanted, AdamW))
    return reference(params, **options, fused=True)
