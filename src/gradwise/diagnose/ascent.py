"""The rule `gradient-ascent`: the steps, or the loss itself, go the wrong way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradwise.diagnose.case import UPHILL, Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.watch.facts import Loss, Optimizer

LOOKS = 5
FALLS = 20.0  # times its first size below 0, ever faster: a loss that has no floor
FASTER = 1.2  # times from fifth to fifth of the run
ENDLESS = 1e3  # the same, whatever its pace
AWAY = 0.2  # cosine


def gradient_ascent(case: Case) -> Iterator[Finding]:
    """The steps go uphill."""
    for optimizer in case.facts.optimizers:
        if (optimizer.uphill or 0.0) >= UPHILL and _looked(case) and _unmeant(optimizer, case):
            yield _uphill(optimizer, case)
            return
    loss = case.loss
    # after a NaN the same backward() may look like that of a loss of the program's own
    others = [each for each in case.losses if loss is not None and (each.name or each.source != loss.backward_source)]
    alone = not case.facts.adversarial and len(others) == 1
    meant = any(optimizer.maximize for optimizer in case.facts.optimizers)
    if loss is not None and alone and loss.name and loss.sign < 0 and not meant and _rises(case):
        yield _negated(case)
    elif loss is not None and (loss.earned if meant else loss.lost):
        yield _unearned(loss, case)
    elif loss is not None and not loss.name and _turned_away(loss, case):
        yield _opposite(case)
    elif loss is not None and not loss.name and (_unlikelier(loss, case) or _bottomless(case)):
        yield _falls(case)


def _looked(case: Case) -> bool:
    return case.facts.looks >= LOOKS or not case.facts.looks


def _unmeant(optimizer: Optimizer, case: Case) -> bool:
    """maximize=True is meant, unless what is maximised is an error."""
    if optimizer.maximize:
        return case.loss is not None and bool(case.loss.name) and case.loss.sign > 0
    if case.maximises:
        return False
    return _rises(case) or case.learning.diverged or not case.learning.known


def _rises(case: Case) -> bool:
    return case.learning.diverged or (case.learning.known and case.learning.end > case.learning.start)


def _uphill(optimizer: Optimizer, case: Case) -> Finding:
    hand = optimizer.kind == "by hand"
    says = f"{optimizer.uphill:.0%} of the steps go along the gradient, that is uphill: the loss is made larger "
    says += f"({case.told})."
    if hand:
        fix = Remedy("", "w -= lr * w.grad instead of w += lr * w.grad", "the gradient points to where the loss grows")
    elif optimizer.maximize:
        fix = Remedy("", "maximize=False", f"{_name(case)} is an error: it is to be made small")
    else:
        fix = Remedy("", "a positive learning rate, and a step against the gradient", "the gradient points uphill")
    evidence = {"uphill": optimizer.uphill, "threshold": UPHILL, "maximize": optimizer.maximize}
    source = tuple(filter(None, dict.fromkeys([optimizer.step_source if hand else "", optimizer.source])))[:1]
    steps = (0, case.last_step)
    return Finding("gradient-ascent", "error", 0.95, says, (fix,), (), source or case.source, steps, evidence)


def _negated(case: Case) -> Finding:
    says = f"backward() is called on the negated {_name(case)}: the optimizer makes the error larger ({case.told})."
    fix = Remedy("", "loss.backward() without the minus", "optimizers go downhill")
    evidence = {"sign": -1, "start": case.learning.start, "end": case.learning.end}
    steps = (0, case.last_step)
    return Finding("gradient-ascent", "error", 0.9, says, (fix,), (), case.source, steps, evidence)


def _unearned(loss: Loss, case: Case) -> Finding:
    reward = loss.lost or loss.earned
    if loss.lost:
        says = (
            f"The loss is a mean of log-probabilities times {reward}, without a minus: the optimizer makes it small, "
        )
        fix = Remedy("", f"loss = -(log_prob * {reward}).mean()", "what earns more is to become likelier")
    else:
        says = f"The loss is minus a mean of log-probabilities times {reward}, and maximize=True makes it large, "
        fix = Remedy(
            "", "maximize=False", "the loss has its minus already: made small, it makes what earns more likelier"
        )
    says += f"so that what was drawn becomes the less likely the more its {reward} is."
    evidence, steps = {"sign": 1 if loss.lost else -1, "maximize": not loss.lost}, (0, case.last_step)
    return Finding("gradient-ascent", "error", 0.85, says, (fix,), (), case.source, steps, evidence)


def _unlikelier(loss: Loss, case: Case) -> bool:
    """A mean of log-probabilities, which are never above 0, and it is made smaller."""
    values = case.curve().finite.values
    above = not len(values) or float(np.median(values)) > 0  # a penalty may lie on top
    return loss.likelihood == 1 and not case.facts.adversarial and not above and case.learning.end < case.learning.start


def _turned_away(loss: Loss, case: Case) -> bool:
    """A mean of cosines with what the data give, and it is made smaller, below that of a right angle."""
    went = case.learning
    return loss.similarity == 1 and not case.facts.adversarial and went.known and went.end < min(went.start, -AWAY)


def _opposite(case: Case) -> Finding:
    start, end = case.learning.start, case.learning.end
    says = f"The loss is the cosine between predictions and targets, and it is made small, from {start:.2g} to "
    says += f"{end:.2g}: predictions are turned away from what they should be."
    fix = Remedy("", "loss = 1 - F.cosine_similarity(prediction, target).mean()", "a cosine of 1 is what is wanted")
    evidence, steps = {"start": start, "end": end, "threshold": -AWAY}, (0, case.last_step)
    return Finding("gradient-ascent", "error", 0.9, says, (fix,), (), case.source, steps, evidence)


def _bottomless(case: Case) -> bool:
    """It falls below 0 ever faster, far beyond its first size, or so far that it can have no end."""
    values = case.curve().finite.values
    if case.facts.adversarial or len(values) < 40:
        return False
    levels = np.array([np.median(part) for part in np.array_split(values, 5)])
    first = max(1.0, abs(float(np.median(values[:3]))))
    falls = -np.diff(levels)
    faster = (falls > 0).all() and bool((falls[1:] > FASTER * falls[:-1]).all())
    return bool((faster and levels[-1] < -FALLS * first) or levels[-1] < -ENDLESS * first)


def _falls(case: Case) -> Finding:
    start, end = case.learning.start, case.learning.end
    loss = case.loss
    if loss is not None and loss.likelihood == 1:
        says = f"The loss is a mean of log-probabilities, and it is made small, from {start:.3g} to {end:.3g}: what is "
        says += "right becomes ever less likely."
    else:
        says = f"The loss falls below 0, from {start:.3g} to {end:.3g}, without a floor. What should be made large (a "
        says += "log-likelihood, a reward) is made small, or an error is made large."
    fixes = (
        Remedy("", "loss = -log_likelihood.mean()", "the optimizer makes small what it is given"),
        Remedy("", "maximize=True in the optimizer", "the same, without the minus"),
    )
    evidence = {"start": start, "end": end, "threshold": -FALLS}
    sure = (loss is not None and loss.likelihood == 1) or end < -1e3 * max(1.0, abs(start))
    certainty = 0.85 if sure else 0.65
    severity = "error" if certainty > 0.8 else "warning"
    steps = (0, case.last_step)
    return Finding("gradient-ascent", severity, certainty, says, fixes, (), case.source, steps, evidence)


def _name(case: Case) -> str:
    return case.loss.name if case.loss is not None and case.loss.name else "loss"
