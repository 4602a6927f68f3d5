"""Start residual networks without normalisation. stage: surgery."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.model.layers import ACTIVATIONS, MAPS, NORMS, calls, plain_maps
from gradwise.model.normalisation import ChannelRMSNorm
from gradwise.model.residual import branches
from gradwise.stages import Batch, technique


class Shift(nn.Module):
    """x + one number that is trained, from 0."""

    def __init__(self, like: Tensor) -> None:
        super().__init__()
        self.shift = nn.Parameter(like.new_zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """x of any shape."""
        return x + self.shift


class Scale(nn.Module):
    """x times one number that is trained, from 1."""

    def __init__(self, like: Tensor) -> None:
        super().__init__()
        self.scale = nn.Parameter(like.new_ones(()))

    def forward(self, x: Tensor) -> Tensor:
        """x of any shape."""
        return x * self.scale


@technique
class Fixup:
    """Initialise residual branches so that depth needs no normalisation (Zhang et al. 2019, arXiv:1901.09321).

    All weights by He; those within a branch scaled down by the depth, each branch's last map and the network's last
    map 0. Before each map and activation of a branch comes a number that is added, behind it one that multiplies.
    stage: surgery. treats: exploding-gradient, initialisation-scale, vanishing-gradient.
    equation: w <- He L^(-1 / (2 m - 2)), L branches of m maps each; w_last = 0
    order: after Residual; it is the initialisation.
    conflicts: normalisation in the branches (it makes this needless); any other initialisation behind it.
    """

    def __call__(self, model: nn.Module, batch: Batch) -> nn.Module:
        """The same module, changed. Raises RecipeError where it has no branch, or one with a normalisation."""
        found = branches("Fixup", model)
        if any(isinstance(module, (*NORMS, ChannelRMSNorm)) for branch in found for module in branch.modules()):
            raise RecipeError(
                "Fixup is for branches without normalisation.",
                where=type(model).__name__,
                why="a normalisation sets the scale whatever the weights are.",
                fix="leave Normalisation (batch_norm) out, or use ZeroInitResidual.",
            )
        maps = plain_maps("Fixup", model)
        for layer in maps:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:  # pyright: ignore[reportUnnecessaryComparison]
                nn.init.zeros_(layer.bias)
        last = [call.module for call in calls(model, batch) if isinstance(call.module, MAPS)][-1]
        nn.init.zeros_(last.weight)  # pyright: ignore[reportArgumentType]
        for branch in found:
            _begin(branch, len(found), batch.x)
        return model


def _begin(branch: nn.Sequential, depth: int, like: Tensor) -> None:
    """Scale a branch's maps down, its last to 0, and put the numbers in."""
    maps = [module for module in branch.modules() if isinstance(module, MAPS)]
    with torch.no_grad():
        for layer in maps[:-1]:
            layer.weight.mul_(depth ** (-1 / (2 * len(maps) - 2)))
        for layer in maps[-1:]:
            layer.weight.zero_()
    children = list(branch._modules.items())
    branch._modules.clear()
    for name, module in children:
        if isinstance(module, (*MAPS, *ACTIVATIONS)):
            branch._modules[f"{name}_shift"] = Shift(like)
        branch._modules[name] = module
    branch._modules["scale"] = Scale(like)
