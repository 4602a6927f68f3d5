"""Programs that differentiate with torch.func and step by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.func import vmap

from gradwise.diagnose import diagnose
from gradwise.doctor.observer import Observer
from gradwise.watch import Trace

X = torch.randn(40, 5, generator=torch.Generator().manual_seed(1))
Y = X.sum(1).sign()
Weights = dict[str, Tensor]


def objective(weights: Weights, x: Tensor, y: Tensor) -> Tensor:
    return ((torch.tanh(x @ weights["first"]) @ weights["last"] + weights["bias"] - y) ** 2).mean()


def trained(sign: float = -1.0, values: bool = True, steps: int = 60) -> tuple[Trace | None, Weights]:
    torch.manual_seed(0)
    weights = {"first": torch.randn(5, 8), "last": torch.randn(8, 1)[:, 0], "bias": torch.zeros(())}
    step = torch.func.grad_and_value(objective) if values else torch.func.grad(objective)
    for _ in range(steps):
        found = step(weights, X, Y)
        slopes = found[0] if values else found
        weights = {name: w + sign * 0.05 * slopes[name] for name, w in weights.items()}
    return None, weights


def watched(**given: object) -> tuple[Trace, Weights]:
    with Observer(Path.cwd()) as observer:
        _, weights = trained(**given)  # type: ignore[arg-type]
    trace = observer.finish()
    assert not trace.facts.not_seen
    return trace, weights


@pytest.mark.parametrize("values", [True, False])
def test_its_loss_and_its_steps_are_seen(values: bool) -> None:
    trace, weights = watched(values=values)
    (loss,) = trace.facts.losses
    (optimizer,) = trace.facts.optimizers
    assert loss.calls == trace.facts.steps == 60
    assert (optimizer.kind, optimizer.uphill) == ("by hand", 0.0)
    assert trace.facts.manual_updates
    assert trace.series("update", "weights['first']", "ratio")[1][0] > 0
    assert not [finding for finding in diagnose(trace).findings if finding.severity != "note"]
    _, alone = trained(values=values)
    assert all(torch.equal(weights[name], alone[name]) for name in alone)


def test_uphill() -> None:
    trace, _ = watched(sign=1.0)
    assert diagnose(trace).findings[0].code == "gradient-ascent"


def test_an_inner_derivative_is_no_step() -> None:
    def slope(x: Tensor) -> Tensor:
        return torch.func.grad(lambda v: v.sin().sum())(x)

    with Observer(Path.cwd()) as observer:
        found = vmap(slope)(X)
    assert torch.allclose(found, X.cos())
    assert not observer.finish().facts.losses


def test_where_an_optimizer_steps_it_is_its_turn() -> None:
    w = torch.randn(5, requires_grad=True)
    with Observer(Path.cwd()) as observer:
        optimizer = torch.optim.SGD([w], lr=0.1)
        w.grad = torch.func.grad(lambda v: (X @ v - Y).square().mean())(w.detach())
        optimizer.step()
    assert observer.finish().facts.steps == 1


def functional(steps: int, detached: bool) -> Trace:
    """Weights that each step makes anew, and a graph that is kept for a second derivative."""
    torch.manual_seed(0)
    with Observer(Path.cwd()) as observer:
        weights = [torch.randn(5, 8, requires_grad=True), torch.randn(8, requires_grad=True)]
        for _ in range(steps):
            loss = ((torch.tanh(X @ weights[0]) @ weights[1] - Y) ** 2).mean()
            slopes = torch.autograd.grad(loss, weights, create_graph=True)
            weights = [w - 0.05 * slope for w, slope in zip(weights, slopes, strict=True)]
            weights = [w.detach().requires_grad_() for w in weights] if detached else weights
    return observer.finish()


def test_weights_made_anew() -> None:
    trace = functional(200, detached=True)
    assert trace.facts.manual_updates
    assert trace.facts.backwards > 100
    assert not [finding for finding in diagnose(trace).findings if finding.severity != "note"]


def test_weights_that_are_functions_of_all_before() -> None:
    findings = diagnose(functional(200, detached=False)).findings
    assert [finding.code for finding in findings] == ["graph-leak"]


def test_an_inner_loop_is_no_training() -> None:
    torch.manual_seed(0)
    with Observer(Path.cwd()) as observer:
        start = [torch.randn(5, 8, requires_grad=True), torch.randn(8, requires_grad=True)]
        for _ in range(10):
            weights = start
            for _ in range(5):
                loss = ((torch.tanh(X @ weights[0]) @ weights[1] - Y) ** 2).mean()
                slopes = torch.autograd.grad(loss, weights, create_graph=True)
                weights = [w - 0.05 * slope for w, slope in zip(weights, slopes, strict=True)]
            ((torch.tanh(X @ weights[0]) @ weights[1] - Y) ** 2).mean().backward()
    assert observer.finish().facts.backwards == 10
