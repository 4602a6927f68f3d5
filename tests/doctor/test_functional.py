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
