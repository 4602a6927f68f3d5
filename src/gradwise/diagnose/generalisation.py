"""Rules of the family "generalisation": the course of the training loss beside that of the evaluations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradwise.diagnose.case import Case, Numbers, Series
from gradwise.diagnose.finding import Finding, Remedy, Severity

EVALUATIONS = 6  # passes over a validation set below which nothing is said of overfitting, or of which at least
FEW = 4  # are there and every one since the lowest is higher than the one before
RISE = 0.10  # of the validation loss over its own minimum (Prechelt, 1998, "Early stopping - but when?", GL)
RISE_WARNING = 0.25
REGAINED = 0.10  # ... and of what it had gained since the start: 0.05 -> 0.06 after 2.3 is no matter
AFTER = 3  # evaluations behind the minimum
FITTED = 0.85  # share of the constant prediction's loss that is explained: above it nothing is underfitted
HALF = 0.5  # the same, above which it is a note
HALF_FITTED = 0.6  # the same, where no other model says that more can be explained
MOST_FITTED = 0.75  # the same, of a network that has two units somewhere
LAST, DEVIATIONS = 40, 4.0  # values of the last fifth; of their mean, or times what so many weights learn by heart
THIN = 16  # times as many inputs as an autoencoder has units in its widest layer
BY_HEART, HANDFUL = 0.3, 8  # of the loss of sixteen samples, learnt alone; units at the narrowest
STEADY = 0.25  # of all it fell by, along a straight line through the second half: it is still on its way
MOSTLY = 0.4  # the same, where the loss has not settled: with a handful of units it will not get there
LACKING = 0.15  # what a stronger model explains beyond that
MULTIPLE, MULTIPLE_LACKING = 3.0, 0.1  # or as much less, where the network leaves a multiple of what trees leave


def evaluations(case: Case) -> dict[str, Series]:
    """The evaluation curves by key: one value per pass, a pass being the calls at one step, averaged."""
    found: dict[str, Series] = {}
    for key in case.trace.places("evaluation"):
        calls = case.series("evaluation", key, "value")
        if calls is not None and len(calls.finite.values):
            steps, number = np.unique(calls.finite.steps, return_inverse=True)
            found[key] = Series(steps, np.bincount(number, calls.finite.values) / np.bincount(number))
    for name in ("valid_loss", "train_loss"):
        rows = [row for row in case.trace.evaluations if row.measure == name and np.isfinite(row.value)]
        if rows:
            found[name] = Series(np.array([row.step for row in rows]), np.array([row.value for row in rows]))
    return found


def on_training_set(case: Case, key: str) -> bool:
    """Whether what was evaluated there is what is trained on.

    The network is called a line or two before its loss, within the same function.
    """
    line, _, outer = key.partition(" < ")
    places = [o for o in case.facts.overlaps if o.evaluated and o.source.partition(" < ")[2] == outer]
    above = [(distance, o) for o in places if (distance := _lines_above(o.source.partition(" < ")[0], line)) >= 0]
    if not above:
        return key == "train_loss"
    nearest = min(above, key=lambda each: each[0])[1]
    size = next((loss.samples / max(1, loss.calls) for loss in case.facts.losses if loss.source == key), None)
    sets = [o for o in case.facts.overlaps if o.source.partition(" < set ")[0] == nearest.source]
    nearest = next((o for o in sets if o.evaluated == size), nearest)  # of several that one line evaluates
    return nearest.covered > 0.5 and nearest.shared >= 0.9 * nearest.covered * nearest.evaluated


def _lines_above(place: str, line: str) -> int:
    """How many lines of the same file; negative below it or elsewhere. "train.py:31 (2)" is a second set there."""
    (file, _, number), (other, _, end) = place.rpartition(":"), line.partition(" (")[0].rpartition(":")
    return int(end) - int(number) if file == other and number.isdigit() and end.isdigit() else -1


def overfitting(case: Case) -> Iterator[Finding]:
    """The training loss falls on while the validation loss has turned and rises."""
    if case.learning.stuck:
        return
    curves = {key: curve for key, curve in evaluations(case).items() if _enough(curve.values)}
    own = next((curve for key, curve in curves.items() if on_training_set(case, key)), None)
    worst: tuple[float, str, int] = (0.0, "", 0)
    for key, curve in curves.items():
        if on_training_set(case, key):
            continue
        rise, best = _turned(curve.values)
        if rise > worst[0] and _still_falls(own or case.curve(), curve.steps, best):
            worst = (rise, key, best)
    rise, key, best = worst
    if not key:
        return
    curve = curves[key]
    lowest, last = float(_smooth(curve.values)[best]), float(np.median(curve.values[-AFTER:]))
    judged: tuple[Severity, float] = ("warning", min(0.95, 0.75 + 0.2 * rise))
    if rise < RISE_WARNING or any(_falls_beside(case, other, curves[other], curve) for other in curves):
        judged = ("note", 0.6)
    says = (
        f"The validation loss was lowest at step {curve.steps[best]} ({lowest:.3g}) and has risen to {last:.3g} since, "
        f"while the training loss went on falling: what is learnt since then is the training set by heart."
    )
    source = (key.partition(" < ")[0].partition(" (")[0],) if ":" in key else ()
    evidence = {"lowest": lowest, "last": last, "rise": rise, "threshold": RISE, "at_step": int(curve.steps[best])}
    steps = (int(curve.steps[best]), case.last_step)
    yield Finding("overfitting", *judged, says, _against_overfitting(case, steps[0]), (), source, steps, evidence)


def _falls_beside(case: Case, key: str, other: Series, rising: Series) -> bool:
    """Another loss of the same evaluations is lowest at the end: what rises may be a term beside it, and none of what
    is asked for."""
    if other is rising or on_training_set(case, key) or not np.array_equal(other.steps, rising.steps):
        return False
    return int(np.argmin(_smooth(other.values))) >= len(other.values) - AFTER


def _against_overfitting(case: Case, step: int) -> tuple[Remedy, ...]:
    decays = any(parameter.decay for parameter in case.facts.parameters)
    drops = any(network.dropout for network in case.facts.networks)
    stop = Remedy("Patience", f"keep the weights of step {step}, and stop when it has not got better for a while",
                  "the network was best there")  # fmt: skip
    more = Remedy("", "more data, or augmentation", "it is the one remedy that also makes the best value better")
    decay = Remedy("AdamW", "weight_decay=0.01 to 0.1", "smaller weights fit less noise")
    drop = Remedy("", "nn.Dropout(0.2) before the last layers, or a smaller network", "fewer ways to learn by heart")
    return (stop, *(() if decays else (decay,)), more, *(() if drops else (drop,)))[:3]


def _enough(values: Numbers) -> bool:
    """Evaluations, or few of them that tell the same without exception."""
    since = values[int(np.argmin(values)) :]
    return len(values) >= EVALUATIONS or (len(since) >= FEW and bool((np.diff(since) > 0).all()))


def _turned(values: Numbers) -> tuple[float, int]:
    """By how much the end lies above the minimum, as a share of it; 0 where it has not turned. And the minimum."""
    smooth = _smooth(values)
    best = int(np.argmin(smooth))
    tail = values[best + 1 :]
    if len(tail) < AFTER or best + 1 + AFTER > len(values):
        return 0.0, best
    lowest, last = float(smooth[best]), float(np.median(values[-AFTER:]))
    noise = float(np.median(np.abs(np.diff(values)))) / 1.35
    gained = max(float(values[0]) - lowest, 0.0)
    rise = (last - lowest) / max(abs(lowest), 0.1 * gained, 1e-12)
    turned = rise >= RISE and last - lowest >= REGAINED * gained and last - lowest > 2 * noise
    return (rise if turned and bool((values[-AFTER:] > lowest + 0.5 * (last - lowest)).all()) else 0.0), best


def _smooth(values: Numbers) -> Numbers:
    """The median of each value and its neighbours: one lucky evaluation is no minimum."""
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)


def _still_falls(curve: Series, steps: np.ndarray, best: int) -> bool:
    """Whether the training loss at the end is lower than it was at the minimum of the validation loss."""
    finite = curve.finite
    width = max(1, (len(steps) - best) // 3)
    then = _between(finite, steps[max(0, best - width)], steps[min(best + 1, len(steps) - 1)])
    now = _between(finite, steps[-1 - width], max(steps[-1], finite.steps[-1] if len(finite.steps) else 0))
    return then is not None and now is not None and now < then - 0.03 * abs(then)


def _between(curve: Series, first: int, last: int) -> float | None:
    inside = curve.values[(curve.steps >= first) & (curve.steps <= last)]
    return float(np.median(inside)) if len(inside) else None


def underfitting(case: Case) -> Iterator[Finding]:
    """It has learnt what it can, and a stronger model explains much more."""
    learning, probes, network = case.learning, case.facts.probes, case.network
    if not learning.known or case.facts.adversarial or network is None or not (settled(case) or _far_too_small(case)):
        return
    if learning.stuck and not _not_even_sixteen(case):
        return
    if case.loss is not None and {"weight", "pos_weight"} & set(case.loss.arguments):
        return  # it is to be right about rare classes: what trees explain of all is another question
    evidence = {"progress": learning.progress, "fitted": probes.fitted, "stronger": probes.stronger}
    size = f"{network.parameters:,} parameters" if network.parameters else network.name
    if network.narrowest:
        size += f", {network.narrowest} units at the narrowest"
    fitted = _explained(case)
    if probes.stronger is not None and probes.fitted is not None:
        if not falls_short(case):
            return
        judged: tuple[Severity, float] = ("warning", min(0.9, 0.6 + (probes.stronger - fitted) / 2))
        if fitted > HALF:  # what it lacks may be on purpose: few steps, an average of weights that is evaluated instead
            judged = ("note", 0.5)
        says = (
            f"The training loss has settled, and the network explains {fitted:.0%} of the targets; boosted trees "
            f"explain {probes.stronger:.0%} of samples they have not seen. It is too small for these data ({size})."
        )
    elif (
        _bottleneck(case)
        and learning.baseline is not None
        and learning.progress < (MOST_FITTED if network.narrowest <= 2 else HALF_FITTED)
    ):
        judged = ("note", 0.5)
        says = (
            f"The training loss has settled at {learning.end:.3g}, {learning.progress:.0%} below that of a constant "
            f"prediction, and little passes through the network: {size}."
        )
    else:
        return
    remedies = (
        Remedy("", f"wider layers: {max(32, 8 * network.narrowest)} units instead of {network.narrowest or 'so few'}",
               "more units can bend the function in more places"),
        Remedy("", "one more layer, with an activation between", "depth composes what the units can do"),
    )  # fmt: skip
    source, where = ((network.source,) if network.source else ()), (network.name,)
    yield Finding("underfitting", *judged, says, remedies, where, source, (0, case.last_step), evidence)


def _not_even_sixteen(case: Case) -> bool:
    """A handful of units, which cannot learn sixteen samples by heart either."""
    probes, network = case.facts.probes, case.network
    if probes.sixteen is None or not probes.sixteen_start or network is None or case.learning.diverged:
        return False
    return probes.sixteen > BY_HEART * probes.sixteen_start and 0 < network.narrowest <= HANDFUL


def _far_too_small(case: Case) -> bool:
    """A handful of units, and most of what there is to explain is left, though the loss may still fall a little."""
    stronger, network = case.facts.probes.stronger, case.network
    if stronger is None or case.facts.probes.fitted is None or network is None or not case.tells:
        return False
    few = 0 < network.narrowest <= HANDFUL and network.in_series > 1
    return few and case.facts.finished and stronger - _explained(case) >= MOSTLY


def falls_short(case: Case) -> bool:
    """It has settled, and what the network was given says much more about the targets than it has learnt."""
    stronger, fitted = case.facts.probes.stronger, _explained(case)
    if stronger is None or case.facts.probes.fitted is None or not case.learning.known or not case.tells:
        return False
    if _far_too_small(case):
        return True
    lacks = stronger - fitted >= (MULTIPLE_LACKING if 1 - fitted >= MULTIPLE * (1 - stronger) else LACKING)
    return lacks and fitted <= FITTED and settled(case)


def _explained(case: Case) -> float:
    """By the network; the curve goes on where the copy was taken earlier."""
    return max(case.facts.probes.fitted or 0.0, case.learning.progress)


def explains_some(case: Case) -> bool:
    """The end lies below what knowing nothing costs, little as it is: by more than its noise, and by more than so few
    weights could learn of so many samples by heart."""
    loss, network = case.loss, case.network
    samples = max((i.distinct_rows or 0 for i in case.facts.inputs if i.training), default=0)
    if loss is None or not loss.baseline or network is None or not network.parameters or not samples:
        return False
    last = case.curve(loss).finite.last(0.2, 0).values
    if len(last) < LAST:
        return False
    better = loss.baseline - float(last.mean())
    by_heart = network.parameters / samples * abs(loss.baseline)
    return better > DEVIATIONS * max(float(last.std()) / len(last) ** 0.5, by_heart)


def settled(case: Case) -> bool:
    """The last two fifths of the steps are flat: what is left of the fall is small beside what was fallen."""
    curve, learning = case.curve().finite, case.learning
    part = len(curve.last(0.2, 3).values)
    both = curve.last(0.4, 2 * part).values  # more values are kept of the first steps than of later ones
    half = curve.last(0.5, 8)
    slope = float(np.polyfit(half.steps, half.values, 1)[0]) if len(half.values) >= 8 and learning.falling else 0.0
    if -slope * float(np.ptp(half.steps)) > STEADY * abs(learning.start - learning.end):
        return False
    before, end = float(np.median(both[:-part])), learning.end
    return before - end < max(0.1 * abs(learning.start - end), learning.noise / np.sqrt(part))


def _bottleneck(case: Case) -> bool:
    """Fewer units somewhere than there are outputs or inputs, and it is no autoencoder, which tells no classes."""
    network = case.network
    if network is None or network.in_series < 2 or len(network.ends) != 2:
        return False
    if network.ends[0] == network.ends[1] and not (case.loss is not None and case.loss.counts):
        hidden = [layer.units for layer in network.layers if not layer.last]
        thin = len(hidden) > 1 and THIN * max(hidden) <= network.ends[0]  # not its code alone: all that bends
        return network.narrowest == 1 or thin
    return 0 < network.narrowest <= 2 or network.narrowest < min(network.ends) / 2


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (overfitting, underfitting)
