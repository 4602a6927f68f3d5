from __future__ import annotations

import math
from functools import partial
from typing import Any

import pytest
import torch

from gradwise.data import Digits
from gradwise.errors import RecipeError
from gradwise.experiment.rate import falling, range_test, smoothed, suggested
from gradwise.model import MLP
from gradwise.recipe import Recipe, Watching
from gradwise.report import rate as report
from gradwise.update import SGD, OneCycle

FIELDS: dict[str, Any] = {
    "data": Digits(valid=0.2, test=0.3),
    "model": MLP((64, 32, 10)),
    "epochs": 10,
    "schedule": OneCycle(),
    "watch": Watching(on=False),
}


def test_three_rules_on_a_curve_by_hand() -> None:
    rates = [10.0**power for power in range(-5, 5)]
    losses = [2.0, 1.99, 1.9, 1.2, 1.0, 0.9, 0.8, 0.7, 5.0, 9.0]
    found = suggested(rates, losses)
    assert found["steepest"] == rates[3]  # between 1.9 and 1.0
    assert found["minimum / 10"] == pytest.approx(rates[7] / 10)
    assert found["valley"] == rates[5]  # two thirds down the eight that fall


def test_what_never_falls_or_is_too_short_suggests_nothing() -> None:
    assert suggested([0.1] * 5, [1.0, 0.9, 0.8, 0.7, 0.6]) == {}
    assert suggested([0.1] * 9, [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8]) == {}


def test_the_longest_fall_jumps_over_what_rises() -> None:
    assert falling([5.0, 9.0, 4.0, 6.0, 3.0, 3.0, 1.0]) == [0, 2, 4, 6]


def test_the_running_mean_is_corrected_for_its_start() -> None:
    assert smoothed([3.0, 3.0, 3.0]) == pytest.approx([3.0, 3.0, 3.0])
    assert smoothed([1.0, 2.0])[1] == pytest.approx((0.9 * 1 + 2) / 1.9)


def test_a_rate_that_is_far_too_low_is_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = Recipe(**FIELDS, optimizer=SGD(lr=1e-4, momentum=0.9))
    found = range_test(recipe, steps=120)
    assert found.metric == "valid_accuracy"
    assert found.epochs == 2
    assert [one.rule for one in found.suggestions][-1] == "own"
    assert 1e-3 < found.suggestions[0].lr < 1
    values = [one.value for one in found.suggestions if one.value is not None]
    assert values == sorted(values, reverse=True)
    again = range_test(recipe, steps=120)
    assert again == found  # a function of the seed
    svg = report.draw(found, "a & b")
    assert "a &amp; b" in svg
    assert svg.count("<line") == 4
    report.show(found, "digits epochs=10")
    assert "gradwise compare 'digits epochs=10' 'digits epochs=10 optimizer.lr=" in capsys.readouterr().out


def test_a_rate_far_too_high_is_not_finite_and_comes_last() -> None:
    recipe = Recipe(**FIELDS, optimizer=SGD(lr=1e30))
    found = range_test(recipe, low=1e-3, high=10.0, steps=100, epochs=1)
    assert found.suggestions[-1].value is None
    assert math.isfinite(found.suggestions[0].value or math.nan)


def test_what_has_no_rate_is_told() -> None:
    with pytest.raises(RecipeError, match="has no lr to test"):
        range_test(Recipe(**FIELDS, optimizer=partial(torch.optim.SGD, lr=0.1)))
    with pytest.raises(RecipeError, match="to a higher one"):
        range_test(Recipe(**FIELDS), low=1.0, high=0.1)
