"""What is wrong, and what there is: doctor, problems, techniques."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gradwise.cli.app import Json, app, leave


@app.command("doctor", context_settings={"allow_interspersed_args": False})
def _doctor(
    script: Annotated[str, typer.Argument(metavar="SCRIPT", help="Your program, as it is.")],
    arguments: Annotated[list[str] | None, typer.Argument(metavar="ARGS", help="Its own arguments.")] = None,
    module: Annotated[bool, typer.Option("-m", help="SCRIPT is a module, as for python -m.")] = False,
    json: Json = "",
    budget: Annotated[str, typer.Option(metavar="SHARE", help="The program's time to spend on watching.")] = "5%",
    steps: Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop after N steps.")] = None,
    seconds: Annotated[str, typer.Option("--for", metavar="TIME", help="Stop after 30s, 2m, 1h.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="End with 3 where an error is found.")] = False,
    trace: Annotated[str, typer.Option(metavar="FOLDER", help="Keep what was measured, for gradwise diagnose.")] = "",
) -> None:
    """Run your own training program, and say what is wrong with its training."""
    from gradwise.doctor.program import Program
    from gradwise.report.visit import share_of, time_of, visit

    program = Program(script, tuple(arguments or ()), module)
    leave(visit(program, json, share_of(budget), steps or 0, time_of(seconds), strict, trace))


@app.command("diagnose")
def _diagnose(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A run folder, or a trace that was saved.")],
    json: Json = "",
    strict: Annotated[bool, typer.Option("--strict", help="End with 3 where an error is found.")] = False,
) -> None:
    """Say what is wrong with a training, from the trace that it left."""
    from gradwise.report.visit import read

    leave(read(folder, json, strict))


@app.command("problems")
def _problems(
    code: Annotated[str, typer.Argument(metavar="[CODE]", help="A problem, e.g. dead-units.", show_default=False)] = "",
) -> None:
    """List the problems that the doctor knows, or explain one."""
    from gradwise.report.problems import show_codes, show_page

    if code:
        show_page(code)
    else:
        show_codes()


@app.command("techniques")
def _techniques(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A technique, e.g. ClipNorm.", show_default=False)] = "",
    json: Annotated[str, typer.Option(metavar="FILE", help="Write the cards as JSON, - to standard output.")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print all cards as one page.")] = False,
) -> None:
    """List the techniques by stage, or show the card of one with what it did and what it costs."""
    from gradwise.report import pages
    from gradwise.report import techniques as report
    from gradwise.report.follow import check_json, write_json

    check_json(json)
    if markdown:
        print(pages.page(), end="")
    elif json:
        write_json(json, report.as_json(name))
    elif name:
        report.show_card(name)
    else:
        report.show_techniques()
