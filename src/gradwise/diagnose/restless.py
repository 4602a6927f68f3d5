"""What `oscillating-loss` says of a training that can't but swing: its optimizer remembers for much of the run, or its
schedule, which is to let it settle, raises the rate again and again."""

from __future__ import annotations

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity

SMOOTH = 32  # values of a loss, or its turns are chance
TURN = 0.1  # of the smoothed loss' range: a rise and a fall by so much is a swing
TURNS = 2
LONG = 0.25  # of the run's steps: a memory as long as that hardly forgets
HEAVY = 0.99  # momentum below it is usual
RETURNS, TOP, LOW = 2, 0.9, 0.1  # times that the rate comes back to so much of its largest, from so little
HIGHER = 1.05  # times the loss at a low rate is the loss at a high one, or the last loss that of averaged weights


def restless(case: Case) -> Finding | None:
    """An optimizer that remembers so long that it swings past every valley, and a loss that does go up and down."""
    optimizer, swings = case.optimizer, _turns(case)
    if optimizer is None or case.learning.diverged:
        return None
    given = optimizer.arguments
    first, second = given.get("betas[0]", 0.0), given.get("betas[1]", 1.0)
    momentum, steps = float(given.get("momentum", 0.0)), case.last_step + 1
    if first**2 > second:  # then Adam may diverge on a convex problem (Reddi et al. 2018, theorem 1)
        says = f"{optimizer.kind}'s betas are ({first:g}, {second:g}): the mean of the gradients remembers "
        says += f"{1 / (1 - first):,.0f} steps, the mean of their squares {1 / (1 - second):,.0f}."
        fix = Remedy("Adam", "betas=(0.9, 0.999)", "the first is the short memory, the second the long one")
        certainty = 0.85
    elif swings >= TURNS and remembers(case):
        says = f"Momentum {momentum:g} remembers {1 / (1 - momentum):,.0f} steps, and the program makes {steps:,}: "
        says += "the weights roll through every valley and up on the other side."
        fix = Remedy("SGD", "momentum=0.9", "it remembers ten steps")
        certainty = 0.8
    else:
        return None
    says += f" The loss goes up and down again {swings} times ({case.told})." if swings else f" {case.sentence}"
    slow = Remedy("", "a learning rate ten times smaller", "where the long memory is meant")
    evidence = {"betas": [first, second], "momentum": momentum, "steps": steps, "swings": swings}
    source = (optimizer.source,) if optimizer.source else case.source
    span = (0, case.last_step)
    severity: Severity = "warning"
    if swings < TURNS:  # a fact about the program, and no harm is seen yet
        severity, certainty = "note", 0.5
    return Finding("oscillating-loss", severity, certainty, says, (fix, slow), (), source, span, evidence)


def rises_again(case: Case) -> Finding | None:
    """CosineAnnealingLR beyond its T_max: it was to end there, and goes up again as it came down, and so on."""
    optimizer, rates, curve = case.optimizer, case.rates, case.curve().finite.last(0.5, 0)
    if optimizer is None or optimizer.scheduler != "CosineAnnealingLR" or rates is None or len(curve.values) < SMOOTH:
        return None
    top, returns, low = float(rates.values.max()), 0, False
    for value in rates.values:
        returns += low and value >= TOP * top
        low = value <= LOW * top or (low and value < TOP * top)
    probes, went = case.facts.probes, case.learning
    rate = np.interp(curve.steps, rates.steps, rates.values)
    high, small = curve.values[rate > top / 2], curve.values[rate <= LOW * top]
    if returns < RETURNS or not case.tells or went.diverged or min(len(high), len(small)) < 8:
        return None
    above, below = float(high.mean()), float(small.mean())
    hovers = probes.last is not None and probes.averaged is not None and probes.last > HIGHER * probes.averaged > 0
    if not below > 0 or above < HIGHER * below or not (hovers or float(rate[-1]) > LOW * top):
        return None
    says = f"CosineAnnealingLR was to end after T_max calls and went on: {returns} times the rate came back to "
    says += f"{top:.3g}, and the loss with it, {above:.3g} at a high rate, {below:.3g} at a low one. {case.sentence}"
    whole = Remedy("Cosine", "T_max = the number of calls of scheduler.step()", "it falls once, to the end")
    meant = Remedy("", "CosineAnnealingWarmRestarts, with the weights of the last low", "where the cycles are meant")
    evidence = {"returns": returns, "rate": top, "at_high": above, "at_low": below, "threshold": HIGHER}
    source = (optimizer.scheduler_source or optimizer.source,)
    span = (0, case.last_step)
    return Finding("oscillating-loss", "warning", 0.7, says, (whole, meant), (), source, span, evidence)


def remembers(case: Case) -> bool:
    """Its momentum lasts for much of the run."""
    momentum = float(case.optimizer.arguments.get("momentum", 0.0)) if case.optimizer is not None else 0.0
    return HEAVY <= momentum < 1 and 1 / (1 - momentum) > LONG * (case.last_step + 1)


def _turns(case: Case) -> int:
    """How often the smoothed loss rises by more than TURN of its range and falls again as much."""
    values = case.curve().finite.values
    if len(values) < SMOOTH or not case.tells:
        return 0
    smooth = np.convolve(values, np.ones(5) / 5, "valid")
    limit = TURN * float(np.ptp(smooth))
    count, low, high, rising = 0, smooth[0], smooth[0], False
    for value in smooth:
        low, high = min(low, value), max(high, value)
        if not rising and value > low + limit:
            rising, high = True, value
        elif rising and value < high - limit:
            rising, low = False, value
            count += 1
    return count
