from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gradwise.data import Mapped, batches
from gradwise.data.samples import as_label, as_tensor
from gradwise.errors import DataError


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (3, torch.int64),
        (3.5, torch.float32),
        (True, torch.uint8),
        (np.float64(2), torch.float32),
        (np.zeros(3, np.uint8), torch.uint8),
        (np.zeros(3, np.int16), torch.int64),
        (np.zeros(3, np.uint32), torch.int64),
        (np.zeros(3, np.float16)[::-1], torch.float32),
        (torch.zeros(2, dtype=torch.float64), torch.float32),
        (torch.zeros(2, dtype=torch.bfloat16), torch.float32),
        (torch.zeros(2, dtype=torch.bool), torch.uint8),
        ([1, 2], torch.int64),
    ],
)
def test_types(value: Any, dtype: torch.dtype) -> None:
    assert as_tensor(value).dtype == dtype
    assert as_label(value).dtype == (torch.float32 if dtype == torch.float32 else torch.int64)


@pytest.mark.parametrize(
    ("mode", "shape"), [("L", (1, 2, 3)), ("1", (1, 2, 3)), ("RGB", (3, 2, 3)), ("RGBA", (3, 2, 3)), ("P", (3, 2, 3))]
)
def test_images(mode: str, shape: tuple[int, ...]) -> None:
    tensor = as_tensor(Image.new(mode, (3, 2)))
    assert tuple(tensor.shape) == shape
    assert tensor.dtype == torch.uint8


def test_words_are_no_numbers() -> None:
    with pytest.raises(TypeError, match="no numbers"):
        as_tensor("cat")


@pytest.mark.parametrize("sample", [7, (1, 2, 3), ("cat", 1), {"x": 1}])
def test_what_is_no_pair_is_refused(sample: Any) -> None:
    with pytest.raises(DataError, match=r"list\[0\]"):
        next(batches(Mapped([sample]), torch.arange(1), 1))


def test_shapes_that_differ_are_named() -> None:
    pairs: Any = [(torch.zeros(2), 0), (torch.zeros(3), 0)]
    with pytest.raises(DataError, match=r"list\[0\] is \(2,\).*list\[1\] is \(3,\)"):
        next(batches(Mapped(pairs), torch.arange(2), 2))
