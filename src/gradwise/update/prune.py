"""Networks with few weights. stage: after."""

from __future__ import annotations

from typing import Annotated

import torch
from annotated_types import Ge
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.stages import Count, Fraction, Memory, memory, technique


@technique
class Prune:
    """Set more and more of each matrix's smallest weights to 0, for good (Zhu & Gupta 2017, arXiv:1710.01878, eq. 1).

    stage: after.
    equation: share of zeros = sparsity (1 - (1 - (t - begin) / (end - begin))^3) at step t from begin to end
    The masks are made anew every few steps; between, what they hide is set to 0 after each step. Vectors (biases,
    normalisations) are left alone. What is hidden keeps its gradient: the objective and watching still see it. Epochs
    before the last mask are neither the best nor shown to a stop: they have weights too many.
    Args: sparsity: the share of zeros at the end, 0 <= s < 1; good: 0.5 to 0.9; begin, end: the steps of the first and
        last mask, counted from 0, end above begin; good: after a tenth, and at half to three quarters, of the run;
        every: steps between two masks, at least 1; good: 10 to 1000.
    order: after all else that changes weights, before EMA and SWA.
    conflicts: EMA, SWA (a mean of weights that were hidden at different times has fewer zeros, unless it begins after
        end), Lookahead (its slow weights bring hidden ones back).
    """

    sparsity: Fraction
    begin: Annotated[int, Ge(0)]
    end: Count
    every: Count = 100
    masks: Memory[Tensor] = memory()

    def __post_init__(self) -> None:
        if self.end <= self.begin:
            raise RecipeError(f"Prune.end must be above Prune.begin, {self.begin}, got {self.end}.")

    @torch.no_grad()
    def __call__(self, model: nn.Module, step: int) -> None:
        """Make the masks where it is time, and hide."""
        matrices = {name: p for name, p in model.named_parameters() if p.requires_grad and p.dim() > 1}
        self._hide(matrices)  # first: what was hidden has moved by a step and is not to come back
        since = step - self.begin
        if since >= 0 and step <= self.end and (since % self.every == 0 or step == self.end):
            share = self.sparsity * (1 - (1 - since / (self.end - self.begin)) ** 3)
            self.masks.update({name: _mask(p, round(share * p.numel())) for name, p in matrices.items()})
            self._hide(matrices)

    @property
    def ready(self) -> int:
        """Steps after which the last mask is made."""
        return self.end + 1

    def _hide(self, matrices: dict[str, nn.Parameter]) -> None:
        for name, p in matrices.items():
            if name in self.masks:
                if self.masks[name].device != p.device:  # a checkpoint's comes from the CPU
                    self.masks[name] = self.masks[name].to(p.device)
                p.mul_(self.masks[name])


def _mask(p: Tensor, hidden: int) -> Tensor:
    """False for so many of the smallest, exactly, on the device."""
    mask = torch.ones(p.numel(), dtype=torch.bool, device=p.device)
    mask[p.abs().flatten().topk(hidden, largest=False, sorted=False).indices] = False
    return mask.view(p.shape)
