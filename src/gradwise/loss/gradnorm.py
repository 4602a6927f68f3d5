"""Weigh tasks by the length of their gradients. stage: objective. Shapes: T tasks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.loss.balance import tasks_of
from gradwise.loss.seen import layer_of, plain
from gradwise.stages import Batch, Memory, NonNegative, Objective, Positive, memory, technique


@technique
class GradNorm:
    """Weights under which no task's gradient drowns the others' (Chen et al. 2018, arXiv:1711.02257, algorithm 1).

    stage: objective. treats: oscillating-loss, plateau.
    equation: L = sum of w_t L_t; G_t = |d(w_t L_t) / dW|, target_t = mean(G) (r_t / mean r)^alpha, r_t = L_t / L_t(0);
        w_t <- w_t - lr sign(G_t - target_t) |dL_t / dW| / mean(G), then scaled so that they sum to T
    Args: objective: the tasks (MultiTask), whose losses are above 0; alpha: how strongly a task that lags is pulled, at
        least 0; good: 0.5 to 1.5 for tasks of different kinds, 0 for alike; lr: of the weights, above 0; good: 0.01 to
        0.1; layer: whose weight W is, as in named_modules(), "" for the last matrix but one: the tasks share it.
    The paper moves the weights by the network's own optimizer; here by steps of their own, relative to the mean length
    so that they do not depend on the scale of the losses. One differentiation more for each task.
    conflicts: what calls the objective several times a step (Accumulate, sharpness-aware steps) moves them as often.
    """

    objective: Objective
    alpha: NonNegative = 1.0
    lr: Positive = 0.025
    layer: str = ""
    kept: Memory[Tensor] = memory()

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The weighted sum of the losses."""
        losses = tasks_of(self.objective, "GradNorm").losses(model, batch)  # (T,)
        for name, tensor in self.kept.items():
            self.kept[name] = tensor.to(losses.device)  # a checkpoint's comes from the CPU
        weights = self.kept.get("weights", torch.ones_like(losses.detach()))
        if plain(model).training and torch.is_grad_enabled():
            self._move(plain(model), losses, weights)
        return (weights * losses).sum()

    def _move(self, model: nn.Module, losses: Tensor, weights: Tensor) -> None:
        """The next call's weights."""
        first = self.kept.setdefault("first", losses.detach().clamp(min=1e-12))
        shared = self._shared(model)
        found = [torch.autograd.grad(loss, shared, retain_graph=True, materialize_grads=True)[0] for loss in losses]
        lengths = torch.stack([torch.linalg.vector_norm(gradient) for gradient in found])
        rates = losses.detach() / first
        norms = weights * lengths
        mean = norms.mean().clamp(min=1e-12)
        target = mean * (rates / rates.mean().clamp(min=1e-12)).pow(self.alpha)
        moved = (weights - self.lr * torch.sign(norms - target) * lengths / mean).clamp(min=1e-3)
        moved = moved * len(moved) / moved.sum()
        self.kept["weights"] = torch.where(moved.isfinite().all(), moved, weights)  # the loss shows what is not finite

    def _shared(self, model: nn.Module) -> nn.Parameter:
        if self.layer:
            weight = getattr(layer_of(model, self.layer, "GradNorm.layer"), "weight", None)
            if not isinstance(weight, nn.Parameter):
                raise RecipeError(f"GradNorm.layer: {self.layer!r} has no weight of its own.", fix="name a linear map.")
            return weight
        matrices = [p for p in model.parameters() if p.dim() > 1 and p.requires_grad]
        if not matrices:
            raise RecipeError("GradNorm finds no matrix that the tasks share.", fix="GradNorm.layer names one.")
        return matrices[-2] if len(matrices) > 1 else matrices[-1]
