"""What `learning-rate-too-high` says of a second training, with a rate of its own: what the first learnt is lost."""

from __future__ import annotations

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.spike import phases

FEWER = 20  # values before and after
RAISED = 3.0  # times the rate before
LEARNT = 0.5  # of the loss of knowing nothing, before
PEAK = 2.0  # times the loss of knowing nothing, after


def thrown_out_later(case: Case) -> Finding | None:
    """Another optimizer begins with a higher rate, and the loss goes far beyond that of knowing nothing, for good."""
    went, rate, curve = case.learning, case.rates, case.curve().finite
    if not case.stuck or not went.baseline or went.baseline <= 0 or rate is None:
        return None
    for begun in phases(case):
        before, after = curve.values[curve.steps < begun], curve.values[curve.steps >= begun]
        rates = rate.values[rate.steps < begun], rate.values[rate.steps >= begun]
        if min(len(before), len(after)) < FEWER or not all(map(len, rates)):
            continue
        old, new = (float(each.max()) for each in rates)
        level, peak = float(np.median(before[-FEWER:])), float(after.max())
        if new < RAISED * old or level > LEARNT * went.baseline or peak < PEAK * went.baseline:
            continue
        says = f"At step {begun} another optimizer begins, with a rate of {new:g} after {old:g}: the loss goes from "
        says += f"{level:.3g} to {peak:.3g}, and what was learnt is lost. {case.sentence}"
        remedies = (
            Remedy("", f"lr={old:g} instead of {new:g}, or less", "weights that know something bear small steps only"),
            Remedy(
                "WarmUp", "raise the rate over the first 5 % of the steps", "the start is where the loss is steepest"
            ),
        )
        evidence = {"rate": new, "rate_before": old, "before": level, "peak": peak, "at_step": begun}
        steps = (begun, case.last_step)
        return Finding("learning-rate-too-high", "error", 0.9, says, remedies, (), case.step_source, steps, evidence)
    return None
