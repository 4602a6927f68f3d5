"""DataLoaders: their size and order, and which of them are trained on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import (
    DataLoader,
    IterableDataset,
    RandomSampler,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
)

from gradwise.doctor.senses.loaders import Loaders
from gradwise.watch.facts import Loader

from .fake import Program

DATA = TensorDataset(torch.randn(20, 3), torch.randn(20))


class Stream(IterableDataset[Tensor]):
    def __iter__(self) -> Iterator[Tensor]:
        return iter(torch.zeros(5, 3))


class Own:
    """A sampler of the program's own."""

    def __iter__(self) -> Iterator[int]:
        return iter(range(20))


def found(loader: Any) -> Loader:
    program = Program(Loaders)
    program.sense.made(loader, "train.py:3")
    return program.end().loaders[0]


@pytest.mark.parametrize(
    ("loader", "shuffled", "samples"),
    [
        (DataLoader(DATA, 4, shuffle=True), True, 20),
        (DataLoader(DATA, 4), False, 20),
        (DataLoader(DATA, 4, sampler=SubsetRandomSampler(range(5))), True, 5),
        (DataLoader(DATA, 4, sampler=RandomSampler(DATA, num_samples=8)), True, 20),  # each pass a part of them
        (DataLoader(DATA, 4, sampler=WeightedRandomSampler([1.0] * 20, 40)), True, 20),
        (DataLoader(DATA, 4, sampler=Own()), None, 20),
        (DataLoader(Stream(), 4), None, None),
    ],
)
def test_its_size_and_order(loader: Any, shuffled: bool | None, samples: int | None) -> None:
    fact = found(loader)
    assert (fact.shuffled, fact.samples, fact.batch_size) == (shuffled, samples, 4)


def passes(program: Program, loader: Any, source: str, each: Any) -> None:
    program.sense.made(loader, source)
    for batch in loader:
        program.sense.fetched(batch, program.look)
        each(batch[0])


def test_which_one_is_trained_on() -> None:
    program, model = Program(Loaders), nn.Linear(3, 1)
    for _ in range(2):
        passes(program, DataLoader(DATA, 4), "train.py:3", lambda x: program.train(program.call(model, x).sum()))
        passes(program, DataLoader(DATA, 10), "train.py:9", lambda x: program.call(model, x, gradient=False))
    facts = program.end().loaders
    assert [(fact.source, fact.iterated, fact.batches, fact.training) for fact in facts] == [
        ("train.py:3", 2, 10, True),
        ("train.py:9", 2, 4, False),
    ]


def test_tensors_are_trained_on_and_a_loader_evaluates() -> None:
    program, model = Program(Loaders), nn.Linear(3, 1)
    for _ in range(3):
        program.train(program.call(model, torch.zeros(4, 3)).sum())
        passes(program, DataLoader(DATA, 20), "train.py:9", lambda x: program.call(model, x, gradient=False))
    assert [fact.training for fact in program.end().loaders] == [False]


def test_a_teacher_does_not_make_it_an_evaluation() -> None:
    program, model, teacher = Program(Loaders), nn.Linear(3, 1), nn.Linear(3, 1)

    def step(x: Tensor) -> None:
        program.call(teacher, x, gradient=False)
        program.train(program.call(model, x).sum())

    passes(program, DataLoader(DATA, 4), "train.py:3", step)
    assert [fact.training for fact in program.end().loaders] == [True]


def test_two_sets_at_one_line() -> None:
    program, model = Program(Loaders), nn.Linear(3, 1)
    for size in (4, 5):
        passes(program, DataLoader(DATA, size), "train.py:9", lambda x: program.call(model, x, gradient=False))
    assert [fact.batch_size for fact in program.end().loaders] == [4, 5]


def test_other_things_that_are_made() -> None:
    program = Program(Loaders)
    program.sense.made(torch.optim.SGD(nn.Linear(3, 1).parameters(), 0.1), "train.py:2")
    assert program.end().loaders == []
