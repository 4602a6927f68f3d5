"""A treatment from the command line: of a recipe, of a run that turned out ill, of somebody else's program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gradwise.errors import NonFinite, RunError
from gradwise.report import treatment as report
from gradwise.report.follow import write_json
from gradwise.report.terminal import make_console

if TYPE_CHECKING:
    from gradwise.doctor.program import Program
    from gradwise.recipe import Recipe
    from gradwise.report.terminal import Terminal
    from gradwise.training import Training


def cure(
    recipe: Recipe, seeds: int, budget: int, out: Path | None, jobs: int, allow: Sequence[str], json: str = ""
) -> None:
    """Treat a recipe, and write the one that won."""
    from gradwise.remedy import record, treat

    folder = out or report.default_folder(recipe.name)
    console = make_console(stderr=json == "-")
    with report.progress(console) as show:
        found = treat(recipe, seeds, budget=budget, folder=folder, jobs=jobs, allow=allow, show=show)
    path = record(found, folder) if found.winner is not None else None
    report.show(found, path, console)
    write_json(json, report.as_json(found, recipe, path))


def followed(training: Training, terminal: Terminal, json: str, fresh: Path, treat: bool) -> int:
    """A run to its end. One that is to be treated may meet NaN: that is told, and its treatment follows."""
    from gradwise.report.complaint import complain
    from gradwise.report.follow import follow

    try:
        return follow(training, terminal, json, fresh=fresh)
    except NonFinite as error:
        if not treat:
            raise
        complain("Error", str(error))
        return error.exit_code


def cure_where_ill(training: Training, folder: Path, allow: Sequence[str]) -> None:
    """After a run: where it met NaN or its diagnosis has an error or a warning, the treatment of its recipe."""
    training.signals.raise_caught()
    if training.finished is not None and not training.ill:
        make_console().print("nothing to treat: no rule finds an error or a warning in this run", highlight=False)
        return
    cure(training.recipe, 5, 12, folder, 0, allow)


def operate(
    program: Program,
    seeds: int,
    budget: int,
    *,
    figure: str,
    higher: bool | None,
    write: bool,
    out: Path | None,
    jobs: int,
    json: str,
) -> None:
    """Treat a program. Its file is changed only where that is asked for."""
    from gradwise.remedy.outside.patient import Asked, patched, treat_program

    folder = out or report.default_folder(Path(program.name).stem)
    console = make_console(stderr=json == "-")
    with report.progress(console) as show:
        proved = treat_program(Asked(program, seeds, budget, figure, higher), folder, jobs, show)
    written = proved.written is not None and bool(proved.written.texts)
    patch = patched(proved, folder, Path.cwd()) if written else None
    backups = proved.written.write() if write and proved.written is not None else []
    report.show_program(proved, patch, backups, console)
    write_json(json, report.program_as_json(proved, patch, backups))


def own_options(arguments: Sequence[str], options: Sequence[str]) -> list[str]:
    """The command line with all that stands behind a script handed to the script. options: ours.

    Raises RunError where one of ours stands there: behind `--` it is the script's.
    """
    place = next((i for i, each in enumerate(arguments) if each.endswith(".py") and not _value(arguments, i)), None)
    if place is None or "--" in arguments[: place + 2]:
        return list(arguments)
    script, behind = arguments[place], arguments[place + 1 :]
    ours = next((each for each in behind if each.partition("=")[0] in options), "")
    if ours:
        raise RunError(
            f"{ours} stands behind {script}, where all arguments are the program's own.",
            fix=f"put it before {script}; or, if it is the program's, write -- behind {script}.",
        )
    return [*arguments[: place + 1], "--", *behind]


def _value(arguments: Sequence[str], place: int) -> bool:
    """Whether it is what the option before it is given."""
    before = arguments[place - 1] if place else ""
    return before.startswith("--") and "=" not in before and before not in ("--write", "--higher", "--lower")
