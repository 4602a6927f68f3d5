"""Rules of the family "gradient"."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradwise.diagnose.averaged import averages_alike, gains
from gradwise.diagnose.case import Case, Numbers
from gradwise.diagnose.exploding import exploding_gradient
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.generalisation import falls_short
from gradwise.diagnose.nonfinite import non_finite
from gradwise.diagnose.recurrence import forgets, no_more, through_time
from gradwise.diagnose.unreached import no_gradient
from gradwise.diagnose.weights import chains, gradients, module, ratio, repeated

SHRINKS = 2.0  # times per layer towards the input, over at least
LAYERS = 4  # layers of one kind, and in all
MANY = 6  # of them, where only the beginning was seen:
BEGUN = 100  # values of the loss
VANISHED = 1e-3  # first to last (AUTOTRAINER, Zhang et al. 2021, ICSE)
LESSENED = 0.03  # the same over few layers, where every one of them shrinks it
BASELINE = 0.3  # of the rewards' spread: below it their mean is taken off already
SMALL = 8  # samples in a batch; below, two gradients of one network have little in common
DISAGREE = 0.1  # cosine of two gradients in a row: two random directions have about 0 (Byrd et al. 2012: norm test)
LOOKS = 12  # at the start, and as many later
MOVES = 1e-4  # |update| / |weight|: below it nothing was tried
OFFSET = 5.0  # mean of rewards over their spread
MANY_STEPS, NOTHING = 100, 0.02  # of gradients that are estimated; their cosine
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


def noisy_gradient(case: Case) -> Iterator[Finding]:
    """The batches contradict each other: the steps cancel out."""
    yield from _without_baseline(case)
    yield from _estimated(case)
    agreement, learning, batch = case.series("gradient", "", "agreement"), case.learning, case.batch
    if agreement is None or len(agreement.finite.values) < 2 * LOOKS or not learning.known or learning.diverged:
        return
    values = agreement.finite.values
    mean, error = _mean(values)
    first, doubt = _mean(values[:LOOKS])  # far from the goal gradients agree, or there is no way to be seen in them
    small = batch is not None and batch <= SMALL
    hovers = small and gains(case)  # it learns, and the batches throw it about
    if case.facts.adversarial or (not hovers and (learning.progress > MUCH or learning.falling)):
        return
    if learning.fell and not case.stuck and averages_alike(case):
        return  # what the batches do to the weights costs nothing
    drawn = not (case.loss is not None and case.loss.name) and (ratio(case) or 0.0) > MOVES
    agree = mean > DISAGREE or error > DISAGREE or mean < -2 * DISAGREE
    drawn &= not _with_baseline(case)
    if not (small or drawn) or agree or (drawn and (abs(mean) + error > DISAGREE or first > 2 * doubt)):
        return
    says = f"Two gradients in a row have next to nothing in common (cosine {mean:.2f} on average): each step undoes "
    says += f"the last one. A batch has {batch} sample{'s' * (batch != 1)}. " if small else "the last one. "
    if hovers:
        says += f"The average of the last weights has a loss of {case.facts.probes.averaged:.3g} on the same samples "
        says += f"as they, which have {case.facts.probes.last:.3g}. "
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


def _estimated(case: Case) -> Iterator[Finding]:
    """Gradients that the program works out without a backward pass (evolution strategies, private ones), and of which
    no two in a row have anything in common."""
    agreement, optimizer = case.series("gradient", "", "agreement"), case.optimizer
    if case.facts.backwards or agreement is None or len(agreement.finite.values) < MANY_STEPS or optimizer is None:
        return
    values = agreement.finite.values
    (mean, error), (first, doubt) = _mean(values), _mean(values[: 2 * LOOKS])
    if mean > NOTHING or abs(mean) > 3 * error or first > 2 * doubt:
        return
    says = f"The program estimates its gradients itself, and of {len(values)} in a row no two have anything in common "
    says += (
        f"(cosine {mean:.3f}, give or take {error:.3f}; {first:.2f} at the start): the noise of the estimate is far "
    )
    says += "larger than what it is to find."
    remedies = (
        Remedy(
            "",
            "(f(w + s) - f(w - s)) / 2: pairs of perturbations, or scores less their mean",
            "what all share is noise",
        ),
        Remedy(
            "", "many more perturbations per step, or less noise", "the noise of a mean falls with the root of them"
        ),
    )
    evidence = {"agreement": mean, "error": error, "at_start": first, "threshold": NOTHING}
    steps = (0, case.last_step)
    yield Finding("noisy-gradient", "warning", 0.75, says, remedies, (), case.step_source, steps, evidence)


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
