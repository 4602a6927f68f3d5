"""Rules of the family "generalisation": the course of the training loss beside that of the evaluations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradwise.diagnose.case import Case, Numbers, Series
from gradwise.diagnose.finding import Finding, Remedy, Severity

EVALUATIONS = 6  # passes over a validation set below which nothing is said of overfitting
RISE = 0.10  # of the validation loss over its own minimum (Prechelt, 1998, "Early stopping - but when?", GL)
RISE_WARNING = 0.25
REGAINED = 0.10  # ... and of what it had gained since the start: 0.05 -> 0.06 after 2.3 is no matter
AFTER = 3  # evaluations behind the minimum
FITTED = 0.85  # share of the constant prediction's loss that is explained: above it nothing is underfitted
HALF_FITTED = 0.6  # the same, where no other model says that more can be explained
LACKING = 0.15  # what a stronger model explains beyond that
PULL = 0.3  # decay's part of the gradient; in a healthy run it is below 0.05
SHRUNK = 0.7  # the weights' least norm over that at the start
PENALTY = 0.3  # share of the loss that is not the data's
LITTLE = 0.3  # share of the baseline that is explained: too little to wait until it has settled
COLLAPSED = 0.2  # of the weights' norm at the start: the penalty has had its way
FREED = 0.25  # of the loss: what is learnt beyond once it is left out
UNMOVED = 0.9  # of the data's loss at the start: the code tells nothing of the data, as if there were none,
SILENT = 0.05  # and its own term is next to nothing beside the data's: it has had its way
GAINED = 0.1  # the same, below which leaving it out was in vain
GAP = 1.15  # validation loss over training loss above which what regularises has something to do
DROPOUT = 0.7
SMOOTHING = 0.4


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
    return nearest.covered > 0.5 and nearest.shared >= 0.9 * nearest.covered * nearest.evaluated


def _lines_above(place: str, line: str) -> int:
    """How many lines of the same file; negative below it or elsewhere. "train.py:31 (2)" is a second set there."""
    (file, _, number), (other, _, end) = place.rpartition(":"), line.partition(" (")[0].rpartition(":")
    return int(end) - int(number) if file == other and number.isdigit() and end.isdigit() else -1


def overfitting(case: Case) -> Iterator[Finding]:
    """The training loss falls on while the validation loss has turned and rises."""
    if case.learning.stuck:
        return
    curves = {key: curve for key, curve in evaluations(case).items() if len(curve.values) >= EVALUATIONS}
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
    judged: tuple[Severity, float] = ("note", 0.6) if rise < RISE_WARNING else ("warning", min(0.95, 0.75 + 0.2 * rise))
    says = (
        f"The validation loss was lowest at step {curve.steps[best]} ({lowest:.3g}) and has risen to {last:.3g} since, "
        f"while the training loss went on falling: what is learnt since then is the training set by heart."
    )
    source = (key.partition(" < ")[0].partition(" (")[0],) if ":" in key else ()
    evidence = {"lowest": lowest, "last": last, "rise": rise, "threshold": RISE, "at_step": int(curve.steps[best])}
    steps = (int(curve.steps[best]), case.last_step)
    yield Finding("overfitting", *judged, says, _against_overfitting(case, steps[0]), (), source, steps, evidence)


def _against_overfitting(case: Case, step: int) -> tuple[Remedy, ...]:
    decays = any(parameter.decay for parameter in case.facts.parameters)
    drops = any(network.dropout for network in case.facts.networks)
    stop = Remedy("Patience", f"keep the weights of step {step}, and stop when it has not got better for a while",
                  "the network was best there")  # fmt: skip
    more = Remedy("", "more data, or augmentation", "it is the one remedy that also makes the best value better")
    decay = Remedy("AdamW", "weight_decay=0.01 to 0.1", "smaller weights fit less noise")
    drop = Remedy("", "nn.Dropout(0.2) before the last layers, or a smaller network", "fewer ways to learn by heart")
    return (stop, *(() if decays else (decay,)), more, *(() if drops else (drop,)))[:3]


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
    if not learning.known or learning.stuck or case.facts.adversarial or network is None or not _settled(case):
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
        says = (
            f"The training loss has settled, and the network explains {fitted:.0%} of the targets; boosted trees "
            f"explain {probes.stronger:.0%} of samples they have not seen. It is too small for these data ({size})."
        )
    elif _bottleneck(case) and learning.baseline is not None and learning.progress < HALF_FITTED:
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


def falls_short(case: Case) -> bool:
    """It has settled, and what the network was given says much more about the targets than it has learnt."""
    stronger, fitted = case.facts.probes.stronger, _explained(case)
    if stronger is None or case.facts.probes.fitted is None or not case.learning.known or not case.tells:
        return False
    return stronger - fitted >= LACKING and fitted <= FITTED and _settled(case)


def _explained(case: Case) -> float:
    """By the network; the curve goes on where the copy was taken earlier."""
    return max(case.facts.probes.fitted or 0.0, case.learning.progress)


def _settled(case: Case) -> bool:
    """The last two fifths are flat: what is left of the fall is small beside what was fallen."""
    values = case.curve().finite.values
    learning, part = case.learning, max(3, len(values) // 5)
    before, end = float(np.median(values[-2 * part : -part])), learning.end
    return before - end < max(0.1 * abs(learning.start - end), learning.noise / np.sqrt(part))


def _helps(case: Case) -> bool:
    """The validation loss is well above the training loss, where one function measured both."""
    ends = {key: float(np.median(curve.values[-3:])) for key, curve in evaluations(case).items()}
    own = [end for key, end in ends.items() if on_training_set(case, key)]
    other = [end for key, end in ends.items() if not on_training_set(case, key)]
    return bool(own and other) and max(other) > GAP * max(own) > 0


def _bottleneck(case: Case) -> bool:
    """Fewer units somewhere than there are outputs or inputs, and it is no autoencoder."""
    network = case.network
    if network is None or network.in_series < 2 or len(network.ends) != 2 or network.ends[0] == network.ends[1]:
        return False
    return 0 < network.narrowest <= 2 or network.narrowest < min(network.ends) / 2


def over_regularised(case: Case) -> Iterator[Finding]:
    """Decay, penalty, dropout or smoothing outweighs what the data say: the training loss itself stays high."""
    learning, loss = case.learning, case.loss
    if not learning.known or loss is None or learning.diverged or case.facts.adversarial:
        return
    told = learning.baseline is not None or "penalty" not in case.facts.probes.freed  # a penalty falls by itself
    if (told and learning.progress > FITTED) or _helps(case):
        return
    tried = _by_trial(case)
    if tried is not None:
        yield tried
        return
    if learning.baseline is None:
        return
    shrunk, settled = _shrunk(case), _settled(case)
    strong = {"decay": _by_decay(case, shrunk), "penalty": _by_penalty(case, shrunk)}
    settled = settled or learning.progress < LITTLE
    weak = {"dropout": _by_dropout(case), "smoothing": _by_smoothing(case)} if settled else {}
    for kind, found in (strong | weak).items():
        if found is None or _in_vain(case, kind):
            continue
        says, remedy, certainty, evidence, source = found
        left = f" The training loss is {learning.end:.3g}; a constant prediction has {learning.baseline:.3g}."
        evidence = {**evidence, "progress": learning.progress}
        steps, lines = (0, case.last_step), (source,) if source else ()
        remedies = (remedy, Remedy("", "then raise it in steps of 3, as long as the validation loss falls",
                                   "only a validation set says how much is good"))  # fmt: skip
        yield Finding("over-regularised", "warning", certainty, says + left, remedies, (), lines, steps, evidence)
        return


def _by_trial(case: Case) -> Finding | None:
    """Without it, fewer steps from the same start learn more of batches kept apart than the whole program did."""
    probes, learning = case.facts.probes, case.learning
    if probes.kept is None or probes.ended is None or not probes.freed or not case.tells:
        return None
    silent = probes.code is not None and abs(probes.code) < SILENT * abs(probes.ended)
    kept_down = silent and probes.began is not None and probes.ended > UNMOVED * probes.began
    freed = {kind: loss for kind, loss in probes.freed.items() if kind != "code" or kept_down}
    if not freed:
        return None
    kind = min(freed, key=lambda each: freed[each])
    free, with_it = probes.freed[kind], min(probes.kept, probes.ended)
    scale = learning.baseline if learning.baseline and learning.baseline > 0 else abs(with_it)
    if with_it - free < FREED * scale or with_it - free < FREED * abs(with_it):
        return None
    name, change, source = _regulariser(kind, case)
    says = f"{name} outweighs what the data say: from the same start {probes.freed_steps} steps without it bring "
    says += (
        f"the loss of batches kept apart to {free:.3g}, as many with it to {probes.kept:.3g}, and the whole program "
    )
    says += f"to {probes.ended:.3g}."
    evidence = {"ended": probes.ended, "kept": probes.kept, "freed": dict(probes.freed), "threshold": FREED}
    remedies = (
        Remedy("", change, "it is to hold back noise, not what can be learnt"),
        Remedy("", "then raise it in steps of 3, as long as the validation loss falls",
               "only a validation set says how much is good"))  # fmt: skip
    lines = (source,) if source else case.source
    steps = (0, case.last_step)
    return Finding("over-regularised", "warning", 0.9, says, remedies, (), lines, steps, evidence)


def _in_vain(case: Case, kind: str) -> bool:
    """It was left out on a copy, and that brought next to nothing."""
    probes = case.facts.probes
    free = probes.freed.get(kind)
    if free is None or probes.kept is None or probes.ended is None:
        return False
    return free > (1 - GAINED) * min(probes.kept, probes.ended)


def _regulariser(kind: str, case: Case) -> tuple[str, str, str]:
    """What it is called, what to write, and where."""
    if kind == "decay":
        decay = max((p.decay for p in case.facts.parameters), default=0.0)
        source = next((o.source for o in case.facts.optimizers if o.steps), "")
        return f"Weight decay {decay:g}", f"weight_decay={decay / 100:.0e} instead of {decay:g}", source
    if kind == "dropout":
        return "Dropout", "nn.Dropout(0.1 to 0.3) instead", case.network.source if case.network is not None else ""
    loss = case.loss
    source = (loss.backward_source or loss.source) if loss is not None else ""
    if kind == "code":
        change = (
            "a small factor before the code's term, or the sum over a sample's values in the data's instead of a mean"
        )
        return "The term that holds the code down", change, source
    return "The penalty on the weights", "a factor 100 times smaller before the penalty", source


Found = tuple[str, Remedy, float, dict[str, object], str]


def _by_decay(case: Case, shrunk: float | None) -> Found | None:
    decayed = [p for p in case.facts.parameters if p.decay > 0 and len(p.shape) > 1]
    if not decayed or shrunk is None or shrunk > SHRUNK:
        return None
    pulls: list[float] = []
    for p in decayed:
        weight, gradient = case.series("weight", p.name, "norm"), case.series("gradient", p.name, "norm")
        if weight is not None and gradient is not None:
            size, slope = _last(weight), _last(gradient)
            pulls.append(p.decay * size / slope if slope > 0 else np.inf)
    pull = float(np.median(pulls)) if pulls else 0.0
    decay = max(p.decay for p in decayed)
    if pull < PULL:
        rates = [o.rate * decay for o in case.facts.optimizers if o.kind == "AdamW" and o.rate * decay >= 1e-3]
        if not rates:  # decoupled: the step does not compare it with the gradient
            return None
    says = f"Weight decay {decay:g} pulls at the weights {pull:.2g} times as hard as the data do; they shrank to"
    says += f" {shrunk:.0%} of the norm they began with."
    why = "the decay's gradient is to be a few percent of the data's"
    source = next((o.source for o in case.facts.optimizers if o.steps), "")
    evidence: dict[str, object] = {"pull": pull, "threshold": PULL, "shrunk": shrunk, "decay": decay}
    return says, Remedy("AdamW", f"weight_decay={decay / 100:.0e} instead of {decay:g}", why), 0.88, evidence, source


def _by_penalty(case: Case, shrunk: float | None) -> Found | None:
    loss = case.loss
    if loss is None or loss.penalty is None or shrunk is None or shrunk > SHRUNK:
        return None
    collapsed = shrunk < COLLAPSED and loss.penalty > 0.01 and case.learning.stuck  # little is left to penalise
    if loss.penalty < PENALTY and not collapsed:
        return None
    says = f"{loss.penalty:.0%} of what backward() is called on is not {loss.name or 'the loss'} but a penalty"
    says += " (little is left to penalise);" if collapsed and loss.penalty < PENALTY else ";"
    says += f" the weights shrank to {shrunk:.0%} of the norm they began with."
    remedy = Remedy(
        "", "a factor 100 times smaller before the penalty", "the penalty is to be a small part of the loss"
    )
    evidence: dict[str, object] = {"penalty": loss.penalty, "threshold": PENALTY, "shrunk": shrunk}
    return says, remedy, 0.85, evidence, loss.backward_source or loss.source


def _by_dropout(case: Case) -> Found | None:
    network, baseline = case.network, case.learning.baseline or 0.0
    if network is None or network.dropout < DROPOUT or case.learning.progress > 0.7:
        return None
    ends = [float(curve.values[-1]) for curve in evaluations(case).values()]
    if not network.evaluation_in_train and ends and min(ends) < 0.5 * baseline:  # without dropout it does well
        return None
    says = f"Dropout turns off {network.dropout:.0%} of the units: too few are left to learn anything."
    remedy = Remedy(
        "", f"nn.Dropout(0.2) instead of {network.dropout:g}", "0.1 to 0.5 is usual, less in small networks"
    )
    return says, remedy, 0.75, {"dropout": network.dropout, "threshold": DROPOUT}, network.source


def _by_smoothing(case: Case) -> Found | None:
    loss = case.loss
    smoothing = loss.arguments.get("label_smoothing", 0.0) if loss is not None else 0.0
    if loss is None or not isinstance(smoothing, (int, float)) or smoothing < SMOOTHING:
        return None
    says = f"Label smoothing {smoothing:g} asks for nearly the same prediction whatever the label is."
    remedy = Remedy("", f"label_smoothing=0.1 instead of {smoothing:g}", "0.05 to 0.2 is usual")
    return says, remedy, 0.75, {"label_smoothing": smoothing, "threshold": SMOOTHING}, loss.source


def _shrunk(case: Case) -> float | None:
    """The least norm of all weight matrices over that at the first look: some grow again once the rest is small."""
    first = least = 0.0
    for p in case.facts.parameters:
        weight = case.series("weight", p.name, "norm") if len(p.shape) > 1 else None
        if weight is not None and len(weight.finite.values) > 3:
            first += float(weight.finite.values[0]) ** 2
            least += float(weight.finite.values.min()) ** 2
    return (least / first) ** 0.5 if first > 0 else None


def _last(series: Series) -> float:
    values = series.finite.values
    return float(np.median(values[-max(3, len(values) // 5) :])) if len(values) else 0.0


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (overfitting, underfitting, over_regularised)
