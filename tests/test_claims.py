"""The tables of benchmarks/claims.py, on invented figures."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from claim_studies import Arm  # pyright: ignore[reportMissingImports]
from claims import table  # pyright: ignore[reportMissingImports]


def test_rows_are_held_against_the_first() -> None:
    base = Arm([0.90, 0.92, 0.91])
    better = Arm([0.93, 0.94, 0.94], {"KiB": [10.0, 30.0, 20.0]})
    once = Arm([0.95])  # no pairs: no difference
    header, _, *rows = table({"first": base, "better": better, "teacher": once}).splitlines()
    assert header == "|  | Test accuracy | Difference, points | p | KiB |"
    assert rows[0] == "| first | 91.00 % ± 1.00 (n=3) |  |  |  |"
    cells = [cell.strip() for cell in rows[1].strip("|").split("|")]
    assert cells[:2] == ["better", "93.67 % ± 0.58 (n=3)"]
    assert cells[2].startswith("+2.67 [+")
    assert float(cells[3]) == pytest.approx(0.0153, abs=1e-3)
    assert cells[4] == "20"
    assert rows[2] == "| teacher | 95.00 % (n=1) |  |  |  |"


def test_what_adds_up_goes_beside() -> None:
    arm = Arm()
    arm.add(0.5, seconds=2.0)
    arm.add(0.6, seconds=4.0)
    assert (arm.values, arm.beside) == ([0.5, 0.6], {"seconds": [2.0, 4.0]})
