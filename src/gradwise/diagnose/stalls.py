"""The rule `schedule-stalls`: the rate is next to nothing long before the end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy

STALLED = 1e-3  # of the largest rate: nothing moves any more
SLOWED = 0.1  # the same: what moves takes ten times as long
STARVED, SLOW = 0.2, 0.45  # of the run: next to nothing, after so much of it in which it moved ten times slower
REST = 0.3  # of the run that is spent so
SAME, FALLEN = 1e-3, 0.7  # what a schedule was given is this error; the error at the end over it
EARLY = 50  # steps in which no schedule should come so far
DONE = 0.85  # share of the baseline that is explained: then it may rest,
LEARNT = 0.98  # unless it rested for most of the run, and was on its way down when it was stopped
MOST = 0.6


def schedule_stalls(case: Case) -> Iterator[Finding]:
    """The rate is next to nothing long before the end."""
    rate, learning = case.rates, case.learning
    if rate is None or len(rate.values) < 20:
        return
    waits = _waits_in_vain(case)
    if waits is not None:
        yield waits
        return
    top = float(rate.values.max())
    moving = np.flatnonzero(rate.values > STALLED * top)
    if top <= 0 or not len(moving):
        return
    last, steps = int(moving[-1]) + 1, np.append(rate.steps, rate.steps[-1] + 1)  # not every step was looked at
    step, total = int(steps[last]), int(steps[-1])
    slowed = int(steps[np.flatnonzero(rate.values > SLOWED * top)[-1] + 1])
    rest, slow = 1 - step / total, 1 - slowed / total
    fast = step < EARLY and total - step >= 10
    # a rate that falls bit by bit has stopped the loss before it is next to nothing
    cut_short = rest > MOST and any(_on_its_way(case, turn) for turn in (step, slowed))
    starved = rest >= STARVED and slow >= SLOW
    cut_short |= starved and _on_its_way(case, slowed)
    done = LEARNT if cut_short else DONE
    if not (starved or rest >= REST or fast) or learning.progress > done or learning.diverged:
        return
    optimizer = case.optimizer
    kind = optimizer.scheduler if optimizer is not None and optimizer.scheduler else "the schedule"
    says = f"{kind} takes the learning rate from {top:.3g} to {rate.values[last]:.2g} by step {step}; the program goes "
    says += f"on to step {total}, and learns nothing any more from there ({case.told})."
    remedies = (
        Remedy("", "scheduler.step() once per epoch, where its numbers are meant in epochs", "it is called every step"),
        Remedy("Cosine", f"a schedule over the whole run: CosineAnnealingLR(optimizer, T_max={total})", "0 at its end"),
    )
    evidence = {"largest": top, "at": step, "rate": float(rate.values[last]), "threshold": STALLED, "steps": total}
    source = (optimizer.scheduler_source or optimizer.source,) if optimizer is not None else ()
    certainty = 0.92 if rest > 0.5 else 0.8
    severity = "error" if certainty > 0.9 and case.facts.finished and learning.progress < 0.6 else "warning"
    yield Finding("schedule-stalls", severity, certainty, says, remedies, (), source, (step, case.last_step), evidence)


def _waits_in_vain(case: Case) -> Finding | None:
    """ReduceLROnPlateau(mode="max") is given an error, which falls: its first value is never beaten."""
    optimizer, rate = case.optimizer, case.rates
    if optimizer is None or optimizer.awaited is None or rate is None or optimizer.awaited <= 0:
        return None
    best, top, last = optimizer.awaited, float(rate.values.max()), float(rate.values[-1])
    for loss in case.facts.losses:
        values = (case.series("evaluation", loss.source, "value") or case.curve(loss)).finite.values
        given = bool(loss.name) and len(values) > 2 and abs(float(values.max()) - best) < SAME * best
        if not given or float(values[-3:].max()) > FALLEN * best or last > SLOWED * top:
            continue
        says = f'ReduceLROnPlateau(mode="max") waits for {loss.name} to grow beyond {best:.3g}, and it falls, to '
        says += (
            f"{float(values[-1]):.3g}: the better it gets, the more the rate is lowered, from {top:.3g} to {last:.3g}."
        )
        fix = Remedy("", 'mode="min" (the default)', "an error is the better the lower")
        evidence = {"awaited": best, "last": float(values[-1]), "largest_rate": top, "last_rate": last}
        source, steps = (optimizer.scheduler_source or optimizer.source,), (0, case.last_step)
        return Finding("schedule-stalls", "warning", 0.9, says, (fix,), (), source, steps, evidence)
    return None


def _on_its_way(case: Case, step: int) -> bool:
    """The loss was falling until then: its last half less than the half before, by a tenth."""
    curve = case.curve().finite
    values = curve.values[curve.steps < step]
    if len(values) < 8:
        return True
    before, last = np.array_split(values[len(values) // 3 :], 2)
    return float(np.median(last)) < 0.9 * float(np.median(before))
