from __future__ import annotations

import dataclasses
from dataclasses import field
from typing import Annotated, Any, Literal

import pytest
import torch
from annotated_types import Len
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from gradwise import stages
from gradwise.errors import RecipeError
from gradwise.stages import Count, Fraction, NonNegative, Positive, Share, name_of, technique


@technique
class Example:
    """One argument of each kind."""

    size: Positive
    many: Count = 1
    share: Fraction = 0.5
    part: Share = 1.0
    extra: NonNegative = 0.0
    shape: Literal["round", "flat"] = "round"
    widths: Annotated[tuple[int, ...], Len(2, 3)] = (1, 2)
    kept: list[int] = field(default_factory=list[int], init=False, repr=False, compare=False)


def refusal(*args: Any, **settings: Any) -> str:
    with pytest.raises(RecipeError) as caught:
        Example(*args, **settings)
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"size": 0}, "Example.size must be above 0, got 0."),
        ({"size": 1, "many": 0}, "Example.many must be at least 1, got 0."),
        ({"size": 1, "share": 1}, "Example.share must be below 1, got 1."),
        ({"size": 1, "part": 1.01}, "Example.part must be at most 1, got 1.01."),
        ({"size": 1, "extra": -0.5}, "Example.extra must be at least 0, got -0.5."),
        ({"size": 1, "shape": "square"}, "Example.shape must be one of 'round' or 'flat', got 'square'."),
        ({"size": "wide"}, "Example.size must be a valid number, unable to parse string as a number, got 'wide'."),
        ({"size": 1, "widths": (1,)}, "Example.widths must be at least 2 long, got (1,)."),
        ({"size": 1, "widths": (1, 2, 3, 4)}, "Example.widths must be at most 3 long, got (1, 2, 3, 4)."),
        ({"size": 1, "widths": (1, {})}, "Example.widths.1 must be a valid integer, got {}."),
        ({"size": float("nan")}, "Example.size must be a finite number, got nan."),
        ({"size": float("inf")}, "Example.size must be a finite number, got inf."),
        ({}, "Example.size is missing.\n  fix:   write size: and its value."),
    ],
)  # fmt: skip
def test_a_value_outside_the_domain_is_refused_in_a_sentence(settings: dict[str, Any], text: str) -> None:
    assert refusal(**settings) == text


def test_a_positional_argument_is_called_by_its_name() -> None:
    assert refusal(-1) == "Example.size must be above 0, got -1."
    assert refusal(1, 1, 0.5, 1, 0, "round", (1, 2), 8) == "Example has 7 settings, got one more: 8."


def test_an_unknown_setting_is_answered_with_the_nearest() -> None:
    assert refusal(sise=1) == "Example has no setting 'sise'.\n  fix:   did you mean 'size'?"


def test_a_technique_s_own_state_is_no_setting() -> None:
    assert "'kept'" not in refusal(size=1, kept=[1]).partition("fix:")[2]


@pytest.mark.parametrize("value", [torch.zeros(50, 50), "line\n" * 1000, list(range(10**5)), "é" * 10**6])
def test_whatever_is_refused_is_told_in_one_short_line(value: Any) -> None:
    text = refusal(size=value)
    assert text.startswith("Example.size must be")
    assert "\n" not in text
    assert len(text) < 250


def test_what_is_written_as_text_in_a_file_is_read() -> None:  # YAML reads 1e-3 as a string
    assert Example("1e-3").size == 0.001
    assert Example(1, widths=[3, 4]).widths == (3, 4)  # type: ignore[arg-type]


def test_a_technique_is_frozen_and_equal_by_value() -> None:
    one = Example(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.size = 2  # type: ignore[misc]
    one.kept.append(1)
    assert one == Example(1)
    assert one != Example(2)
    assert eval(repr(one)) == one
    assert Example(2).kept == []


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_taken_exactly_where_it_is_in_the_domain(value: float) -> None:
    if value > 0:
        assert Example(value).size == value
    else:
        assert refusal(value) == f"Example.size must be above 0, got {value!r}."


def test_torch_s_own_functions_are_techniques() -> None:
    assert isinstance(nn.Identity, stages.Model)
    assert isinstance(torch.optim.SGD, stages.MakeOptimizer)
    assert not isinstance(3, stages.Stop)


def test_names() -> None:
    assert name_of(Example(1)) == "Example"
    assert name_of(Example) == "Example"
    assert name_of(F.cross_entropy) == "cross_entropy"
    assert name_of(torch.relu) == "relu"
