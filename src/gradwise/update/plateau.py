"""Lower the rate when nothing gets better. stage: schedule, which looks at the record."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from annotated_types import Ge, Gt, Lt

from gradwise.errors import RecipeError
from gradwise.stages import Count, NonNegative, Share, Trace, technique


@technique
class ReduceOnPlateau:
    """Multiply the rate by `factor` when a metric has not become better for some epochs.

    As torch's ReduceLROnPlateau, but a function of the record, and so the same after a resume.
    stage: schedule. treats: plateau, oscillating-loss, noisy-gradient.
    equation: scale <- max(factor scale, final) after `epochs` evaluations that are not better by more than `least`
    Args: factor: above 0, below 1; good: 0.1 to 0.5; epochs: to wait, at least 1; good: 3 to 10; metric: a column of
        the epoch table ("" for the one that "best" goes by); least: the gain that counts as better, relative to the
        best (of an accuracy: absolute), at least 0; good: 1e-4; rest: epochs after a fall in which none is counted;
        good: 0 to 3; final: the least factor, 0 to 1.
    conflicts: stop: Patience, unless it waits longer than this does.
    """

    factor: Annotated[float, Gt(0), Lt(1)] = 0.3
    epochs: Count = 3
    metric: str = ""
    least: NonNegative = 1e-4
    rest: Annotated[int, Ge(0)] = 0
    final: Share = 0.0
    scale: dict[str, float] = field(default_factory=dict[str, float], init=False, repr=False, compare=False)

    def __call__(self, progress: float) -> float:
        """What the record so far asks for; 1 before the first evaluation."""
        return self.scale.get("now", 1.0)

    def look(self, trace: Trace) -> None:
        """Take the figures of every evaluation so far."""
        name, values = trace.metric(self.metric)
        if self.metric and not values:
            fix = "e.g. train_loss, valid_loss or valid_accuracy; left out, the one that best goes by."
            raise RecipeError(f"ReduceOnPlateau.metric must be a column of the epoch table, got {name!r}.", fix=fix)
        rising = name.endswith("accuracy")
        now, best, since, resting = 1.0, None, 0, 0
        for value in values:
            better = best is None or (value > best + self.least if rising else value < best - self.least * abs(best))
            best, since = (value, 0) if better or best is None else (best, since + 1)
            if resting:
                resting, since = resting - 1, 0
            if since >= self.epochs:
                now, since, resting = max(now * self.factor, self.final), 0, self.rest
        self.scale["now"] = now
