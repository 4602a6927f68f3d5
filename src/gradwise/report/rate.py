"""A learning-rate range test on the terminal, as JSON, and as a picture: plain SVG."""

from __future__ import annotations

import json
import math
import shlex
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from gradwise.report.figures import count, figure
from gradwise.report.terminal import make_console

if TYPE_CHECKING:
    from rich.console import Console

    from gradwise.experiment.rate import Ranged, Suggestion

SCHEMA = 1
_WIDTH, _HEIGHT, _LEFT, _TOP = 560, 260, 60, 40
_BLUE, _ORANGE, _GREY = "#0072b2", "#d55e00", "#888888"


def line(suggestion: Suggestion, metric: str = "") -> str:
    """A short run, as it ends."""
    came = "NaN or infinite" if suggestion.value is None else f"{suggestion.value:.4g}"
    return f"{suggestion.rule} {suggestion.lr:.3g}: {metric}{came}"


def show(found: Ranged, recipe: str, picture: Path | None = None, console: Console | None = None) -> None:
    """Print what came out, the best first."""
    console = console or make_console()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("rule", "optimizer.lr", f"{found.metric} after {found.epochs:g} epochs"):
        table.add_column(name, justify="left" if name == "rule" else "right", no_wrap=True)
    for one in found.suggestions:
        level = "not finite" if one.value is None else figure(found.metric, one.value)
        table.add_row("the recipe's own" if one.rule == "own" else one.rule, f"{one.lr:.3g}", level)
    console.print(table)
    console.print()
    if len(found.suggestions) == 1:
        told = f"Nothing can be read off: the loss does not fall over {count(len(found.rates), 'step')}."
        console.print(told, soft_wrap=True)
    if picture is not None:
        console.print(f"{picture} is written.", soft_wrap=True)
    best = found.suggestions[0]
    if best.rule == "own":
        console.print("The recipe's own rate does best, of one seed each.", soft_wrap=True)
    else:
        other = shlex.quote(f"{recipe} optimizer.lr={best.lr:.3g}")
        console.print(f"Next: gradwise compare {shlex.quote(recipe)} {other}", soft_wrap=True)


def as_json(found: Ranged) -> str:
    """All of it as one JSON object."""
    return json.dumps({"schema": SCHEMA} | asdict(found), indent=2) + "\n"


def write(found: Ranged, path: Path, title: str) -> Path:
    """Write the picture."""
    from gradwise.runs import write_atomic  # imports torch: late

    write_atomic(path, draw(found, title).encode())
    return path


def draw(found: Ranged, title: str) -> str:
    """The SVG: the smoothed loss against the rate, and each suggestion where it lies."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 20}" height="{_TOP + _HEIGHT + 50}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20">{escape(title)}: the loss as the learning rate rises</text>',
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}" fill="none" stroke="{_GREY}"/>',
    ]
    if len(found.rates) > 1:
        parts += _curve(found)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _curve(found: Ranged) -> list[str]:
    left, right = math.log10(found.rates[0]), math.log10(found.rates[-1])
    low, high = min(found.losses), max(found.losses)

    def x(rate: float) -> float:
        return _LEFT + _WIDTH * min(max((math.log10(rate) - left) / (right - left), 0), 1)

    def y(loss: float) -> float:
        return _TOP + _HEIGHT * (high - loss) / ((high - low) or 1.0)

    points = " ".join(f"{x(rate):.1f},{y(loss):.1f}" for rate, loss in zip(found.rates, found.losses, strict=True))
    parts = [f'<polyline points="{points}" fill="none" stroke="{_BLUE}" stroke-width="2"/>']
    for power in range(math.ceil(left), math.floor(right) + 1):
        parts.append(f'<text x="{x(10.0**power):.1f}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">1e{power}</text>')
    for level in (low, high):
        parts.append(f'<text x="{_LEFT - 6}" y="{y(level) + 4:.1f}" text-anchor="end">{level:.3g}</text>')
    for number, one in enumerate(found.suggestions):
        at, down = x(one.lr), _TOP + 16 + 16 * number
        dash = "" if number == 0 else ' stroke-dasharray="4 4"'
        parts.append(f'<line x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{_TOP + _HEIGHT}" stroke="{_ORANGE}"{dash}/>')
        end = at > _LEFT + _WIDTH / 2
        side, anchor = (-4, "end") if end else (4, "start")
        parts.append(f'<text x="{at + side:.1f}" y="{down}" text-anchor="{anchor}">{one.rule} {one.lr:.2g}</text>')
    return parts
