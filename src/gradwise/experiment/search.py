"""Search a recipe's settings: trials judged on the validation set, the winner confirmed on the test set.

The best of many trials looks better than it is, for it was chosen by its luck too. So it is trained again with seeds
that the search did not use, beside the recipe that it began from: only that comparison says whether it is better.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import random
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradwise import recipefile
from gradwise.errors import RecipeError, RunError
from gradwise.experiment import space as spaces
from gradwise.experiment.attempt import Question, attempt
from gradwise.experiment.compare import Comparison, compare
from gradwise.experiment.study import Study, Tried, load_optuna
from gradwise.experiment.trials import Outcome, pool, processes
from gradwise.recipe import replaced
from gradwise.runs import write_atomic

TRIALS = 30


@dataclass(frozen=True)
class Searched:
    """What came out."""

    question: Question
    metric: str
    tried: list[Tried]  # in their order
    mattered: dict[str, float]  # share of the variance, by key, the largest first
    unknown: str  # why it is not known what mattered, else ""
    best: Tried
    changes: list[str]  # of the best, on the starting recipe
    file: Path  # the best as a recipe
    comparison: Comparison | None  # the best against the start over fresh seeds; None where none was asked for

    def ranked(self) -> list[Tried]:
        """The whole ones, the best first."""
        return sorted((t for t in self.tried if t.state == "whole"), key=lambda t: (-t.score, t.number))


def search(
    recipe: str,
    space: Iterable[str],
    *,
    folder: str | Path,
    method: str = "tpe",
    trials: int = TRIALS,
    changes: Iterable[str] = (),
    metric: str = "",
    folds: int = 0,
    confirm: int = 5,
    jobs: int = 0,
    allow: Iterable[str] = (),
    show: Callable[[Tried, int, int], None] | None = None,
    show_confirming: Callable[[Outcome, int, int], None] | None = None,
) -> Searched:
    """Try settings of a recipe, and confirm the best.

    recipe, changes, allow: as for `recipefile.load`; space: domains, see `space.py`; folder: holds the trials, and a
    second call goes on from there, also in another process at the same time; method: "grid" (five points of a range),
    "random", "tpe" (Bergstra et al. 2011), or "asha": random, bad ones stopped early; trials: in all, with those that
    the folder has; metric: a figure of the validation set; folds: judge a trial by its mean over so many folds, 0 for
    one training; confirm: seeds for the winner, 0 for none; jobs: processes, 0 for one per core; show, show_confirming:
    handed what is over, how many are, and how many there are at most.
    Raises RecipeError for what cannot be searched, RunError where no trial came to its end, MissingExtra.
    """
    load_optuna()
    question = Question(recipe, spaces.parse(space), tuple(changes), method, metric, tuple(allow), folds)
    if trials < 1 or confirm == 1 or confirm < 0:
        raise RecipeError(f"A search needs a trial, and 0 or 2 seeds to confirm, got {trials} and {confirm}.")
    question.check()
    place, jobs = Path(folder), jobs or processes()
    study = question.study(place)
    points = _grid(question, trials) if method == "grid" else []
    study.begin(points)
    most = min(trials, len(points)) if points else trials
    with contextlib.closing(_run(question, study, place, most, jobs)) as turns:
        _follow(turns, study, most, show)
    return _conclude(question, study, place, confirm, jobs, show_confirming)


def _follow(turns: Iterable[None], study: Study, most: int, show: Callable[[Tried, int, int], None] | None) -> None:
    """Hand over every trial once it is over, also those of other processes."""
    seen: set[int] = set()
    for _ in turns:
        for tried in study.tried():
            if tried.number not in seen and show is not None:
                show(tried, len(seen) + 1, max(most, len(seen) + 1))
            seen.add(tried.number)


def _grid(question: Question, most: int) -> list[dict[str, Any]]:
    """Every combination; where there are more than trials, some of them, drawn."""
    axes = [domain.points() for domain in question.space]
    keys = [domain.key for domain in question.space]
    points = [dict(zip(keys, values, strict=True)) for values in itertools.product(*axes)]
    if len(points) > most:
        random.Random(question.load().seed).shuffle(points)
    return points[:most]


def _conclude(
    question: Question,
    study: Study,
    folder: Path,
    confirm: int,
    jobs: int,
    show: Callable[[Outcome, int, int], None] | None,
) -> Searched:
    tried = study.tried()
    whole = [t for t in tried if t.state == "whole"]
    if not whole:
        why = next((t.says for t in tried if t.says), "")
        raise RunError("No trial came to its end.", why=why, fix="a space that holds gentler settings.")
    best = max(whole, key=lambda t: (t.score, -t.number))
    changes, file = spaces.changes(question.space, best.values), folder / "best.yaml"
    start, winner = question.load(), question.load(changes)
    named = replaced(winner, name=f"{start.name}-best")
    about = f"# The best of {len(tried)} trials from {question.recipe}: {best.metric} {best.value:.6g}."
    write_atomic(file, f"{about}\n{recipefile.to_text(named)}".encode())
    mattered, unknown = study.mattered()
    comparison = None
    if confirm:
        fresh = start.seed + 1  # the search has used start.seed
        pair = {start.name: replaced(start, seed=fresh), named.name: replaced(winner, seed=fresh)}
        comparison = compare(pair, confirm, folder=folder / "confirmed", jobs=jobs, show=show)
        says = f"# Over {confirm} fresh seeds, by {comparison.metric}: {comparison.verdicts[0].says}."
        write_atomic(file, f"{about}\n{says}\n{recipefile.to_text(named)}".encode())
    return Searched(question, best.metric, tried, mattered, unknown, best, changes, file, comparison)


# Running.


def _run(question: Question, study: Study, folder: Path, most: int, jobs: int) -> Generator[None]:
    """Run the trials; yields whenever some more may be over."""
    if jobs <= 1 or most < 2:
        yield None  # what was done before
        for _ in _work(question, study, most):
            yield None
        return
    with pool(min(jobs, most)) as workers:
        waiting = {workers.submit(_work_apart, question, folder, most) for _ in range(min(jobs, most))}
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                for worker in done:
                    worker.result()
                yield None
        except BaseException:
            study.halt()
            raise


def _work_apart(question: Question, folder: Path, most: int) -> None:
    parent = multiprocessing.parent_process()
    for _ in _work(question, question.study(folder), most):
        if parent is not None and not parent.is_alive():  # killed: nobody waits for more
            os._exit(1)


def _work(question: Question, study: Study, most: int) -> Iterator[None]:
    """Trial after trial, until there are enough."""
    while (trial := study.take(most, question.space)) is not None:
        try:
            attempt(question, study, trial)
        except BaseException:  # also Ctrl-C
            study.abandon(trial.number, trial.params)
            raise
        yield
