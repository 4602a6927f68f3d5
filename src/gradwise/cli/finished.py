"""What can be made of finished runs: fuse, quantise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gradwise.cli.app import Allow, Json, app
from gradwise.errors import RunError

_METHODS = ("greedy", "uniform", "aligned", "ensemble")
_OUT = typer.Option(metavar="FILE", help="Write the weights, a .safetensors file.")


@app.command("fuse")
def _fuse(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="At least two run folders.")],
    method: Annotated[str, typer.Option(metavar="NAME", help="greedy, uniform, aligned or ensemble.")] = "greedy",
    out: Annotated[Path | None, _OUT] = None,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Make one network of several finished runs: a mean of weights, or of answers."""
    if method not in _METHODS:
        from gradwise.errors import did_you_mean

        raise RunError(f"There is no method {method!r}.", fix=did_you_mean(method, _METHODS))
    if out is not None and method == "ensemble":
        raise RunError("An ensemble is no single network to write.", fix="leave --out away: it is its runs.")
    from gradwise.fusion import fuse
    from gradwise.report import fused as report
    from gradwise.report.follow import check_json, write_json
    from gradwise.report.terminal import make_console

    check_json(json)
    found = fuse(runs, method, allow=tuple(allow or ()))
    console = make_console(stderr=json == "-")
    report.show_fused(found, console)
    if out is not None:
        report.keep(found.model, out)
        console.print(f"{out} is written.", soft_wrap=True)
    write_json(json, report.fused_as_json(found))


@app.command("quantise")
def _quantise(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    out: Annotated[Path | None, _OUT] = None,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Round a finished run to 8 bits, and say what that costs and saves."""
    from gradwise.compress import in_8_bits
    from gradwise.report import fused as report
    from gradwise.report.follow import check_json, write_json
    from gradwise.report.terminal import make_console

    check_json(json)
    found = in_8_bits(run, allow=tuple(allow or ()))
    console = make_console(stderr=json == "-")
    report.show_compressed(found, console)
    if out is not None:
        report.keep(found.models["int8"], out)
        console.print(f"{out} is written.", soft_wrap=True)
    write_json(json, report.compressed_as_json(found))
