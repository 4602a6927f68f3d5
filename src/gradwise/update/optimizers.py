"""The optimizers of the first hour. stage: optimizer: parameters -> torch.optim.Optimizer.

On a CPU with our kernels an update is one pass that also measures it (`update/fused.py`); elsewhere torch's own fused
optimizer does it. Both are checked against torch's reference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from gradwise.errors import RecipeError
from gradwise.stages import Fraction, NonNegative, Positive, technique
from gradwise.update.fused import FusedAdam, FusedSGD, suits
from gradwise.update.groups import spare_vectors


@technique
class SGD:
    """Gradient descent, with momentum (Polyak 1964) or Nesterov's (Sutskever et al. 2013) where asked for.

    stage: optimizer.
    Args: lr: above 0; momentum: 0 <= m < 1; nesterov: look ahead (needs momentum);
        weight_decay: L2 penalty added to the gradient, at least 0;
        decay_vectors: also for biases and normalisations (parameters of one dimension).
    """

    lr: Positive = 0.1
    momentum: Fraction = 0.0
    nesterov: bool = False
    weight_decay: NonNegative = 0.0
    decay_vectors: bool = True

    def __post_init__(self) -> None:
        if self.nesterov and self.momentum == 0:
            raise RecipeError("SGD.nesterov needs SGD.momentum above 0, got 0.", fix="write momentum: 0.9.")

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        params = _listed(params) if self.decay_vectors else spare_vectors(_listed(params))
        options: dict[str, Any] = {
            "lr": self.lr,
            "momentum": self.momentum,
            "nesterov": self.nesterov,
            "weight_decay": self.weight_decay,
        }
        return FusedSGD(params, **options) if suits(params) else torch.optim.SGD(params, **options, fused=True)


@technique
class Adam:
    """Adaptive moments (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1).

    stage: optimizer.
    Args: lr: above 0; betas: decay of the two moments, each 0 <= b < 1; eps: above 0;
        weight_decay: L2 penalty added to the gradient, at least 0 (see AdamW for decay beside it).
    """

    lr: Positive = 1e-3
    betas: tuple[Fraction, Fraction] = (0.9, 0.999)
    eps: Positive = 1e-8
    weight_decay: NonNegative = 0.0

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        return _adam(_listed(params), torch.optim.Adam, self)


@technique
class AdamW:
    """Adam with weight decay beside the gradient (Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2).

    stage: optimizer. treats: overfitting.
    Args: lr, betas, eps: as Adam's; weight_decay: share of a weight taken off per unit of lr, at least 0;
        decay_vectors: also for biases and normalisations.
    """

    lr: Positive = 1e-3
    betas: tuple[Fraction, Fraction] = (0.9, 0.999)
    eps: Positive = 1e-8
    weight_decay: NonNegative = 0.01
    decay_vectors: bool = True

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        params = _listed(params) if self.decay_vectors else spare_vectors(_listed(params))
        return _adam(params, torch.optim.AdamW, self)


def _listed(params: Iterable[Any]) -> list[Any]:
    """Parameters or groups, each group's a list: a generator, looked through once, would reach the optimizer empty."""
    return [p | {"params": _tensors(p["params"])} if isinstance(p, dict) else p for p in params]


def _tensors(params: Any) -> list[Any]:
    return [params] if isinstance(params, torch.Tensor) else list(params)


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
