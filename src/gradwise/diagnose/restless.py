"""What `oscillating-loss` says of an optimizer that can't but swing: one that remembers for much of the run."""

from __future__ import annotations

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity

SMOOTH = 32  # values of a loss, or its turns are chance
TURN = 0.1  # of the smoothed loss' range: a rise and a fall by so much is a swing
TURNS = 2
LONG = 0.25  # of the run's steps: a memory as long as that hardly forgets
HEAVY = 0.99  # momentum below it is usual


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
