"""A comparison on the terminal: a row per recipe, the verdict in words, what it costs; and the same as JSON."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Self

from rich.table import Table
from rich.text import Text

from gradwise.report.figures import count, figure
from gradwise.report.terminal import make_console

if TYPE_CHECKING:
    from rich.console import Console

    from gradwise.experiment import Comparison, Outcome, Verdict
    from gradwise.recipe import Recipe

SCHEMA = 1
_COLOURS = {"better": "bold green", "worse": "bold red", "failed": "bold red", "same": "cyan", "undecided": "yellow"}
_DESIGNS = {
    "fixed": "a fixed design: as many seeds as were settled beforehand",
    "anytime": "anytime-valid: each recipe stopped once it was decided, at most {seeds} seeds",
}


def read(arguments: Sequence[str], allow: Sequence[str] = ()) -> dict[str, Recipe]:
    """The recipes of a command line: a name or file each, changes behind it: "digits optimizer.lr=0.01".

    They go by what not all of them have in common.
    """
    from gradwise import recipefile

    split = [shlex.split(argument) or [""] for argument in arguments]
    common = set.intersection(*map(set, split)) if len(split) > 1 else set[str]()
    found: dict[str, Recipe] = {}
    for name, *changes in split:
        recipe = recipefile.load(name, changes, allow)
        own = [] if name in common else [recipe.name]
        label = " ".join([*own, *(change for change in changes if change not in common)]) or recipe.name
        found[label if label not in found else f"{label} ({len(found) + 1})"] = recipe
    return found


class Progress:
    """A line per outcome: in a pipe all of them, on a terminal the last."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("getting ready ...") if console.is_interactive else None

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, outcome: Outcome, done: int, most: int) -> None:
        """One more is known."""
        came = outcome.failed or "  ".join(
            f"{name} {figure(name, value)}" for name, value in outcome.figures.items() if name.startswith("test_")
        )
        self.line(f"{done}/{most}  {outcome.label}, seed {outcome.seed}: {came or 'done'}")

    def line(self, line: str) -> None:
        """Show how far it is."""
        if self._status is not None:
            self._status.update(line)
        else:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def show(comparison: Comparison, console: Console | None = None) -> None:
    """Print the verdicts."""
    console = console or make_console()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name, justify in (("", "left"), (comparison.metric, "right"), ("difference", "right"), ("95 %", "left"),
                          ("effect", "right"), ("time", "right"), ("memory", "right")):  # fmt: skip
        table.add_column(name, justify=justify, no_wrap=bool(name))  # type: ignore[arg-type]
    table.add_row(comparison.baseline, _level(comparison, comparison.baseline), "", "", "", "1.00", "1.00")
    for verdict in comparison.verdicts:
        table.add_row(verdict.label, _level(comparison, verdict.label), *_row(verdict, comparison.metric))
    console.print(table)
    console.print()
    for verdict in comparison.verdicts:
        says = Text(f"{verdict.label}: ").append(verdict.says, _COLOURS[verdict.word])
        says.append("" if math.isnan(verdict.p) else f"  (p = {_p(verdict.p)})", "dim")
        console.print(says, soft_wrap=True)
    seeds = max((v.gain.n for v in comparison.verdicts if v.gain is not None), default=0)
    design = _DESIGNS[comparison.design].format(seeds=comparison.seeds)
    if comparison.folds:
        design = "intervals widened for the training data that folds share (Nadeau & Bengio 2003)"
    pairs = count(seeds, "fold" if comparison.folds else "paired seed")
    several = ", p corrected for several recipes (Holm)" if len(comparison.verdicts) > 1 else ""
    console.print(Text(f"{pairs}; {design}{several}", "dim"), soft_wrap=True)


def as_json(comparison: Comparison, recipes: Mapping[str, Recipe]) -> str:
    """All of it as one JSON object."""
    from gradwise import recipefile

    written = {
        "schema": SCHEMA,
        "metric": comparison.metric,
        "baseline": comparison.baseline,
        "design": comparison.design,
        "seeds": comparison.seeds,
        "folds": comparison.folds,
        "verdicts": [_finite(asdict(verdict)) for verdict in comparison.verdicts],
        "outcomes": [_finite(asdict(o)) for runs in comparison.outcomes.values() for _, o in sorted(runs.items())],
        "recipes": {label: recipefile.to_dict(recipe) for label, recipe in recipes.items()},
    }
    return json.dumps(written, indent=2) + "\n"


def default_folder(recipes: Mapping[str, Recipe]) -> Path:
    """Where a comparison is kept: named after what is compared, so that the same command goes on."""
    names = list(dict.fromkeys(recipe.name for recipe in recipes.values()))
    return Path("comparisons") / "-".join(names)[:60]


def _level(comparison: Comparison, label: str) -> str:
    values = comparison.values(label)
    return figure(comparison.metric, fmean(values)) if values else "-"


def _row(verdict: Verdict, metric: str) -> tuple[str, str, str, str, str]:
    gain = verdict.gain
    if gain is None or gain.n < 2:
        return "-", "", "-", f"{verdict.time:.2f}", f"{verdict.memory:.2f}"
    unit = 100 if metric.endswith("accuracy") else 1
    sign = 1 if metric.endswith("accuracy") else -1  # as the metric reads, not as gain and loss
    ends = sorted((sign * unit * gain.low, sign * unit * gain.high))
    interval = f"[{ends[0]:+.2f}, {ends[1]:+.2f}]" if unit == 100 else f"[{ends[0]:+.3g}, {ends[1]:+.3g}]"
    mean = sign * unit * gain.mean
    return (
        f"{mean:+.2f}" if unit == 100 else f"{mean:+.3g}" + " decades" * gain.decades,
        interval,
        f"{gain.effect:+.1f}",
        f"{verdict.time:.2f}",
        f"{verdict.memory:.2f}",
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.2g}"


def _finite(thing: object) -> object:
    """JSON knows no infinity."""
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else None
    if isinstance(thing, dict):
        return {str(key): _finite(value) for key, value in thing.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return thing
