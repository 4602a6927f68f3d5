"""What a recurrence keeps of the gradient on its way back through time, and of its memory on the way there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity

FORGOTTEN = 1e-4  # first pass to last of a layer that is passed again and again
CLOSED = 0.3  # of a memory that the most open gate keeps at a step; without a bias of its own it is half


def through_time(case: Case) -> Iterator[Finding]:
    """The same layer, passed again and again: what is left of the gradient at the first pass."""
    through, passes = case.series("through", "", "ratio"), case.series("through", "", "passes")
    if through is None or passes is None or len(through.finite.values) < 3:
        return
    share, times = float(np.median(through.finite.values)), round(float(passes.values[-1]))
    if share >= FORGOTTEN:
        return
    says = f"The same layer is passed {times} times in a row, and of the gradient at the last pass {share:.0e} is left "
    says += f"at the first: what came early in a sequence cannot be learnt from, and {no_more(case)} ({case.told})."
    remedies = (
        Remedy("", "nn.GRU or nn.LSTM instead of a plain recurrence", "their gates let the gradient pass"),
        Remedy("", "the mean or maximum over all states, or attention, instead of the last one", "a short way back"),
        Remedy("Orthogonal", "nn.init.orthogonal_ for the recurrent weights", "a rotation keeps lengths"),
    )
    evidence = {"share": share, "passes": times, "threshold": FORGOTTEN}
    steps = (0, case.last_step)
    judged: tuple[Severity, float] = ("error", 0.85) if case.stuck else ("warning", 0.72)
    yield Finding("vanishing-gradient", *judged, says, remedies, (), case.source, steps, evidence)


def forgets(case: Case) -> Iterator[Finding]:
    """An LSTM whose forget gates are all but closed: neither memory nor gradient comes through a few steps."""
    for name in case.trace.places("memory"):
        kept, steps = case.series("memory", name, "kept"), case.series("memory", name, "steps")
        if kept is None or steps is None or len(kept.finite.values) < 3:
            continue
        share, times = float(np.median(kept.finite.values)), round(float(steps.values[-1]))
        if not case.stuck or share >= CLOSED or share**times >= FORGOTTEN:
            continue
        says = (
            f"The forget gates of {name} let through {share:.0%} of the memory at most, at every step: after {times} "
        )
        says += f"steps nothing is left of it, nor of the gradient on its way back, and {no_more(case)} ({case.told})."
        remedies = (
            Remedy("", "a bias of 1 to 3 for the forget gates (the second quarter of bias_hh)", "they begin open"),
            Remedy(
                "", "the mean or maximum over all states, or attention, instead of the last one", "a short way back"
            ),
        )
        evidence = {"kept": share, "steps": times, "threshold": CLOSED}
        where, last = (name,), (0, case.last_step)
        yield Finding("vanishing-gradient", "warning", 0.75, says, remedies, where, case.source, last, evidence)


def no_more(case: Case) -> str:
    """What becomes of the loss meanwhile."""
    return "the loss does not fall" if case.stuck else "the loss has settled far above what can be learnt"
