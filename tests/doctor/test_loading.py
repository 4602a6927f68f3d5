"""Weights that a program loads while it trains."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.doctor.senses.program import loss_of, network, watched
from torch import nn
from torch.optim import SGD

STEPS = 12


def loads(load: Callable[[nn.Module, nn.Module, int], object]) -> list[tuple[int, str, str]]:
    """What is known of them, where the program trains one network beside another of the same kind."""

    def program() -> None:
        model, other = network(5, 6, 3), network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.1)
        for step in range(STEPS):
            optimizer.zero_grad()
            loss_of(model).backward()
            optimizer.step()
            load(model, other, step)

    return watched(program).facts.loads


def test_into_the_network_that_is_trained() -> None:
    [(step, name, _)] = loads(lambda model, other, at: at == 7 and model.load_state_dict(other.state_dict()))
    assert (step, name) == (8, "Sequential")


@pytest.mark.parametrize(
    "load",
    [
        lambda model, other, at: other.load_state_dict(model.state_dict()),  # a copy that follows
        lambda model, other, at: None,
    ],
)
def test_elsewhere(load: Callable[[nn.Module, nn.Module, int], object]) -> None:
    assert loads(load) == []
