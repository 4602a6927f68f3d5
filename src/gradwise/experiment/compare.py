"""Recipes against each other: the same seeds, orders and initial weights wherever they agree, and a verdict in words.

The design is fixed (so many seeds, settled beforehand) or anytime-valid (seed by seed until it is decided): the
intervals of the one would lie under the other's stopping.
"""

from __future__ import annotations

import math
import statistics as descriptive
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, cast

from gradwise.errors import RecipeError, did_you_mean
from gradwise.experiment import statistics
from gradwise.experiment.folds import in_fold, overlap
from gradwise.experiment.statistics import Paired
from gradwise.experiment.trials import Outcome, Trial, perform, processes
from gradwise.experiment.vectorised import suits
from gradwise.recipe import Recipe, replaced

Design = Literal["fixed", "anytime"]
Word = Literal["better", "worse", "same", "undecided", "failed"]
METRICS = ("test_accuracy", "test_mae", "test_loss", "valid_accuracy", "valid_mae", "valid_loss", "train_loss")
WORTH_POINTS = 0.002  # of an accuracy: a difference below it is of no use to anybody
WORTH_SHARE = 0.01  # of any other figure's mean
ALPHA = 1 - statistics.LEVEL


@dataclass(frozen=True)
class Verdict:
    """A recipe against the first one."""

    label: str
    word: Word
    says: str
    gain: Paired | None  # positive is better, whatever the metric; None where no pair is complete
    p: float  # corrected for the number of recipes
    time: float  # median ratio of processor time
    memory: float  # median ratio of the peaks
    failures: int


@dataclass(frozen=True)
class Comparison:
    """What came out."""

    metric: str
    baseline: str
    design: Design
    seeds: int  # at most so many
    folds: int = 0  # which took the place of seeds; 0: none
    outcomes: dict[str, dict[int, Outcome]] = field(default_factory=dict[str, dict[int, Outcome]])
    verdicts: list[Verdict] = field(default_factory=list[Verdict])

    def values(self, label: str) -> list[float]:
        """The metric of a recipe, seed by seed, failed ones left out."""
        return [o.figures[self.metric] for _, o in sorted(self.outcomes[label].items()) if not o.failed]


def compare(
    recipes: Mapping[str, Recipe],
    seeds: int = 10,
    *,
    folder: str | Path | None = None,
    metric: str = "",
    worth: float | None = None,
    design: Design = "fixed",
    folds: int = 0,
    jobs: int = 0,
    together: bool = True,
    show: Callable[[Outcome, int, int], None] | None = None,
) -> Comparison:
    """Train each recipe with each seed, and judge all against the first.

    seeds: how many, from the first recipe's own on; folder: keeps every outcome, and a second call goes on from there;
    metric: of the figures, by default the test set's first; worth: the smallest difference that matters to you, in the
    metric's unit; design: "fixed", or "anytime" for stopping each recipe once it is decided; folds: so many parts
    of the training data, each held out once, in the place of seeds: judged on them, with intervals as wide as the
    training data that they share asks for; jobs: processes, 0 for one per core;
    together: in one program (`vectorised.py`), where every recipe suits, so that times can be
    compared; show: handed every outcome, how many are done, and how many there are at most.
    Raises RecipeError for fewer than two recipes or seeds, and what training raises for a recipe that cannot begin.
    """
    if len(recipes) < 2:
        raise RecipeError(f"A comparison needs two recipes, got {len(recipes)}.", fix="name a second one.")
    if seeds < 2:
        raise RecipeError(f"A comparison needs 2 seeds, got {seeds}.", fix="5 to 10 are usual.")
    if folds and (folds < 2 or design != "fixed"):
        raise RecipeError(f"There are at least 2 folds, and none of them is left out, got {folds}.", fix="5 are usual.")
    seeds = folds or seeds
    place = Path(folder) if folder is not None else None
    comparing = _Comparing(recipes, seeds, metric, worth, design, folds)
    together = together and not any(suits([Trial(label, recipe)] * 2) for label, recipe in recipes.items())
    jobs = jobs or processes()
    for batch in comparing.batches(jobs):
        for outcome in perform(batch, place, jobs, together):
            comparing.add(outcome)
            if show is not None:
                show(outcome, comparing.done, len(recipes) * seeds)
    return comparing.judge()


def judge(
    outcomes: Iterable[Outcome], labels: Sequence[str], seeds: int, metric: str, exact: bool = False
) -> Comparison:
    """The verdicts on outcomes that are there already, all against the first label's. exact: by exchanges within pairs,
    where there are so many (`statistics.EXACT`)."""
    none = cast("Mapping[str, Recipe]", dict.fromkeys(labels))  # nothing is left to be run
    comparing = _Comparing(none, seeds, metric, None, "fixed", 0)
    comparing.exact = exact
    for outcome in outcomes:
        comparing.add(outcome)
    return comparing.judge()


class _Comparing:
    """The trials in the order of their seeds, and what is known so far."""

    def __init__(
        self,
        recipes: Mapping[str, Recipe],
        seeds: int,
        metric: str,
        worth: float | None,
        design: Design,
        folds: int,
    ) -> None:
        self.recipes, self.seeds, self.metric, self.worth = recipes, seeds, metric, worth
        self.design: Design = design
        self.folds, self.exact = folds, False
        self.baseline = next(iter(recipes))
        self.outcomes: dict[str, dict[int, Outcome]] = {label: {} for label in recipes}
        self.done = 0

    def batches(self, jobs: int) -> Iterator[list[Trial]]:
        """All trials at once; or a few seeds at a time, after which decided recipes are left out."""
        first = self.recipes[self.baseline].seed
        numbers = list(range(first, first + self.seeds))
        each = len(numbers) if self.design == "fixed" else max(1, jobs // len(self.recipes))
        for start in range(0, len(numbers), each):
            wanted = self._open()
            if len(wanted) < 2:
                return
            yield [self._trial(label, seed) for seed in numbers[start : start + each] for label in wanted]

    def add(self, outcome: Outcome) -> None:
        """One more is known."""
        self.outcomes[outcome.label][outcome.seed] = outcome
        self.done += 1

    def judge(self) -> Comparison:
        """The verdicts, as far as it went."""
        metric = self._metric()
        others = [label for label in self.recipes if label != self.baseline]
        found = {label: self._gain(label, metric) for label in others}
        corrected = statistics.holm([gain.p if gain else math.nan for gain in found.values()])
        verdicts = [self._verdict(label, metric, found[label], p) for label, p in zip(others, corrected, strict=True)]
        return Comparison(metric, self.baseline, self.design, self.seeds, self.folds, self.outcomes, verdicts)

    def _trial(self, label: str, seed: int) -> Trial:
        recipe = replaced(self.recipes[label], seed=seed)
        number = seed - self.recipes[self.baseline].seed + 1  # each fold has a seed of its own
        return Trial(label, in_fold(recipe, number, self.folds) if self.folds else recipe)

    def _open(self) -> list[str]:
        """The recipes that are still to be run: the baseline, and those about which nothing is decided."""
        others = [label for label in self.recipes if label != self.baseline]
        if self.design == "fixed" or not self.outcomes[self.baseline]:
            return [self.baseline, *others]
        metric = self._metric()
        found = {label: self._gain(label, metric) for label in others}
        left = [label for label, gain in found.items() if gain is None or gain.p * len(others) > ALPHA]
        return [self.baseline, *left]

    def _metric(self) -> str:
        """The one that was asked for, else the first of METRICS that every outcome has. Raises RecipeError."""
        known = [o for outcomes in self.outcomes.values() for o in outcomes.values() if not o.failed]
        common = sorted(set.intersection(*(set(o.figures) for o in known))) if known else []
        if self.folds:  # the test set is the same for all of them
            common = [name for name in common if name.startswith("valid_")]
        if self.metric and known and self.metric not in common:
            raise RecipeError(f"There is no figure {self.metric!r}.", fix=did_you_mean(self.metric, common))
        return self.metric or next((name for name in METRICS if name in common), "train_loss")

    def _pairs(self, label: str) -> list[tuple[Outcome, Outcome]]:
        return ended(self.outcomes[self.baseline], self.outcomes[label])

    def _gain(self, label: str, metric: str) -> Paired | None:
        pairs = self._pairs(label)
        if not pairs:
            return None
        if self.design == "anytime":  # which scale it is must be settled before the first look
            return statistics.confidence_sequence(gains(pairs, metric))
        if self.worth is not None:  # in the metric's unit
            return statistics.paired(gains(pairs, metric), overlap=overlap(self.folds) if self.folds else 0.0)
        return gained(pairs, metric, overlap(self.folds) if self.folds else 0.0, self.exact)

    def _verdict(self, label: str, metric: str, gain: Paired | None, p: float) -> Verdict:
        pairs = self._pairs(label)
        times = [b.cpu / a.cpu for a, b in pairs if a.cpu > 0]
        memories = [b.memory / a.memory for a, b in pairs if a.memory > 0]
        failures = sum(bool(o.failed) for o in self.outcomes[label].values())
        base = [a.figures[metric] for a, _ in pairs]
        worth = self.worth or (WORTH_POINTS if metric.endswith("accuracy") else WORTH_SHARE * abs(_mean(base)))
        worth = math.log10(1 + WORTH_SHARE) if gain is not None and gain.decades else worth
        word, says = judged(gain, p, worth, metric, failures, len(self.outcomes[label]))
        return Verdict(label, word, says, gain, p, _median(times), _median(memories), failures)


def ended(one: Mapping[int, Outcome], other: Mapping[int, Outcome]) -> list[tuple[Outcome, Outcome]]:
    """The pairs, seed by seed, where both came to their end."""
    both = [(one[seed], other[seed]) for seed in sorted(one) if seed in other]
    return [(a, b) for a, b in both if not a.failed and not b.failed]


def gains(pairs: Sequence[tuple[Outcome, Outcome]], metric: str) -> list[float]:
    """How much better the second of each pair is: positive is better, whatever the metric."""
    sign = 1 if metric.endswith("accuracy") else -1
    return [sign * (b.figures[metric] - a.figures[metric]) for a, b in pairs]


def gained(pairs: Sequence[tuple[Outcome, Outcome]], metric: str, shared: float = 0.0, exact: bool = False) -> Paired:
    """What `gains` say; in decades, where the figures are no accuracies and span so many. shared: of folds; exact: p by
    exchanges within pairs, where there are enough."""
    one, other = ([outcome.figures[metric] for outcome in side] for side in zip(*pairs, strict=True))
    decades = not metric.endswith("accuracy") and statistics.spans_decades(one, other)
    found = gains(pairs, metric)
    if decades:  # of a loss: the less the better
        found = [math.log10(a) - math.log10(b) for a, b in zip(one, other, strict=True)]
    gain = replace(statistics.paired(found, overlap=shared), decades=decades)
    return replace(gain, p=statistics.exchanged(found)) if exact and gain.n in statistics.EXACT else gain


def judged(
    gain: Paired | None, p: float, worth: float, metric: str, failures: int = 0, runs: int = 0
) -> tuple[Word, str]:
    """The verdict in a word and in a sentence. p: corrected; worth: the smallest difference that matters."""
    if gain is None or gain.n < 2:
        return "failed", f"{failures} of {runs} runs failed: there is nothing to compare"
    size = amount(abs(gain.mean), metric, gain.decades)
    but = f", but {failures} of {runs} runs failed" if failures else ""
    if p <= ALPHA and gain.low > 0:
        return ("better", f"better by {size}{but}") if not failures else ("failed", f"better by {size}{but}")
    if p <= ALPHA and gain.high < 0:
        return "worse", f"worse by {size}{but}"
    if -worth < gain.low and gain.high < worth:
        return "same", f"no difference beyond {amount(worth, metric, gain.decades)}{but}"
    needed = statistics.seeds_for(worth, gain.spread)
    seen = amount(statistics.visible(gain.spread, gain.n, overlap=gain.overlap), metric, gain.decades)
    if gain.overlap:
        more = f"{gain.n} folds see {seen} or more"
    elif needed is not None and needed > gain.n:
        more = f"{needed - gain.n:,} more seeds would see {amount(worth, metric, gain.decades)}"
    else:
        more = f"{gain.n} seeds see {seen} or more"
    return "undecided", f"no difference found at this size: {more}{but}"


def amount(value: float, metric: str, decades: bool = False) -> str:
    """A difference as people say it: points of an accuracy, powers of ten, else a number."""
    if decades:
        return f"{value:.2g} decades"
    return f"{100 * value:.2g} points" if metric.endswith("accuracy") else f"{value:.2g}"


def _mean(values: Sequence[float]) -> float:
    return descriptive.fmean(values) if values else 0.0


def _median(values: Sequence[float]) -> float:
    return descriptive.median(values) if values else math.nan
