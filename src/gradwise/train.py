"""The verbs: train a recipe, go on with a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from gradwise import recipefile, runs
from gradwise.errors import RunError
from gradwise.events import EpochEnded, Event, Finished
from gradwise.recipe import Recipe, changed
from gradwise.training import Training
from gradwise.watch import Trace

__all__ = ["Trained", "Training", "reopen", "resume", "train"]


@dataclass
class Trained:
    """What `train` gives back."""

    model: nn.Module  # with the best weights where there was a validation set, else the last
    finished: Finished
    trace: Trace
    run: Path | None


def train(recipe: Recipe, run: str | Path | None = None, *, show: Callable[[Event], None] | None = None) -> Trained:
    """Train a recipe. `run`: the run folder to make (refused if it exists); None keeps nothing on disk.

    `show` is handed every event; None prints a line per epoch. Raises GradwiseError for what the user can mend,
    NonFinite where training met NaN or infinity.
    """
    show = show or _print
    folder = runs.RunFolder.create_at(Path(run)) if run is not None else None
    training = Training(recipe, folder)
    for event in training.events():
        show(event)
    return _trained(training)


def resume(
    run: str | Path,
    recipe: Recipe | None = None,
    *,
    accept_changes: bool = False,
    show: Callable[[Event], None] | None = None,
    allow: tuple[str, ...] = (),
) -> Trained:
    """Go on with a run from its newest valid checkpoint, to the same end, bit for bit, as without the stop.

    `recipe`: what to go on with, by default what the run recorded. A changed one is refused with the difference unless
    `accept_changes`.
    """
    training = reopen(Path(run), recipe, accept_changes=accept_changes, allow=allow)
    for event in training.events():
        (show or _print)(event)
    return _trained(training)


def _trained(training: Training) -> Trained:
    assert training.finished is not None
    trace, path = training.trace, training.finished.run
    if path is not None:  # its rows have left the memory for the folder
        trace = Trace.read(path)
        trace.best_by = training.trace.best_by
    return Trained(training.best_model(), training.finished, trace, path)


def reopen(
    path: Path, recipe: Recipe | None = None, *, accept_changes: bool = False, allow: tuple[str, ...] = ()
) -> Training:
    """The training of a run folder, ready to go on."""
    folder = runs.RunFolder.open(path)
    try:
        checkpoint, problems = folder.newest()
        text = folder.config()
        if recipe is None:
            recipe = recipefile.from_dict(recipefile.read(text, str(path / "config.yaml")), allow)
        trained = checkpoint.state["recipe"] if checkpoint else text  # the file may have been edited since
        differences = changed(recipefile.read(trained, str(path)), recipefile.to_dict(recipe))
        if differences and not accept_changes:
            raise RunError(
                f"The recipe of {path} has changed: {'; '.join(differences)}.",
                why="a resumed run ends where the uninterrupted one would only with the same recipe.",
                fix="--accept-changes goes on with the new one; gradwise train starts a new run.",
            )
        if checkpoint is None and problems:
            raise RunError(
                f"No checkpoint of {path} is whole.", why=problems[0], fix="gradwise train starts a new run."
            )
        training = Training(recipe, folder, checkpoint)
    except BaseException:
        folder.close()
        raise
    training.notes += [f"broken checkpoint, the one before it is used: {problem}" for problem in problems]
    training.notes += [f"changed: {line}" for line in differences]
    if differences:
        folder.write_config(recipefile.to_text(recipe))
    return training


def _print(event: Event) -> None:
    """A line per epoch, and the verdict."""
    if isinstance(event, EpochEnded):
        figures = "  ".join(f"{name} {value:.4g}" for name, value in event.row.items())
        print(f"epoch {event.epoch}/{event.epochs}  {figures}", flush=True)
    elif isinstance(event, Finished):
        best = f", best {event.metric} {event.best:.4g} in epoch {event.best_epoch}" if event.best is not None else ""
        test = "".join(f", {name} {value:.4g}" for name, value in event.test.items())
        print(f"{event.reason} after {event.steps} steps{best}{test}", flush=True)
