"""Inputs as they should be, and layers that go over the batch: looked at on copies when a program ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from gradwise.diagnose.case import Case
from gradwise.diagnose.plateau import plateau
from gradwise.doctor.observer import Observer
from gradwise.watch.trace import Trace


def seen(program: Callable[[], object]) -> Trace:
    torch.manual_seed(0)
    observer = Observer(Path(__file__).parent)
    with observer:
        program()
    trace = observer.finish()
    assert trace.facts.not_seen == {}
    return trace


def picture(raw: bool) -> None:
    """A picture as a function of where one is, 0 to 63."""
    place = torch.rand(2048, 2) * 63
    y = torch.sin(place[:, :1] / 9) * torch.cos(place[:, 1:] / 13)
    x = place if raw else (place - 31) / 18
    model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(3):
        for rows in torch.randperm(2048).split(64):
            optimizer.zero_grad()
            F.mse_loss(model(x[rows]), y[rows]).backward()
            optimizer.step()


def test_raw_places_learn_far_less_than_standard_ones() -> None:
    probes = seen(lambda: picture(raw=True)).facts.probes
    assert probes.raw is not None
    assert probes.standardised is not None
    assert probes.standardised < 0.7 * probes.raw
    assert seen(lambda: picture(raw=False)).facts.probes.raw is None


class Reader(nn.Module):
    def __init__(self, first: bool, transposed: bool = False) -> None:
        super().__init__()
        self.rnn, self.head, self.transposed = nn.GRU(3, 8, batch_first=first), nn.Linear(8, 4), transposed

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        states = self.rnn(x.transpose(0, 1))[0].transpose(0, 1) if self.transposed else self.rnn(x)[0]
        return self.head(states[:, -1])


def read(model: nn.Module) -> Trace:
    x, y = torch.randn(256, 9, 3), torch.randint(0, 4, (256,))

    def program() -> None:
        optimizer = torch.optim.SGD(model.parameters(), 0.01)
        for _ in range(4):
            for rows in torch.randperm(256).split(16):
                optimizer.zero_grad()
                F.cross_entropy(model(x[rows]), y[rows]).backward()
                optimizer.step()

    return seen(program)


def test_a_layer_that_goes_from_sample_to_sample() -> None:
    trace = read(Reader(first=False))
    assert trace.facts.probes.over_the_batch == ["rnn"]
    (finding,) = plateau(Case(trace))
    assert "batch_first=True" in finding.remedies[0].change


@pytest.mark.parametrize("model", [Reader(first=True), Reader(first=False, transposed=True)])
def test_a_layer_that_goes_along_the_steps(model: nn.Module) -> None:
    assert read(model).facts.probes.over_the_batch == []
