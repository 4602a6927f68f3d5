from __future__ import annotations

import pytest
import torch
from torch import nn

from gradwise.errors import RecipeError
from gradwise.model import MLP, Fixup, He, Normalisation, Residual, ResNet
from gradwise.stages import Batch


def batch(*shape: int) -> Batch:
    return Batch(torch.randn(16, *shape), torch.zeros(16), torch.arange(16))


def residual(depth: int = 8, width: int = 64) -> tuple[nn.Module, Batch]:
    x = batch(width)
    return Residual()(MLP((width,) * (2 * depth + 2) + (10,))(), x), x


def test_branches_begin_as_nothing_and_are_scaled_by_the_depth() -> None:
    torch.manual_seed(0)
    model, x = residual()
    model = Fixup()(model, x)
    branches = [module.branch for module in model.modules() if hasattr(module, "branch")]
    assert len(branches) == 8
    for branch in branches:
        maps = [module for module in branch if isinstance(module, nn.Linear)]
        assert float(maps[0].weight.detach().std()) == pytest.approx((2 / 64) ** 0.5 * 8**-0.5, rel=0.1)
        assert not maps[1].weight.any()
        assert not branch(x.x).any()
    assert not model(x.x).any()  # the last map is 0
    assert next(iter(branches[0]._modules)).endswith("_shift")


def test_a_first_step_does_not_depend_on_the_depth() -> None:
    def moved(depth: int) -> float:
        torch.manual_seed(0)
        model, x = residual(depth)
        Fixup()(model, x)
        y = torch.arange(16) % 10
        for _ in range(2):
            loss = nn.functional.cross_entropy(model(x.x), y)
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p.sub_(0.1 * p.grad)
        return float((model(x.x).detach()).square().mean().sqrt())

    shallow, deep = moved(2), moved(32)
    assert deep < 3 * shallow


def test_numbers_are_trained_and_convolutions_too() -> None:
    layers = [nn.Conv2d(4, 4, 3, padding=1), nn.ReLU()] * 1
    stack = nn.Sequential(
        *layers, nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.Flatten(), nn.Linear(64, 3)
    )
    x = batch(4, 4, 4)
    model = Fixup()(Residual()(stack, x), x)
    numbers = [p for name, p in model.named_parameters() if p.dim() == 0]
    assert len(numbers) == 4  # before two maps and an activation, and behind the branch
    nn.functional.cross_entropy(model(x.x), torch.arange(16) % 3).backward()
    assert all(p.grad is not None for p in numbers)


def test_it_says_where_it_has_no_place() -> None:
    x = batch(8)
    with pytest.raises(RecipeError, match="no residual branch"):
        Fixup()(He()(MLP((8, 8, 2))(), x), x)
    with pytest.raises(RecipeError, match="without normalisation"):
        Fixup()(ResNet(1, 8, 1)(), batch(1, 8, 8))
    model = Residual()(Normalisation()(MLP((8, 8, 8, 8, 2))(), x), x)
    with pytest.raises(RecipeError, match="without normalisation"):
        Fixup()(model, x)
