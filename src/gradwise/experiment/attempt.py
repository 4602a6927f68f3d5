"""One trial of a search: a recipe with drawn settings, trained, and judged on its validation set or over folds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any, cast

from gradwise import recipefile
from gradwise.errors import NonFinite, RecipeError, did_you_mean
from gradwise.events import EpochEnded, Event
from gradwise.experiment import space as spaces
from gradwise.experiment.folds import in_fold
from gradwise.experiment.space import Domain
from gradwise.experiment.study import METHODS, Study, sign
from gradwise.recipe import Recipe
from gradwise.training import Training

_Report = Callable[[str, float, int], bool]  # metric, value, epoch or fold -> is it enough?


@dataclass(frozen=True)
class Question:
    """What is searched: a recipe's name or file with changes, and the domains."""

    recipe: str
    space: tuple[Domain, ...]
    changes: tuple[str, ...] = ()
    method: str = "tpe"
    metric: str = ""  # of the validation set; "" for the one that "best" goes by
    allow: tuple[str, ...] = ()
    folds: int = 0  # 0: the validation set of the recipe

    def load(self, changes: Iterable[str] = ()) -> Recipe:
        """The recipe, as it begins or as a trial has it."""
        return recipefile.load(self.recipe, (*self.changes, *changes), self.allow)

    def check(self) -> None:
        """Raises RecipeError for what could not be searched, before anything is."""
        if self.method not in METHODS:
            raise RecipeError(f"There is no method {self.method!r}.", fix=did_you_mean(self.method, METHODS))
        if self.metric and not self.metric.startswith("valid_"):
            what = f"A search goes by a figure of the validation set, got {self.metric!r}."
            raise RecipeError(what, fix="e.g. valid_loss")
        if self.folds < 0 or self.folds == 1:
            raise RecipeError(f"There are at least 2 folds, got {self.folds}.", fix="5 to 10 are usual.")
        spaces.check(self.space, self.load)
        if self.folds:
            in_fold(self.load(), 1, self.folds)  # has its data folds at all?

    @property
    def text(self) -> str:
        """What tells it from any other search."""
        return f"{recipefile.to_text(self.load())}{self.space}\n{self.method} {self.metric} {self.folds}"

    def study(self, folder: Path) -> Study:
        """Its trials, on disk."""
        return Study(folder, self.method, self.load().seed, self.text)


def attempt(question: Question, study: Study, trial: Any) -> None:
    """Train it, and tell what came of it. Only what is not finite is an outcome; any other error is raised."""

    def report(metric: str, value: float, step: int) -> bool:
        trial.report(value * sign(metric), step)
        return bool(trial.should_prune())

    recipe = question.load(spaces.changes(question.space, trial.params))
    try:
        best, stopped = _over_folds(recipe, question, report) if question.folds else _train(recipe, question, report)
    except NonFinite as error:
        study.tell(trial, question.metric, None, 0, stopped=False, says=str(error).partition("\n")[0])
    else:
        study.tell(trial, best.metric, best.value, best.epochs, stopped)


@dataclass(frozen=True)
class _Best:
    """The validation figure at its best so far."""

    metric: str
    value: float | None = None
    epochs: int = 0
    counts: bool = False  # the network was as it was asked for

    def after(self, event: EpochEnded, training: Training) -> _Best:
        """One more epoch is evaluated. Raises RecipeError where there is no such figure."""
        metric = self.metric or training.trace.best_by
        known = [name for name in event.row if name.startswith("valid_")]
        if not known:
            why = "a search is judged on the validation set: the test set is to be new to the winner."
            raise RecipeError(f"{training.recipe.name} has no validation set.", why=why, fix="e.g. data.valid=0.15")
        if metric not in known:
            raise RecipeError(f"There is no figure {metric!r}.", fix=did_you_mean(metric, known))
        value = event.row[metric]
        if self.counts and self.value is not None and self.value * sign(metric) > value * sign(metric):
            value = self.value
        return replace(self, metric=metric, value=value, epochs=event.epoch, counts=event.step >= training.ready)


def _train(recipe: Recipe, question: Question, report: _Report | None) -> tuple[_Best, bool]:
    """Train one recipe; its best figure, and whether it was stopped early."""
    best, stopped = _Best(question.metric), False
    training = Training(recipe)
    with contextlib.closing(cast("Generator[Event]", training.events())) as events:
        for event in events:
            if not isinstance(event, EpochEnded):
                continue
            best = best.after(event, training)
            stop = report is not None and report(best.metric, event.row[best.metric], event.epoch)
            if stop and event.epoch < event.epochs:
                stopped = True
                break
    training.signals.raise_caught()
    return best, stopped


def _over_folds(recipe: Recipe, question: Question, report: _Report) -> tuple[_Best, bool]:
    """The mean over the folds, a training each; what stops early stops after a fold."""
    values: list[float] = []
    best, epochs = _Best(question.metric), 0
    for number in range(1, question.folds + 1):
        best, _ = _train(in_fold(recipe, number, question.folds), question, None)
        values.append(best.value or 0.0)
        epochs += best.epochs
        best = replace(best, value=fmean(values), epochs=epochs)
        if report(best.metric, fmean(values), number) and number < question.folds:
            return best, True
    return best, False
