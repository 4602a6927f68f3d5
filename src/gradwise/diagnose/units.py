"""Rules of the family "units"."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradwise.diagnose.case import Case, Series
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.generalisation import overfitting
from gradwise.watch.facts import Layer

DEAD = 0.7  # share of a layer's units (AUTOTRAINER: 70 % of gradients are zero)
ALL = 0.98  # nothing gets through
OFF = 0.97  # share of zeros, where units are not counted one by one: sparse networks learn with 0.9
SATURATED = 0.5  # share of elements whose derivative is below 5 % of its maximum (DeepDiagnosis)
MOSTLY, STILL = 0.8, 0.7  # at the start and the end, in the mean over hidden layers that have limits: what is lost
HIDDEN = 2  # of them, from which on that is no code with two values
FITS = 0.9  # share of the baseline that is explained: it learns, whatever its units do
GROWN = 0.2  # more than at the start by so much: the training has done it
LOOKS = 5  # over which the median is taken


def dead_units(case: Case) -> Iterator[Finding]:
    """Most units of a layer are off for every sample, and the loss does not fall; or most have been from the start on,
    so that few learn in the place of many."""
    if not case.struggling and not (case.tells and case.learning.progress < FITS):
        return
    found: list[tuple[str, Series, bool]] = []
    for name in case.trace.places("activation"):
        series = _before_nan(case, case.series("activation", name, "dead"))
        counted = series is not None
        if series is None:
            series = _before_nan(case, case.series("activation", name, "zero_fraction"))
        if series is not None and len(series.values) >= LOOKS and _end(series) >= _limit(case, series, counted):
            found.append((name, series, counted))
    if found:
        yield _dead(case, *max(found, key=lambda each: _end(each[1])))


def _limit(case: Case, series: Series, counted: bool) -> float:
    """The share of units that is too much, as the loss goes."""
    if case.stuck:
        return DEAD if counted else OFF
    if case.struggling:  # what is behind a layer that lets nothing through still learns the targets' mean
        return ALL if counted else 1.0
    return DEAD if counted and _start(series) > MOSTLY else float("inf")


def _dead(case: Case, name: str, series: Series, counted: bool) -> Finding:
    limit = DEAD if counted else OFF
    start, end = _start(series), _end(series)
    since = int(series.steps[int((series.values >= limit).argmax())])
    units = "units are off for every sample" if counted else "outputs are 0"
    grown = end - start > GROWN
    since_when = f"{start:.0%} at the start" if grown else "from the start on"
    says = f"{end:.0%} of the {units} in {name}'s ReLU ({since_when}): they give 0 and get no gradient, so they can't "
    says += "come back. "
    if case.struggling:
        says += f"The loss {'does not fall' if case.stuck else 'hardly falls'} ({case.told})."
    else:
        says += f"What it learns, few of them learn ({case.told})."
    lower = Remedy("", "a learning rate three to ten times smaller", "one step too large pushed the biases down")
    leaky = Remedy("", "nn.LeakyReLU(0.01) instead of nn.ReLU()", "a unit that is off still gets a gradient")
    fresh = Remedy("He", "He initialisation, biases of 0, inputs around 0", "then half of the units are on at first")
    remedies = (lower, leaky, fresh) if grown else (fresh, leaky)
    evidence = {"dead": end, "at_start": start, "threshold": limit, "since": since}
    evidence["before_steps"] = _before_steps(series, limit)
    surely = counted and end > ALL
    severity, certainty = ("error", 0.9) if surely else ("warning", 0.75 if counted else 0.6)
    if not case.struggling:
        severity, certainty = "warning", 0.6
    steps = (since, int(series.steps[-1]))
    return Finding("dead-units", severity, certainty, says, remedies, (name,), case.source, steps, evidence)


def saturated_units(case: Case) -> Iterator[Finding]:
    """Most sigmoid or tanh units are at their limit, and the loss does not fall; or have been from the start on."""
    found: list[tuple[str, Series]] = []
    limited = 0
    for name in case.trace.places("activation"):
        series = _before_nan(case, case.series("activation", name, "saturated"))
        layer = _layer(case, name)
        if series is None or len(series.values) < LOOKS or (layer is not None and layer.last):
            continue  # the last layer may be as sure as it likes
        limited += 1
        if _end(series) > SATURATED and (case.struggling or _start(series) > SATURATED):
            found.append((name, series))
    if found and (case.struggling or (len(found) == limited and _hardly_through([series for _, series in found]))):
        yield _saturated(case, found)


def _hardly_through(limited: list[Series]) -> bool:
    """From the start on, and to the end: it learns on what little comes through layers that have limits."""
    through = [float(np.prod([1 - share(series) for series in limited])) for share in (_start, _end)]
    return all(each < (1 - lost) ** len(limited) for each, lost in zip(through, (MOSTLY, STILL), strict=True))


def _saturated(case: Case, found: list[tuple[str, Series]]) -> Finding:
    name, series = max(found, key=lambda pair: _end(pair[1]))
    layer = _layer(case, name)
    kind = layer.activation if layer is not None and layer.activation else "sigmoid or tanh"
    start, end = _start(series), _end(series)
    since = int(series.steps[int((series.values > SATURATED).argmax())])
    says = f"{end:.0%} of the outputs of {name}'s {kind} are at their limit, where its derivative is less than a "
    says += "twentieth of what it is in the middle: next to no gradient comes through"
    says += f"; at the start it was {start:.0%}. " if end - start > GROWN else ", from the start on. "
    says += (
        f"The loss hardly falls ({case.told})." if case.struggling else f"It learns on the layers behind ({case.told})."
    )
    small = Remedy("Xavier", "Xavier initialisation, biases of 0, no large factors", f"{kind} is given too much")
    norm = Remedy("", f"a LayerNorm or BatchNorm before the {kind}", "it brings what is given back to about 1")
    lower = Remedy("", "a learning rate three to ten times smaller", "large steps drove the units to their limits")
    relu = Remedy("He", "nn.ReLU(), and He initialisation", "it has no upper limit")
    remedies = (lower, small, norm) if end - start > GROWN else (small, norm, relu)
    evidence = {"saturated": end, "at_start": start, "threshold": SATURATED, "since": since, "layers": len(found)}
    evidence["before_steps"] = _before_steps(series, SATURATED)
    severity, certainty = ("error", 0.9) if case.stuck and end > 0.8 else ("warning", 0.72 if case.struggling else 0.6)
    harmless = case.learning.progress > FITS and not any(True for _ in overfitting(case))
    if not case.struggling and (len(found) < HIDDEN or harmless):  # on purpose, or to no harm
        severity, certainty = "note", 0.5
    where = tuple(each for each, _ in found)
    steps = (since, int(series.steps[-1]))
    return Finding("saturated-units", severity, certainty, says, remedies, where, case.source, steps, evidence)


def _layer(case: Case, name: str) -> Layer | None:
    layers = (layer for network in case.facts.networks for layer in network.layers)
    return next((layer for layer in layers if layer.name == name), None)


def _before_nan(case: Case, series: Series | None) -> Series | None:
    """What is not a number is not above 0 either: units seem to be off."""
    end = case.facts.nonfinite
    if series is None or end is None or end.skipped:
        return series
    kept = series.steps < end.step
    return Series(series.steps[kept], series.values[kept])


def _start(series: Series) -> float:
    return float(np.median(series.finite.values[:3])) if len(series.finite.values) else float("nan")


def _before_steps(series: Series, limit: float) -> bool:
    """At the very first pass, whose weights no step has changed."""
    return bool(series.steps[0] <= 1 and series.values[0] > limit)


def _end(series: Series) -> float:
    return float(np.median(series.values[-LOOKS:]))


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (dead_units, saturated_units)
