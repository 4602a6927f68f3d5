from __future__ import annotations

import pytest
import torch
from torch import nn

from gradwise.data import XOR
from gradwise.errors import RecipeError
from gradwise.gradient import SAM, Accumulate, Backprop, Unfreeze
from gradwise.gradient.unfreeze import layers_of
from gradwise.loss import BinaryCrossEntropy, CrossEntropy
from gradwise.model import MLP
from gradwise.recipe import Recipe
from gradwise.stages import Batch
from gradwise.train import train
from gradwise.update import SGD, Adam, AdamW

X = Batch(torch.randn(8, 4), torch.arange(8) % 3, torch.arange(8))


def held(model: nn.Module) -> list[bool]:
    found = [p.grad is None for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    return found


def test_layers_become_free_from_the_last_on() -> None:
    model = MLP((4, 5, 5, 3))()
    technique = Unfreeze(every=2)
    for free in (1, 1, 2, 2, 3, 3, 3):
        technique(CrossEntropy(), model, X)
        assert held(model) == [True] * (6 - 2 * free) + [False] * (2 * free)
        assert all(p.requires_grad for p in model.parameters())


@pytest.mark.parametrize("inner", [Backprop(), Accumulate(2), SAM()])
def test_what_is_free_has_the_same_gradient_as_without_it(inner: Backprop | Accumulate | SAM) -> None:
    model = MLP((4, 5, 5, 3))()
    Unfreeze(every=1, backward=inner)(CrossEntropy(), model, X)
    part = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    held(model)
    if isinstance(inner, SAM):  # its way to the worst place goes along the free layers alone
        for p in list(model.parameters())[:4]:
            p.requires_grad_(False)
    inner(CrossEntropy(), model, X)
    for ours, theirs in zip(part, list(model.parameters())[4:], strict=True):
        torch.testing.assert_close(ours, theirs.grad)


def test_what_was_frozen_stays_frozen_and_an_error_leaves_no_trace() -> None:
    model = MLP((4, 5, 3))()
    model[1].bias.requires_grad_(False)
    Unfreeze(every=1)(CrossEntropy(), model, X)
    assert [p.requires_grad for p in model.parameters()] == [True, False, True, True]

    def fails(model: nn.Module, batch: Batch) -> torch.Tensor:
        raise RecipeError("no")

    with pytest.raises(RecipeError):
        Unfreeze(every=1)(fails, model, X)
    assert [p.requires_grad for p in model.parameters()] == [True, False, True, True]


def test_a_layer_is_a_matrix_and_its_vectors() -> None:
    model = MLP((4, 5, 3), batch_norm=True)()
    assert [[p.dim() for p in layer] for layer in layers_of(model)] == [[2, 1, 1, 1], [2, 1]]


@pytest.mark.parametrize("optimizer", [Adam(lr=0.05), AdamW(lr=0.05, layer_decay=0.7), SGD(lr=0.5, momentum=0.9)])
def test_a_run_learns_with_it(optimizer: Adam | AdamW | SGD) -> None:
    recipe = Recipe(
        data=XOR(repeat=8),
        model=MLP((2, 16, 16, 1)),
        epochs=40,
        batch_size=8,
        objective=BinaryCrossEntropy(),
        backward=Unfreeze(every=8),
        optimizer=optimizer,
    )
    trained = train(recipe, show=lambda event: None)
    assert trained.trace.metric("train_loss")[1][-1] < 0.2
