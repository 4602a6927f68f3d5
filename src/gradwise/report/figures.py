"""Figures as people read them. Plain text, the same in a terminal, a pipe and a log."""

from __future__ import annotations

from collections.abc import Mapping


def figure(name: str, value: float) -> str:
    """A metric: an accuracy in percent, a learning rate in three digits, anything else with four decimals."""
    if name.endswith("accuracy"):
        return f"{value:.2%}"
    if name == "lr":
        return f"{value:.3g}"
    return f"{value:.4f}" if 1e-3 <= abs(value) < 1e5 or value == 0 else f"{value:.3e}"


def figures(row: Mapping[str, float]) -> str:
    """All metrics of a row in one line."""
    return "  ".join(f"{name} {figure(name, value)}" for name, value in row.items())


def duration(seconds: float) -> str:
    """A time with its unit, no finer than a person cares for: 0.12 s, 5.2 s, 48 s, 3 min 12 s, 2 h 05 min."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def count(number: int, thing: str) -> str:
    """1 step, 1,170 steps."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
