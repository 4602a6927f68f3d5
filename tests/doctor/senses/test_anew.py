"""A second part of a program, with an optimizer and a loss of its own, is looked at though the first used the time."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradwise.doctor import pace
from gradwise.doctor.observer import Observer

from .program import X, Y, network


def of_scores(model: nn.Module) -> Tensor:
    return F.cross_entropy(model(X), Y)


def of_probabilities(model: nn.Module) -> Tensor:
    return F.nll_loss(model(X).softmax(1), Y)


def test_another_optimizer_with_another_loss_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "START_SECONDS", 0.0)

    def part(model: nn.Module, steps: int, probabilities: bool) -> None:
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        for _ in range(steps):
            loss = of_probabilities(model) if probabilities else of_scores(model)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    with Observer(Path.cwd(), budget=1e-9) as watching:
        part(network(5, 6, 3), 100, probabilities=False)
        looks = watching.facts.looks
        part(network(5, 6, 3), 100, probabilities=False)  # more of the same
        assert watching.facts.looks == looks
        part(network(5, 6, 3), 100, probabilities=True)
    facts = watching.finish().facts
    assert facts.looks == looks + pace.ANEW_TURNS
    (second,) = [loss for loss in facts.losses if loss.name == "nll_loss"]
    assert second.through == ["softmax"]
