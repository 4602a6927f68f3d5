from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gradwise.kernels import MEASURES, NORMS, Measurer, measure

pytestmark = pytest.mark.usefixtures("kernels")
FLOATS = st.floats(width=32, allow_nan=True, allow_infinity=True)


def measured(tensor: Tensor) -> dict[str, float]:
    out = torch.full((len(MEASURES) + 1,), -7.0)
    measure(tensor, out[:-1])
    assert out[-1] == -7, "written past its end"
    return dict(zip(MEASURES, out.tolist(), strict=False))


def by_hand(tensor: Tensor) -> dict[str, float]:
    numbers = tensor.detach().double().flatten().tolist()
    nan = any(math.isnan(x) for x in numbers)
    return {
        "sum": sum(numbers),
        "square_sum": sum(x * x for x in numbers),
        "maximum": math.nan if nan else max((abs(x) for x in numbers), default=0),
        "zeros": numbers.count(0),
        "nonfinite": sum(not math.isfinite(x) for x in numbers),
    }


def assert_measured(tensor: Tensor, **tolerance: float) -> None:
    expected = by_hand(tensor)
    assert measured(tensor) == pytest.approx(expected, nan_ok=True, **tolerance)


def test_numbers_by_hand() -> None:
    expected = {"sum": -1.0, "square_sum": 15.0, "maximum": 3.0, "zeros": 2.0, "nonfinite": 0.0}
    assert measured(torch.tensor([[0.0, 1.0, -3.0], [2.0, -0.0, -1.0]])) == expected


@given(st.lists(st.floats(-100, 100, width=32), max_size=50))
def test_any_finite_numbers(numbers: list[float]) -> None:
    assert_measured(torch.tensor(numbers, dtype=torch.float32), rel=1e-5, abs=1e-3)


@given(st.lists(FLOATS, max_size=30))
def test_what_is_not_finite_is_counted(numbers: list[float]) -> None:
    tensor = torch.tensor(numbers, dtype=torch.float32)
    expected, found = by_hand(tensor), measured(tensor)
    for name in ("maximum", "zeros", "nonfinite"):
        assert found[name] == pytest.approx(expected[name], nan_ok=True, rel=0)


@pytest.mark.parametrize(
    ("numbers", "largest"),
    [
        ([math.nan, 1.0], math.nan),
        ([math.inf, 1.0], math.inf),
        ([-math.inf, 1.0], math.inf),
        ([math.nan, math.inf], math.nan),
    ],
)
def test_nan_and_infinity(numbers: list[float], largest: float) -> None:
    found = measured(torch.tensor(numbers))
    assert found["maximum"] == pytest.approx(largest, nan_ok=True)
    assert found["nonfinite"] == sum(not math.isfinite(x) for x in numbers)
    assert not math.isfinite(found["sum"])


def test_a_single_bad_number_far_inside_is_found() -> None:
    tensor = torch.ones(20_001)
    tensor[13_777] = math.nan
    assert measured(tensor)["nonfinite"] == 1


def test_denormals_are_no_zeros() -> None:
    found = measured(torch.tensor([1e-40, -1e-45, 0.0]))
    assert found["zeros"] == 1
    assert found["maximum"] == pytest.approx(1e-40, rel=1e-4)
    assert found["nonfinite"] == 0


def test_nothing_at_all() -> None:
    assert set(measured(torch.empty(0, 3)).values()) == {0.0}


@pytest.mark.parametrize("size", [8191, 8192, 8193, 64 * 8192 + 5, 3 * 64 * 8192])
def test_blocks_of_the_sum_meet_without_gap(size: int) -> None:
    tensor = torch.arange(size, dtype=torch.float32).remainder(7)
    found = measured(tensor)
    double = tensor.double()
    assert found["sum"] == pytest.approx(float(double.sum()), rel=1e-6)
    assert found["square_sum"] == pytest.approx(float(double.square().sum()), rel=1e-6)
    assert found["zeros"] == -(-size // 7)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_other_types(dtype: torch.dtype) -> None:
    assert_measured(torch.tensor([0.5, -2.0, 0.0, 4.0], dtype=dtype))


@pytest.mark.parametrize("how", ["columns", "every other", "expanded", "channels last", "transposed", "5-d permuted"])
def test_any_order_of_memory(how: str) -> None:
    x = torch.randn(6, 4, 4, 4)
    view = {
        "columns": x[..., 1:3],
        "every other": x[::2],
        "expanded": x[:1].expand(5, 4, 4, 4),
        "channels last": x.to(memory_format=torch.channels_last),
        "transposed": x.flatten(1).t(),
        "5-d permuted": x[None].permute(4, 2, 0, 1, 3),
    }[how]
    assert_measured(view, rel=1e-5, abs=1e-5)


def test_a_gradient_is_measured_without_recording_it() -> None:
    weight = torch.ones(3, requires_grad=True)
    assert measured(weight)["sum"] == 3
    assert measured(weight * 2)["sum"] == 6


# Many at once.


def rows(tensors: list[Tensor]) -> tuple[Tensor, bool]:
    out = torch.full((len(tensors) + 1, len(NORMS)), -7.0)
    finite = Measurer(tensors).measure(tensors, out[:-1])
    assert bool((out[-1] == -7).all()), "written past its end"
    assert isinstance(finite, bool)
    return out[:-1], finite


def test_many_tensors_at_once_are_measured_as_each_alone() -> None:
    tensors = [torch.randn(shape) for shape in [(3, 4), (1,), (2, 3, 5, 5), (20_000,)]]
    tensors[2] = tensors[2].to(memory_format=torch.channels_last)
    found, finite = rows(tensors)
    expected = [[by_hand(tensor)[name] for name in NORMS] for tensor in tensors]
    torch.testing.assert_close(found, torch.tensor(expected), rtol=1e-5, atol=0)
    assert finite
    assert Measurer(tensors).finite(tensors) is True


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_one_bad_number_among_many_tensors(bad: float, at: int) -> None:
    tensors = [torch.ones(5), torch.ones(3, 3), torch.ones(10_000)]
    tensors[at].view(-1)[-1] = bad
    found, finite = rows(tensors)
    assert not finite
    assert found[:, 2].tolist() == [float(i == at) for i in range(3)]
    assert Measurer(tensors).finite(tensors) is False


def test_other_types_among_many() -> None:
    tensors = [torch.ones(3, dtype=torch.bfloat16), torch.ones(2, 4)[:, ::2]]
    found, finite = rows(tensors)
    assert found.tolist() == [[3, 1, 0], [4, 1, 0]]
    assert finite


def test_addresses_are_taken_anew() -> None:
    first, second = [torch.ones(4)], [torch.full((4,), 2.0)]
    measurer, out = Measurer(first), torch.empty(1, 3)
    measurer.measure(first, out)
    measurer.measure(second, out)
    assert out.tolist() == [[16, 2, 0]]
