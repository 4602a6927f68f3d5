"""Fused and compressed runs on the terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from gradwise.report.figures import figure
from gradwise.report.terminal import make_console

if TYPE_CHECKING:
    from rich.console import Console
    from torch import nn

    from gradwise.compress import Compressed
    from gradwise.fusion import Fused

SCHEMA = 1


def show_fused(found: Fused, console: Console | None = None) -> None:
    """Print the parts and what came of them."""
    console = console or make_console()
    short = {name: Path(name).name for name in found.parts}
    short = short if len(set(short.values())) == len(short) else {name: name for name in short}
    rows = {short[name]: figures for name, figures in found.parts.items()}
    title = {"greedy": "greedy soup", "uniform": "soup", "aligned": "aligned soup", "ensemble": "ensemble"}[
        found.method
    ]
    console.print(_table(rows | {f"{title} of {len(found.kept)}": found.figures}))
    left = [name for name in found.parts if name not in found.kept]
    if left:
        console.print(
            f"Left out, for it would worsen {found.metric}: {', '.join(short[name] for name in left)}.", soft_wrap=True
        )
    console.print("The test set chose nothing." if found.metric else "Nothing was chosen.", soft_wrap=True)


def show_compressed(found: Compressed, console: Console | None = None) -> None:
    """Print a run and its 8 bits: figures, size, time."""
    console = console or make_console()
    rows: dict[str, dict[str, float | str]] = {}
    for name, cost in found.costs.items():
        times = {f"{size} at_a time": f"{ms:.3f} ms" for size, ms in cost.milliseconds.items()}
        rows[name] = {**found.figures[name], "size": f"{cost.bytes / 1024:.0f} KiB", **times}
    console.print(_table(rows))


def _table(rows: Mapping[str, Mapping[str, float | str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    columns = list(dict.fromkeys(key for row in rows.values() for key in row))
    for name in ("", *columns):
        table.add_column(name.replace("_", "\n"), justify="right" if name else "left", no_wrap=True)
    for name, row in rows.items():
        table.add_row(name, *(_cell(key, row.get(key)) for key in columns))
    return table


def _cell(key: str, value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else figure(key, value)


def fused_as_json(found: Fused) -> str:
    """All of it but the network."""
    written: dict[str, Any] = {name: getattr(found, name) for name in ("method", "metric", "parts", "figures", "kept")}
    return json.dumps({"schema": SCHEMA} | written, indent=2) + "\n"


def compressed_as_json(found: Compressed) -> str:
    """All of it but the networks."""
    costs = {name: asdict(cost) for name, cost in found.costs.items()}
    return json.dumps({"schema": SCHEMA, "figures": found.figures, "costs": costs}, indent=2) + "\n"


def keep(model: nn.Module, path: Path) -> None:
    """Write a network's weights."""
    from safetensors.torch import save

    from gradwise.runs import write_atomic

    state = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in model.state_dict().items()}
    write_atomic(path, save(state))
