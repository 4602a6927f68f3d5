from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from gradwise.gradient import Centralise, GradientNoise, Sign, UnitNorm
from gradwise.stages import GradientEdit


def parameter(gradient: torch.Tensor) -> nn.Parameter:
    made = nn.Parameter(torch.zeros_like(gradient))
    made.grad = gradient.clone()
    return made


def grad(p: nn.Parameter) -> torch.Tensor:
    assert p.grad is not None
    return p.grad


def test_centred_by_hand() -> None:
    weight, bias = parameter(torch.tensor([[1.0, 3.0], [2.0, 8.0]])), parameter(torch.tensor([1.0, 3.0]))
    Centralise()([weight, bias])
    assert grad(weight).tolist() == [[-1.0, 1.0], [-3.0, 3.0]]
    assert grad(bias).tolist() == [1.0, 3.0]


def test_a_convolution_is_centred_over_its_window() -> None:
    p = parameter(torch.randn(3, 2, 3, 3))
    before = grad(p).clone()
    Centralise()([p])
    for now, old in zip(grad(p), before, strict=True):
        torch.testing.assert_close(now, old - old.mean())


def test_centring_twice_is_centring_once() -> None:
    p = parameter(torch.randn(4, 5))
    Centralise()([p])
    once = grad(p).clone()
    Centralise()([p])
    torch.testing.assert_close(grad(p), once)


def test_noise_has_its_spread_and_no_mean() -> None:
    made = nn.Parameter(torch.zeros(200, 100))
    made.grad = torch.full((200, 100), 3.0)
    held = made.grad
    GradientNoise(0.5)([made, nn.Parameter(torch.zeros(1))])
    assert made.grad is held  # in place: a kernel holds the address
    assert float(held.mean()) == pytest.approx(3, abs=0.02)
    assert float(held.std()) == pytest.approx(0.5, rel=0.02)


def test_noise_is_torch_s_stream_s() -> None:
    found: list[torch.Tensor] = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        made = nn.Parameter(torch.zeros(5))
        made.grad = torch.zeros(5)
        GradientNoise()([made])
        found.append(made.grad)
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


def test_noise_falls_as_the_paper_says() -> None:
    edit, spreads = GradientNoise(2.0, decay=0.55), list[float]()
    for _ in range(4):
        torch.manual_seed(0)
        made = parameter(torch.zeros(1000))
        edit([made])
        spreads.append(float(grad(made).std()))
    assert [s / spreads[0] for s in spreads] == pytest.approx([(1 + t) ** (-0.55 / 2) for t in range(4)], rel=1e-5)


def test_noise_goes_on_where_it_was() -> None:
    first, second = GradientNoise(decay=1.0), GradientNoise(decay=1.0)
    for _ in range(3):
        first([parameter(torch.zeros(2))])
    second.kept.restore(copy.deepcopy(first.kept.state()))
    found: list[torch.Tensor] = []
    for edit in (first, second):
        torch.manual_seed(3)
        made = parameter(torch.zeros(5))
        edit([made])
        found.append(grad(made))
    assert torch.equal(*found)


def test_signs_by_hand() -> None:
    p = parameter(torch.tensor([-3.0, 0.0, 1e-20]))
    Sign()([p, nn.Parameter(torch.zeros(1))])
    assert grad(p).tolist() == [-1.0, 0.0, 1.0]


def test_length_one_over_all_or_each() -> None:
    p, q = parameter(torch.tensor([3.0])), parameter(torch.tensor([0.0, 4.0]))
    UnitNorm()([p, nn.Parameter(torch.zeros(1)), q])
    assert [*grad(p).tolist(), *grad(q).tolist()] == pytest.approx([0.6, 0, 0.8])
    UnitNorm("parameter")([p, q])
    assert [*grad(p).tolist(), *grad(q).tolist()] == pytest.approx([1, 0, 1])


@given(st.floats(1e-3, 1e3), st.sampled_from(["all", "parameter"]))
def test_the_gradient_s_size_does_not_matter(scale: float, over: str) -> None:
    one, other = parameter(torch.tensor([1.0, -2.0])), parameter(torch.tensor([1.0, -2.0]) * scale)
    for p in (one, other):
        UnitNorm(over)([p])  # type: ignore[arg-type]
    torch.testing.assert_close(grad(one), grad(other))


def test_what_has_vanished_is_not_blown_up() -> None:
    p = parameter(torch.zeros(3))
    UnitNorm()([p])
    assert grad(p).tolist() == [0, 0, 0]
    p = parameter(torch.tensor([1e-12]))
    UnitNorm()([p])
    assert grad(p).item() == pytest.approx(1e-4)


@pytest.mark.parametrize("edit", [Centralise(), GradientNoise(), Sign(), UnitNorm(), UnitNorm("parameter")], ids=repr)
def test_no_gradient_at_all(edit: GradientEdit) -> None:
    edit([nn.Parameter(torch.zeros(1))])
    edit([])
