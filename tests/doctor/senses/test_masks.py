"""Rows of one graph: which are trained on, which are evaluated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gradwise.diagnose.case import Case
from gradwise.diagnose.overlap import train_valid_overlap
from gradwise.doctor.observer import Observer
from gradwise.watch.trace import Trace

N = 200
HALF = torch.arange(N) < N // 2
LAST = torch.arange(N) >= N // 4  # a third of which are in the first half


def trained(train: Tensor, valid: Tensor, evaluate: Callable[[Tensor, Tensor, Tensor], object]) -> Trace:
    """A graph convolution of all nodes, evaluated after each step."""
    torch.manual_seed(0)
    x, y, around = torch.randn(N, 8), torch.arange(N) % 3, torch.eye(N)
    network = nn.Linear(8, 3)
    optimizer = torch.optim.SGD(network.parameters(), 0.1)
    observer = Observer(Path(__file__).parent)
    with observer:
        for _ in range(12):
            loss = F.cross_entropy((around @ network(x))[train], y[train])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                evaluate(network(x), y, valid)
    trace = observer.finish()
    assert trace.facts.not_seen == {}
    return trace


def by_loss(out: Tensor, y: Tensor, valid: Tensor) -> object:
    return F.cross_entropy(out[valid], y[valid])


def by_hits(out: Tensor, y: Tensor, valid: Tensor) -> object:
    return (out.argmax(1) == y)[valid].float().mean()


@pytest.mark.parametrize("evaluate", [by_loss, by_hits])
@pytest.mark.parametrize("numbers", [False, True])
def test_masks_that_overlap(evaluate: Callable[[Tensor, Tensor, Tensor], object], numbers: bool) -> None:
    train, valid = (HALF.nonzero()[:, 0], LAST.nonzero()[:, 0]) if numbers else (HALF, LAST)
    trace = trained(train, valid, evaluate)
    overlap = next(each for each in trace.facts.overlaps if each.trained == N // 2)
    assert (overlap.evaluated, overlap.shared) == (3 * N // 4, N // 4)
    assert [finding.code for finding in train_valid_overlap(Case(trace))] == ["train-valid-overlap"]


@pytest.mark.parametrize("evaluate", [by_loss, by_hits])
def test_masks_apart(evaluate: Callable[[Tensor, Tensor, Tensor], object]) -> None:
    trace = trained(HALF, ~HALF, lambda out, y, valid: (evaluate(out, y, valid), evaluate(out, y, HALF)))
    assert not list(train_valid_overlap(Case(trace)))


def test_all_rows_are_no_choice() -> None:
    trace = trained(HALF, torch.ones(N, dtype=torch.bool), by_loss)
    assert not list(train_valid_overlap(Case(trace)))


def test_rows_by_name_are_left_to_the_program() -> None:
    trace = trained(HALF, HALF, lambda out, y, valid: torch.index_select(input=out, dim=0, index=valid.nonzero()[:, 0]))
    assert not list(train_valid_overlap(Case(trace)))
