from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwise.data import Arrays
from gradwise.data.normalise import Normalise, fit
from gradwise.errors import DataError


def normalised(x: torch.Tensor, how: Normalise) -> torch.Tensor:
    return Arrays(x, torch.zeros(len(x)), *fit(x, how)).fetch(torch.arange(len(x))).x


def test_unit_divides_bytes_only() -> None:
    assert normalised(torch.tensor([[0], [255]], dtype=torch.uint8), "unit").tolist() == [[0.0], [1.0]]
    assert normalised(torch.tensor([[3.0]]), "unit").tolist() == [[3.0]]


def test_none_makes_floats_of_bytes() -> None:
    assert normalised(torch.tensor([[0, 255]], dtype=torch.uint8), "none").tolist() == [[0.0, 255.0]]


def test_feature_by_hand() -> None:
    # columns: mean 2, spread 1; constant 5: only moved to 0
    assert normalised(torch.tensor([[1.0, 5.0], [3.0, 5.0]]), "feature").tolist() == [[-1.0, 0.0], [1.0, 0.0]]


@pytest.mark.parametrize(("how", "axes"), [("global", (0, 1, 2, 3)), ("channel", (0, 2, 3)), ("feature", (0,))])
@pytest.mark.parametrize("bytes_in", [True, False])
def test_agrees_with_numpy(how: Normalise, axes: tuple[int, ...], bytes_in: bool) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (50, 3, 4, 5)) if bytes_in else rng.normal(1e4, 2, (50, 3, 4, 5))
    x = x.astype(np.uint8 if bytes_in else np.float32)
    wide = x.astype(np.float64)
    expected = (wide - wide.mean(axes, keepdims=True)) / wide.std(axes, keepdims=True)
    np.testing.assert_allclose(normalised(torch.from_numpy(x), how), expected, atol=2e-5 if bytes_in else 5e-3)


def test_many_chunks_agree_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.randn(97, 5, generator=torch.Generator().manual_seed(0))
    whole = fit(x, "feature")
    monkeypatch.setattr("gradwise.data.normalise._CHUNK", 10)
    for one, many in zip(whole, fit(x, "feature"), strict=True):
        torch.testing.assert_close(one, many)


def test_channel_needs_images() -> None:
    with pytest.raises(DataError, match="choose normalise: global or feature"):
        fit(torch.zeros(2, 784, dtype=torch.uint8), "channel")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=20))
def test_any_column_becomes_finite(column: list[float]) -> None:
    assert normalised(torch.tensor(column)[:, None], "feature").isfinite().all()
