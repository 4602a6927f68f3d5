"""Rules of the family "data" about the labels: do they exist, do they vary, and do they follow from the inputs?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from gradwise.diagnose.case import LITTLE, Case, Numbers
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.generalisation import explains_some
from gradwise.diagnose.tell import BINARY, CLASSES, about_loss, called, crashed, one_per_sample
from gradwise.watch.facts import NOBODY, Loss, Probes

ENOUGH = 64  # labels from which on "all the same" says something
MANY = 1000  # and from which on a rare class would have come
FREQUENT = 0.75  # share of the most frequent class: below it, predicting it alone is a bad score anyway
MOST_CLASSES = 20  # of a vocabulary, most words are rare, and that is no fault
RECALLED = 0.4  # recall of a rare class below which it is all but ignored
HALF_RECALLED, ALL_BUT = 0.7, 0.95  # below it a note, where the frequent class has that share
COMMON = 0.9  # recall of the frequent class
PATIENCE = 200  # steps: at the start everybody predicts the frequent class
UNEXPLAINED = 0.05  # of the targets: what cross-validated models explain by chance
HALF = 0.5  # of the targets: a network that has learnt so much may have found what models do not
BY_LUCK = 0.2  # the same, where every one of some evaluations says that the network has learnt nothing
EVALUATED = 6  # of them
CHANCE = 0.05  # of explaining as much where there is nothing
RARE = 0.01  # the same, where next to nothing is explained
PAIRS, AGREED = 400, 0.1  # of samples with the same input; from chance to always: some are a sample that comes twice
SAMPLES = 150  # from which on such models find what is there
FEWER = 100  # the same, where evaluation after evaluation says that the network has found nothing


def label_out_of_range(case: Case) -> Iterator[Finding]:
    """A label without an output."""
    if (crash := crashed(case, "label-out-of-range")) is not None:
        yield crash
        return
    for loss in case.losses:
        outputs = loss.input_shape[1] if len(loss.input_shape) > 1 else None
        low, high = loss.target_low, loss.target_high
        if low is None or high is None or not loss.target_integer:
            continue
        if loss.name in BINARY and loss.target_distinct == 2 and (low < 0 or high > 1) and (low, high) != (-1, 1):
            says = f"{called(loss)} knows labels of 0 and 1, and these are {low:g} and {high:g}."
            fix = Remedy("", f"(y == {high:g}).float() as target", "0 and 1")
        elif loss.name == "" and outputs is not None and one_per_sample(loss.target_shape) and high >= outputs > 1:
            says = (
                f"Labels go up to {high:g}, and the network has {outputs} outputs, for the labels 0 to {outputs - 1}: "
            )
            says += "the samples of the others teach nothing, and can never be recognised."
            fix = Remedy("", f"{high + 1:.0f} outputs (the largest label + 1)", "labels count from 0")
        elif _one_off(loss):
            share = loss.ignored / (loss.ignored + sum(loss.counts))
            says = f"{share:.0%} of the samples have none of the {len(loss.counts)} classes, and the first class has "
            says += "no sample: the labels seem to count from 1, and those of the last class fall out of the one-hot."
            fix = Remedy("", "y - 1 as the label", "labels count from 0")
        elif loss.by_hand and low == NOBODY and sum(loss.counts) >= ENOUGH:
            share, low = loss.ignored / (loss.ignored + sum(loss.counts)), None
            says = (
                f"{share:.0%} of the samples have none of the {len(loss.counts)} classes: their smoothed rows have no "
            )
            says += "1, so that they teach that all classes are alike, and can never be recognised."
            fix = Remedy("", "as many outputs as there are classes: the largest label + 1", "labels count from 0")
        elif loss.by_hand and loss.ignored and loss.name in CLASSES and "ignore_index" not in loss.arguments:
            share = loss.ignored / (loss.ignored + sum(loss.counts))
            low = None  # only those from 0 on were measured
            says = f"{share:.0%} of the labels are below 0, and such an index counts from the end: with -1 a sample is "
            says += "trained to be of the last class."
            fix = Remedy("", "look for what gives -1: a name that is in no table, a join without a match",
                         "labels count from 0; what has none is to be left out")  # fmt: skip
        else:
            continue
        evidence = {"lowest_label": low, "highest_label": high, "outputs": outputs}
        yield about_loss(case, loss, "label-out-of-range", ("error", 0.93), says, (fix,), **evidence)


def _one_off(loss: Loss) -> bool:
    """Of ones that the program makes itself: rows without any, and a first column that is 0 throughout."""
    counts = loss.counts
    return loss.by_hand and loss.ignored > 0 and len(counts) > 1 and sum(counts) >= ENOUGH and counts[0] == 0


def constant_label(case: Case) -> Iterator[Finding]:
    """One class only, or one value."""
    if case.facts.adversarial:
        return  # real is 1 in one line and drawn is 0 in another
    for loss in case.losses:
        told = _one_label(loss, case.losses) or _one_value(loss, case.losses)
        if told is None:
            continue
        says, samples = told
        sure = samples >= MANY or _whole_set(case, samples)
        says += " The network needs no input to be right, and learns nothing about it."
        remedies = (
            Remedy(
                "", "count the labels where they are made: y.unique(return_counts=True)", "a comparison is never true"
            ),
            Remedy("", "check the split: does it keep all classes?", "sorted data cut in two have one class each"),
        )
        evidence = {"labels_seen": samples, "counts": loss.counts or None, "value": loss.target_low}
        judged: tuple[Severity, float] = ("error", 0.93) if sure else ("warning", 0.75)
        yield about_loss(case, loss, "constant-label", judged, says, remedies, **evidence)


def _one_label(loss: Loss, losses: list[Loss]) -> tuple[str, int] | None:
    total, label = sum(loss.counts), _label(loss)
    total = total or loss.samples
    if label is None or total < ENOUGH:
        return None
    if len(loss.input_shape) > 1 and loss.input_shape[1] == 1 and loss.name in CLASSES:
        return None  # wrong-loss
    if any(other.name == loss.name and _label(other) != label for other in losses):
        return None  # 1 in one line and 0 in another: what belongs together is judged together
    return f"All {total} labels that were looked at are {label}.", total


def _label(loss: Loss) -> int | None:
    """The only label that came."""
    total = sum(loss.counts)
    if loss.name not in (*CLASSES, *BINARY):
        return None
    if total:
        return loss.counts.index(total) if total in loss.counts else None
    same = loss.name in BINARY and loss.target_integer and loss.target_distinct == 1
    return int(loss.target_low or 0) if same else None


def _one_value(loss: Loss, losses: list[Loss]) -> tuple[str, int] | None:
    """Of a regression. A residual that is to be 0 is no label, nor is the centre that a network is drawn to."""
    named = loss.name and loss.name not in (*CLASSES, *BINARY, "kl_div")
    if not named or loss.counts or loss.target_spread != 0 or loss.samples < ENOUGH or len(losses) > 1:
        return None
    if not loss.data_dtype and (loss.target_low == 0 or loss.target_distinct != 1 or loss.through):
        return None
    return f"All {loss.samples} targets that were looked at are {loss.target_low:g}.", loss.samples


def _whole_set(case: Case, samples: int) -> bool:
    sizes = [loader.samples for loader in case.facts.loaders if loader.training and loader.samples]
    return bool(sizes) and samples >= 0.9 * max(sizes)


def class_imbalance(case: Case) -> Iterator[Finding]:
    """One class is so frequent that the others are given up."""
    loss = case.loss
    if loss is None or not 2 <= len(loss.counts) <= MOST_CLASSES or len(loss.recalled) != len(loss.counts):
        return
    total, most = sum(loss.counts), max(loss.counts)
    if total < ENOUGH or not FREQUENT <= most / total < 1 or not _said_enough(loss, case):
        return
    frequent = loss.counts.index(most)
    recall = loss.recalled[frequent]
    rare = [i for i, n in enumerate(loss.counts) if i != frequent and n >= 5 and loss.recalled[i] is not None]
    limit = HALF_RECALLED if most / total > ALL_BUT else RECALLED
    given_up = [i for i in rare if loss.recalled[i] < limit]  # type: ignore[operator]
    if recall is None or recall < COMMON or not given_up:
        return
    worst = min(given_up, key=lambda i: loss.recalled[i] or 0)
    share = loss.counts[worst] / total
    says = f"Class {frequent} makes up {most / total:.1%} of the labels, and of class {worst} ({share:.1%}) "
    says += f"only {loss.recalled[worst]:.0%} are recognised, of class {frequent} {recall:.0%}: saying {frequent} pays."
    weight = "pos_weight=negatives / positives" if loss.name in BINARY else "weight=1 / counts in the loss"
    remedies = (
        Remedy("", weight, "an error on a rare class then costs as much as all of the frequent one"),
        Remedy("", "WeightedRandomSampler(1 / counts[y], len(y))", "every class comes equally often"),
        Remedy("", "judge by recall, F1 or average precision instead of accuracy", "accuracy does not see the rare"),
    )
    figures = {"counts": loss.counts, "recalled": loss.recalled, "threshold": limit}
    ignored = (loss.recalled[worst] or 0.0) < RECALLED
    judged: tuple[Severity, float] = ("warning", 0.8) if ignored else ("note", 0.5)
    yield about_loss(case, loss, "class-imbalance", judged, says, remedies, **figures)


def _said_enough(loss: Loss, case: Case) -> bool:
    """Weighted losses and those that are weighted afterwards know of it; and the start of a training says nothing."""
    if any(name in loss.arguments for name in ("weight", "pos_weight")) or loss.arguments.get("reduction") == "none":
        return False
    return case.facts.finished or case.last_step >= PATIENCE


_TOGETHER = (
    Remedy("", "look at ten samples with their labels", "a human sees at once whether they fit"),
    Remedy("", "shuffle inputs and labels by one permutation: x[order], y[order]", "two shuffles tear them apart"),
    Remedy("", "join tables by their key, not by row number", "the order of rows differs"),
)


def labels_unrelated(case: Case) -> Iterator[Finding]:
    """Neither the network nor any simple model finds anything in the inputs."""
    probes, loss, learning = case.facts.probes, case.loss, case.learning
    if loss is not None and _contradicts_itself(probes) and learning.known and (learning.stuck or _by_heart(case)):
        yield _contradictions(case, loss)
        return
    least = FEWER if _no_better_elsewhere(case) else SAMPLES
    if loss is None or probes.learnable is None or probes.learnable_p is None or probes.probe_samples < least:
        return
    found = ((probes.learnable, probes.learnable_p), (probes.stronger, probes.stronger_p))
    by_luck = _no_better_elsewhere(case) and max(probes.learnable, probes.stronger or 0.0) < BY_LUCK
    if not by_luck and (probes.learnable_p < RARE or any(_found(*each) for each in found)):
        return
    if probes.counted:
        return  # what comes first, and what next to what, may say all
    if _able(probes) is False:
        return  # it does not learn sixteen samples either: it is not the labels alone
    constant = case.facts.inputs and any(i.training and i.distinct_rows == 1 for i in case.facts.inputs)
    if constant or not learning.known or not (learning.stuck or _by_heart(case)) or explains_some(case):
        return
    says = f"On {probes.probe_samples} samples neither neighbours nor linear models"
    says += " nor boosted trees" if probes.stronger is not None else ""
    says += f" explain anything of the labels (p = {probes.learnable_p:.2g} by permutation), and the network "
    says += "does no better than a constant" if learning.stuck else "only learns them by heart"
    says += ": inputs and labels do not seem to belong together."
    figures = {"explained": probes.learnable, "p": probes.learnable_p, "by_trees": probes.stronger}
    figures |= {"by_the_network": probes.fitted, "progress": _number(learning.progress)}
    yield about_loss(case, loss, "labels-unrelated", ("warning", _certainty(probes)), says, _TOGETHER, **figures)


def _contradicts_itself(probes: Probes) -> bool:
    """Samples with the same input have the same class hardly more often than any others."""
    return probes.agreed is not None and probes.equal >= PAIRS and probes.agreed < AGREED


def _contradictions(case: Case, loss: Loss) -> Finding:
    probes = case.facts.probes
    says = f"Among the samples are {probes.equal} pairs with the very same input, and their labels agree hardly more "
    says += f"often than those of any two samples ({probes.agreed:.0%} of the way to always): inputs and labels do not "
    says += "belong together, and no network can learn them."
    figures = {"pairs": probes.equal, "agreed": probes.agreed, "threshold": AGREED}
    return about_loss(case, loss, "labels-unrelated", ("error", 0.9), says, _TOGETHER, **figures)


def _found(explained: float | None, p: float | None) -> bool:
    """A model explains more than chance does: among few samples, chance explains some."""
    return explained is not None and explained > UNEXPLAINED and (p is None or p < CHANCE)


def _by_heart(case: Case) -> bool:
    """The training loss falls, and no evaluation was ever better than a constant: or, where none is computed, what a
    copy learnt of some batches did not help with others."""
    loss, kept = case.loss, case.facts.probes.kept
    if loss is None or not loss.baseline:
        return False
    lowest = [float(values.min()) for values in _evaluations(case, 1)]
    if not lowest and _able(case.facts.probes) and case.learning.progress < LITTLE:
        return True  # little enough for that
    inputs = [each for each in case.facts.inputs if each.training]
    numbered = bool(inputs) and all(each.low is None for each in inputs)  # a few batches teach of those in them alone
    if not lowest and kept is not None and case.learning.progress < HALF and not numbered:
        lowest = [kept]
    return bool(lowest) and min(lowest) > 0.97 * loss.baseline


def _no_better_elsewhere(case: Case) -> bool:
    """Evaluated again and again, it was never better than a constant, which the loss of the training is by far."""
    loss, learning = case.loss, case.learning
    if loss is None or not loss.baseline or learning.stuck or learning.progress < LITTLE / 2:
        return False
    values = _evaluations(case, EVALUATED)
    return bool(values) and all(float(each.min()) > 0.97 * loss.baseline for each in values)


def _evaluations(case: Case, least: int) -> list[Numbers]:
    """The finite values of each loss that is evaluated, of at least so many."""
    curves = [case.series("evaluation", each.source, "value") for each in case.facts.losses]
    return [curve.finite.values for curve in curves if curve is not None and len(curve.finite.values) >= least]


def _able(probes: Probes) -> bool | None:
    """Whether the network learns sixteen samples by heart; None where that was not tried."""
    if probes.sixteen is None or probes.sixteen_start is None:
        return None
    return probes.sixteen < 0.2 * probes.sixteen_start


def _certainty(probes: Probes) -> float:
    """Higher where trees were tried too, and where the network can learn sixteen samples."""
    return 0.55 + 0.1 * (probes.stronger is not None) + 0.15 * bool(_able(probes))


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    label_out_of_range,
    constant_label,
    class_imbalance,
    labels_unrelated,
)
