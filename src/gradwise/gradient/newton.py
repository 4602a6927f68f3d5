"""Gauss-Newton steps for small networks. stage: backward.

The step is exact: the whole matrix is built and solved, in the smaller of its two forms,

    (A^T A + m I)^-1 g  =  (g - A^T (A A^T + m I)^-1 A g) / m,     A = [S_b^T J_b], S_b S_b^T = H_b

with one row in A for each sample and output (P columns, one for each parameter; m the damping). Products and
solutions are in float64: the dual form takes a difference of large numbers. It is taken by `SGD(lr=1)`.

Shapes: B samples, K outputs of each, N = B K rows, P parameters.
"""

from __future__ import annotations

from typing import Annotated, Any

import torch
from annotated_types import Gt
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.gradient.curvature import loss_and_outputs, output_roots
from gradwise.gradient.elsewhere import moved, network_of, trainable
from gradwise.stages import Batch, Memory, Objective, Positive, memory, technique

_MOST_NUMBERS = 50_000_000  # in the Jacobian: 400 MB in float64
_MOST_ROWS = 5_000  # or columns, of the matrix that is solved


@technique
class GaussNewton:
    """Put the damped Gauss-Newton step in the gradient's place (Schraudolph 2002, doi:10.1162/08997660260028683).

    For small networks and small batches, with `SGD(lr=1)`: the step knows its length. Of least squares it is Gauss's
    own method; for cross-entropy it is the natural gradient.
    stage: backward. treats: plateau.
    equation: g <- (J^T H J + damping I)^-1 g, H the loss's Hessian in the outputs
    Args: damping: above 0: large gives short steps along the gradient; good: 1 for small batches, where far less
        diverges; 1e-3 for the whole set as one batch.
    conflicts: Adam, and SGD with momentum (they rescale a step that has its length); ClipNorm (shortens it).
    """

    damping: Positive = 1.0

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; `.grad` is the step. Raises RecipeError where network and batch are too large."""
        network = network_of(model)
        params = trainable(network)
        loss, gradient, rows = _linearised("GaussNewton", objective, network, params, batch)
        _fill(params, _solved(rows, gradient, gradient.new_tensor(self.damping)))
        return loss


@technique
class LevenbergMarquardt:
    """Gauss-Newton with a damping that looks after itself (Marquardt 1963, doi:10.1137/0111030).

    Each step is tried on its own batch: where the loss falls it is kept and the damping shrinks; where it rises the
    step is dropped and the damping grows. With `SGD(lr=1)`; without dropout, which draws anew for the trial.
    stage: backward. treats: plateau.
    equation: g <- (J^T H J + m I)^-1 g; m <- m / down where the loss fell, else g <- 0 and m <- m up
    Args: damping: m at the first step, above 0; good: 1e-3 to 1; up, down: factors above 1; good: 10 and 10, or 2 and
        3; least: the smallest m, above 0; good: 1e-7 for the whole set as one batch, 1e-2 for small batches.
    conflicts: Adam, and SGD with momentum or another rate than 1 (not the step that was tried); ClipNorm.
    """

    damping: Positive = 1e-2
    up: Annotated[float, Gt(1)] = 10.0
    down: Annotated[float, Gt(1)] = 10.0
    least: Positive = 1e-7
    kept: Memory[Any] = memory()

    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The loss, detached; `.grad` is the step, or 0. Raises RecipeError where network and batch are too large."""
        network = network_of(model)
        params = trainable(network)
        loss, gradient, rows = _linearised("LevenbergMarquardt", objective, network, params, batch)
        if not self.kept:
            self.kept["damping"] = gradient.new_tensor(self.damping)  # (), on the device
        damping: Tensor = self.kept["damping"]
        step = _solved(rows, gradient, damping)
        with moved(params, [-part for part in _split(params, step)], network), torch.no_grad():
            better = objective(network, batch) < loss  # NaN is not
        _fill(params, torch.where(better | ~gradient.isfinite().all(), step, 0.0))  # what is not finite is not hidden
        self.kept["damping"] = torch.where(better, damping / self.down, damping * self.up).clamp(self.least, 1e10)
        return loss


def _linearised(
    owner: str, objective: Objective, network: nn.Module, params: list[nn.Parameter], batch: Batch
) -> tuple[Tensor, Tensor, Tensor]:
    """The loss, its gradient (P,) and A (N, P), both in float64."""
    loss, outputs = loss_and_outputs(owner, objective, network, batch)
    width, count = outputs.numel(), sum(p.numel() for p in params)
    if width * count > _MOST_NUMBERS or min(width, count) > _MOST_ROWS:
        raise RecipeError(
            f"{owner} is for small networks: {len(outputs)} samples with {width // len(outputs)} outputs each, by "
            f"{count:,} parameters, are {width * count:,} derivatives.",
            why=f"at most {_MOST_NUMBERS:,} are solved at once, in at most {_MOST_ROWS:,} equations.",
            fix="a smaller batch_size or network; backward: KFAC scales to large ones.",
        )
    roots = output_roots(loss, outputs)  # (B, K, K)
    size, outs = roots.shape[0], roots.shape[1]
    seeds = roots.new_zeros(size, outs, size, outs)  # row (b, j) asks for the derivative of S_b[:, j] . z_b
    which = torch.arange(size, device=seeds.device)
    seeds[which, :, which] = roots.mT
    seeds = seeds.reshape(-1, *outputs.shape)
    parts: Any = torch.autograd.grad(
        outputs, params, seeds, retain_graph=True, is_grads_batched=True, allow_unused=True
    )
    rows = torch.cat([_matrix(part, p, len(seeds)) for part, p in zip(parts, params, strict=True)], 1)
    gradient = torch.autograd.grad(loss, params, materialize_grads=True)
    return loss.detach(), torch.cat([part.flatten().double() for part in gradient]), rows


def _matrix(part: Tensor | None, p: Tensor, rows: int) -> Tensor:
    """(N, its elements) in float64; 0 where the outputs do not depend on it."""
    return p.new_zeros(rows, p.numel(), dtype=torch.float64) if part is None else part.reshape(rows, -1).double()


def _solved(rows: Tensor, gradient: Tensor, damping: Tensor) -> Tensor:
    """(A^T A + m I)^-1 g, (P,), in the smaller of the two forms."""
    if rows.shape[0] >= rows.shape[1]:
        return _positive_solve(rows.mT @ rows, damping, gradient)
    return (gradient - rows.mT @ _positive_solve(rows @ rows.mT, damping, rows @ gradient)) / damping


def _positive_solve(matrix: Tensor, damping: Tensor, right: Tensor) -> Tensor:
    damped = matrix + damping * torch.eye(len(matrix), dtype=matrix.dtype, device=matrix.device)
    root, _ = torch.linalg.cholesky_ex(damped)  # _ex: does not wait to look for an error
    return torch.cholesky_solve(right[:, None], root)[:, 0]


def _split(params: list[nn.Parameter], flat: Tensor) -> list[Tensor]:
    pieces = flat.split([p.numel() for p in params])
    return [piece.view_as(p).to(p.dtype) for p, piece in zip(params, pieces, strict=True)]


def _fill(params: list[nn.Parameter], flat: Tensor) -> None:
    for p, piece in zip(params, _split(params, flat), strict=True):
        p.grad = piece
