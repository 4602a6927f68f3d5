"""What is better: compare, treat, search, rate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gradwise.cli.app import Allow, Changes, Json, RecipeName, app
from gradwise.errors import RunError


@app.command("compare")
def _compare(
    recipes: Annotated[
        list[str], typer.Argument(metavar="RECIPE...", help='At least two, changes within quotes: "digits seed=1".')
    ],
    seeds: Annotated[int, typer.Option(min=2, metavar="N", help="Seeds per recipe.")] = 10,
    metric: Annotated[str, typer.Option(metavar="NAME", help="What to judge by, e.g. valid_loss.")] = "",
    worth: Annotated[
        float | None, typer.Option(metavar="X", help="The smallest difference that matters, e.g. 0.002.")
    ] = None,
    anytime: Annotated[bool, typer.Option("--anytime", help="Stop each recipe once it is decided.")] = False,
    folds: Annotated[int, typer.Option(min=0, metavar="K", help="K folds of the training data, not seeds.")] = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where results are kept; the same goes on there.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, metavar="N", help="Trials at a time, 0 for one per core.")] = 0,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Train recipes with the same seeds, and say which is better."""
    from gradwise.experiment import compare
    from gradwise.report import comparison as report
    from gradwise.report.follow import check_json, write_json
    from gradwise.report.terminal import make_console

    check_json(json)
    made = report.read(recipes, allow or ())
    console = make_console(stderr=json == "-")
    with report.Progress(console) as progress:
        found = compare(
            made,
            seeds,
            folder=out or report.default_folder(made),
            metric=metric,
            worth=worth,
            design="anytime" if anytime else "fixed",
            folds=folds,
            jobs=jobs,
            show=progress,
        )
    report.show(found, console)
    write_json(json, report.as_json(found, made))


@app.command("treat")
def _treat(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE|SCRIPT", help="A recipe, or your own program, a .py file.")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE|ARGS", help="Settings to change, or the program's own.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=5, metavar="N", help="Fresh seeds of the proof.")] = 5,
    budget: Annotated[int, typer.Option(min=1, metavar="N", help="Remedies to try, and draws at random.")] = 12,
    figure: Annotated[str, typer.Option(metavar="NAME", help="What a program prints to be judged by.")] = "",
    higher: Annotated[
        bool | None, typer.Option("--higher/--lower", help="Of a program's figure: what is better.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Change the program's file, and leave a backup.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where runs and the result are kept.")] = None,
    jobs: Annotated[int, typer.Option(min=0, metavar="N", help="Runs at a time, 0 for one per core.")] = 0,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Find what is wrong with a recipe or your program, and the change that mends it, proved."""
    from gradwise.report.follow import check_json

    check_json(json)
    if recipe.endswith(".py"):
        from gradwise.doctor.program import Program
        from gradwise.report.operation import operate

        program = Program(recipe, tuple(changes or ()))
        operate(program, seeds, budget, figure=figure, higher=higher, write=write, out=out, jobs=jobs, json=json)
        return
    if figure or higher is not None or write:
        raise RunError(
            "--figure, --higher, --lower and --write are for programs.", fix="gradwise treat --write FILE.py"
        )
    from gradwise import recipefile
    from gradwise.report.operation import cure

    cure(recipefile.load(recipe, changes or (), allow or ()), seeds, budget, out, jobs, allow or (), json)


@app.command("search")
def _search(
    recipe: RecipeName,
    changes: Changes = None,
    space: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUES", help="What to search: lr=log:1e-4..1, int:16..256, 0..0.5, relu,tanh."),
    ] = None,
    method: Annotated[str, typer.Option(metavar="NAME", help="grid, random, tpe or asha.")] = "tpe",
    trials: Annotated[int, typer.Option(min=1, metavar="N", help="Trials in all, with those already done.")] = 30,
    confirm: Annotated[
        int, typer.Option("--seeds-confirm", min=0, metavar="N", help="Fresh seeds for the winner, 0 for none.")
    ] = 5,
    metric: Annotated[str, typer.Option(metavar="NAME", help="Of the validation set, e.g. valid_loss.")] = "",
    folds: Annotated[int, typer.Option(min=0, metavar="K", help="Judge a trial by its mean over K folds.")] = 0,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Holds the trials; the same goes on.")] = None,
    jobs: Annotated[int, typer.Option(min=0, metavar="N", help="Trials at a time, 0 for one per core.")] = 0,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Search a recipe's settings, and say whether the best is better over fresh seeds."""
    from gradwise.experiment.search import search
    from gradwise.report import scatter
    from gradwise.report import search as report
    from gradwise.report.follow import check_json, write_json
    from gradwise.report.terminal import make_console

    check_json(json)
    asked = (recipe, *(changes or ()), *sorted(space or ()), method, metric, str(folds))
    console = make_console(stderr=json == "-")
    with report.Progress(console) as progress:
        found = search(
            recipe,
            space or (),
            folder=out or report.default_folder(asked),
            method=method,
            trials=trials,
            changes=changes or (),
            metric=metric,
            folds=folds,
            confirm=confirm,
            jobs=jobs,
            allow=allow or (),
            show=progress.trial,
            show_confirming=progress,
        )
    report.show(found, scatter.write(found), console)
    write_json(json, report.as_json(found))


@app.command("rate")
def _rate(
    recipe: RecipeName,
    changes: Changes = None,
    low: Annotated[float | None, typer.Option(metavar="X", help="The first rate, by default own / 10,000.")] = None,
    high: Annotated[float | None, typer.Option(metavar="X", help="The last rate, by default own x 1000.")] = None,
    steps: Annotated[int, typer.Option(min=20, metavar="N", help="Steps from the first to the last.")] = 200,
    epochs: Annotated[float | None, typer.Option(metavar="N", help="Of the short runs, by default a fifth.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The picture, an .svg file.")] = None,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Raise the learning rate step by step, read off good rates, and try each in a short run."""
    from gradwise import recipefile
    from gradwise.experiment.rate import range_test
    from gradwise.report import rate as report
    from gradwise.report.follow import check_json, write_json
    from gradwise.report.terminal import make_console

    check_json(json)
    made = recipefile.load(recipe, changes or (), allow or ())
    console = make_console(stderr=json == "-")
    found = range_test(
        made, low=low, high=high, steps=steps, epochs=epochs, show=lambda one: console.print(report.line(one))
    )
    console.print()
    picture = report.write(found, out, made.name) if out is not None else None
    report.show(found, " ".join([recipe, *(changes or ())]), picture, console)
    write_json(json, report.as_json(found))
