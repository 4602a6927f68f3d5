"""Figures as people read them."""

from __future__ import annotations

import pytest

from gradwise.report.figures import count, duration, figure, figures


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("valid_accuracy", 0.97407, "97.41%"),
        ("valid_accuracy", 1.0, "100.00%"),
        ("train_loss", 2.30259, "2.3026"),
        ("train_loss", 0.0, "0.0000"),
        ("train_loss", 0.00012345, "1.234e-04"),
        ("valid_mae", 123456.7, "1.235e+05"),
        ("lr", 1.35e-06, "1.35e-06"),
        ("lr", 0.0016871, "0.00169"),
    ],
)
def test_figure(name: str, value: float, text: str) -> None:
    assert figure(name, value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.123, "0.12 s"), (5.24, "5.2 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (192, "3 min 12 s"),
     (3599.7, "1 h 00 min"), (7500, "2 h 05 min")],
)  # fmt: skip
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_lines_and_plurals() -> None:
    assert figures({"train_loss": 0.5, "valid_accuracy": 0.5}) == "train_loss 0.5000  valid_accuracy 50.00%"
    assert [count(1, "step"), count(1170, "step")] == ["1 step", "1,170 steps"]
