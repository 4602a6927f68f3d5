"""All rules over one trace, and their findings in order: cause before symptom, likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from gradwise.diagnose import (
    drawn,
    generalisation,
    gradient,
    inputs,
    labels,
    loss,
    network,
    program,
    regularised,
    start,
    units,
    update,
)
from gradwise.diagnose.case import Case
from gradwise.diagnose.causes import in_order
from gradwise.diagnose.coverage import not_checked
from gradwise.diagnose.finding import Finding
from gradwise.watch.trace import Trace

Rule = Callable[[Case], Iterator[Finding]]
RULES: tuple[Rule, ...] = tuple(
    rule
    for family in (
        *(program, loss, network, inputs, drawn, labels, start),
        *(gradient, units, update, generalisation, regularised),
    )
    for rule in family.RULES
)


@dataclass(frozen=True)
class Diagnosis:
    """What was found, the likeliest cause first, and what could not be looked at: {code: why}."""

    findings: list[Finding]
    not_checked: dict[str, str] = field(default_factory=dict[str, str])


@np.errstate(all="ignore")  # a trace of a training gone wrong holds infinities
def diagnose(trace: Trace) -> Diagnosis:
    """Name what is wrong with a training, from its trace alone: NumPy in, findings out."""
    case = Case(trace)
    found = [finding for rule in RULES for finding in rule(case)]
    codes = {finding.code for finding in found}
    return Diagnosis(in_order(found, case), {c: why for c, why in not_checked(case).items() if c not in codes})
