"""Rules of the family "gradient"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from gradwise.diagnose.case import Case, Numbers
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.generalisation import falls_short
from gradwise.diagnose.nonfinite import non_finite
from gradwise.diagnose.recurrence import forgets, no_more, through_time
from gradwise.diagnose.start import FACTOR, grows_between
from gradwise.diagnose.unreached import no_gradient
from gradwise.diagnose.weights import BEGIN, chains, gradients, module, ratio, repeated

SHRINKS = 2.0  # times per layer towards the input, over at least
LAYERS = 4  # layers of one kind, and in all
MANY = 6  # of them, where only the beginning was seen:
BEGUN = 100  # values of the loss
VANISHED = 1e-3  # first to last (AUTOTRAINER, Zhang et al. 2021, ICSE)
LESSENED = 0.03  # the same over few layers, where every one of them shrinks it
BASELINE = 0.3  # of the rewards' spread: below it their mean is taken off already
SPIKE = 30.0  # times the run's median norm of all gradients; clipping usually begins far below
GREW = 30.0  # times the norm of the start, where the loss diverges
SMALL = 8  # samples in a batch; below, two gradients of one network have little in common
DISAGREE = 0.1  # cosine of two gradients in a row: two random directions have about 0 (Byrd et al. 2012: norm test)
LARGE = 0.1  # |update| / |weight| of a step at the start: then it is the learning rate's
THROWN = 30.0  # times the loss before, for three values in a row
LOOKS = 12  # at the start, and as many later
MOVES = 1e-4  # |update| / |weight|: below it nothing was tried
OFFSET = 5.0  # mean of rewards over their spread
FLUNG = 100.0  # times the loss of knowing nothing, at the start
EARLY = 4  # looks at the gradient's way back through time
EXPANDS = 100.0  # times, from the last pass of a layer to the first
OUT = -1.0  # share of the baseline that is explained: twice as bad as knowing nothing, it was thrown out and stays so
WHOLE = 0.9  # the same: then how it began did no harm
MUCH = 0.3  # share of the baseline that is explained: then it learns, noise or not


def vanishing_gradient(case: Case) -> Iterator[Finding]:
    """Gradients shrink from layer to layer towards the input, and nothing is learnt, or far less than there is."""
    if case.learning.diverged or not (case.stuck or falls_short(case)):  # what makes no step throws no network out
        return
    yield from through_time(case)
    yield from forgets(case)
    sizes = gradients(case)
    for chain in chains(sizes):
        values = np.array([sizes[name] for name in chain])
        begun = not case.facts.finished and case.learning.values < BEGUN  # deep networks take their time
        few = MANY if begun and values[0] > VANISHED * values[-1] else LAYERS
        if len(chain) < few or not _vanishes(values):
            continue
        first, last = module(chain[0]), module(chain[-1])
        share, shrinks = values[0] / values[-1], float(values[-1] / values[0]) ** (1 / (len(chain) - 1))
        names = (first, last) if first != last else (chain[0], chain[-1])
        says = f"The gradient of {names[0]} is {share:.0e} of that of {names[1]}: on the way back it shrinks "
        says += f"{shrinks:.1f} times per layer, and {no_more(case)} ({case.told})."
        remedies = (*_against_squashing(case), Remedy("", "a LayerNorm or BatchNorm before each activation", _NORM))
        evidence = {"first": values[0], "last": values[-1], "share": share, "per_layer": shrinks}
        evidence |= {"threshold": VANISHED, "threshold_per_layer": SHRINKS, "layers": len(chain)}
        severity, certainty = ("error", 0.88) if share < VANISHED and case.stuck else ("warning", 0.72)
        steps = (0, case.last_step)
        where = tuple(dict.fromkeys(map(module, chain[: max(1, len(chain) // 2)])))
        yield Finding("vanishing-gradient", severity, certainty, says, remedies, where, case.source, steps, evidence)
        return


_NORM = "it keeps the size of the signal, and of the gradient, from layer to layer"


def _vanishes(values: Numbers) -> bool:
    """Smaller towards the input, nearly everywhere, and much smaller in the end."""
    steps = np.log(values[1:] / values[:-1])
    steady = float((steps > 0).mean()) >= 0.75
    total = float(values[0] / values[-1])
    usual = float(np.median(steps)) >= np.log(SHRINKS)
    return steady and (total < VANISHED or (usual and total < LESSENED))


def _against_squashing(case: Case) -> tuple[Remedy, ...]:
    network = case.network
    kinds = {layer.activation for layer in network.layers} if network is not None else set[str]()
    if kinds & {"sigmoid", "tanh"}:
        kind = "sigmoid" if "sigmoid" in kinds else "tanh"
        slope = "1/4" if kind == "sigmoid" else "1"
        why = f"the derivative of a {kind} is at most {slope}, that of a ReLU is 1 where it is on"
        return (
            Remedy("He", f"nn.ReLU() instead of {kind}, and He initialisation", why),
            Remedy("", "x = x + layer(x): residual connections", "the gradient gets past the layers undiminished"),
        )
    if repeated(case):
        return (Remedy("", "fewer recurrent layers, or residual connections between them", "a shorter way back"),)
    return (
        Remedy("He", "He initialisation (nn.init.kaiming_normal_)", "it keeps the size of the signal"),
        Remedy("", "x = x + layer(x): residual connections", "the gradient gets past the layers undiminished"),
    )


def exploding_gradient(case: Case) -> Iterator[Finding]:
    """Gradients far beyond their usual size throw the weights out."""
    again, diverged = repeated(case), case.learning.diverged
    nothing = again and case.learning.known and not case.learning.fell  # it ends where it began
    known = case.tells and case.learning.baseline is not None
    out = known and case.learning.progress < OUT
    between = _between_layers(case) if diverged or (known and case.learning.progress < WHOLE) else None
    thrown = known and case.learning.progress < WHOLE and case.learning.start > FLUNG * (case.learning.baseline or 0.0)
    if not (case.stuck or nothing or out or between or thrown) or case.clipped:
        return
    seen = _in_norms(case, again) or (_in_loss(case) if again and diverged else None) if case.stuck or nothing else None
    seen = (_through_explodes(case) if diverged or out or thrown else None) or between or seen
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
    remedies = (
        *((keeps,) if "per_layer" in evidence else ()),
        Remedy("ClipNorm", clip, "no step is longer than a usual one, whatever a batch does"),
        Remedy("", "a learning rate ten times smaller, or a warm-up", "it makes the same gradient a smaller step"),
    )
    sure = (again and (diverged or out)) or (between is not None and not case.learning.progress > MUCH)
    severity, certainty = ("error", 0.85) if sure else ("warning", 0.7 if again else 0.5)
    steps = (step, case.last_step)
    yield Finding("exploding-gradient", severity, certainty, says, remedies, (), case.source, steps, evidence)


class _Seen(NamedTuple):
    says: str
    step: int
    usual: float  # norm of all gradients
    evidence: dict[str, Any]


def _in_norms(case: Case, again: bool) -> _Seen | None:
    """Gradients that are far beyond their median: once where layers are repeated, else for good and with the loss."""
    norm = case.series("gradient", "", "norm")
    if norm is None or len(norm.finite.values) < (2 if case.learning.diverged else 8):
        return None
    norm = norm.finite
    size = norm.values
    usual, top, start = float(np.median(size)), int(np.argmax(size)), float(np.median(size[:5]))
    if len(size) < 8:  # it was over at once
        usual = start = float(size[0])
    times = float(size[top]) / usual if usual > 0 else 0.0
    grew = float(np.median(size[-5:])) / start if start > 0 else 0.0
    runs = case.learning.diverged and max(grew, times) > GREW and (ratio(case, BEGIN) or 0.0) < LARGE
    if not (again and times > SPIKE) and not runs:
        return None
    first = int(norm.steps[int((size > min(SPIKE * usual, size[top] / 2)).argmax())])
    says = f"The norm of the gradient is {usual:.2g} in most steps and {size[top]:.2g} at step {norm.steps[top]}, "
    says += f"{times:.0f} times as much; a step along it throws the weights out."
    evidence = {"median": usual, "largest": float(size[top]), "times": times, "threshold": SPIKE, "end_to_start": grew}
    through = case.series("through", "", "ratio")
    if again and through is not None and (through.finite.values[:EARLY] > EXPANDS).any():
        evidence["before_steps"] = True  # it grows on its way back through time: at any rate sooner or later
    return _Seen(says, first, usual, evidence)


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


def noisy_gradient(case: Case) -> Iterator[Finding]:
    """The batches contradict each other: the steps cancel out."""
    yield from _without_baseline(case)
    agreement, learning, batch = case.series("gradient", "", "agreement"), case.learning, case.batch
    if agreement is None or len(agreement.finite.values) < 2 * LOOKS or not learning.known or learning.diverged:
        return
    if case.facts.adversarial or learning.progress > MUCH or learning.falling:
        return
    values = agreement.finite.values
    mean, error = _mean(values)
    first, doubt = _mean(values[:LOOKS])  # far from the goal gradients agree, or there is no way to be seen in them
    small = batch is not None and batch <= SMALL
    drawn = not (case.loss is not None and case.loss.name) and (ratio(case) or 0.0) > MOVES
    agree = mean > DISAGREE or error > DISAGREE or mean < -2 * DISAGREE
    drawn &= not _with_baseline(case)
    if not (small or drawn) or agree or (drawn and (abs(mean) + error > DISAGREE or first > 2 * doubt)):
        return
    says = f"Two gradients in a row have next to nothing in common (cosine {mean:.2f} on average): each step undoes "
    says += f"the last one. A batch has {batch} sample{'s' * (batch != 1)}. " if small else "the last one. "
    says += case.sentence
    larger = f"batches of {max(32, 16 * (batch or 4))} or more, or gradients added up over many"
    own = Remedy("", "advantage = reward - reward.mean(): a baseline", "what all samples share is only noise")
    remedies = (
        *(() if small else (own,)),
        Remedy("Accumulate", larger, "the noise of a mean falls with the root of the number of samples"),
        Remedy("", "a learning rate three to ten times smaller", "small steps average over many batches"),
    )
    evidence = {"agreement": mean, "error": error, "threshold": DISAGREE, "batch": batch}
    steps = (0, case.last_step)
    yield Finding("noisy-gradient", "warning", 0.7, says, remedies, (), case.source, steps, evidence)


def _with_baseline(case: Case) -> bool:
    """Rewards that are about 0 on average: of single episodes gradients differ, and the policy follows their mean."""
    rewards = case.facts.rewards
    return len(rewards) == 2 and abs(rewards[0]) < BASELINE * rewards[1]


def _without_baseline(case: Case) -> Iterator[Finding]:
    """What all actions bring alike makes all of them likelier, in turn: it is far larger than what tells them apart."""
    agreement = case.series("gradient", "", "agreement")
    if len(case.facts.rewards) != 2 or agreement is None or len(agreement.finite.values) < LOOKS:
        return
    mean, spread = case.facts.rewards
    agreed, error = _mean(agreement.finite.values)
    if not abs(mean) > OFFSET * spread or not spread > 0 or agreed > DISAGREE or error > DISAGREE:
        return
    says = f"The rewards are {mean:.3g} on average and differ by {spread:.2g} only: what every action brings alike is "
    says += (
        f"{abs(mean) / spread:.0f} times what tells them apart, and pushes the policy at random. Two gradients in a "
    )
    says += f"row have next to nothing in common (cosine {agreed:.2f} on average)."
    remedies = (
        Remedy("", "advantage = reward - reward.mean(): a baseline", "what all actions share is only noise"),
        Remedy("Accumulate", "more episodes before each step", "the noise of a mean falls with their number"),
    )
    evidence = {"mean": mean, "spread": spread, "threshold": OFFSET, "agreement": agreed}
    yield Finding("noisy-gradient", "warning", 0.85, says, remedies, (), case.source, (0, case.last_step), evidence)


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


def _mean(values: Numbers) -> tuple[float, float]:
    """And its standard error."""
    return float(values.mean()), float(values.std() / np.sqrt(len(values)))


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    non_finite,
    no_gradient,
    vanishing_gradient,
    exploding_gradient,
    noisy_gradient,
)
