"""Remedies tried on one seed in short form: which of them are worth a proof."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from gradwise.assembly import assemble
from gradwise.errors import GradwiseError
from gradwise.experiment.trials import Outcome, Trial, perform
from gradwise.recipe import Recipe, Watching, replaced
from gradwise.remedy.prescribe import Option, Prescription
from gradwise.remedy.proof import signed

NOTHING = "doing nothing"
SHORT = 1 / 3  # of the recipe's epochs
LEAST = 2.0  # epochs
LATE = ("overfitting", "underfitting", "schedule-stalls")  # what shows at the end of a run only
METRICS = ("valid_accuracy", "valid_mae", "valid_loss", "train_loss")  # the test set chooses nothing
_SAFE = ("optimizer", "schedule", "gradient", "epochs", "batch_size", "after", "stop")  # a change that fits any network


P = TypeVar("P", bound=Option)


@dataclass(frozen=True)
class Tried(Generic[P]):
    """What came of a remedy on one seed."""

    prescription: P
    score: float = math.nan  # of the metric, the greater the better; nan where there is none
    note: str = ""  # why there is none
    ran: bool = False  # a run was spent on it

    @property
    def rank(self) -> float:
        """The score, less a little where the cause may only be hidden."""
        if math.isnan(self.score):
            return -math.inf
        return self.score - 0.01 * abs(self.score) * self.prescription.hides


class Trying:
    """Short runs of one treatment, all of the same seed, and judged by the same figure."""

    def __init__(self, codes: Iterable[str], folder: Path | None, jobs: int, say: Callable[[str], None]) -> None:
        self.share = 1.0 if set(codes) & set(LATE) else SHORT
        self.folder, self.jobs, self.say = folder, jobs, say
        self.metric = ""

    def __call__(self, prescriptions: Sequence[Prescription]) -> list[Tried[Prescription]]:
        """Run each that fits; in the order given."""
        found = {p.label: Tried(p, note=misfit(p)) for p in prescriptions}
        trials = [Trial(each.prescription.label, self._short(each)) for each in found.values() if not each.note]
        outcomes: list[Outcome] = []
        for outcome in perform(trials, self.folder, self.jobs):
            outcomes.append(outcome)
            self.say(f"tried {outcome.label}: {outcome.failed or self._told(outcome)}")
        self.metric = self.metric or _metric(outcomes)
        for outcome in outcomes:
            value = outcome.figures.get(self.metric, math.nan)
            known = found[outcome.label]
            score = math.nan if outcome.failed else signed(self.metric, value)
            found[outcome.label] = replace(known, score=score, note=outcome.failed, ran=True)
        return list(found.values())

    def _short(self, tried: Tried[Prescription]) -> Recipe:
        recipe = tried.prescription.recipe
        epochs = max(min(LEAST, recipe.epochs), self.share * recipe.epochs)
        return replaced(recipe, epochs=epochs, watch=Watching(on=False))

    def _told(self, outcome: Outcome) -> str:
        metric = self.metric or _metric([outcome])
        return f"{metric} {outcome.figures.get(metric, math.nan):.4g}"


def misfit(prescription: Prescription) -> str:
    """Why its recipe cannot begin; "" where it can."""
    if all(change.startswith(_SAFE) for change in prescription.changes):
        return ""
    try:
        assemble(replaced(prescription.recipe, watch=Watching(on=False)))
    except GradwiseError as error:
        return str(error).partition("\n")[0]
    return ""


def _metric(outcomes: Sequence[Outcome]) -> str:
    ended = [set(outcome.figures) for outcome in outcomes if not outcome.failed]
    common = set.intersection(*ended) if ended else set[str]()
    return next((name for name in METRICS if name in common), "")
