"""Evaluations that a program works out without gradients: recognised, and nothing of the program's is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from gradwise.doctor.evaluated import Following
from gradwise.doctor.observer import Observer
from gradwise.watch import Trace
from gradwise.watch.facts import Loss

X = torch.randn(40, 5, generator=torch.Generator().manual_seed(1))
Y = torch.randn(40, generator=torch.Generator().manual_seed(2)) * 2 + 3
LABELS = torch.arange(40) % 3


def watched(evaluate: Callable[[nn.Module], object], units: int = 1) -> Trace:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, units))
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
    with Observer(Path.cwd()) as observer:
        for _ in range(6):
            optimizer.zero_grad()
            model(X).square().mean().backward()
            optimizer.step()
            with torch.no_grad():
                evaluate(model)
    trace = observer.finish()
    assert not trace.facts.not_seen
    return trace


def found(trace: Trace) -> list[Loss]:
    return [loss for loss in trace.facts.losses if not loss.training]


def in_parts(model: nn.Module) -> Tensor:
    parts = [model(x) for x in X.split(16)]
    return (torch.cat(parts)[:, 0] - Y).square().mean()


def never_with_gradients(model: nn.Module) -> float:
    with torch.inference_mode():
        return (model(X)[:, 0] - Y).pow(2).mean().sqrt().item()


SQUARED: dict[str, Callable[[nn.Module], object]] = {
    "squared": lambda m: ((m(X)[:, 0] - Y) ** 2).mean().item(),
    "square()": lambda m: (Y - m(X).squeeze(1)).square().mean(),
    "a sum": lambda m: ((m(X)[:, 0] - Y) ** 2).sum().item() / 40,
    "on the way": lambda m: (m(X).detach().cpu()[:, 0] - Y).pow(2).mean(),
    "the root": never_with_gradients,
    "in parts": in_parts,
}


@pytest.mark.parametrize("name", SQUARED)
def test_a_squared_error_is_evaluated(name: str) -> None:
    made: list[float] = []

    def evaluate(model: nn.Module) -> None:
        SQUARED[name](model)
        first, _, last = model.children()  # by hand, so that nobody sees it
        out = torch.tanh(X @ first.weight.t() + first.bias) @ last.weight.t() + last.bias
        made.append(float((out[:, 0] - Y).square().mean()))

    trace = watched(evaluate)
    (loss,) = found(trace)
    assert loss.name == "mse_loss"
    assert loss.calls == 6
    assert loss.baseline == pytest.approx(float(Y.var(correction=0)), rel=1e-3)
    assert trace.series("evaluation", loss.source, "value")[1].tolist() == pytest.approx(made, rel=1e-5)


def test_an_absolute_error() -> None:
    (loss,) = found(watched(lambda m: (m(X)[:, 0] - Y).abs().mean()))
    assert loss.name == "l1_loss"


CLASSES: dict[str, Callable[[nn.Module], object]] = {
    "minus last": lambda m: -m(X).log_softmax(1)[torch.arange(40), LABELS].mean(),
    "minus first": lambda m: (-m(X).log_softmax(1).gather(1, LABELS[:, None])).mean(),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_cross_entropy_is_evaluated(name: str) -> None:
    (loss,) = found(watched(CLASSES[name], units=3))
    assert loss.name == "cross_entropy"
    assert sum(loss.counts) == 6 * 40


@pytest.mark.parametrize(
    "evaluate",
    [
        lambda m: (m(X)[:, 0] > Y).float().mean(),
        lambda m: m(X).mean(),
        lambda m: ((m(X) - m(X).mean()) ** 2).mean(),
        lambda m: (m(X)[:, 0] * torch.rand(40)).sum(),
    ],
    ids=["an accuracy", "a mean", "a variance", "a score"],
)
def test_other_numbers_are_no_errors(evaluate: Callable[[nn.Module], object]) -> None:
    assert not found(watched(evaluate))


def test_a_loss_function_is_recorded_once() -> None:
    (loss,) = found(watched(lambda m: nn.functional.mse_loss(m(X)[:, 0], Y)))
    assert loss.calls == 6


def test_what_a_loader_makes_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sample of the next batch would go through the mode; what comes after the batch is heard again."""
    heard: list[str] = []
    original = Following.__torch_function__

    def listen(self: Following, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        heard.append(getattr(func, "__name__", ""))
        return original(self, func, types, args, kwargs)

    def evaluate(model: nn.Module) -> None:
        parts = [model(x) for (x,) in DataLoader(TensorDataset(X), 16)]
        ((torch.cat(parts)[:, 0] - Y) ** 2).mean()

    monkeypatch.setattr(Following, "__torch_function__", listen)
    assert [loss.name for loss in found(watched(evaluate))] == ["mse_loss"]
    assert "stack" not in heard
    assert "cat" in heard


def test_random_streams_go_on_as_without() -> None:
    def evaluate(model: nn.Module) -> None:
        noisy = model(X) + torch.randn(40, 1)
        values.append(float(((noisy[:, 0] - Y) ** 2).mean()))

    values: list[float] = []
    watched(evaluate)
    torch.manual_seed(0)
    nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 1))
    state = torch.get_rng_state()
    watched(lambda m: m(X))
    assert torch.equal(torch.get_rng_state(), state)
    assert len(values) == 6
