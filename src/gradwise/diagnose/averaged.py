"""What `oscillating-loss` sees where a curve does not show it: the average of the last weights is far better than they.

Steps that go to and fro about a valley leave the weights on its slopes; their average lies at its bottom (Polyak and
Juditsky 1992).
"""

from __future__ import annotations

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy

GAIN = 0.05  # of the loss of knowing nothing: what the average must gain
BETTER = 0.3  # of the loss that the last weights have: the same
NOTHING = 0.005  # of the loss of knowing nothing
LEARNT = 0.97  # share of the baseline that is explained: what is left then is of no account


def averages_out(case: Case) -> Finding | None:
    """It fell, and the average over the last part of the run gains much of what the last weights get wrong."""
    probes = case.facts.probes
    if not case.learning.fell or not gains(case) or _kept_besides(case):
        return None
    says = f"On the same samples the last weights have a loss of {probes.last:.3g}, and the average of the weights "
    says += f"over the last part of the run one of {probes.averaged:.3g}: the steps go to and fro about weights that "
    says += f"are far better than those it ends with. {case.sentence}"
    remedies = (
        Remedy("Cosine", "let the learning rate fall to 0 by the end (CosineAnnealingLR)", "ever shorter steps settle"),
        Remedy("", "an average of the weights (EMA)", "it is what this was tried with"),
        Remedy("", "larger batches, or a learning rate three to ten times smaller", "steps that cross no valley"),
    )
    evidence = {"last": probes.last, "averaged": probes.averaged, "values": probes.averages, "threshold": BETTER}
    steps = (case.last_step // 2, case.last_step)
    return Finding("oscillating-loss", "warning", 0.6, says, remedies, (), case.step_source, steps, evidence)


def gains(case: Case) -> bool:
    """The average of the last weights is that much better than they."""
    went, gained = case.learning, _gained(case)
    if gained is None or went.diverged or went.progress > LEARNT:
        return False
    return gained > max(GAIN * _scale(case), BETTER * abs(case.facts.probes.last or 0.0))


def averages_alike(case: Case) -> bool:
    """The average of the last weights is no better than they: nothing is thrown about."""
    gained = _gained(case)
    return gained is not None and gained < NOTHING * _scale(case)


def _gained(case: Case) -> float | None:
    """By how much the loss of the average is lower than that of the last weights; None where that is not known."""
    probes = case.facts.probes
    known = probes.averaged is not None and probes.last is not None and case.tells
    return probes.last - probes.averaged if known else None  # type: ignore[operator]


def _scale(case: Case) -> float:
    return abs(case.learning.baseline or case.learning.start)


def _kept_besides(case: Case) -> bool:
    """The program averages by itself: a network of the same size that is never trained."""
    main = case.network
    others = [n for n in case.facts.networks if n is not main and not n.training_calls]
    return main is not None and any(n.parameters == main.parameters for n in others)
