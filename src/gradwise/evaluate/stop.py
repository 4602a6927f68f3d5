"""When to stop. stage: stop: (Trace) -> bool, asked after every evaluation."""

from __future__ import annotations

from gradwise.errors import RecipeError
from gradwise.evaluate.metrics import is_better
from gradwise.stages import Count, NonNegative, Trace, technique


@technique
class Patience:
    """Stop when a metric has not become better for some epochs (Prechelt 1998, doi:10.1007/3-540-49430-8_3).

    treats: overfitting.
    Args: epochs: to wait, at least 1; metric: a column of the epoch table ("" for the one that "best" goes by);
        least: the gain that counts as better, at least 0.
    """

    epochs: Count = 5
    metric: str = ""
    least: NonNegative = 0.0

    def __call__(self, trace: Trace) -> bool:
        """Has it waited long enough?"""
        name, values = _column(self, trace)
        best, since = None, 0
        for value in values:
            target = value - self.least if name.endswith("accuracy") else value + self.least
            if best is None or is_better(name, target, best):
                best, since = value, 0
            else:
                since += 1
        return since >= self.epochs


@technique
class Target:
    """Stop as soon as a metric reaches a value.

    Args: value: to reach; metric: a column of the epoch table ("" for the one that "best" goes by).
    """

    value: float
    metric: str = ""

    def __call__(self, trace: Trace) -> bool:
        """Is it reached?"""
        name, values = _column(self, trace)
        return bool(values) and (values[-1] == self.value or is_better(name, values[-1], self.value))


def _column(stop: Patience | Target, trace: Trace) -> tuple[str, list[float]]:
    """The metric's name and values. A name that no evaluation gives would never stop anything."""
    name, values = trace.metric(stop.metric)
    if stop.metric and not values:
        fix = "e.g. train_loss, valid_loss or valid_accuracy; left out, the one that best goes by."
        raise RecipeError(f"{type(stop).__name__}.metric must be a column of the epoch table, got {name!r}.", fix=fix)
    return name, values
