"""The rules of `learning-rate-too-high` and `learning-rate-too-low`: what other rates did on a copy, else the steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.exploding import exploding_gradient
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.restless import remembers
from gradwise.diagnose.second import thrown_out_later
from gradwise.diagnose.spike import loss_spike
from gradwise.diagnose.swings import swinging
from gradwise.diagnose.weights import BEGIN, START, matrices, ratio, repeated

WIDE = 0.03  # |update| / |weight|: thirty times the usual
LARGE = 0.1  # |update| / |weight| of a step (torchmortem, DeepDiagnosis: 1e-5...1e-1 is usual)
WHOLE, FIRST = 1.0, slice(None, 1)  # the same, of the very first step: of the initial weights nothing is left
SMALL = 1e-4  # the same (usual advice is 1e-3: Karpathy, CS231n, lecture notes on neural networks 3)
TINY = 1e-6  # the same, whatever the gradients say
HIGHER = 3.0  # times the first loss within the first steps: it was thrown out
FARTHER = 30.0  # the same, where it comes back, and to little
THROWN = 1e3  # the same, where steps are large, whatever comes of it
RUINED = -0.5  # share of the baseline that is explained: it ends half as bad again as knowing nothing
POOR = 0.6  # share of the baseline that is explained: below it what is said is an error
ELSEWHERE = 0.25  # of what is gained on the batches that are trained on, on others
LEARNT = 0.97  # share of the baseline that is explained: what smaller steps would gain is of no account
HALF = 2.0  # times the loss that smaller steps came to on a copy, where the program's own are large
LITTLE = 0.3  # share of the baseline that is explained
BETTER = 0.1  # of the loss of knowing nothing: what another rate must gain more than the program's own
STRAIGHT, SEEN = 10.0, 3e-3  # times the program's own gain, and of the loss: along a straight line, but along it
TIMES = 3.0  # as much progress as the program's own rate makes
UNMOVED = 0.1  # of the loss: what a whole run changed it by
FAR = 0.5  # of the same, or of the loss of knowing nothing
SCALED = ("Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop")  # steps of a size that gradients do not decide
USUAL = 3e-3  # |update| / |weight|: beyond it a network that stands still is not slow
CREPT = 1e-3  # of a weight's norm, over the whole run
ALWAYS, CUT = 0.9, 1e-2  # share of the steps that are clipped, and what that leaves of a gradient's norm
AGREED = 0.3  # cosine of gradients in a row: the way is clear, and yet it is not gone


class Tried(NamedTuple):
    """The best of other rates that were tried on a copy, from the same start and for as many steps."""

    factor: float  # times the program's own rate
    loss: float
    better: bool  # much better than the program's own
    half: bool  # the program's own loss is twice as high, and the difference counts
    more: bool  # it gained some times more, if little: the loss is a straight line for steps so small
    far_more: bool  # ten times more, and something that counts
    passed: bool  # these few steps came far below what the program ended at, on batches they were not made with, too

    def told(self, case: Case) -> str:
        """In words, for a finding."""
        own = case.facts.probes.same
        ended = "infinity" if own is None or own > 1e29 else f"{own:.3g}"
        says = f"From the same start {self.factor:g} times the rate brought it to {self.loss:.3g}, the program's own "
        return f"{says}to {ended}. "


def learning_rate_too_high(case: Case) -> Iterator[Finding]:
    """Steps so large that they overshoot."""
    later = thrown_out_later(case)
    if later is not None:
        yield later
        return
    size, peak, tried = ratio(case, BEGIN), _peak(case), _tried(case, ("0.01", "0.1"))
    first = case.curve().finite.values[:1].sum()
    poor = case.tells and peak > HIGHER and case.learning.end > (case.learning.baseline or first)
    poor |= case.tells and peak > FARTHER and case.learning.progress < LITTLE
    large = size is not None and size > LARGE
    poor |= case.tells and large and (peak > THROWN or (tried is not None and case.learning.progress < LEARNT))
    certainty = _too_large(case, size, peak, tried) if case.stuck or poor else 0.0
    gone = large and (ratio(case, FIRST) or 0.0) > WHOLE  # nothing is left of the initial weights
    if gone and case.facts.backwards and (not case.tells or (peak > HIGHER and case.learning.progress < LEARNT)):
        certainty = max(certainty, 0.6)
    if certainty > 0.0 and any(finding.evidence.get("rate") for finding in loss_spike(case)):
        return  # it went well until the rate was raised
    cannot_settle = certainty > 0.0 and (case.learning.progress > POOR or remembers(case))
    if certainty == 0.0 or (cannot_settle and any(True for _ in swinging(case))):
        return  # it learns, and cannot settle, or its optimizer can't but swing: that says it better
    says = "The steps are too large. "
    if size is not None:
        says += f"One step changes the weights by {size:.0%} of their size (usual: 0.1 %). "
    if peak > HIGHER:
        says += f"In the first {START} steps the loss went up to {peak:.0f} times what it was at the start. "
    says += (tried.told(case) if tried is not None else "") + case.sentence
    rate = _rate(case)
    factor = tried.factor if tried is not None else _factor(size or LARGE, 1e-4, 0.1)
    lower = f"lr={rate * factor:.3g} instead of {rate:g}" if rate else "a learning rate ten times smaller"
    remedies = (
        Remedy("", lower, "steps of about 0.1 % of the weights stay within what the gradient knows"),
        Remedy("WarmUp", "raise the rate over the first 5 % of the steps", "the start is where the loss is steepest"),
        Remedy("ClipNorm", "torch.nn.utils.clip_grad_norm_(parameters, 1.0) before the step", "it bounds every step"),
    )
    evidence = {"update_ratio": size, "threshold": LARGE, "peak_over_start": peak, "rate": rate, **_evidence(case)}
    severity = "error" if certainty >= 0.85 else "warning"
    steps = (0, case.last_step)
    yield Finding(
        "learning-rate-too-high", severity, certainty, says.strip(), remedies, (), case.step_source, steps, evidence
    )


def _too_large(case: Case, size: float | None, peak: float, tried: Tried | None) -> float:
    """How sure; 0 where nothing speaks for it. What was tried is stronger than what was seen."""
    thrown = peak > HIGHER and not _uphill(case)
    large, small = size is not None and size > LARGE, size is not None and size < LARGE / 10
    if tried is not None:
        sure = case.stuck or case.learning.progress < POOR
        if tried.better:
            return 0.95 if sure and not (small and not thrown) else 0.8
        if large and case.stuck and case.learning.progress < RUINED and tried.loss < (case.facts.probes.same or 0.0):
            return 0.85  # what was tried is only the first steps, and it came apart later
        far = size is not None and size > WIDE and tried.passed
        return 0.8 if far or (large and tried.half) else 0.0
    broken = len(case.curve().values) > len(case.curve().finite.values)  # NaN need not be the rate's
    if small or (broken and not thrown) or (repeated(case) and any(True for _ in exploding_gradient(case))):
        return 0.0
    if large:
        return 0.85 if thrown or case.learning.diverged else 0.7
    return 0.6 if thrown and case.learning.diverged else 0.0


def learning_rate_too_low(case: Case) -> Iterator[Finding]:
    """Steps so small that nothing has come of them yet."""
    learning, size, tried = case.learning, ratio(case), _tried(case, ("10", "100"))
    if not case.tells or learning.diverged or _warms_up(case) or _by_heart(case):
        return
    scale = abs(learning.baseline or learning.start)
    moved = (learning.start - learning.end) / max(abs(learning.start), 1e-12)
    nothing = learning.baseline is not None and learning.progress < 0  # so far it only makes a bad start good
    if (moved > FAR and not nothing) or 0 <= learning.end < FAR * scale:  # it has come far, or had not far to go
        return
    crept = _crept(case) if size is None and tried is None and learning.stuck else None
    certainty = _too_small(case, size, moved, tried)
    certainty = 0.7 if crept is not None and crept < CREPT else certainty
    if certainty == 0.0:
        return
    says = "The steps are too small. "
    slight = size is not None and size < 10 * SMALL
    if slight:
        says += f"One step changes the weights by {size:.1g} of their size (usual: 0.001). "
    if crept is not None:
        says += f"The whole run has changed the norm of no weight by more than {max(crept, 1e-9):.1g} of it. "
    says += f"After {case.facts.steps or len(case.curve().values)} steps {case.told}. "
    says += tried.told(case) if tried is not None else ""
    cut, whole = _cut(case), tuple[Remedy, ...]()
    if cut is not None:
        usual = f"torch.nn.utils.clip_grad_norm_(parameters, {max(1.0, cut[0]):.1g})"
        whole = (Remedy("ClipNorm", usual, "only what is far out is cut off"),)
        says = f"Every gradient is clipped, from a norm of {cut[0]:.2g} to one of {cut[1]:.2g}. " + says
    rate = _rate(case)
    factor = tried.factor if tried is not None and tried.better else _factor(size or SMALL, 10, 1e4)
    higher = f"lr={rate * factor:.1g} instead of {rate:g}" if rate else f"a learning rate {factor:g} times larger"
    remedies = (
        *whole,
        Remedy("", higher, "then a step changes the weights by about a thousandth" if slight else "it has far to go"),
        Remedy("Adam", "torch.optim.Adam(parameters, lr=1e-3)", "its steps do not depend on the gradient's size"),
    )
    evidence = {"update_ratio": size, "threshold": SMALL, "moved": moved, "rate": rate, **_evidence(case)}
    kind = case.optimizer.kind if case.optimizer is not None else ""
    sure = certainty > 0.7 and size is not None and size < SMALL and tried is not None and tried.far_more
    evidence["by_itself"] = sure and kind in SCALED  # no gradient is too small for them
    severity = "error" if certainty > 0.9 else "warning"
    steps = (0, case.last_step)
    yield Finding(
        "learning-rate-too-low", severity, certainty, says.strip(), remedies, (), case.step_source, steps, evidence
    )


def _cut(case: Case) -> tuple[float, float] | None:
    """The usual norm of the gradients and what clipping leaves of it, where that is next to nothing."""
    optimizer = case.optimizer
    if optimizer is None or not optimizer.clip or (optimizer.clipped or 0.0) < ALWAYS or optimizer.kind in SCALED:
        return None
    norm = case.series("clip", optimizer.source, "norm")
    usual = float(np.median(norm.finite.values)) if norm is not None and len(norm.finite.values) else 0.0
    return (usual, optimizer.clip) if optimizer.clip < CUT * usual else None


def _by_heart(case: Case) -> bool:
    """What larger steps learn of some batches does not help with others."""
    probes = case.facts.probes
    faster = [rate for rate in probes.rates_apart if float(rate) > 1]
    if probes.start is None or probes.start_apart is None or not faster:
        return False
    gained = {
        rate: (probes.start - probes.rates[rate], probes.start_apart - probes.rates_apart[rate]) for rate in faster
    }
    return all(elsewhere < ELSEWHERE * own for own, elsewhere in gained.values())


def _too_small(case: Case, size: float | None, moved: float, tried: Tried | None) -> float:
    """How sure; 0 where nothing speaks for it. moved: share of the first loss that is gone."""
    learning, small = case.learning, size is not None and size < SMALL
    line = tried is not None and tried.far_more  # so far the loss is a straight line
    clear = (_agreement(case) or 0.0) > AGREED or learning.falling or (size or 1.0) < TINY or (line and learning.stuck)
    seen = 0.8 if small and clear and (moved < UNMOVED or (line and learning.falling)) else 0.0
    if tried is None:
        return seen
    if tried.better and small:
        return 0.93
    if seen and tried.more and not tried.better:
        return seen
    slow = tried.better and (size is None or size < 10 * SMALL)
    stands = learning.stuck and tried.better and size is not None and size < USUAL
    still = moved < UNMOVED and tried.far_more and (learning.falling or stands)
    return 0.7 if case.facts.finished and (slow or still) else 0.0


def _crept(case: Case) -> float | None:
    """How far the weights' norms have come in all, where single steps are not known; None for too short a run."""
    norms = [case.series("weight", name, "norm") for name in matrices(case)]
    known = [series.finite.values for series in norms if series is not None and len(series.finite.values) > 3]
    if not known or case.last_step < START:
        return None
    return max((abs(float(each[-1] - each[0])) / float(each[0]) for each in known if each[0] > 0), default=None)


def _tried(case: Case, factors: tuple[str, ...]) -> Tried | None:
    """None where nothing was tried."""
    probes = case.facts.probes
    losses = {factor: loss for factor, loss in probes.rates.items() if factor in factors}
    if not losses or probes.start is None or probes.same is None:
        return None
    scale = abs(case.learning.baseline or probes.start)
    best = min(losses, key=lambda factor: losses[factor])
    start, smaller = probes.start, float(best) < 1
    if smaller:  # a bad start is soon made good, by steps of any size
        start = min(start, case.learning.baseline or start)
    gained, own = start - losses[best], start - probes.same
    more = gained - own > BETTER * scale and gained > BETTER * scale and gained > TIMES * max(own, 0.0)
    ruined = smaller and gained >= 0 and probes.same > HIGHER * max(abs(probes.start), BETTER * scale)
    far = gained > STRAIGHT * max(own, 0.0) and gained > SEEN * scale
    half = probes.same > HALF * losses[best] and probes.same - losses[best] > BETTER * scale
    apart = max(losses[best], probes.rates_apart.get(best, np.inf))
    passed = case.stuck and case.learning.end - apart > LITTLE * scale
    timed = gained > TIMES * max(own, 0.0)
    return Tried(float(best), losses[best], bool(more or ruined), half, timed, far, passed)


def _evidence(case: Case) -> dict[str, Any]:
    probes = case.facts.probes
    found = {"agreement": _agreement(case), "tried": dict(probes.rates)}
    return {**found, "tried_own": probes.same, "tried_from": probes.start, "tried_steps": probes.steps}


def _peak(case: Case) -> float:
    """The largest loss of the first steps over the very first ones."""
    values = case.curve().finite.values[:START]
    if len(values) < 3:
        return 1.0
    first = float(values[0])
    first = max(first, 0.1 * (case.learning.baseline or 0.0))
    return float(values.max()) / first if first > 0 else 1.0


def _agreement(case: Case) -> float | None:
    series = case.series("gradient", "", "agreement")
    return float(np.median(series.finite.values)) if series is not None and len(series.finite.values) else None


def _warms_up(case: Case) -> bool:
    """The rate is still on its way up at the end of what was seen."""
    rate = case.rates
    if rate is None or len(rate.values) < 2:
        return False
    before = rate.last(0.2, 2).values[0]  # where it has come to its end the rest was trained with all of it
    return float(rate.values[-1]) > max(2 * float(rate.values[0]), 1.01 * float(before))


def _uphill(case: Case) -> bool:
    return any((optimizer.uphill or 0.0) > 0.8 for optimizer in case.facts.optimizers)


def _factor(size: float, least: float, most: float) -> float:
    """From the step that is to some thousandths of the weights, as a power of ten."""
    return 10.0 ** round(float(np.log10(np.clip(2e-3 / size, least, most))))


def _rate(case: Case) -> float | None:
    rates = case.rates
    if rates is not None:
        return float(rates.finite.values.max())
    return case.optimizer.rate if case.optimizer is not None and case.optimizer.rate else None
