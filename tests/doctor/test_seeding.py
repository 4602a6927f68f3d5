"""Seeds that a program sets again and again, and those that it sets once or always otherwise."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable

import numpy as np
import pytest
import torch
from tests.doctor.senses.program import loss_of, network, watched
from torch.optim import SGD

from gradwise.doctor.seeding import PLACES

STEPS = 30


def times(seed: Callable[[int], object]) -> int:
    """In how many steps the same seed was set once more, where the program does so at every step."""

    def program() -> None:
        model = network(5, 6, 3)
        optimizer = SGD(model.parameters(), 0.1)
        for step in range(STEPS):
            seed(step)
            optimizer.zero_grad()
            loss_of(model).backward()
            optimizer.step()

    facts = watched(program).facts
    assert bool(facts.reseeded_source) == (facts.reseeded > 0)
    return facts.reseeded


@pytest.mark.parametrize(
    "seed",
    [
        lambda _: torch.manual_seed(3),
        lambda _: np.random.seed(3),
        lambda _: np.random.default_rng(seed=3),
        lambda _: random.seed(3),
    ],
)
def test_the_same_again(seed: Callable[[int], object]) -> None:
    assert times(seed) == STEPS - 1


@pytest.mark.parametrize(
    "seed",
    [
        lambda _: None,
        torch.manual_seed,
        lambda _: np.random.default_rng(),
        lambda step: [np.random.default_rng(number) for number in range(step % 2, 3)],  # a sample's own
    ],
)
def test_another_or_none(seed: Callable[[int], object]) -> None:
    assert times(seed) == 0


def test_they_can_be_pickled() -> None:
    found: list[bool] = []

    def program() -> None:
        for function in (torch.manual_seed, np.random.default_rng, random.seed):
            found.append(pickle.loads(pickle.dumps(function)) is function)

    watched(program)
    assert found == [True, True, True]


def test_what_was_there_is_put_back() -> None:
    before = [getattr(owner, name) for owner, name in PLACES]
    times(lambda _: None)
    assert [getattr(owner, name) for owner, name in PLACES] == before
