from __future__ import annotations

import math

import pytest
import torch

from gradwise.evaluate import is_better
from gradwise.evaluate.metrics import correct, metric_name


@pytest.mark.parametrize(
    ("metric", "value", "best", "better"),
    [
        ("valid_accuracy", 0.9, 0.8, True),
        ("valid_accuracy", 0.8, 0.8, False),
        ("valid_accuracy", 0.7, 0.8, False),
        ("valid_loss", 0.7, 0.8, True),
        ("valid_loss", 0.8, 0.8, False),
        ("valid_mae", 0.9, 0.8, False),
        ("valid_loss", 0.9, None, True),
        ("valid_loss", math.nan, None, False),
        ("valid_loss", math.nan, 0.8, False),
        ("valid_accuracy", math.nan, 0.8, False),
    ],
)
def test_what_is_better(metric: str, value: float, best: float | None, better: bool) -> None:
    assert is_better(metric, value, best) is better


def test_the_metric_goes_by_the_labels() -> None:
    assert metric_name(torch.tensor([1])) == "accuracy"
    assert metric_name(torch.tensor([1.0])) == "mae"


def test_by_hand() -> None:
    assert float(correct(torch.tensor([[1.0, 2.0], [2.0, 1.0]]), torch.tensor([1, 1]))) == 0.5
    assert float(correct(torch.tensor([[0.1], [-0.1], [0.0]]), torch.tensor([1, 1, 0]))) == pytest.approx(2 / 3)
    assert float(correct(torch.tensor([[1.0], [4.0]]), torch.tensor([2.0, 2.0]))) == 1.5
    segments = torch.zeros(1, 2, 2, 2)  # (B, C, H, W) logits, a class per pixel
    segments[0, 1, 0, 0] = 1
    assert float(correct(segments, torch.tensor([[[1, 0], [0, 1]]]))) == 0.75
