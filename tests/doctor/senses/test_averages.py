"""The average of the last weights, beside the last weights themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from gradwise.diagnose.averaged import averages_out
from gradwise.diagnose.case import Case
from gradwise.diagnose.swings import oscillating_loss
from gradwise.doctor.observer import Observer
from gradwise.watch.trace import Trace


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def trained(rate: float, module: bool, falls: bool = False, steps: int = 600) -> Trace:
    """Steps of one size against the sign of the gradient, of a map in a module or of a plain tensor."""
    x, truth = torch.randn(512, 5), torch.tensor([0.31, 1.87, -0.22, 0.47, 0.135])
    y = x @ truth
    network = nn.Linear(5, 1, bias=False)
    w = torch.zeros(5, requires_grad=True)
    own = network.weight if module else w
    with torch.no_grad():
        own.zero_()
    observer = Observer(Path(__file__).parent)
    with observer:
        for step in range(steps):
            rows = torch.randint(512, (32,))
            given = network(x[rows])[:, 0] if module else x[rows] @ w
            loss = nn.functional.l1_loss(given, y[rows]) if module else (given - y[rows]).abs().mean()
            own.grad = None
            loss.backward()
            with torch.no_grad():
                assert own.grad is not None
                own -= rate * (1 - step / steps if falls else 1) * own.grad.sign()
    trace = observer.finish()
    assert trace.facts.not_seen == {}
    return trace


@pytest.mark.parametrize("module", [True, False])
def test_steps_that_hover(module: bool) -> None:
    case = Case(trained(0.2, module))
    probes = case.facts.probes
    assert probes.last is not None
    assert probes.averaged is not None
    assert probes.averages >= 20
    assert probes.averaged < 0.5 * probes.last
    finding = averages_out(case)
    assert finding is not None
    assert f"{probes.averaged:.3g}" in finding.says
    assert [each.code for each in oscillating_loss(case)] == ["oscillating-loss"]


@pytest.mark.parametrize("module", [True, False])
def test_steps_that_settle(module: bool) -> None:
    for trace in (trained(0.2, module, falls=True), trained(0.01, module)):
        assert averages_out(Case(trace)) is None


def test_few_steps_have_no_average() -> None:
    assert trained(0.2, True, steps=16).facts.probes.averaged is None
