"""Units that change places: found again, and without a change of what is computed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradwise.alignment import _joints, _move, aligned
from gradwise.errors import RunError
from gradwise.stages import Batch


def batch(*shape: int) -> Batch:
    x = torch.randn(8, *shape, generator=torch.Generator().manual_seed(0))
    return Batch(x, torch.zeros(8, dtype=torch.long), torch.arange(8))


def plain() -> nn.Sequential:
    return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 12), nn.LayerNorm(12), nn.Tanh(), nn.Linear(12, 3))


def pictures() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 6, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(6 * 4, 10), nn.ReLU(), nn.Linear(10, 3),
    )  # fmt: skip


CASES: dict[str, tuple[Any, tuple[int, ...]]] = {"plain": (plain, (6,)), "pictures": (pictures, (1, 8, 8))}


@pytest.mark.parametrize("name", CASES)
def test_units_are_found_again(name: str) -> None:
    make, shape = CASES[name]
    torch.manual_seed(0)
    first = make().eval()
    for module in first.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean, module.running_var = torch.randn(8), torch.rand(8) + 0.5
    shuffled = copy.deepcopy(first)
    with torch.no_grad():
        for joint in _joints(shuffled, batch(*shape)):
            _move(joint, torch.randperm(len(joint.into.weight)))
    assert not torch.equal(shuffled[0].weight, first[0].weight)
    torch.testing.assert_close(shuffled(batch(*shape).x), first(batch(*shape).x), rtol=1e-4, atol=1e-5)
    back = aligned(shuffled, first, batch(*shape)).state_dict()
    for key, value in first.state_dict().items():
        torch.testing.assert_close(back[key], value, msg=key)


def test_answers_stay_where_the_other_is_another_network() -> None:
    torch.manual_seed(0)
    first, second = plain(), plain()
    moved = aligned(second, first, batch(6))
    torch.testing.assert_close(moved(batch(6).x), second(batch(6).x), rtol=1e-4, atol=1e-5)
    before = (second[0].weight - first[0].weight).norm()
    assert (moved[0].weight - first[0].weight).norm() < before


class Shortcut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        h = self.a(x).relu()
        return self.c(h + self.b(h).relu())


def test_what_goes_past_a_layer_is_told() -> None:
    torch.manual_seed(0)
    with pytest.raises(RunError, match="change places"):
        aligned(Shortcut(), Shortcut(), batch(6))
    groups = nn.Sequential(nn.Conv2d(4, 8, 3), nn.Conv2d(8, 8, 3, groups=2))
    with pytest.raises(RunError, match="layer 0"):
        aligned(groups, copy.deepcopy(groups), batch(4, 8, 8))
