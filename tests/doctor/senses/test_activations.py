"""Units in the graph: at their limits, off, and what only looks like one."""

from __future__ import annotations

import pytest
import torch
from tests.doctor.senses.program import watched
from torch import nn

from gradwise.doctor.senses.activations import Activations
from gradwise.doctor.senses.structure import Structure

SEQUENCES = torch.linspace(-1, 1, 4 * 9 * 3).reshape(4, 9, 3)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("gate", "low", "high"), [(2, 0.99, 1.0), (1, 0.0, 0.2)])
def test_candidates_of_an_lstm_may_be_at_their_limit_and_its_gates_may(
    gate: int, low: float, high: float, bidirectional: bool
) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(3, 8, batch_first=True, bidirectional=bidirectional)
    head = nn.Linear(16 if bidirectional else 8, 2)
    with torch.no_grad():
        for name, bias in lstm.named_parameters():
            if name.startswith("bias_ih"):
                bias[8 * gate : 8 * gate + 8] = 4.0

    def program() -> None:
        head(lstm(SEQUENCES)[0][:, -1]).square().mean().backward()

    trace = watched(program, (Structure, Activations))
    _, values = trace.series("activation", "LSTM", "saturated")
    assert low <= values[0] <= high


def test_the_candidates_are_those_that_the_layer_computes() -> None:
    """Of a state that has been fed the same throughout: c = f c + i g, so that g = (c - f c) / i."""
    torch.manual_seed(0)
    cell = nn.LSTM(3, 1)
    with torch.no_grad():
        cell.bias_ih_l0.copy_(torch.tensor([50.0, -50.0, 0.0, 50.0]))  # writes all, forgets all, shows all
        cell.weight_hh_l0.zero_()
        cell.weight_ih_l0[2].fill_(2.0)
    x = torch.randn(6, 5, 3)
    shown = torch.tanh(torch.tanh(2 * x.sum(-1) + cell.bias_hh_l0[2]))  # h = tanh(c), c = g
    assert torch.allclose(cell(x)[0][..., 0], shown, atol=1e-5)
    candidates = torch.tanh(2 * x.sum(-1) + cell.bias_hh_l0[2])[1:]
    head = nn.Linear(1, 1)
    trace = watched(lambda: head(cell(x)[0]).square().mean().backward(), (Structure, Activations))
    _, values = trace.series("activation", "LSTM", "saturated")
    assert values[0] == pytest.approx(float((1 - candidates**2 < 0.05).float().mean()), abs=1e-6)


def test_a_clamp_within_the_loss_is_no_unit() -> None:
    """Areas of boxes that do not overlap: the last layer is not what is off."""
    layers = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 4))

    def program() -> None:
        box = layers(SEQUENCES[:, 0])
        overlap = (torch.minimum(box[:, 2:], torch.ones(2)) - 5 - box[:, :2]).clamp(min=0).prod(1)
        (1 - overlap).mean().backward()

    trace = watched(program, (Structure, Activations))
    assert trace.places("activation") == ["0"]


def test_units_of_weights_that_are_computed() -> None:
    torch.manual_seed(0)
    slope, knot, height = (torch.randn(*shape, requires_grad=True) for shape in ((6, 1), (6,), (1, 6)))
    x = -torch.rand(32, 1) - 10 * torch.ones(32, 1)

    def program() -> None:
        hinges = torch.relu(x @ slope.exp().T + knot)
        (hinges @ height.exp().T).square().mean().backward()

    trace = watched(program, (Structure, Activations))
    (name,) = trace.places("activation")
    assert trace.series("activation", name, "dead")[1][0] == 1


def test_a_hinge_of_the_loss_is_no_unit() -> None:
    w = torch.randn(1, 4, requires_grad=True)

    def program() -> None:
        torch.relu(torch.ones(8, 1) @ w.exp() - 100).mean().backward()

    assert not list(watched(program, (Structure, Activations)).places("activation"))
