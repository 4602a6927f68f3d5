from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gradwise.gradient import ClipNorm, ClipValue

NUMBERS = st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=8)


def params(*gradients: list[float] | None) -> list[nn.Parameter]:
    made: list[nn.Parameter] = []
    for gradient in gradients:
        p = nn.Parameter(torch.zeros(len(gradient or [0])))
        p.grad = None if gradient is None else torch.tensor(gradient)
        made.append(p)
    return made


def gradients(made: list[nn.Parameter]) -> list[float]:
    return [x for p in made if p.grad is not None for x in p.grad.tolist()]


def test_a_long_gradient_is_shortened_over_all_parameters_together() -> None:
    made = params([3.0], None, [0.0, 4.0])
    ClipNorm(1)(made)
    assert gradients(made) == pytest.approx([0.6, 0.0, 0.8], rel=1e-5)
    assert made[1].grad is None


def test_a_short_gradient_is_left_alone_to_the_bit() -> None:
    made = params([3.0], [4.0])
    ClipNorm(5.1)(made)
    assert gradients(made) == [3.0, 4.0]


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.floats(0.01, 100))
def test_norms_as_torch_clips_them(groups: list[list[float]], most: float) -> None:
    ours, theirs = params(*groups), params(*groups)
    ClipNorm(most)(ours)
    nn.utils.clip_grad_norm_(theirs, most)
    assert gradients(ours) == pytest.approx(gradients(theirs), rel=1e-6, abs=1e-30)
    assert float(torch.tensor(gradients(ours)).norm()) <= most * 1.0001


def test_values_by_hand() -> None:
    made = params([-3.0, 0.5], None, [1.0, 7.0])
    ClipValue(1)(made)
    assert gradients(made) == [-1.0, 0.5, 1.0, 1.0]


@given(NUMBERS, st.floats(0.01, 100))
def test_values_as_torch_clips_them(numbers: list[float], most: float) -> None:
    ours, theirs = params(numbers), params(numbers)
    ClipValue(most)(ours)
    nn.utils.clip_grad_value_(theirs, most)
    assert gradients(ours) == gradients(theirs)


@pytest.mark.parametrize("edit", [ClipNorm(1), ClipValue(1)], ids=repr)
def test_no_gradient_at_all(edit: ClipNorm | ClipValue) -> None:
    edit(params(None))
    edit([])


@pytest.mark.parametrize("edit", [ClipNorm(1), ClipValue(1)], ids=repr)
def test_it_rewrites_in_place(edit: ClipNorm | ClipValue) -> None:  # a kernel holds the address
    (made,) = params([5.0])
    before = made.grad
    edit([made])
    assert made.grad is before
