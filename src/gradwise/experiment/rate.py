"""The learning-rate range test: raise the rate from step to step, read off where the loss falls, try what is read.

Smith 2017 (arXiv:1506.01186, section 3.3). Three rules read three rates from the same curve, and a short run of each,
and of the recipe's own rate, says which is worth it: a curve of one pass over rates tells where steps become too long,
not which rate trains best.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gradwise.cycle import cycle
from gradwise.errors import NonFinite, RecipeError
from gradwise.recipe import Recipe, Watching, replaced
from gradwise.stages import name_of
from gradwise.training import Training

SMOOTHING = 0.9  # of the losses' running mean
LOST = 4.0  # times the best loss: the test is over
BELOW, ABOVE = 1e-4, 1e3  # times the recipe's own rate: where the test begins and ends
FEW = 8  # points from which nothing is read off


@dataclass(frozen=True)
class Suggestion:
    """A rate, by which rule, and what a short run at it came to."""

    rule: str  # "steepest", "valley", "minimum / 10", "own"
    lr: float
    value: float | None  # None: not finite


@dataclass(frozen=True)
class Ranged:
    """A range test."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]  # smoothed
    suggestions: tuple[Suggestion, ...]  # the best first
    metric: str  # what the short runs are judged by
    epochs: float  # their length


def range_test(
    recipe: Recipe,
    *,
    low: float | None = None,
    high: float | None = None,
    steps: int = 200,
    epochs: float | None = None,
    show: Callable[[Suggestion], None] = lambda suggestion: None,
) -> Ranged:
    """Test rates from `low` to `high` over so many steps, then train each that is suggested for `epochs`.

    By default from a 10,000th of the recipe's rate to 1000 times of it, and short runs of a fifth of its epochs, one
    at least. Every run begins with the same weights and order. Raises RecipeError.
    """
    own = rate_of(recipe)
    low, high = low or own * BELOW, high or own * ABOVE
    if not 0 < low < high:
        raise RecipeError(f"A range test goes from a rate above 0 to a higher one, got {low:g} to {high:g}.")
    rates, raw = _curve(recipe, own, low, high, steps)
    losses = smoothed(raw)
    read = [(rule, rate) for rule, rate in suggested(rates, losses).items()]
    epochs = min(recipe.epochs, max(1.0, recipe.epochs / 5)) if epochs is None else epochs
    found: list[Suggestion] = []
    metric = ""
    for rule, rate in [*read, ("own", own)]:
        same = next((one for one in found if math.isclose(one.lr, rate, rel_tol=1e-6)), None)
        name, value = _short(recipe, rate, epochs) if same is None else (metric, same.value)
        metric = metric or name
        found.append(Suggestion(rule, rate, value))
        show(found[-1])
    sign = -1 if metric.endswith("accuracy") else 1
    best_first = sorted(found, key=lambda one: math.inf if one.value is None else sign * one.value)
    return Ranged(tuple(rates), tuple(losses), tuple(best_first), metric, epochs)


def rate_of(recipe: Recipe) -> float:
    """The optimizer's learning rate. Raises RecipeError where it has none to set."""
    rate = getattr(recipe.optimizer, "lr", None)
    if not dataclasses.is_dataclass(recipe.optimizer) or not isinstance(rate, float | int):
        raise RecipeError(f"{name_of(recipe.optimizer)} has no lr to test.", fix="use one of gradwise.update.")
    return float(rate)


def _curve(recipe: Recipe, own: float, low: float, high: float, steps: int) -> tuple[list[float], list[float]]:
    """Rates and losses until the loss is lost."""

    def rising(progress: float) -> float:
        return low / own * (high / low) ** progress

    training = Training(replaced(recipe, schedule=rising, watch=Watching(on=False), stop=()))
    for _ in training.set_up():
        pass
    parts, rates, losses = training.parts, list[float](), list[float]()
    parts.model.train()
    while len(losses) < steps:
        epoch = len(losses) // training.per_epoch
        batches = parts.supply.batches(epoch, 0)
        turns = cycle(
            training.recipe,
            parts.forward,
            parts.optimizer,
            parts.guard,
            batches,
            start=len(losses),
            steps=steps,
            epoch=epoch,
        )
        for tick in turns:
            loss = float(tick.loss)  # waits for the device: a few hundred steps
            if not math.isfinite(loss) or not bool(tick.finite) or (losses and loss > LOST * max(min(losses), 1e-12)):
                return rates, losses
            rates.append(low * (high / low) ** (tick.step / steps))
            losses.append(loss)
            if len(losses) == steps:
                break
    return rates, losses


def smoothed(losses: Sequence[float]) -> list[float]:
    """The running mean, corrected for its start."""
    mean, made = 0.0, list[float]()
    for count, loss in enumerate(losses, 1):
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
        made.append(mean / (1 - SMOOTHING**count))
    return made


def suggested(rates: Sequence[float], losses: Sequence[float]) -> dict[str, float]:
    """Rule -> rate, for a smoothed curve; nothing where it is too short or never falls."""
    if len(losses) < FEW:
        return {}
    least = min(range(len(losses)), key=losses.__getitem__)
    if least < 2 or losses[least] >= losses[0]:
        return {}
    slopes = [(losses[i + 1] - losses[i - 1], i) for i in range(1, least)]
    falls = falling(losses[: least + 1])
    return {
        "steepest": rates[min(slopes)[1]],
        "valley": rates[falls[len(falls) * 2 // 3]],
        "minimum / 10": rates[least] / 10,
    }


def falling(losses: Sequence[float]) -> list[int]:
    """Places of the longest falling subsequence, whose last third fastai's "valley" leaves out."""
    length, before = [1] * len(losses), [-1] * len(losses)
    for i in range(len(losses)):
        for j in range(i):
            if losses[j] > losses[i] and length[j] + 1 > length[i]:
                length[i], before[i] = length[j] + 1, j
    place = max(range(len(losses)), key=length.__getitem__)
    found: list[int] = []
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def _short(recipe: Recipe, rate: float, epochs: float) -> tuple[str, float | None]:
    """What a short run at this rate comes to: metric and value."""
    now: Any = recipe.optimizer
    optimizer = dataclasses.replace(now, lr=rate)
    training = Training(replaced(recipe, optimizer=optimizer, epochs=epochs, watch=Watching(on=False)))
    try:
        for _ in training.events():
            pass
    except NonFinite:
        return "", None
    finally:
        training.signals.raise_caught()
    metric, values = training.trace.metric()
    return metric, training.best if training.best is not None else values[-1]
