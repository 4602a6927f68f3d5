from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradwise.gradient import Guard
from gradwise.kernels import NORMS
from gradwise.update import SGD, Adam

pytestmark = pytest.mark.usefixtures("kernels")
OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "Adam": Adam(),
    "SGD": SGD(momentum=0.9),
    "torch.optim.Adam": torch.optim.Adam,
    "torch.optim.SGD": lambda params: torch.optim.SGD(params, lr=0.1, momentum=0.9),
}


def made(optimizer: str) -> tuple[nn.Module, torch.optim.Optimizer, Guard]:
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))
    stepper = OPTIMIZERS[optimizer](list(model.parameters()))
    return model, stepper, Guard(list(model.parameters()), stepper)


def fill(model: nn.Module, value: float = 0.5) -> None:
    for p in model.parameters():
        p.grad = torch.full_like(p, value)


def turn(guard: Guard, loss: float = 1.0) -> bool:
    finite = guard(torch.tensor(loss))
    guard.step(finite)
    assert isinstance(finite, bool)
    return finite


def state(model: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[dict[str, Tensor], Any]:
    return copy.deepcopy(model.state_dict()), copy.deepcopy(optimizer.state_dict())


def same(one: Any, two: Any) -> bool:
    """Bit for bit."""
    if isinstance(one, Tensor):
        return torch.equal(one.view(torch.uint8), two.view(torch.uint8)) if one.dim() else bool(one == two)
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[k], two[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(two) and all(map(same, one, two))
    return one == two


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", ["loss", "first", "last"])
def test_what_is_not_finite_moves_nothing(optimizer: str, bad: float, where: str) -> None:
    model, stepper, guard = made(optimizer)
    fill(model)
    assert turn(guard)  # so that there are moments to be spoilt
    before = state(model, stepper)
    fill(model, 0.25)
    if where != "loss":
        gradient = list(model.parameters())[0 if where == "first" else -1].grad
        assert gradient is not None
        gradient.view(-1)[-1] = bad
    assert not turn(guard, bad if where == "loss" else 1.0)
    assert same(before, state(model, stepper))
    fill(model, 0.25)
    assert turn(guard)
    assert not same(before, state(model, stepper))


def test_a_finite_step_is_the_optimizer_s_own() -> None:
    model, _, guard = made("SGD")
    before = [p.detach().clone() for p in model.parameters()]
    fill(model, 2.0)
    assert turn(guard)
    for p, old in zip(model.parameters(), before, strict=True):
        torch.testing.assert_close(p.detach(), old - 0.1 * 2.0)


def test_gradients_are_measured_on_the_way() -> None:
    model, _, guard = made("Adam")
    out = torch.zeros(4, len(NORMS))
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    guard.observe(out)
    assert guard(torch.tensor(1.0)) is True
    expected = [
        [float(p.grad.square().sum()), float(p.grad.abs().max()), 0.0] for p in model.parameters() if p.grad is not None
    ]
    torch.testing.assert_close(out, torch.tensor(expected), rtol=1e-5, atol=0)
    guard.observe(None)
    fill(model, 9.0)
    assert guard(torch.tensor(1.0)) is True
    torch.testing.assert_close(out, torch.tensor(expected), rtol=1e-5, atol=0)


def test_a_parameter_without_a_gradient_keeps_its_row_and_the_others_have_theirs() -> None:
    model, _, guard = made("Adam")
    out = torch.full((4, len(NORMS)), -1.0)
    guard.observe(out)
    for absent in (1, 2):  # not the same one at each step
        fill(model, 2.0)
        params = list(model.parameters())
        params[absent].grad = None
        out.fill_(-1)
        assert guard(torch.tensor(1.0)) is True
        expected = [[-1.0] * 3 if i == absent else [4.0 * p.numel(), 2.0, 0.0] for i, p in enumerate(params)]
        torch.testing.assert_close(out, torch.tensor(expected))


def test_who_has_a_gradient_may_change_with_the_step() -> None:
    small, large = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(50_000))
    guard = Guard([small, large], torch.optim.SGD([small, large]))
    small.grad = torch.zeros(2)
    assert guard(torch.tensor(1.0)) is True
    small.grad, large.grad = None, torch.zeros(50_000)
    large.grad[-1] = math.nan  # beyond the size of the gradient that was there before
    assert guard(torch.tensor(1.0)) is False


def test_without_any_gradient_the_loss_alone_tells() -> None:
    _, _, guard = made("Adam")
    assert guard(torch.tensor(1.0)) is True
    assert guard(torch.tensor(math.nan)) is False


class Skipping:
    """Stands for a fused optimizer on a GPU: it is told by a flag on the device, and skips by itself."""

    _step_supports_amp_scaling = True
    found_inf: Tensor

    def step(self) -> None:
        self.seen = float(self.found_inf)


@pytest.mark.parametrize("finite", [True, False])
def test_an_answer_that_stays_on_the_device_is_handed_on(finite: bool) -> None:
    optimizer: Any = Skipping()
    Guard([], optimizer).step(torch.tensor(finite))
    assert optimizer.seen == float(not finite)
    assert optimizer.found_inf.shape == (1,)
