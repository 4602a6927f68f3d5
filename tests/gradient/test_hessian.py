from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from gradwise.gradient import Sophia
from gradwise.loss import CrossEntropy
from gradwise.stages import Batch


class Point(nn.Module):
    """Two weights; what the loss makes of them is the objective's."""

    def __init__(self, *weights: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weights))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight


def bowl(model: nn.Module, batch: Batch) -> Tensor:
    """Diagonal Hessian (2, 200); a product u H u needs no mean where u is 1 or -1, and one where it is normal."""
    return (model(batch.x) ** 2 * torch.tensor([1.0, 100.0])).sum()


EMPTY = Batch(torch.zeros(1), torch.zeros(1), torch.zeros(1))


def grad(model: Point) -> list[float]:
    assert model.weight.grad is not None
    return model.weight.grad.tolist()


def test_a_step_by_hand() -> None:
    model, edit = Point(1.0, 0.5), Sophia(momentum=0.5, decay=0.5, scale=2.0)
    torch.manual_seed(0)
    u = torch.randn(2).square()
    torch.manual_seed(0)
    loss = edit(bowl, model, EMPTY)
    assert float(loss) == 26
    curvature = [0.5 * 2 * float(u[0]), 0.5 * 200 * float(u[1])]
    expected = [0.5 * 2 / (2 * curvature[0]), 0.5 * 100 / (2 * curvature[1])]
    assert grad(model) == pytest.approx([min(1.0, e) for e in expected], rel=1e-5)


def test_curvature_is_the_hessian_s_diagonal_on_average() -> None:
    model, edit = Point(1.0, 1.0), Sophia(decay=0.999, every=1)
    for _ in range(6000):
        edit(bowl, model, EMPTY)
    share = 1 - 0.999**6000
    found = edit.kept["curvature"][0] / share
    assert found.tolist() == pytest.approx([2, 200], rel=0.15)


def test_it_looks_at_the_curvature_only_now_and_then() -> None:
    model, edit, seen = Point(1.0, 1.0), Sophia(every=3), list[float]()
    for _ in range(7):
        edit(bowl, model, EMPTY)
        seen.append(float(edit.kept["curvature"][0][0]))
    assert seen[0] == seen[1] == seen[2] != seen[3]
    assert seen[3] == seen[4] == seen[5] != seen[6]


def test_where_the_curvature_is_negative_the_sign_goes() -> None:
    model = Point(0.5, -0.25)
    Sophia()(lambda net, batch: -bowl(net, batch), model, EMPTY)
    assert grad(model) == [-1.0, 1.0]


def test_what_is_not_finite_is_not_cut_to_a_step() -> None:
    model = Point(float("inf"), 1.0)
    Sophia()(bowl, model, EMPTY)
    assert not all(torch.tensor(grad(model)).isfinite().tolist())


def test_a_loss_without_curvature() -> None:
    model = Point(1.0, 1.0)
    Sophia()(lambda net, batch: net(batch.x).sum(), model, EMPTY)
    assert grad(model) == [1.0, 1.0]


def test_it_goes_on_where_it_was() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    batch = Batch(torch.randn(5, 3), torch.randint(2, (5,)), torch.arange(5))
    first, second = Sophia(every=2), Sophia(every=2)
    for _ in range(3):
        first(CrossEntropy(), model, batch)
    second.kept.restore(copy.deepcopy(first.kept.state()))
    found: list[Tensor] = []
    for edit in (first, second):
        torch.manual_seed(1)
        for _ in range(2):
            edit(CrossEntropy(), model, batch)
        found.append(torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None]))
    assert torch.equal(*found)
