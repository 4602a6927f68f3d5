from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn

from gradwise import recipefile
from gradwise.data import XOR
from gradwise.errors import RecipeError
from gradwise.gradient import ClipNorm
from gradwise.model import MLP
from gradwise.recipe import LISTS, STAGES, Recipe, Watching, arguments, changed
from gradwise.update import EMA, SGD


def recipe(**settings: Any) -> Recipe:
    return Recipe(**{"data": XOR(), "model": MLP((2, 2))} | settings)


def test_every_stage_is_a_field() -> None:
    assert set(STAGES) <= set(arguments(recipe()))
    assert set(LISTS) <= set(STAGES)
    assert all(getattr(recipe(), stage) == () for stage in LISTS)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"seed": -1}, "Recipe.seed must be at least 0, got -1."),
        ({"epochs": 0}, "Recipe.epochs must be above 0, got 0."),
        ({"epochs": float("inf")}, "Recipe.epochs must be a finite number, got inf."),
        ({"batch_size": 0}, "Recipe.batch_size must be at least 1, got 0."),
        ({"compile": "maybe"}, "Recipe.compile must be one of 'auto', 'always' or 'never', got 'maybe'."),
        ({"save_every": -1}, "Recipe.save_every must be at least 0, got -1."),
    ],
)
def test_a_setting_outside_its_domain_is_refused(settings: dict[str, Any], text: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe(**settings)
    assert str(caught.value) == text


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_takes_what_can_be_called_alone(stage: str) -> None:
    with pytest.raises(RecipeError, match=rf"Recipe\.{stage}"):
        recipe(**{stage: (3,) if stage in LISTS else 3})


def test_data_and_model_have_no_default() -> None:
    with pytest.raises(RecipeError, match=r"Recipe\.data is missing"):
        Recipe(model=MLP((2, 2)))  # type: ignore[call-arg]


def test_a_misspelt_setting_is_answered_with_the_nearest() -> None:
    with pytest.raises(RecipeError, match="did you mean 'optimizer'"):
        recipe(optimiser=SGD())


def test_functions_fit_as_they_are() -> None:
    made = recipe(model=lambda: nn.Linear(2, 2), optimizer=torch.optim.SGD, schedule=lambda progress: 1.0)
    assert isinstance(made.model(), nn.Linear)
    assert isinstance(made.optimizer([torch.ones(1)]), torch.optim.SGD)


def test_recipes_are_equal_by_value_and_can_be_copied() -> None:
    one = recipe(after=(EMA(),), gradient=[ClipNorm(1)])
    assert one == recipe(after=(EMA(),), gradient=(ClipNorm(1),))
    assert one != recipe(after=(EMA(0.5),), gradient=(ClipNorm(1),))
    assert copy.deepcopy(one) == one


def test_what_changed_is_told_by_its_path() -> None:
    old = {"seed": 1, "optimizer": {"name": "SGD", "lr": 0.1}, "batch": []}
    new = {"seed": 2, "optimizer": {"name": "SGD", "lr": 0.2, "momentum": 0.9}, "batch": [{"name": "Mixup"}]}
    assert changed(old, new) == [
        "seed: 1 -> 2",
        "optimizer.lr: 0.1 -> 0.2",
        "optimizer.momentum: None -> 0.9",
        "batch: [] -> [{'name': 'Mixup'}]",
    ]
    assert changed(old, old) == []
    assert changed({"a": 1}, {}) == ["a: 1 -> None"]


def test_arguments_leave_state_out() -> None:
    assert set(arguments(EMA())) >= {"decay", "every"}
    assert "average" not in arguments(EMA())
    assert arguments(3) == {}
    assert arguments(Watching(every=2))["every"] == 2


def test_a_batch_may_be_full_or_a_single_sample() -> None:
    whole = recipefile.load("digits", ["batch_size=full"])
    assert whole.batch_size == "full"
    assert recipefile.from_dict(recipefile.to_dict(whole)) == whole
    with pytest.raises(RecipeError, match=r"Recipe\.batch_size must be .*got 'fulll'"):
        recipefile.load("digits", ["batch_size=fulll"])
    with pytest.raises(RecipeError, match=r"Recipe\.batch_size must be at least 1, got 0"):
        recipefile.load("digits", ["batch_size=0"])
