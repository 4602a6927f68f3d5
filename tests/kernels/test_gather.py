from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradwise.kernels import gather, gathers, library, status

needs_compiler = pytest.mark.skipif(library() is None, reason=status())


@needs_compiler
@given(st.lists(st.integers(0, 19), max_size=40), st.sampled_from([(), (1,), (7,), (3, 5), (2, 3, 4)]))
def test_rows_are_fetched_and_normalised_as_torch_would(rows: list[int], shape: tuple[int, ...]) -> None:
    x = torch.randint(0, 256, (20, *shape), dtype=torch.uint8)
    scale, shift = torch.rand(shape), torch.randn(shape)
    index = torch.tensor(rows, dtype=torch.int64)
    torch.testing.assert_close(gather(x, index, scale, shift), x[index].float() * scale + shift, rtol=1e-6, atol=1e-5)


@needs_compiler
def test_by_hand() -> None:
    x = torch.tensor([[0, 255], [10, 20]], dtype=torch.uint8)
    found = gather(x, torch.tensor([1, 0, 1]), torch.tensor([0.5, 2.0]), torch.tensor([1.0, -1.0]))
    assert found.tolist() == [[6.0, 39.0], [1.0, 509.0], [6.0, 39.0]]


@needs_compiler
def test_many_rows_on_several_threads() -> None:
    x = torch.randint(0, 256, (500, 700), dtype=torch.uint8)
    index = torch.randperm(500)
    assert torch.equal(gather(x, index, torch.ones(700), torch.zeros(700)), x[index].float())


def test_what_it_can_fetch_from() -> None:
    bytes_ = torch.zeros(4, 6, dtype=torch.uint8)
    assert gathers(bytes_) == (library() is not None)
    assert not gathers(bytes_.float())
    assert not gathers(bytes_[:, ::2])


def test_without_a_compiler_it_fetches_nothing(without_kernels: None) -> None:
    assert not gathers(torch.zeros(4, 6, dtype=torch.uint8))
