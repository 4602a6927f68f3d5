"""Recipes and runs: train, resume, ls, show, init."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from gradwise.cli.app import Allow, Changes, Json, RecipeName, again, app, leave, open_terminal
from gradwise.errors import NonFinite, RunError


@app.command("train")
def _train(
    recipe: RecipeName,
    changes: Changes = None,
    run: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The run folder: exactly this one.")] = None,
    runs: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to make a run folder.")] = Path("runs"),
    allow: Allow = None,
    download: Annotated[bool, typer.Option("--download", help="Fetch the data where it is missing.")] = False,
    data: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the data lies.")] = None,
    json: Json = "",
    threads: Annotated[int | None, typer.Option(min=1, metavar="N", help="Processor threads to use.")] = None,
    treat: Annotated[bool, typer.Option("--treat", help="Where the run is ill, treat the recipe.")] = False,
) -> None:
    """Train a recipe in a new run folder."""
    if data is not None:
        os.environ["GRADWISE_DATA"] = str(data)
    settings = [*(changes or []), *(["data.download=true"] if download else [])]
    with open_terminal(json, again(recipe, settings)) as terminal:
        import torch

        from gradwise import recipefile
        from gradwise.report.operation import cure_where_ill, followed
        from gradwise.runs import RunFolder
        from gradwise.train import Training

        made = recipefile.load(recipe, settings, allow or ())
        if threads is not None:
            torch.set_num_threads(threads)
        folder = RunFolder.create_at(run) if run is not None else RunFolder.create(runs, made.name)
        training = Training(made, folder)
        code = followed(training, terminal, json, folder.path, treat)
    if treat and code in (0, NonFinite.exit_code):
        cure_where_ill(training, folder.path / "treatment", allow or ())
    else:
        leave(code)


@app.command("resume")
def _resume(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    changes: Changes = None,
    recipe: Annotated[str, typer.Option(metavar="RECIPE", help="Go on with this recipe, by default the run's.")] = "",
    accept_changes: Annotated[bool, typer.Option("--accept-changes", help="Go on though the recipe differs.")] = False,
    allow: Allow = None,
    json: Json = "",
) -> None:
    """Go on with a run, to the same end as without the stop."""
    config = str(run / "config.yaml")
    with open_terminal(json, again(config, [])) as terminal:
        from gradwise import recipefile
        from gradwise.recipe import changed
        from gradwise.report import verdict
        from gradwise.report.follow import follow, write_json
        from gradwise.runs import RunFolder
        from gradwise.train import reopen

        with RunFolder.open(run) as folder:  # first of all: is it a run, and nobody else's at the moment?
            written = recipefile.read(folder.config(), config)
        made = recipefile.load(recipe or config, changes or (), allow or ())
        done = verdict.last(run)
        if done is not None and done.exit_code == 0 and not changed(written, recipefile.to_dict(made)):
            terminal.say(f"{run} is done: {verdict.in_words(done)}.")
            write_json(json, verdict.as_json(made.name, done))
        else:
            training = reopen(run, made, accept_changes=accept_changes, allow=tuple(allow or ()))
            leave(follow(training, terminal, json))


@app.command("ls")
def _ls(runs: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to look for runs.")] = Path("runs")) -> None:
    """List the built-in recipes, and the runs with how they ended."""
    from gradwise.recipes import find, names
    from gradwise.report import verdict
    from gradwise.report.terminal import show_list

    recipes = [(name, find(name).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")) for name in names()]
    show_list("recipes", recipes)
    show_list("runs", [(str(path), verdict.state(path)) for path in verdict.runs(runs)])


@app.command("show")
def _show(recipe: RecipeName) -> None:
    """Print a recipe as it is written."""
    from gradwise.recipes import find

    print(find(recipe).read_text(encoding="utf-8"), end="")


@app.command("init")
def _init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path("recipe.yaml"),
    source: Annotated[str, typer.Option("--from", metavar="RECIPE", help="The recipe to start from.")] = "digits",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a recipe of your own: every stage, with its choices."""
    if file.suffix not in (".yaml", ".yml"):
        raise RunError(f"A recipe is a .yaml file, got {file}.", fix=f"gradwise init {file}.yaml")
    if file.exists() and not force:
        raise RunError(f"{file} exists, and nothing is overwritten.", fix="choose another name, or add --force.")
    from gradwise.recipefile import load
    from gradwise.report.template import commented
    from gradwise.runs import write_atomic

    write_atomic(file, commented(load(source, [f"name={file.stem}"]), source).encode())
    print(f"{file} is written. Next: gradwise train {shlex.quote(str(file))}")
