"""Losses that are written out by hand: which function it is, and with which targets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from gradwise.doctor import written
from gradwise.doctor.sense import Backward, LossCall
from gradwise.doctor.tape import Recorder

W = (0.1 * torch.randn(4, 3)).requires_grad_()
X, Y = torch.randn(9, 4), torch.arange(9) % 3
T, HALF = torch.randn(9, 3), (torch.arange(27).reshape(9, 3) % 2).float()
ONE_HOT = torch.eye(3)[Y]


def seen(program: Callable[[], Tensor]) -> LossCall | None:
    recorder = Recorder(lambda: False)
    recorder.start()
    root = program()
    found = written.loss(recorder.seen, Backward((root,), "train.py:9"))
    recorder.stop()
    return found


def odds() -> Tensor:
    return torch.sigmoid(X @ W)


def squared() -> Tensor:
    return ((X @ W - T) ** 2).mean() + 0.01 * (W**2).sum()


@pytest.mark.parametrize(
    ("name", "program", "target"),
    [
        ("mse_loss", lambda: (X @ W - T).pow(2).sum() / 9, T),
        ("mse_loss", lambda: torch.square(T - X @ W).mean(), T),
        ("mse_loss", squared, T),
        ("l1_loss", lambda: (X @ W - T).abs().mean(), T),
        ("nll_loss", lambda: -torch.log_softmax(X @ W, 1)[range(9), Y].mean(), Y),
        ("nll_loss", lambda: -torch.log_softmax(X @ W, 1).gather(1, Y[:, None]).mean(), Y),
        ("nll_loss", lambda: -(ONE_HOT * torch.log_softmax(X @ W, 1)).sum(1).mean(), Y),
        ("binary_cross_entropy", lambda: -(HALF * odds().log() + (1 - HALF) * (1 - odds()).log()).mean(), HALF),
        (
            "binary_cross_entropy",
            lambda: ((X @ W).clamp(min=0) - X @ W * HALF + torch.log1p(torch.exp(-(X @ W).abs()))).mean(),
            HALF,
        ),
    ],
)
def test_known(name: str, program: Callable[[], Tensor], target: Tensor) -> None:
    found = seen(program)
    assert found is not None
    assert found.name == name
    assert torch.equal(found.target, target)


@pytest.mark.parametrize(
    "program",
    [
        lambda: (X @ W).mean(),
        lambda: (X @ W).square().mean(),  # no target
        lambda: -(T * torch.log_softmax(X @ W, 1)).mean(),  # advantages, no classes
    ],
)
def test_unknown(program: Callable[[], Tensor]) -> None:
    assert seen(program) is None
