"""Shampoo: each side of a matrix with a preconditioner of its own. stage: optimizer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import torch
from annotated_types import Gt, Le
from torch import Tensor

from gradwise.stages import Count, Fraction, NonNegative, Positive, technique
from gradwise.update.own import Own


@technique
class Shampoo:
    """Divide by the fourth roots of both sides' gradient covariances (Gupta et al. 2018, arXiv:1802.09568, alg. 1).

    stage: optimizer. treats: oscillating-loss, plateau.
    equation: L <- decay L + G G', R <- decay R + G' G, both from eps I; W <- W - lr L^(-1/4) M R^(-1/4),
        M <- momentum M + G
    A convolution's kernel is a matrix with a row per output, a vector one with a single column. A side that is too
    long has no matrix of its own; the other then takes the square root.
    Args: lr: above 0; good: 0.01 to 0.1 (the first steps are orthogonal matrices, later ones shorter and shorter);
        momentum: 0 <= m < 1; good: 0.9; decay: of the covariances, 0 < d <= 1, 1 sums them up as in the paper; good: 1,
        0.99 for long runs (Anil et al. 2020, arXiv:2002.09018); eps: above 0; good: 1e-6 to 1e-2; weight_decay: share
        of a weight taken off per unit of lr, at least 0; every: steps between two roots, at least 1; good: 1 for small
        networks, 10 to 100; largest: a side longer than this has no matrix, at least 1; good: 1000 to 10000.
    """

    lr: Positive = 0.02
    momentum: Fraction = 0.9
    decay: Annotated[float, Gt(0), Le(1)] = 1.0
    eps: Positive = 1e-4
    weight_decay: NonNegative = 0.0
    every: Count = 10
    largest: Count = 2048

    def __call__(self, params: Iterable[Any]) -> torch.optim.Optimizer:
        """An optimizer for these parameters or groups."""
        return _Shampoo(
            params,
            lr=self.lr,
            momentum=self.momentum,
            decay=self.decay,
            eps=self.eps,
            weight_decay=self.weight_decay,
            every=self.every,
            largest=self.largest,
        )


class _Shampoo(Own):
    def _update(self, group: dict[str, Any], params: list[Tensor], gradients: list[Tensor]) -> None:
        for p, gradient in zip(params, gradients, strict=True):
            matrix = gradient.flatten(1) if gradient.dim() > 1 else gradient.reshape(-1, 1)  # (rows, columns)
            step = self._direction(self.state[p], matrix, group)
            p.mul_(1 - group["lr"] * group["weight_decay"])
            p.sub_(step.reshape(p.shape), alpha=group["lr"])

    def _direction(self, state: dict[str, Any], matrix: Tensor, group: dict[str, Any]) -> Tensor:
        if not state:
            sides = [side for side in (0, 1) if 1 < matrix.shape[side] <= group["largest"]] or [0]
            state["updates"], state["mean"] = 0, torch.zeros_like(matrix)
            state["sides"] = {side: group["eps"] * _eye(matrix, side) for side in sides}
            state["roots"] = {}
        for side, covariance in state["sides"].items():
            covariance.mul_(group["decay"]).add_(matrix @ matrix.T if side == 0 else matrix.T @ matrix)
            if state["updates"] % group["every"] == 0:
                state["roots"][side] = _root(covariance, 2 * len(state["sides"]), group["eps"])
        state["updates"] += 1
        step = state["mean"].mul_(group["momentum"]).add_(matrix)
        step = state["roots"][0] @ step if 0 in state["roots"] else step
        return step @ state["roots"][1] if 1 in state["roots"] else step


def _eye(matrix: Tensor, side: int) -> Tensor:
    return torch.eye(matrix.shape[side], dtype=matrix.dtype, device=matrix.device)


def _root(covariance: Tensor, order: int, least: float) -> Tensor:
    """covariance^(-1 / order), of a symmetric matrix; what is left of an eigenvalue by rounding is none."""
    if not bool(covariance.isfinite().all()):  # gradients whose squares float32 cannot hold: it has no root but 0
        return torch.zeros_like(covariance)
    values, vectors = torch.linalg.eigh(covariance.double())  # waits for the device
    least = max(1e-3 * least, float(values[-1]) * torch.finfo(covariance.dtype).eps)
    return ((vectors * values.clamp(min=least).pow(-1 / order)) @ vectors.T).to(covariance.dtype)
