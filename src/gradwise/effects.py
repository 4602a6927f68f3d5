"""What techniques did in a controlled comparison, as it was measured: `effects.json`, which no hand writes.

`python benchmarks/effects.py NAME` measures what a technique does, `python benchmarks/costs.py NAME` what a step costs.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Effect:
    """A technique on one problem: with it less without it, seed by seed."""

    problem: str
    change: str  # what was put in
    against: str  # what stood there before
    metric: str
    seeds: int
    difference: float | None  # as the metric reads: of an accuracy above 0 is better; None without a pair
    low: float | None  # of the 95 % interval
    high: float | None
    verdict: str  # a word of `experiment.compare.Word`
    says: str
    time: float | None  # the whole run's processor time over that without it
    command: str


@dataclass(frozen=True)
class Cost:
    """What a technique costs a step, on one problem's network."""

    problem: str
    ratio: float  # processor time of a step over that of one without it, median over turns
    low: float  # its quartiles
    high: float
    milliseconds: float  # of a step without it
    command: str


@functools.cache
def _written() -> dict[str, Any]:
    return json.loads((resources.files("gradwise") / "effects.json").read_text(encoding="utf-8"))


@functools.cache
def _measured() -> tuple[dict[str, tuple[Effect, ...]], dict[str, str]]:
    rows = {name: tuple(Effect(**row) for row in rows) for name, rows in _written()["techniques"].items()}
    return rows, _written()["problems"]


def cost(name: str) -> Cost | None:
    """What a technique costs a step; None where that was not measured."""
    found = _written().get("costs", {}).get(name)
    return Cost(**found) if found else None


def effects(name: str) -> tuple[Effect, ...]:
    """What was measured of a technique, problem by problem; nothing where it was not."""
    return _measured()[0].get(name, ())


def problem(name: str) -> str:
    """What a problem of `effects` is, in a line."""
    return _measured()[1].get(name, "")


def command(name: str) -> str:
    """What measures a technique, from the root of the repository."""
    return f"python benchmarks/effects.py {name}"
