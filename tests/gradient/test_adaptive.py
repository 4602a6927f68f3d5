from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gradwise.gradient import AdaptiveClip, AutoClip


def parameter(weight: list[list[float]] | list[float], gradient: list[list[float]] | list[float]) -> nn.Parameter:
    made = nn.Parameter(torch.tensor(weight))
    made.grad = torch.tensor(gradient)
    return made


def grads(p: nn.Parameter) -> list[float]:
    assert p.grad is not None
    return p.grad.flatten().tolist()


def test_each_unit_is_bound_by_its_own_weights() -> None:
    p = parameter([[3.0, 4.0], [0.0, 1.0], [0.0, 0.0]], [[0.0, 2.0], [0.03, 0.04], [3.0, 4.0]])
    AdaptiveClip(share=0.1)([p])
    # lengths 5, 1 and (at least) 0.001: most 0.5, 0.1 and 0.0001
    assert grads(p) == pytest.approx([0, 0.5, 0.03, 0.04, 6e-5, 8e-5], rel=1e-5)


def test_a_vector_is_one_unit_and_the_last_may_be_spared() -> None:
    bias, last = parameter([3.0, 4.0], [6.0, 8.0]), parameter([3.0, 4.0], [6.0, 8.0])
    AdaptiveClip(share=0.1, spared=1)([bias, nn.Parameter(torch.ones(1)), last])
    assert grads(bias) == pytest.approx([0.3, 0.4])
    assert grads(last) == [6.0, 8.0]
    AdaptiveClip(spared=5)([last])
    assert grads(last) == [6.0, 8.0]


@given(st.floats(0.01, 1), st.integers(0, 10**6))
def test_no_unit_of_a_convolution_is_longer_than_its_share(share: float, seed: int) -> None:
    torch.manual_seed(seed)
    p = nn.Parameter(torch.randn(4, 2, 3, 3))
    before = torch.randn_like(p) * torch.tensor([0.0, 1e-3, 1, 100]).view(4, 1, 1, 1)
    p.grad = before.clone()
    AdaptiveClip(share)([p])
    lengths, most = p.grad.flatten(1).norm(dim=1), share * p.detach().flatten(1).norm(dim=1)
    assert bool((lengths <= most * 1.0001).all())
    short = before.flatten(1).norm(dim=1) <= most
    torch.testing.assert_close(p.grad[short], before[short], rtol=1e-6, atol=0)


def run(edit: AutoClip, lengths: list[float]) -> list[float]:
    found: list[float] = []
    for length in lengths:
        p = parameter([0.0, 0.0], [0.6 * length, 0.8 * length])
        edit([p])
        assert p.grad is not None
        found.append(float(p.grad.norm()))
    return found


def test_the_bound_is_a_percentile_of_the_past() -> None:
    lengths = [4.0, 2.0, 8.0, 6.0]
    expected = [min(now, float(np.percentile(lengths[: i + 1], 25))) for i, now in enumerate(lengths)]
    assert expected == pytest.approx([4, 2, 3, 3.5])
    assert run(AutoClip(25), lengths) == pytest.approx(expected, rel=1e-5)


def test_the_past_is_a_window() -> None:
    assert run(AutoClip(100, window=2), [9.0, 1.0, 1.0, 5.0]) == pytest.approx([9, 1, 1, 5], rel=1e-5)
    assert run(AutoClip(1e-6, window=2), [1.0, 9.0, 9.0]) == pytest.approx([1, 1, 9], rel=1e-4)


def test_the_past_is_kept_by_a_checkpoint() -> None:
    lengths = [4.0, 2.0, 8.0, 6.0, 1.0]
    whole = run(AutoClip(30, window=3), lengths)
    first, second = AutoClip(30, window=3), AutoClip(30, window=3)
    begun = run(first, lengths[:2])
    second.kept.restore(copy.deepcopy(first.kept.state()))
    assert begun + run(second, lengths[2:]) == whole


def test_a_gradient_that_is_not_finite_does_not_spoil_the_past() -> None:
    edit = AutoClip(50)
    run(edit, [1.0, float("inf"), float("nan")])
    assert bool(edit.kept["lengths"].isfinite().all())
    assert run(edit, [1.0])[0] <= 1


@pytest.mark.parametrize("edit", [AdaptiveClip(), AutoClip()], ids=repr)
def test_no_gradient_at_all(edit: AdaptiveClip | AutoClip) -> None:
    edit([nn.Parameter(torch.ones(2))])
    edit([])
