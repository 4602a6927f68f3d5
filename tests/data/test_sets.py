from __future__ import annotations

import pytest
import torch

from gradwise.data import Arrays, Mapped, Sets
from gradwise.errors import DataError


def test_fetch_normalises_the_chosen_samples() -> None:
    x = torch.tensor([[0, 10], [20, 30], [40, 255]], dtype=torch.uint8)
    source = Arrays(x, torch.tensor([0, 1, 2]), scale=torch.tensor([0.5, 2.0]), shift=torch.tensor([1.0, 0.0]))
    batch = source.fetch(torch.tensor([2, 0]))
    assert batch.x.dtype == torch.float32
    assert batch.x.tolist() == [[21.0, 510.0], [1.0, 20.0]]
    assert batch.y.tolist() == [2, 0]
    assert batch.index.tolist() == [2, 0]


def test_fetch_leaves_the_set_as_it_is() -> None:
    x = torch.rand(4, 3)
    before = x.clone()
    batch = Arrays(x, torch.zeros(4), torch.tensor(3.0), torch.tensor(1.0)).fetch(torch.arange(4))
    batch.x.add_(1)
    assert torch.equal(x, before)


def test_tokens_stay_whole_numbers() -> None:
    batch = Arrays(torch.tensor([[3, 4]]), torch.tensor([0]), scale=torch.tensor(0.5)).fetch(torch.tensor([0]))
    assert batch.x.tolist() == [[3, 4]]
    assert batch.x.dtype == torch.int64


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(DataError, match="3 samples but y has 2 labels"):
        Arrays(torch.zeros(3, 1), torch.zeros(2))


def test_to_moves_every_part() -> None:
    source = Arrays(torch.zeros(3, 1), torch.zeros(3), torch.tensor(2.0))
    moved = Sets(source, source).to("meta")
    assert isinstance(moved.train, Arrays)
    assert moved.train.x.device.type == "meta"
    assert moved.train.scale is not None
    assert moved.train.scale.device.type == "meta"
    assert moved.valid is not None
    assert moved.test is None


def test_a_stream_is_refused_as_a_map_style_dataset() -> None:
    with pytest.raises(DataError, match="not a map-style dataset"):
        Mapped(iter([(1, 2)]))  # type: ignore[arg-type]
