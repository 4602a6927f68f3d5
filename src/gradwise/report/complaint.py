"""What is wrong, on standard error: what, where, why and the fix, in at most five lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from gradwise.report.terminal import make_console

MOST_LINES = 5


def complain(title: str, text: str) -> None:
    """Print `title: text`; the title is red where somebody looks on."""
    console = make_console(stderr=True)
    first, *rest = f"{title}: {text}".splitlines()[:MOST_LINES]
    if not console.is_terminal:
        print(first, *rest, sep="\n", file=console.file, flush=True)
        return
    what = Text(first)
    what.stylize("bold red", 0, len(title) + 1)
    console.print(what)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=8, no_wrap=True)
    grid.add_column(overflow="fold")
    for line in rest:
        label, _, said = line.strip().partition(" ")
        grid.add_row(Text(f"  {label}", "dim"), Text(said.strip()))
    console.print(grid)


def usage(error: Any) -> str:
    """A mistake on the command line, as click found it: what, and the way out."""
    near: Sequence[str] = getattr(error, "possibilities", None) or ()
    if near:
        return f"{error.message}\n  fix:   did you mean {' or '.join(near)}?"
    if str(error.message).startswith("No such option"):
        name = error.option_name.lstrip("-")
        return f"{error.message}\n  fix:   --help lists the options; a recipe's settings go without dashes: {name}=..."
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "gradwise"
    return f"{' '.join(error.format_message().split())}\n  fix:   {command} --help shows how it is used."
