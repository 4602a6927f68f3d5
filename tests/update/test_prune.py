from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from torch import nn

from gradwise import recipefile
from gradwise.errors import RecipeError
from gradwise.evaluate import Budget, Patience, Target
from gradwise.events import Event, Note
from gradwise.fusion import member
from gradwise.recipe import replaced
from gradwise.train import train as run_recipe
from gradwise.update import Prune


def zeros(model: nn.Module) -> list[int]:
    return [int((p == 0).sum()) for p in model.parameters()]


def train(prune: Prune, model: nn.Module, steps: range) -> list[int]:
    """The first matrix's zeros after each step."""
    found = list[int]()
    for step in steps:
        generator = torch.Generator().manual_seed(step)
        with torch.no_grad():
            for p in model.parameters():
                p += 0.1 * torch.randn(p.shape, generator=generator)
        prune(model, step)
        found.append(zeros(model)[0])
    return found


def test_by_hand() -> None:
    model = nn.Linear(4, 2)
    model.weight.data = torch.tensor([[1.0, -0.1, 3.0, -4.0], [0.2, 0.5, -0.3, 0.05]])
    model.bias.data = torch.tensor([0.01, 0.0])
    Prune(0.5, begin=0, end=1)(model, 1)
    assert model.weight.tolist() == [[1, 0, 3, -4], [0, 0.5, 0, 0]]
    assert model.bias.tolist() == pytest.approx([0.01, 0])


def test_zeros_come_fast_and_then_slowly() -> None:
    model = nn.Linear(10, 10)
    found = train(Prune(0.8, begin=2, end=10, every=2), model, range(14))
    expected = [round(80 * (1 - (1 - t / 8) ** 3)) for t in (0, 2, 4, 6, 8)]
    assert found == [0, 0, *[n for n in expected[:4] for _ in (0, 1)], *[80] * 4]
    assert zeros(model)[1] == 0


def test_what_is_hidden_stays_hidden() -> None:
    model, prune = nn.Linear(10, 10), Prune(0.9, begin=0, end=30, every=3)
    before = torch.zeros(10, 10, dtype=torch.bool)
    for step in range(35):
        train(prune, model, range(step, step + 1))
        now = model.weight.detach() == 0
        assert bool((now | ~before).all())
        before = now


def test_equal_weights_are_hidden_by_number() -> None:
    model = nn.Conv2d(2, 3, 2, bias=False)
    nn.init.ones_(model.weight)
    Prune(0.25, begin=0, end=1)(model.to(memory_format=torch.channels_last), 1)
    assert zeros(model) == [6]


def test_frozen_weights_are_left_alone() -> None:
    model = nn.Linear(3, 3).requires_grad_(False)
    train(Prune(0.9, 0, 1), model, range(3))
    assert zeros(model) == [0, 0]


def test_a_restart_goes_on_bit_for_bit() -> None:
    torch.manual_seed(0)
    start = nn.Linear(6, 6)
    whole, parted = copy.deepcopy(start), copy.deepcopy(start)
    train(Prune(0.7, 3, 12, 4), whole, range(20))
    first, second = Prune(0.7, 3, 12, 4), Prune(0.7, 3, 12, 4)
    train(first, parted, range(9))
    second.masks.restore(copy.deepcopy(first.masks.state()))
    train(second, parted, range(9, 20))
    assert torch.equal(parted.weight, whole.weight)


def test_the_end_comes_after_the_beginning() -> None:
    with pytest.raises(RecipeError, match=r"Prune\.end must be above Prune\.begin, 5, got 5"):
        Prune(0.5, 5, 5)


def test_the_network_that_is_kept_is_pruned_as_asked(tmp_path: Path) -> None:
    recipe = recipefile.load("digits", ["epochs=4", "watch.on=false"])
    recipe = replaced(recipe, after=(Prune(0.98, begin=20, end=100, every=10),), stop=(Patience(1),))
    done = run_recipe(recipe, tmp_path / "run", show=lambda event: None)
    name, accuracies = done.trace.metric()
    assert name == "valid_accuracy"
    assert max(accuracies[:2]) > max(accuracies[2:])  # with all its weights it was better, and Patience was not asked
    assert done.finished.best == max(accuracies[2:])
    for model in (done.model, member(tmp_path / "run").model):
        matrices = [p for p in model.parameters() if p.dim() > 1]
        assert all(int((p == 0).sum()) == round(0.98 * p.numel()) for p in matrices)


def test_a_run_that_ends_before_has_no_best() -> None:
    recipe = recipefile.load("digits", ["epochs=2", "watch.on=false"])
    recipe = replaced(recipe, after=(Prune(0.9, begin=0, end=300),), stop=(Target(0.1), Budget(steps=50)))
    told: list[Event] = []
    done = run_recipe(recipe, show=told.append)
    assert (done.finished.steps, done.finished.best) == (50, None)  # a budget is asked, a target is not
    assert "no epoch is the best: the run ends at step 78, pruning at 301" in [
        event.text for event in told if isinstance(event, Note)
    ]
