from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from gradwise.errors import RecipeError
from gradwise.gradient import KFAC, Backprop
from gradwise.loss import CrossEntropy, MeanSquaredError
from gradwise.stages import Batch

FREE = 1e9  # no bound on the step


def grads(model: nn.Module) -> list[Tensor]:
    return [p.grad for p in model.parameters() if p.grad is not None]


def factors(edit: KFAC, name: str) -> tuple[Tensor, Tensor]:
    found = edit.kept["layers"][name]
    return found["below"], found["above"]


def test_one_layer_by_hand() -> None:
    model, edit = nn.Sequential(nn.Linear(2, 1)), KFAC(damping=0.25, most=FREE)
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([[1.0, 1.0]]))
        model[0].bias.fill_(0.0)
    batch = Batch(torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]]), torch.arange(1))
    torch.manual_seed(4)
    drawn = float(torch.randn(1, 1, 1))
    torch.manual_seed(4)
    edit(MeanSquaredError(), model, batch)
    a = torch.tensor([1.0, 2.0, 1.0])
    below, above = factors(edit, "0")
    torch.testing.assert_close(below, torch.outer(a, a))
    torch.testing.assert_close(above, torch.tensor([[2.0 * drawn**2]]))  # H of (z - y)^2 is 2
    q = (below.diagonal().mean() / above[0, 0]).sqrt()
    gradient = 2 * (3 - 1) * a  # (3,)
    expected = gradient @ torch.linalg.inv(below + 0.5 * q * torch.eye(3)) / (above[0, 0] + 0.5 / q)
    found = torch.cat([g.flatten() for g in grads(model)])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


def test_the_factors_are_the_gauss_newton_matrix_on_average() -> None:
    """Of one sample and one layer, A (x) G is the matrix itself; many samples that are the same draw often."""
    model, edit = nn.Sequential(nn.Linear(2, 3)), KFAC()
    x = torch.randn(1, 2)
    edit(CrossEntropy(), model, Batch(x.expand(20_000, 2), torch.ones(20_000, dtype=torch.int64), torch.arange(20_000)))
    p = model(x).softmax(1)[0].detach()
    torch.testing.assert_close(factors(edit, "0")[1], p.diag() - torch.outer(p, p), rtol=0.05, atol=0.005)


def test_a_convolution_of_the_whole_picture_is_a_linear_layer() -> None:
    picture, linear = nn.Conv2d(2, 4, 3), nn.Linear(18, 4)
    with torch.no_grad():
        linear.weight.copy_(picture.weight.flatten(1))
        linear.bias.copy_(picture.bias)  # type: ignore[arg-type]
    one, other = nn.Sequential(picture, nn.Flatten()), nn.Sequential(nn.Flatten(), linear)
    batch = Batch(torch.randn(5, 2, 3, 3), torch.randint(4, (5,)), torch.arange(5))
    for model in (one, other):
        torch.manual_seed(2)
        KFAC()(CrossEntropy(), model, batch)
    for a, b in zip(grads(one), grads(other), strict=True):
        torch.testing.assert_close(a.flatten(), b.flatten(), rtol=1e-2, atol=1e-5)


def test_a_convolution_s_factors_by_hand() -> None:
    model, edit = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.Flatten(), nn.Linear(4, 2)), KFAC()
    x = torch.arange(1.0, 9.0).view(2, 1, 2, 2)
    edit(CrossEntropy(), model, Batch(x, torch.tensor([0, 1]), torch.arange(2)))
    assert factors(edit, "0")[0].tolist() == [[pytest.approx(sum(i * i for i in range(1, 9)) / 2)]]


def test_a_relu_in_place_changes_nothing() -> None:
    found: list[list[Tensor]] = []
    for inplace in (False, True):
        torch.manual_seed(5)
        model = nn.Sequential(nn.Linear(3, 6), nn.ReLU(inplace), nn.Linear(6, 2))
        KFAC()(CrossEntropy(), model, Batch(torch.randn(7, 3), torch.randint(2, (7,)), torch.arange(7)))
        found.append(grads(model))
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


def test_much_damping_is_the_gradient() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    other, batch = copy.deepcopy(model), Batch(torch.randn(6, 3), torch.randint(2, (6,)), torch.arange(6))
    KFAC(damping=1e8, most=FREE)(CrossEntropy(), model, batch)
    Backprop()(CrossEntropy(), other, batch)
    for a, b in zip(grads(model), grads(other), strict=True):
        torch.testing.assert_close(a * 1e8, b, rtol=1e-2, atol=1e-5)


def test_the_step_is_bounded() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    batch = Batch(torch.randn(6, 3), torch.randint(2, (6,)), torch.arange(6))
    found: list[Tensor] = []
    for edit in (Backprop(), KFAC(damping=1e-4, most=FREE), KFAC(damping=1e-4, most=1e-3)):
        model.zero_grad()
        torch.manual_seed(0)
        edit(CrossEntropy(), model, batch)
        found.append(torch.cat([g.flatten() for g in grads(model)]))
    gradient, free, bounded = found
    factor = float(bounded.norm() / free.norm())
    assert factor < 1
    torch.testing.assert_close(bounded, factor * free, rtol=1e-4, atol=1e-7)  # its direction kept
    assert factor**2 * float(free @ gradient) == pytest.approx(1e-3, rel=1e-3)


def test_other_parameters_keep_their_gradient_and_statistics_move_once() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))
    model[3].bias.requires_grad_(False)
    other, batch = copy.deepcopy(model), Batch(torch.randn(6, 3), torch.randint(2, (6,)), torch.arange(6))
    loss = KFAC()(CrossEntropy(), model, batch)
    assert torch.equal(loss, Backprop()(CrossEntropy(), other, batch))
    assert torch.equal(model[1].weight.grad, other[1].weight.grad)  # type: ignore[arg-type]
    assert not torch.equal(model[0].weight.grad, other[0].weight.grad)  # type: ignore[arg-type]
    assert model[3].bias.grad is None
    assert all(torch.equal(a, b) for a, b in zip(model.buffers(), other.buffers(), strict=True))
    assert not any(m._forward_hooks for m in model.modules())


def test_it_goes_on_where_it_was() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    batch = Batch(torch.randn(5, 3), torch.randint(2, (5,)), torch.arange(5))
    first, second = KFAC(every=2), KFAC(every=2)
    for _ in range(3):
        first(CrossEntropy(), model, batch)
    second.kept.restore(copy.deepcopy(first.kept.state()))
    found: list[Tensor] = []
    for edit in (first, second):
        torch.manual_seed(1)
        for _ in range(3):
            model.zero_grad()
            edit(CrossEntropy(), model, batch)
        found.append(torch.cat([g.flatten() for g in grads(model)]))
    assert torch.equal(*found)


def test_it_learns_what_plain_steps_do_not() -> None:
    """Inputs of very different size: a narrow valley."""
    torch.manual_seed(1)
    x = torch.randn(64, 3) * torch.tensor([1.0, 10.0, 0.1])
    batch = Batch(x, x @ torch.tensor([[1.0], [0.1], [10.0]]), torch.arange(64))
    losses: dict[str, float] = {}
    for edit in (Backprop(), KFAC(damping=1e-4, every=1, most=FREE, decay=0.9)):
        torch.manual_seed(2)
        model = nn.Sequential(nn.Linear(3, 1))
        for _ in range(60):
            model.zero_grad()
            losses[type(edit).__name__] = float(edit(MeanSquaredError(), model, batch))
            with torch.no_grad():
                for p in model.parameters():
                    assert p.grad is not None
                    p.sub_(p.grad, alpha=0.005 if isinstance(edit, Backprop) else 0.1)
    assert losses["KFAC"] < 0.1 * losses["Backprop"]


def test_nothing_to_factor_is_said() -> None:
    with pytest.raises(RecipeError, match="KFAC finds no layer"):
        KFAC()(CrossEntropy(), nn.Sequential(nn.Conv2d(2, 2, 1, groups=2)), Batch(*[torch.zeros(1)] * 3))
