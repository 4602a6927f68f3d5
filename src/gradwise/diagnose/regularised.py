"""The rule of `over-regularised`: what is to hold back noise holds back what can be learnt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradwise.diagnose.case import Case, Series
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.generalisation import FITTED, evaluations, on_training_set, settled

PULL = 0.3  # decay's part of the gradient; in a healthy run it is below 0.05
SHRUNK = 0.7  # the weights' least norm over that at the start
PENALTY = 0.3  # share of the loss that is not the data's
LITTLE = 0.3  # share of the baseline that is explained: too little to wait until it has settled
COLLAPSED = 0.2  # of the weights' norm at the start: the penalty has had its way
FREED = 0.25  # of the loss: what is learnt beyond once it is left out
UNMOVED = 0.9  # of the data's loss at the start, or of knowing nothing: the code tells nothing of the data,
SILENT = 0.05  # and its own term is next to nothing beside the data's: it has had its way
GAINED = 0.1  # the same, below which leaving it out was in vain
GAP = 1.15  # validation loss over training loss above which what regularises has something to do
DROPOUT = 0.7
ALL_BUT = 0.85  # the same, above which it is taken for the share that is kept (Srivastava et al. 2014: 0.2 to 0.5)
SMOOTHING = 0.4


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
    shrunk, flat = _shrunk(case), settled(case)
    strong = {"decay": _by_decay(case, shrunk), "penalty": _by_penalty(case, shrunk)}
    flat = flat or learning.progress < LITTLE
    mistaken = case.network is not None and case.network.dropout > ALL_BUT  # the share to keep was given
    weak = {
        "dropout": _by_dropout(case) if flat or mistaken else None,
        "smoothing": _by_smoothing(case) if flat else None,
    }
    for kind, found in (strong | weak).items():
        if found is None or (_in_vain(case, kind) and not (mistaken and kind == "dropout")):
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
    known = [each for each in (probes.began, learning.baseline) if each is not None and each > 0]
    kept_down = silent and bool(known) and probes.ended > UNMOVED * min(known)
    kept_down |= silent and probes.freed.get("code", np.inf) < FREED * probes.ended
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
    if network.dropout > ALL_BUT:
        kept = 1 - network.dropout
        remedy = Remedy(
            "", f"nn.Dropout({kept:.2g}) instead of {network.dropout:g}", "it asks for the share to drop, not to keep"
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


def _helps(case: Case) -> bool:
    """The validation loss is well above the training loss, where one function measured both."""
    ends = {key: float(np.median(curve.values[-3:])) for key, curve in evaluations(case).items()}
    own = [end for key, end in ends.items() if on_training_set(case, key)]
    other = [end for key, end in ends.items() if not on_training_set(case, key)]
    return bool(own and other) and max(other) > GAP * max(own) > 0


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (over_regularised,)
