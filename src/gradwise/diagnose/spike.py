"""The rule of `loss-spike`: a training that went well is thrown out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradwise.diagnose.case import Case, Series
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.watch.facts import PHASES

JUMP = 6.0  # times the running median
DEVIATIONS = 10.0  # robust standard deviations above it
WINDOW = 50  # values before it
LEAST = 20  # values of a phase from which on the next is judged
AFTER = 10  # values after the jump, whose median
HURT = 2.0  # times the running median means that the weights were thrown out, not that one batch was odd
USUAL = 0.9  # of the values before lie below the median after: five of nine beyond by chance have p = 0.001
FALLEN = 0.5  # of the start: before it has fallen so far, a jump is the learning rate's
THROWN = 100.0  # times the level before, and far up for some steps: even once, that is no odd batch
LASTING = 3.0  # times the level before, at the end: it never came back
LEARNT = 0.97  # share of the baseline that is explained at the end
STILL = 1.5  # the same, where the rate was raised just then


def loss_spike(case: Case) -> Iterator[Finding]:
    """A training that went well jumps to a much higher loss."""
    loaded = _loaded(case)
    if loaded is not None:
        yield loaded
        return
    jumps = jumps_of(case) or _lost(case)
    if not jumps or case.follows_itself or case.facts.rewards:  # what a critic is to tell changes with the policy
        return
    curve, learning = case.curve().finite, case.learning
    before, peak, step, after = jumps[0]
    lasting = learning.end > LASTING * before and learning.end > 0.5 * learning.start
    thrown = peak > max(THROWN * before, JUMP * learning.start) and after > JUMP * before  # beyond knowing nothing
    risen = _risen(case, step)
    lasting |= _beyond(case, step) and learning.end > STILL * before
    far = peak > max(THROWN * before, learning.baseline or learning.start)
    thrown |= far and _level(case, step, learning.end) > STILL  # it has not come back yet
    if not lasting and len(jumps) < 2 and not thrown:
        return  # once, and it came back: that happens
    says = f"At step {step} the loss jumps from {before:.3g} to {peak:.3g}"
    says += f", {len(jumps)} times in all" if len(jumps) > 1 else ""
    says += f", and stays there (at the end {learning.end:.3g}). " if lasting else ", and takes time to come back. "
    if risen is not None:
        says += f"The learning rate rises from {risen[0]:.3g} to {risen[1]:.3g} just then."
    remedies: list[Remedy] = []
    if risen is not None:
        smaller = f"a schedule that lowers the rate, e.g. gamma={min(0.1, risen[0] / risen[1]):.2g}"
        remedies.append(Remedy("Cosine", smaller, "the rate is raised where it should fall"))
    remedies += [
        Remedy(
            "ClipNorm", "torch.nn.utils.clip_grad_norm_(parameters, 1.0) before the step", "an odd batch can't harm"
        ),
        Remedy("", "look at the batch of that step; clamp, or leave out, what is far outside", "outliers do this"),
        Remedy("", "a smaller learning rate, or beta2=0.95 for Adam", "it follows the gradient's size faster"),
    ]
    evidence = {"before": before, "peak": peak, "median_after": after, "jumps": [jump[2] for jump in jumps][:16]}
    evidence |= {"threshold": JUMP, "rate": list(risen) if risen is not None else None}
    judged: tuple[Severity, float] = ("error", 0.88) if lasting else ("warning", 0.75)
    if not lasting and not thrown and learning.progress > LEARNT:
        judged = ("note", 0.5)  # it came back from each, and has learnt all the same
    source = case.step_source
    if risen is not None and case.optimizer is not None and case.optimizer.scheduler_source:
        source = (case.optimizer.scheduler_source,)
    steps = (step, int(curve.steps[-1]) if lasting else jumps[-1][2])
    yield Finding("loss-spike", *judged, says.strip(), tuple(remedies[:3]), (), source, steps, evidence)


def _loaded(case: Case) -> Finding | None:
    """Weights are loaded into the network that is trained, and they are far worse than those that were there."""
    curve, names = case.curve().finite, {network.name for network in case.facts.networks if network.training_calls}
    if not case.tells:
        return None
    for step, name, line in case.facts.loads:
        before, after = curve.values[curve.steps < step][-WINDOW:], curve.values[curve.steps >= step][:AFTER]
        if name not in names or min(len(before), len(after)) < AFTER:
            continue
        usual, since = float(np.median(before)), float(np.median(after))
        if usual > FALLEN * case.learning.start or since < max(HURT * usual, float(before.max())):
            continue
        says = f"At step {step} weights are loaded into {name}, and the loss goes from {usual:.3g} to {since:.3g}: "
        says += f"they are far worse than those that were there. At the end it is {case.learning.end:.3g}."
        remedies = (
            Remedy("", "look at the loss of the weights that are loaded before they replace others", "are they meant?"),
            Remedy("", "an average that forgets its first values: a decay of min(0.999, (1 + n) / (10 + n))",
                   "one that begins with the initial weights keeps them for 1 / (1 - decay) steps"),
        )  # fmt: skip
        evidence = {"before": usual, "after": since, "threshold": HURT}
        source, steps = ((line,) if line else case.source), (step, case.last_step)
        return Finding("loss-spike", "warning", 0.8, says, remedies, (name,), source, steps, evidence)
    return None


def _level(case: Case, step: int, end: float) -> float:
    """The loss at the end over all but the highest ones of the last values before a step."""
    curve = case.curve().finite
    before = curve.values[curve.steps < step][-WINDOW:]
    return end / float(np.quantile(before, USUAL)) if len(before) >= LEAST and np.quantile(before, USUAL) > 0 else 0.0


def jumps_of(case: Case) -> list[tuple[float, float, int, float]]:
    """(median before, peak, step, median after) of every jump that hurt the weights."""
    curve = case.curve().finite
    values, found, at = curve.values, list[tuple[float, float, int, float]](), LEAST
    if not case.tells or len(values) < 60 or always_anew(case):
        return []
    begins = np.searchsorted(curve.steps, phases(case))
    while at < len(values) - 3:
        begun = int(max(begins[begins <= at], default=0))
        if at - begun < LEAST:
            at = begun + LEAST
            continue
        window = values[max(begun, at - WINDOW) : at]
        usual = max(float(np.median(window)), float(window.mean()))  # noise of single samples is skewed
        spread = float(np.median(np.abs(window - usual))) * 1.48
        after = float(np.median(values[at : at + AFTER]))
        fallen = 0 < usual < FALLEN * case.learning.start
        hurt = max(HURT * usual, float(np.quantile(window, USUAL)))
        limit = max(JUMP * usual, usual + DEVIATIONS * spread, HURT * float(window.max()))
        if fallen and values[at] > limit and after > hurt:
            step = int(curve.steps[at])
            if not _restarted(case, step, usual, at):
                found.append((usual, float(values[at : at + AFTER].max()), step, after))
            at += WINDOW
        at += 1
    return found


def _lost(case: Case) -> list[tuple[float, float, int, float]]:
    """The same for a rate that is raised at a step, after which all is lost for good, however many steps that takes."""
    curve, rate, learning = case.curve().finite, case.rates, case.learning
    if not case.tells or rate is None:
        return []
    raised = rate.steps[1:][(rate.values[:-1] > 0) & (rate.values[1:] > HURT * rate.values[:-1])]
    begins = phases(case)
    for step in map(int, raised):
        if any(abs(step - begin) < AFTER for begin in begins):
            continue  # another task, with a rate of its own
        before, after = curve.values[curve.steps < step][-WINDOW:], curve.values[curve.steps >= step]
        if min(len(before), len(after)) < AFTER:
            continue
        usual, since = float(np.median(before)), float(np.median(after[:WINDOW]))
        if not learning.stuck and (learning.end <= STILL * usual or not _beyond(case, step)):
            continue  # it comes back, or would, as after a warm restart
        if usual < FALLEN * learning.start and since > max(HURT * usual, float(np.quantile(before, USUAL))):
            return [(usual, float(after.max()), step, since)]
    return []


def phases(case: Case) -> list[int]:
    """Steps at which another optimizer begins, or samples of another shape: another task, a new head, longer series."""
    rates = [case.series("rate", optimizer.source, "value") for optimizer in case.facts.optimizers]
    first = [int(rate.steps[0]) for rate in rates if rate is not None and rate.steps[0] > 0]
    return sorted({*first, *case.facts.phases})


def always_anew(case: Case) -> bool:
    """One task after the other, as in meta-learning: where most of them begin is not known."""
    return len(case.facts.phases) >= PHASES


def _restarted(case: Case, step: int, before: float, at: int) -> bool:
    """After a warm restart: the rate is higher than it was, and the loss comes back."""
    rest = case.curve().finite.values[at:]
    blocks = np.array_split(rest, max(1, len(rest) // AFTER))
    back = min(float(np.median(block)) for block in blocks) < HURT * before
    rate = case.rates
    lowest = float(rate.values[rate.steps <= step].min()) if rate is not None and (rate.steps <= step).any() else np.inf
    return back and rate is not None and _at(rate, step) > 2 * lowest


def _risen(case: Case, step: int) -> tuple[float, float] | None:
    """The rates before and after, where it rises at a step, or shortly before."""
    rate = case.rates
    if rate is None:
        return None
    before, after = _at(rate, step - WINDOW), _at(rate, step + 1)
    return (before, after) if before > 0 and after > 2 * before else None


def _beyond(case: Case, step: int) -> bool:
    """The rate rises there, above all that it was before."""
    rate, risen = case.rates, _risen(case, step)
    return (
        rate is not None
        and risen is not None
        and risen[1] > 1.01 * float(rate.values[rate.steps < step].max(initial=0.0))
    )


def _at(series: Series, step: int) -> float:
    return float(series.values[max(0, int(np.searchsorted(series.steps, step, "right")) - 1)])
