"""The rules about who steps, and whither: `gradient-ascent`, `not-optimised` and `schedule-stalls`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gradwise.diagnose.case import UPHILL, Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.unreached import count, listed, modules
from gradwise.watch.facts import Loss, Optimizer, Parameter

LOOKS = 5
FALLS = 20.0  # times its first size below 0, ever faster: a loss that has no floor
FASTER = 1.2  # times from fifth to fifth of the run
ENDLESS = 1e3  # the same, whatever its pace
AWAY = 0.2  # cosine
STALLED = 1e-3  # of the largest rate: nothing moves any more
SLOWED = 0.1  # the same: what moves takes ten times as long
STARVED, SLOW = 0.2, 0.45  # of the run: next to nothing, after so much of it in which it moved ten times slower
REST = 0.3  # of the run that is spent so
SAME, FALLEN = 1e-3, 0.7  # what a schedule was given is this error; the error at the end over it
EARLY = 50  # steps in which no schedule should come so far
DONE = 0.85  # share of the baseline that is explained: then it may rest,
LEARNT = 0.98  # unless it rested for most of the run, and was on its way down when it was stopped
MOST = 0.6


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
    elif loss is not None and loss.lost and not meant:
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
    says = f"The loss is a mean of log-probabilities times {loss.lost}, without a minus: the optimizer makes it small, "
    says += f"so that what was drawn becomes the less likely the more its {loss.lost} is."
    fix = Remedy("", f"loss = -(log_prob * {loss.lost}).mean()", "what earns more is to become likelier")
    evidence = {"sign": 1}
    steps = (0, case.last_step)
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


def not_optimised(case: Case) -> Iterator[Finding]:
    """Parameters that get gradients and that no optimizer holds."""
    facts = case.facts
    stepping = [optimizer for optimizer in facts.optimizers if optimizer.steps]
    known = [p for p in facts.parameters if p.requires_grad and p.in_model and p.reached]
    missed = [p for p in known if not p.held and not p.changed]
    if not stepping or facts.manual_updates or not any(len(p.shape) > 1 for p in missed):
        return
    if _a_network_of_its_own(missed, case):
        return
    held = [p for p in known if p.held]
    stale = sum(optimizer.stale for optimizer in stepping)
    names = modules(missed)
    says = f"{listed(names)} ({count(missed):,} weights) get gradients, but no optimizer holds "
    says += f"{'them' if len(names) > 1 else 'it'}: the weights stay as they were made. "
    hidden = [p for p in missed if "[" in p.name or p.name.startswith("tensor ")]
    last = _matrix(missed) is not None and _matrix(missed) == _matrix(known)
    if stale:
        says += f"The optimizer holds {stale} parameters that the network does not use (any more): it was made before "
        says += "the layers were replaced."
        fix = Remedy("", "make the optimizer after the network is complete", "it holds what there was when it was made")
        severity, certainty = "error", 0.95
    elif hidden and held:
        says += "They are not found by model.parameters(): layers in a plain list or dict are not registered."
        fix = Remedy("", "self.layers = nn.ModuleList(layers) instead of a list", "then parameters() finds them")
        severity, certainty = "error", 0.93
    elif not held:
        fix = Remedy("", "optimizer = ...(model.parameters())", "of the network that is trained")
        severity, certainty = "error", 0.95
    elif last:
        fix = Remedy("", "optimizer = ...(model.parameters())", "all of them")
        severity, certainty = ("error", 0.85) if case.stuck else ("warning", 0.75)
    else:
        fix = Remedy("", f"optimizer.add_param_group for {names[0]}, or model.parameters() as a whole", "else it stays")
        severity, certainty = ("warning", 0.6) if case.stuck and case.facts.finished else ("note", 0.4)
        if _in_front(missed, case):
            severity, certainty = "warning", 0.7
    frozen = Remedy("", f"requires_grad_(False) for {names[0]}", "where that is meant: it saves its backward pass")
    evidence = {"weights": count(missed), "held": count(held), "stale": stale}
    source = tuple(dict.fromkeys(optimizer.source for optimizer in stepping if optimizer.source))[:2]
    where, steps = tuple(names[:8]), (0, case.last_step)
    yield Finding("not-optimised", severity, certainty, says.strip(), (fix, frozen), where, source, steps, evidence)


def _on_its_way(case: Case, step: int) -> bool:
    """The loss was falling until then: its last half less than the half before, by a tenth."""
    curve = case.curve().finite
    values = curve.values[curve.steps < step]
    if len(values) < 8:
        return True
    before, last = np.array_split(values[len(values) // 3 :], 2)
    return float(np.median(last)) < 0.9 * float(np.median(before))


def _matrix(found: Sequence[Parameter]) -> str | None:
    """The last of them that is a matrix."""
    return next((p.name for p in reversed(found) if len(p.shape) > 1), None)


def _a_network_of_its_own(missed: Sequence[Parameter], case: Case) -> bool:
    """A teacher, a critic: all of a network that is called for its own sake, after another one."""
    others = [network.name for network in case.facts.networks[1:]]
    trained = {p.name for p in case.facts.parameters if p.held}
    for name in others:
        own = {p.name for p in case.facts.parameters if p.name.startswith(f"{name}.")}
        if own and not own & trained and all(p.name in own for p in missed):
            return True
    return False


def _in_front(missed: Sequence[Parameter], case: Case) -> bool:
    """All of the network that is called first: the gradient goes back through what is trained to it, in vain."""
    others = [network.name for network in case.facts.networks[1:]]
    trained = {p.name for p in case.facts.parameters if p.held}
    first = case.facts.networks[0].name if others else ""
    rest = {p.name for p in case.facts.parameters if not any(p.name.startswith(f"{name}.") for name in others)}
    return bool(first) and bool(trained) and not rest & trained and all(p.name in rest for p in missed)


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
