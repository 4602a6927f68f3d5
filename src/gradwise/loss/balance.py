"""Weights of several tasks that follow from how they go. stage: objective.

What is learnt of the weights is no parameter of the network: it is kept here, moved once for each call in training,
and saved with every checkpoint. Shapes: T tasks.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

from gradwise.errors import RecipeError
from gradwise.loss.multitask import Tasks
from gradwise.loss.seen import plain
from gradwise.stages import Batch, Memory, NonNegative, Objective, Positive, memory, technique


@technique
class Uncertainty:
    """Each task counts by the inverse of its learnt variance (Kendall et al. 2018, arXiv:1705.07115, equation 10).

    stage: objective. treats: oscillating-loss, plateau.
    equation: L = sum over tasks of exp(-v) L_t + v / 2; v <- v - r (1/2 - exp(-v) L_t)
    Args: objective: the tasks (MultiTask); lr: r, the step of the log-variances v, above 0; good: 1e-3 to 1e-1.
    The v start at 0. The paper hands them to the network's optimizer; here gradient descent of their own moves them,
    so that neither weight decay nor clipping reaches them. One form for every loss, that of the classes.
    conflicts: what calls the objective several times a step (Accumulate, sharpness-aware steps) moves v as often.
    """

    objective: Objective
    lr: Positive = 0.01
    kept: Memory[Tensor] = memory()

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The weighted sum of the losses, and the price of large variances."""
        losses = tasks_of(self.objective, "Uncertainty").losses(model, batch)  # (T,)
        v = self.kept.get("v", torch.zeros_like(losses)).to(losses.device)
        scaled = torch.exp(-v) * losses
        if plain(model).training and torch.is_grad_enabled():
            self.kept["v"] = v - self.lr * (0.5 - scaled.detach())
        return (scaled + v / 2).sum()


@technique
class FAMO:
    """Tasks weighed so that all of them improve at the same rate (Liu et al. 2023, arXiv:2306.03792, algorithm 1).

    stage: objective. treats: oscillating-loss, plateau.
    equation: L = c sum of z_t log L_t, z = softmax(u), 1 / c = sum of z_t / L_t; u <- Adam(u, J^T d + g u),
        J = dz / du, d_t = log L_t before the last step - log L_t after it
    Args: objective: the tasks (MultiTask), whose losses are above 0; lr: Adam's on u, above 0; good: 0.025; decay: g,
        at least 0; good: 1e-5 to 1e-2.
    The step is judged when the next one begins, by the batch that it was taken on: one more forward pass, and that
    batch is part of a checkpoint. L itself is no measure of progress; figures of an evaluation are the tasks'.
    conflicts: what calls the objective several times a step (Accumulate, sharpness-aware steps): d is then per call.
    """

    objective: Objective
    lr: Positive = 0.025
    decay: NonNegative = 1e-3
    kept: Memory[Tensor] = memory()

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The weighted sum of the losses' logarithms."""
        tasks = tasks_of(self.objective, "FAMO")
        learning = plain(model).training and torch.is_grad_enabled()
        self._move(batch.x.device)
        if learning and "losses" in self.kept:
            self._judge(tasks, model)
        losses = tasks.losses(model, batch) + _EPSILON  # (T,)
        z = torch.softmax(self.kept.get("logits", torch.zeros_like(losses)), 0)
        if learning:
            for name in ("logits", "mean", "square"):
                self.kept.setdefault(name, torch.zeros_like(losses, requires_grad=False))
            self.kept.setdefault("steps", torch.zeros(()))
            self.kept.update(losses=losses.detach(), x=batch.x, y=batch.y, index=batch.index)
        return (z * losses.log()).sum() / (z / losses.detach()).sum()

    @torch.no_grad()
    def _judge(self, tasks: Tasks, model: nn.Module) -> None:
        """Move u by what the last step did to the batch that it was taken on."""
        kept = self.kept
        now = tasks.losses(model, Batch(kept["x"], kept["y"], kept["index"])) + _EPSILON
        gain = kept["losses"].log() - now.log()  # (T,)
        z = torch.softmax(kept["logits"], 0)
        adam(
            [kept["logits"]],
            [z * (gain - (z * gain).sum())],  # J^T d
            [kept["mean"]],
            [kept["square"]],
            [],
            [kept["steps"]],
            foreach=False,
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=self.lr,
            weight_decay=self.decay,
            eps=1e-8,
            maximize=False,
        )

    def _move(self, device: torch.device) -> None:
        """After a checkpoint all lies on the CPU; Adam's count stays there."""
        for name, tensor in self.kept.items():
            if name != "steps" and tensor.device != device:
                self.kept[name] = tensor.to(device)


_EPSILON = 1e-8  # the authors' code has it: a loss of 0 has no logarithm


def tasks_of(objective: Objective, owner: str) -> Tasks:
    """The objective, if it gives each task's loss. Raises RecipeError."""
    if not isinstance(objective, Tasks):
        raise RecipeError(
            f"{owner}.objective must give each task's loss, {type(objective).__name__} gives their sum.",
            fix=f"{owner}(MultiTask(tasks=(...)))",
        )
    return objective
