from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from gradwise.gradient import AdaHessian
from gradwise.loss import MeanSquaredError
from gradwise.stages import Batch

X = Batch(torch.zeros(2, 1), torch.zeros(2), torch.arange(2))


class Bowl(nn.Module):
    """w a w / 2, whose Hessian is diagonal: what Hutchinson's signs see of it is exact."""

    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor([2.0, -1.0]))
        self.register_buffer("a", torch.tensor([1.0, 100.0]))


def loss(model: nn.Module, batch: Batch) -> Tensor:
    return (model.a * model.w.square()).sum() / 2  # pyright: ignore


def test_two_steps_by_hand() -> None:
    model, technique = Bowl(), AdaHessian(betas=(0.5, 0.9), eps=1e-8)
    technique(loss, model, X)  # g = (2, -100), D = (1, 100): the Newton step
    assert model.w.grad is not None
    torch.testing.assert_close(model.w.grad, torch.tensor([2.0, -1.0]))
    with torch.no_grad():
        model.w.sub_(model.w.grad)
    technique(loss, model, X)  # at the bottom: only half of the first step's momentum, (0.25, ...) / (1 - 0.25)
    torch.testing.assert_close(model.w.grad, torch.tensor([2.0, -1.0]) / 3)


def test_without_curvature_s_power_it_is_momentum() -> None:
    model, technique = Bowl(), AdaHessian(power=0.0, eps=1e-8)
    technique(loss, model, X)
    torch.testing.assert_close(model.w.grad, torch.tensor([2.0, -100.0]))


def test_a_kernel_s_window_shares_its_curvature() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 1))
    batch = Batch(torch.randn(4, 1, 4, 4), torch.randn(4), torch.arange(4))
    technique = AdaHessian()
    technique(MeanSquaredError(), model, batch)
    square = technique.kept["square"][0]
    assert bool((square == square[:, :, :1, :1]).all())


@pytest.mark.parametrize("every", [1, 3])
def test_a_linear_loss_and_a_resume(every: int) -> None:
    model = nn.Linear(1, 1)

    def linear(network: nn.Module, batch: Batch) -> Tensor:
        return network(batch.x + 1).mean()

    one, other = AdaHessian(every=every), AdaHessian(every=every)
    one(linear, model, X)
    other.kept.restore(one.kept.state())
    for technique in (one, other):
        technique(linear, model, X)
        assert model.weight.grad is not None
        assert model.weight.grad.isfinite().all()  # no curvature: m / eps
    model.weight.grad = None


def test_what_is_not_finite_is_not_hidden() -> None:
    model = Bowl()
    with torch.no_grad():
        model.w[0] = float("inf")
    AdaHessian()(loss, model, X)
    assert model.w.grad is not None
    assert not model.w.grad[0].isfinite()
