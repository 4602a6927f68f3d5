"""Rank correlation with time, against SciPy's and a table."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy import stats

from gradwise.diagnose.rank import student, trend


@pytest.mark.parametrize("size", [3, 4, 5, 8, 9, 100, 2001])
def test_agrees_with_scipy_with_ties_too(size: int) -> None:
    rng = np.random.default_rng(size)
    values = (rng.normal(size=size) - np.arange(size) / size).round(1)
    expected: Any = stats.spearmanr(np.arange(size), values)
    assert trend(values) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9, abs=1e-12)


def test_a_straight_fall_has_no_chance() -> None:
    assert trend(np.array([4.0, 3.0, 2.0, 1.0])) == (-1.0, 0.0)


@pytest.mark.parametrize(("t", "degrees"), [(12.706, 1), (4.303, 2), (2.571, 5), (2.228, 10), (1.984, 100)])
def test_the_table_of_students_t(t: float, degrees: int) -> None:
    assert student(t, degrees) == pytest.approx(0.05, abs=1e-4)


def test_a_program_under_the_doctor_is_not_made_to_import_what_is_heavy() -> None:
    told = "import sys, gradwise.doctor.observer, gradwise.diagnose.rules; print([*sys.modules])"
    known = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
    assert "'scipy" not in known
    assert "'pydantic.dataclasses'" not in known
