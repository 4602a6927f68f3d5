"""The application: the root command, and what the commands share."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

import gradwise

if TYPE_CHECKING:
    from gradwise.report.terminal import Terminal

_EPILOG = """\b
A first run, and the same with another setting:
  gradwise train digits
  gradwise train digits optimizer.lr=0.01 seed=1
"""
app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
)

_RECIPE = typer.Argument(metavar="RECIPE", help="A built-in recipe (gradwise ls names them), or a YAML file.")
_CHANGES = typer.Argument(metavar="KEY=VALUE", help="Settings to change, e.g. epochs=5 optimizer.lr=0.01.")
_JSON = typer.Option(metavar="FILE", help="Write the verdict as JSON, - to standard output.")
RecipeName = Annotated[str, _RECIPE]
Changes = Annotated[list[str] | None, _CHANGES]
Allow = Annotated[list[str] | None, typer.Option(metavar="PACKAGE", help="Let the recipe run code of this package.")]
Json = Annotated[str, _JSON]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"gradwise {gradwise.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Train neural networks, and look after their back-propagation."""
    if context.invoked_subcommand is None:
        print(context.get_help())


def open_terminal(json: str, again: str) -> Terminal:
    """The terminal; on standard error where standard output is for the verdict."""
    from gradwise.report.follow import check_json
    from gradwise.report.terminal import Terminal, make_console

    check_json(json)
    return Terminal(make_console(stderr=json == "-"), again)


def again(recipe: str, changes: Sequence[str]) -> str:
    """What to try after a run: the same with another seed."""
    seeds = [int(value) for key, _, value in (c.partition("=") for c in changes) if key == "seed" and value.isdigit()]
    others = [change for change in changes if not change.startswith("seed=")]
    return shlex.join(["gradwise", "train", recipe, *others, f"seed={seeds[-1] + 1 if seeds else 1}"])


def leave(code: int) -> None:
    """End with this exit code."""
    if code:
        raise typer.Exit(code)
