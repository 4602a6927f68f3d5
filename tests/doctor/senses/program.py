"""Small programs under the doctor, with the senses that are asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gradwise.doctor.listeners import Listeners
from gradwise.doctor.observer import Observer
from gradwise.doctor.pace import Pace
from gradwise.doctor.sense import Sense
from gradwise.doctor.senses.leaks import Leaks
from gradwise.doctor.senses.opponents import Opponents
from gradwise.doctor.senses.optimizers import Optimizers
from gradwise.doctor.senses.parameters import Parameters
from gradwise.doctor.senses.piling import Piling
from gradwise.doctor.senses.updates import Updates
from gradwise.watch.trace import Trace

MINE = (Optimizers, Parameters, Updates, Piling, Opponents, Leaks)
X = torch.linspace(-1, 1, 40).reshape(8, 5)
Y = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])


def watched(program: Callable[[], object], senses: Sequence[type[Sense]] = MINE, budget: float = 1e6) -> Trace:
    """What the doctor knows when the program has come to its end. None of its senses may fail.

    By default there is time to look at every step; with a budget of next to nothing only the start is looked at.
    """
    with Observer(Path.cwd(), budget, senses=senses) as observer:
        program()
    trace = observer.finish()
    assert not trace.facts.not_seen, trace.facts.not_seen
    return trace


def asleep_from(patch: pytest.MonkeyPatch, step: int) -> None:
    """Every turn is looked at, and from this step on every one is slept through."""

    def choose(self: Pace, now: int, stepped: bool, listeners: Listeners) -> bool:
        self.asleep = now >= step
        self.look = not self.asleep
        return False

    patch.setattr(Pace, "choose", choose)


def network(*sizes: int) -> nn.Sequential:
    """Linear layers with tanh between them."""
    layers: list[nn.Module] = []
    for size, after in itertools.pairwise(sizes):
        layers += [nn.Linear(size, after), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def loss_of(model: nn.Module) -> Tensor:
    return nn.functional.cross_entropy(model(X), Y)


def values(trace: Trace, place: str, where: str, measure: str) -> list[float]:
    try:
        return trace.series(place, where, measure)[1].tolist()
    except KeyError:
        return []
