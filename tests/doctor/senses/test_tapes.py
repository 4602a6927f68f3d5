"""Programs in any style under the observer: other rates, and what holds the weights back, on their own first turns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from gradwise.doctor.observer import Observer
from gradwise.watch.facts import Facts


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def seen(program: Callable[[], object]) -> Facts:
    observer = Observer(Path(__file__).parent)
    with observer:
        program()
    observer.finish()
    assert observer.facts.not_seen == {}
    return observer.facts


def data() -> tuple[Tensor, Tensor]:
    x = torch.randn(128, 4)
    return x, torch.tanh(x @ torch.tensor([1.0, -1, 0.5, 0]))


def bare(rate: float, penalty: float = 0.0, steps: int = 80) -> None:
    """Bare tensors, a loss by hand, gradients that are asked for, steps by hand."""
    x, y = data()
    w = [(0.4 * torch.randn(4, 16)).requires_grad_(), (0.2 * torch.randn(16)).requires_grad_()]
    for _ in range(steps):
        rows = torch.randint(128, (32,))
        loss = ((torch.tanh(x[rows] @ w[0]) @ w[1] - y[rows]) ** 2).mean()
        if penalty:
            loss = loss + penalty * ((w[0] ** 2).sum() + (w[1] ** 2).sum())
        gradients = torch.autograd.grad(loss, w)
        with torch.no_grad():
            for p, g in zip(w, gradients, strict=True):
                p -= rate * g


def test_a_rate_too_small_by_hand() -> None:
    facts = seen(lambda: bare(1e-5))
    assert facts.probes.start is not None
    assert facts.probes.same is not None
    assert facts.probes.same > 0.99 * facts.probes.start
    assert facts.probes.rates["100"] < facts.probes.same
    assert facts.losses[0].baseline == pytest.approx(float(data()[1].var()), rel=0.5)


def test_steps_by_hand_along_asked_gradients_have_a_direction() -> None:
    (hand,) = seen(lambda: bare(0.05, steps=12)).optimizers
    assert hand.uphill == 0.0
    (hand,) = seen(lambda: bare(-0.05, steps=12)).optimizers
    assert hand.uphill == 1.0


def test_a_penalty_that_holds_the_weights_back() -> None:
    probes = seen(lambda: bare(0.1, penalty=1.0)).probes
    assert probes.kept is not None
    assert probes.freed["penalty"] < 0.5 * probes.kept


def test_nothing_is_tried_where_it_learns() -> None:
    probes = seen(lambda: bare(0.2, steps=600)).probes
    assert probes.rates == {}
    assert probes.freed == {}


def coded() -> None:
    """An autoencoder whose code is held down so much that little passes; all of it is gone at the end."""
    x = torch.randn(128, 4)
    into, out = (0.5 * torch.randn(4, 3)).requires_grad_(), (0.5 * torch.randn(3, 4)).requires_grad_()
    optimizer = torch.optim.Adam([into, out], 0.02)
    for _ in range(200):
        rows = torch.randint(128, (32,))
        code = x[rows] @ into
        loss = torch.nn.functional.mse_loss(code @ out, x[rows]) + 30 * (code**2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def test_a_code_that_is_held_down() -> None:
    probes = seen(coded).probes
    assert probes.kept is not None
    assert probes.code is not None
    assert 0 < probes.code < probes.kept
    assert probes.freed["code"] < 0.7 * probes.kept


def test_a_formula_of_numbers_is_compared_with_knowing_nothing() -> None:
    """No module is called, and what it predicts is kept by no operation: it is known from what was recorded."""
    t = torch.arange(200) / 10
    record = torch.sin(1.3 * t)

    def program() -> None:
        pace, size = torch.tensor([0.2], requires_grad=True), torch.tensor([[0.1]], requires_grad=True)
        optimizer = torch.optim.SGD([pace, size], 1e-4)
        for _ in range(40):
            loss = ((size * torch.sin(pace[:, None] * t)).sum(0) - record).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    (loss,) = seen(program).losses
    assert (loss.name, loss.signed) == ("mse_loss", False)
    assert loss.baseline == pytest.approx(float(record.var()), rel=0.05)
