"""The rule `exploding-gradient`: through depth, through time, or between the layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.start import FACTOR, grows_between
from gradwise.diagnose.weights import BEGIN, ratio, repeated

SPIKE = 30.0  # times the run's median norm of all gradients; clipping usually begins far below
GREW = 30.0  # times the norm of the start, where the loss diverges
RUNS, HIGH = 300.0, 100.0  # times the norm of the start, and a norm, where the losses of two networks tell nothing
LARGE = 0.1  # |update| / |weight| of a step at the start: then it is the learning rate's
THROWN = 30.0  # times the loss before, for three values in a row
LOOKS = 12  # at the start, and as many later
FLUNG = 100.0  # times the loss of knowing nothing, at the start
EARLY = 4  # looks at the gradient's way back through time
EXPANDS = 100.0  # times, from the last pass of a layer to the first
OUT = -1.0  # share of the baseline that is explained: twice as bad as knowing nothing, it was thrown out and stays so
WHOLE = 0.9  # the same: then how it began did no harm
LEAP, LEAP_AGAIN = 1e4, 300.0  # times every norm of the steps before, within one or two; where layers are repeated
BEFORE = 4  # of these steps
MUCH = 0.3  # share of the baseline that is explained: then it learns, noise or not


def exploding_gradient(case: Case) -> Iterator[Finding]:
    """Gradients far beyond their usual size throw the weights out."""
    again = repeated(case)
    seen = next(filter(None, _seen(case, again)), None) if not case.clipped else None
    if seen is None:
        return
    says, step, usual, evidence = seen
    if again and not says.startswith("The same layer is"):
        says += " The same layers are passed many times in a row, so that the gradient can grow with every pass."
    says += f" {case.sentence}"
    clip = f"torch.nn.utils.clip_grad_norm_(parameters, {_limit(usual)}) before the step"
    keeps = Remedy(
        "", "a mean instead of a sum, or a LayerNorm, between the layers", "what they pass on then keeps its size"
    )
    bounds = Remedy("", "a gradient penalty, spectral_norm, or weights clamped after each step", "no score is steep")
    between = "per_layer" in evidence
    remedies = (
        *((keeps,) if between else ()),
        *((bounds,) if case.facts.adversarial else ()),
        Remedy("ClipNorm", clip, "no step is longer than a usual one, whatever a batch does"),
        Remedy("", "a learning rate ten times smaller, or a warm-up", "it makes the same gradient a smaller step"),
    )
    sure = (again and (case.learning.diverged or _out(case))) or (between and not case.learning.progress > MUCH)
    severity, certainty = ("error", 0.85) if sure else ("warning", 0.7 if again else 0.5)
    steps = (step, case.last_step)
    yield Finding("exploding-gradient", severity, certainty, says, remedies, (), case.source, steps, evidence)


class _Seen(NamedTuple):
    says: str
    step: int
    usual: float  # norm of all gradients
    evidence: dict[str, Any]


def _seen(case: Case, again: bool) -> Iterator[_Seen | None]:
    """What shows it, the cause before the symptom. again: layers are passed many times in a row."""
    went, flung = case.learning, _flung(case)
    nothing = case.stuck or (again and went.known and (not went.fell or _came_back(case)))  # it ends where it began
    if went.diverged or _out(case) or flung:
        yield _through_explodes(case)
    if went.diverged or (_measured(case) and went.progress < WHOLE):
        yield _between_layers(case)
    yield _leapt(case, again)
    if nothing or (again and case.tells and went.progress < MUCH):
        yield _in_norms(case, again, nothing)
    if again and went.diverged and nothing:
        yield _in_loss(case)
    if flung:
        yield _at_first(case)
    yield _in_game(case)


def _measured(case: Case) -> bool:
    return case.tells and case.learning.baseline is not None


def _out(case: Case) -> bool:
    return _measured(case) and case.learning.progress < OUT


def _came_back(case: Case) -> bool:
    """The loss was at hundreds of times what it began with, and what followed led back from there."""
    top, went = float(case.curve().finite.values.max(initial=0.0)), case.learning
    return case.tells and top > FLUNG * abs(went.start) and went.progress < WHOLE


def _flung(case: Case) -> bool:
    """The first losses lie far beyond that of knowing nothing, or what is left of them, and it never came to rest."""
    went, curve = case.learning, case.curve().finite.values
    if not case.tells or not len(curve):
        return False
    first = min(went.start, float(curve[0]))  # the second may be large for a step that was too long
    if went.baseline is None:
        return went.known and went.end > 0 and first > FLUNG * went.end and _through_explodes(case) is not None
    return went.progress < WHOLE and first > FLUNG * went.baseline > 0


def _in_norms(case: Case, again: bool, nothing: bool) -> _Seen | None:
    """Gradients that are far beyond their median: once where layers are repeated, else for good and with the loss.
    nothing: that is learnt; of what learns a little more is asked."""
    norm = case.series("gradient", "", "norm")
    if norm is None or len(norm.finite.values) < (2 if case.learning.diverged else 8):
        return None
    norm = norm.finite
    size = norm.values
    spike = SPIKE if nothing else LEAP_AGAIN
    usual, top, start = float(np.median(size)), int(np.argmax(size)), float(np.median(size[:5]))
    if len(size) < 8:  # it was over at once
        usual = start = float(size[0])
    times = float(size[top]) / usual if usual > 0 else 0.0
    grew = float(np.median(size[-5:])) / start if start > 0 else 0.0
    runs = case.learning.diverged and max(grew, times) > GREW and (ratio(case, BEGIN) or 0.0) < LARGE
    if not (again and times > spike) and not runs:
        return None
    first = int(norm.steps[int((size > min(spike * usual, size[top] / 2)).argmax())])
    says = f"The norm of the gradient is {usual:.2g} in most steps and {size[top]:.2g} at step {norm.steps[top]}, "
    says += f"{times:.0f} times as much; a step along it throws the weights out."
    evidence = {"median": usual, "largest": float(size[top]), "times": times, "threshold": spike, "end_to_start": grew}
    through = case.series("through", "", "ratio")
    if again and nothing and through is not None and (through.finite.values[:EARLY] > EXPANDS).any():
        evidence["before_steps"] = True  # it grows on its way back through time: at any rate sooner or later
    return _Seen(says, first, usual, evidence)


def _in_game(case: Case) -> _Seen | None:
    """Of two networks one against the other: the gradient grows, and stays hundreds of times what it was."""
    norm = case.series("gradient", "", "norm")
    if not case.facts.adversarial or norm is None or len(norm.finite.values) < 2 * LOOKS:
        return None
    size = norm.finite.values
    start, late = float(np.median(size[:3])), size[-max(LOOKS, len(size) // 5) :]
    usual = float(np.median(late))
    if not (usual > RUNS * start > 0 and usual > HIGH and float(np.quantile(late, 0.1)) > GREW * start):
        return None
    says = f"The norm of the gradient is {start:.2g} in the first steps and {usual:.2g} in the last: nothing bounds "
    says += "how steep one network becomes for the other, and its scores and gradients grow without end."
    return _Seen(says, 0, start, {"first": start, "last": usual, "times": usual / start, "threshold": RUNS})


def _leapt(case: Case, again: bool) -> _Seen | None:
    """The loss was falling when, within a step or two, the gradient became another by orders of magnitude: an
    exponential, or what it goes back through, and no step that was too long from the start."""
    norm, curve, limit = case.series("gradient", "", "norm"), case.curve().finite, LEAP_AGAIN if again else LEAP
    if norm is None or not case.tells or case.learning.progress > MUCH or case.facts.adversarial:
        return None
    norm = norm.finite
    for at in range(BEFORE, len(norm.values) if len(curve.values) else 0):
        step, size = int(norm.steps[at]), float(norm.values[at])
        before = float(norm.values[max(0, at - 1 - BEFORE) : at - 1].max())
        if not size > limit * before > 0:
            continue
        first = float(curve.values[0])
        if first - float(curve.values[curve.steps < step].min(initial=first)) > MUCH * abs(first):
            says = f"The loss was falling, and the norm of the gradient at most {before:.2g}, when at step {step} it "
            says += f"became {size:.2g}: a step along it throws the weights out."
            evidence = {"before": before, "largest": size, "times": size / before, "threshold": limit}
            return _Seen(says, step, before, evidence | {"before_steps": True})
    return None


def _at_first(case: Case) -> _Seen | None:
    """The first gradients are far beyond all that came later, once the weights had been made small."""
    norm = case.series("gradient", "", "norm")
    if norm is None or len(norm.finite.values) < LOOKS:
        return None
    first, usual = float(np.median(norm.finite.values[:3])), float(np.median(norm.finite.values))
    if first < FLUNG * usual:
        return None
    says = f"The norm of the gradient is {first:.2g} in the first steps and {usual:.2g} in most: what the network "
    says += "computes from its initial weights is beyond all measure, and the first steps throw them out."
    evidence = {"first": first, "median": usual, "times": first / usual, "threshold": FLUNG, "before_steps": True}
    return _Seen(says, 0, usual, evidence)


def _in_loss(case: Case) -> _Seen | None:
    """A loss that went well is another order of magnitude from one step to the next: the gradient was not looked at."""
    curve = case.curve().finite
    values, before = curve.values, float("inf")
    norm = case.series("gradient", "", "norm")
    usual = float(np.median(norm.finite.values)) if norm is not None and len(norm.finite.values) else 1.0
    for at in range(5, len(values) - 3):
        before = float(np.median(values[max(0, at - 20) : at]))
        if 0 < before < THROWN * abs(case.learning.start) and values[at : at + 3].min() > THROWN * before:
            step = int(curve.steps[at])
            after = float(values[at : at + 3].max())
            says = f"At step {step} the loss goes from {before:.3g} to {after:.3g} within a step or two: a gradient "
            says += "far beyond the usual has thrown the weights out."
            return _Seen(says, step, usual, {"before": before, "after": after, "threshold": THROWN})
    return None


def _limit(usual: float) -> float:
    return float(f"{min(max(usual, 0.1), 10.0):.1g}")


def _through_explodes(case: Case) -> _Seen | None:
    """From the last pass of a layer to the first the gradient grows, from the first step on."""
    through, passes = case.series("through", "", "ratio"), case.series("through", "", "passes")
    if through is None or passes is None or not len(through.values):
        return None
    first = float(np.nanmedian(through.values[:2]))
    if not first > EXPANDS:
        return None
    times = round(float(passes.values[0]))
    says = f"The same layer is passed {times} times in a row, and at the first pass the gradient is {first:.1g} times "
    says += "that at the last, from the first step on; a step along it throws the weights out."
    return _Seen(says, 0, 1.0, {"ratio": first, "passes": times, "threshold": EXPANDS, "before_steps": True})


def _between_layers(case: Case) -> _Seen | None:
    """What lies between layers (a sum over neighbours, a factor) makes the signal grow, and the gradient with it."""
    found = grows_between(case)
    if found is None:
        return None
    first, last = found.sizes[0][0].name, found.sizes[-1][0].name
    says = (
        f"The signal grows {found.usual:.1f} times from layer to layer, from a spread of {found.values[0]:.2g} after "
    )
    says += f"{first} to {found.values[-1]:.2g} after {last}, and the gradient with it; the weights are of usual size, "
    says += "so that what stands between the layers makes it grow: a sum over many, a factor."
    evidence = {
        "spreads": found.values.tolist(),
        "per_layer": found.usual,
        "threshold_per_layer": FACTOR,
        "before_steps": True,
    }
    return _Seen(says, 0, 1.0, evidence)
