from __future__ import annotations

import time

import pytest
import torch

from gradwise.data import XOR, Arrays, Digits, Mapped, Sets, Source, check
from gradwise.errors import DataError

Y = torch.tensor([0, 1, 2, 1])
X = torch.zeros(4, 3)


def complaint(train: Source, valid: Source | None = None, outputs: int | None = None, classes: int = 0) -> str:
    with pytest.raises(DataError) as caught:
        check(Sets(train, valid, classes=tuple("abcdefgh"[:classes])), outputs)
    assert len(str(caught.value).splitlines()) <= 5
    return str(caught.value)


@pytest.mark.parametrize("outputs", [None, 10])
def test_healthy_sets_raise_nothing_and_warn_of_nothing(outputs: int | None) -> None:
    assert check(Digits()(0), outputs) == []
    assert check(XOR()(0), 2) == []
    assert check(Sets(Arrays(X, torch.tensor([1.0, 2.0, 3.0, 4.0]))), 1) == []  # regression on whole numbers
    assert check(Sets(Arrays(X, torch.rand(4, 5))), 5) == []  # several numbers to reach
    assert check(Sets(Arrays(torch.full((4, 3), 3e38), Y))) == []  # the sum overflows, the numbers do not


def test_empty() -> None:
    assert "The valid set is empty" in complaint(Arrays(X, Y), Arrays(X[:0], Y[:0]))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_non_finite_inputs_are_placed(value: float) -> None:
    x = X.clone()
    x[2, 1] = x[3, 0] = value
    text = complaint(Arrays(x, Y))
    assert "2 NaN or infinite" in text
    assert "first in sample 2, position (1)" in text


def test_non_finite_pixels_are_placed() -> None:
    x = torch.zeros(4, 3, 5, 5)
    x[1, 2, 3, 4] = float("nan")
    assert "sample 1, position (2, 3, 4)" in complaint(Arrays(x, Y))


def test_non_finite_targets() -> None:
    assert "y of the train set holds 1" in complaint(Arrays(X, torch.tensor([0.5, float("nan"), 1.5, 2.0])))


def test_float_class_numbers() -> None:
    assert "y.long()" in complaint(Arrays(X, Y.float()), outputs=3)
    assert "y.long()" in complaint(Arrays(X, Y.float()), classes=3)


def test_labels_out_of_range_name_their_rows() -> None:
    text = complaint(Arrays(X, torch.tensor([0, 3, 1, 3])), outputs=3, classes=3)
    assert "Label 3 in the train set: classes are 0 to 2 (a, b, c)." in text
    assert "2 rows: 1, 3" in text
    assert "4 outputs" in text
    assert "Label -1" in complaint(Arrays(X, torch.tensor([0, -1, 1, 2])))


def test_shapes_of_parts_that_differ() -> None:
    assert "(2,), those of the training set (3,)" in complaint(Arrays(X, Y), Arrays(X[:, :2], Y))


def test_one_class_only_is_a_warning() -> None:
    [line] = check(Sets(Arrays(X, torch.ones(4, dtype=torch.int64)), classes=("cat", "dog")))
    assert "1 (dog)" in line


def test_a_mapped_set_is_asked_for_one_batch() -> None:
    pairs = [(torch.tensor([float("nan")]), 0)] * 100
    assert "16 NaN" in complaint(Mapped(pairs))  # type: ignore[arg-type]


def test_bytes_cost_nothing() -> None:
    sets = Sets(Arrays(torch.zeros(60_000, 784, dtype=torch.uint8), torch.arange(60_000) % 10))
    start = time.perf_counter()
    check(sets, 10)
    assert time.perf_counter() - start < 0.1  # 1 ms when nothing else runs


def test_rows_are_those_of_the_whole_set() -> None:
    part = Arrays(X, torch.tensor([0, 5, 1, 2])).subset(torch.tensor([3, 1])).subset(torch.tensor([1]))
    assert "1 row: 1 of the whole set" in complaint(part, outputs=3)
    assert part.to("cpu").flat().rows is not None
