from __future__ import annotations

import numpy as np
import pytest
import torch

from gradwise.doctor import learnable
from gradwise.doctor.learnable import Table, explain, explained, raw, table

Given = list[tuple[list[torch.Tensor], torch.Tensor, list[int] | None]]


def batches(x: torch.Tensor, y: torch.Tensor, size: int = 32) -> Given:
    return [([a], b, None) for a, b in zip(x.split(size), y.split(size), strict=True)]


def made(given: Given, loss: str = "cross_entropy") -> Table:
    found = table(given, loss)
    assert found is not None
    return found


def test_the_share_that_is_explained() -> None:
    y = np.array([0, 0, 0, 1])
    assert explained(y, np.array([0, 0, 0, 0]), True) == 0
    assert explained(y, y, True) == 1
    assert explained(y, np.array([0, 0, 1, 1]), True) == pytest.approx(2 / 3)
    assert explained(y, np.array([1, 1, 1, 0]), True) == 0
    numbers = np.array([[0.0], [2.0]])
    assert explained(numbers, np.array([[0.5], [1.5]]), False) == pytest.approx(0.75)
    assert explained(numbers, numbers + 5, False) == 0


def test_targets_that_depend_on_the_inputs() -> None:
    x = torch.randn(256, 5)
    found = explain(made(batches(x, (x[:, 0] > 0).long())))
    assert found.simple > 0.7
    assert found.p < 0.01
    assert found.stronger >= found.simple


def test_targets_that_do_not() -> None:
    found = explain(made(batches(torch.randn(256, 5), torch.randint(0, 3, (256,)))))
    assert found.simple < 0.1
    assert found.p > 0.05


def test_a_rare_class() -> None:
    x, y = torch.randn(800, 5), (torch.arange(800) % 25 == 0).long()
    unrelated = explain(made(batches(x, y)))
    assert unrelated.p > 0.02
    x[:, 0] += 3 * y
    related = explain(made(batches(x, y)))
    assert related.simple > 0.5
    assert related.p < 0.01


def test_classes_with_a_handful_of_samples_are_left_out() -> None:
    y = torch.arange(200) % 2
    y[7] = 5
    found = made(batches(torch.randn(200, 4), y))
    assert set(found.y) == {0, 1}
    assert len(found.x) == len(found.rows) == 199


def test_numbers_as_targets() -> None:
    x = torch.randn(256, 5)
    found = explain(made(batches(x, x[:, :1] * 3 + 1), "mse_loss"))
    assert found.simple > 0.9
    assert found.p < 0.01


def test_what_only_the_stronger_model_sees() -> None:
    x = torch.rand(600, 12) * 2 - 1
    found = explain(made(batches(x, (x[:, 0].abs() < 0.5).long())))
    assert found.stronger > found.simple + 0.1


def test_a_sample_that_comes_again_counts_once() -> None:
    x, y = torch.randn(100, 4), torch.randint(0, 2, (100,))
    assert len(made(batches(x, y) + batches(x, y)).x) == 100
    noisy = [([x + 0.1 * torch.randn_like(x)], y, list(range(100))) for _ in range(3)]
    assert len(made(noisy).x) == 100  # type: ignore[arg-type]


def test_how_far_the_labels_of_equal_inputs_agree() -> None:
    torch.manual_seed(0)
    x, noise = torch.randint(0, 2, (800, 7)), torch.randint(0, 2, (800,))
    right = learnable.agreement(batches(x, x.sum(1) % 2), "cross_entropy")
    wrong = learnable.agreement(batches(x, noise), "cross_entropy")
    assert right is not None
    assert wrong is not None
    assert right[0] == wrong[0] > 1500
    assert right[1] == 1
    assert abs(wrong[1]) < 0.1
    assert learnable.agreement(batches(x.bfloat16(), noise), "cross_entropy") == wrong
    assert learnable.agreement(batches(x.float(), x.float().mean(1)), "mse_loss") is None
    assert learnable.agreement(batches(torch.randn(800, 7), noise), "cross_entropy") is None  # none are the same


def test_rows_say_where_each_sample_came_from() -> None:
    x, y = torch.randn(100, 4), torch.arange(100) % 2
    x[40] = x[3]
    assert made(batches(x, y)).rows[38:42] == [(1, 6), (1, 7), (1, 9), (1, 10)]


@pytest.mark.parametrize(
    "given",
    [
        batches(torch.randn(32, 4), torch.randint(0, 2, (32,))),  # too few
        batches(torch.randn(100, 4), torch.zeros(100).long()),  # one class
        batches(torch.randn(100, 4), torch.randint(0, 2, (100, 8, 8))),  # a class per pixel
        [([torch.randn(20, 4)], torch.randint(0, 2, (80,)), None)],  # four targets per row
        batches(torch.full((100, 4), torch.nan), torch.randint(0, 2, (100,))),
    ],
)
def test_no_table(given: Given) -> None:
    assert table(given, "cross_entropy") is None


def test_kinds_of_targets() -> None:
    x = torch.randn(100, 3)
    zero_or_one = (torch.arange(100) % 2).float()
    assert made(batches(x, zero_or_one), "binary_cross_entropy").classes
    assert not made(batches(x, zero_or_one), "mse_loss").classes
    assert made(batches(x, torch.eye(4)[torch.arange(100) % 4])).y.tolist() == [i % 4 for i in range(100)]
    assert made(batches(x, torch.randn(100)), "mse_loss").y.shape == (100, 1)


def test_features_of_inputs() -> None:
    assert raw(torch.randn(3, 2, 4)).shape == (3, 8)
    assert raw(torch.randn(3, 3, 64, 64)).shape == (3, learnable.RAW)
    counts = raw(torch.tensor([[1, 1, 2, 5, 0]]))
    assert counts[0, :6].tolist() == [1, 2, 1, 0, 0, 1]
    assert raw(torch.tensor([3, 5]))[:, :6].tolist() == [[0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 1]]
    assert made(batches(torch.randn(100, 300), torch.arange(100) % 2)).x.shape == (100, learnable.FEATURES)
