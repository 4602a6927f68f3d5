"""Rules of the family "loss": does the loss fit the kind of target?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.tell import BINARY, REGRESSION, Told, about_loss, called, crashed, one_per_sample
from gradwise.watch.facts import Loss

SUM_TO_ONE = 0.9  # share of target rows: below it they are several labels, or no probabilities at all
EVEN = 0.15  # classes count as equally frequent where mean and spread are within this of an even spread
MOST_CLASSES = 100  # whole numbers beyond it are quantities more likely than classes

_SIGNED = ("soft_margin_loss", "hinge_embedding_loss", "cosine_embedding_loss", "margin_ranking_loss")


def wrong_loss(case: Case) -> Iterator[Finding]:
    """The loss is one for another kind of target."""
    if (crash := crashed(case, "wrong-loss")) is not None:
        yield crash
        return
    for loss in case.losses:
        checks = [_one_class, _batch_as_classes, _several_labels, _signs, _counts_below_zero]
        if not case.facts.adversarial:  # whose labels are sometimes blurred, up to 1.2
            checks.append(_beyond_one)
        told = next((found for check in checks if (found := check(loss)) is not None), None)
        told = told or _class_numbers(loss, case) or _squared_classes(loss, case)
        if told is None:
            continue
        figures = {
            "input_shape": loss.input_shape or None,
            "target_shape": loss.target_shape or None,
            "target_type": loss.target_dtype or None,
            "target_low": loss.target_low,
            "target_high": loss.target_high,
            "different_targets": loss.target_distinct or None,
            "target_rows_sum_to_one": loss.target_rows_sum_to_one,
        }
        judged = (told.severity, told.certainty)
        yield about_loss(case, loss, "wrong-loss", judged, told.says, told.remedies, **figures)


def _one_class(loss: Loss) -> Told | None:
    if loss.name not in ("cross_entropy", "nll_loss") or len(loss.input_shape) < 2 or loss.input_shape[1] != 1:
        return None
    says = f"{called(loss)} compares classes, and the network has one output: the softmax of a single number is always "
    says += "1, so the loss is 0 whatever the network says, and nothing is learnt."
    two = Remedy("", "nn.BCEWithLogitsLoss() for two classes and one output", "a sigmoid makes it a probability")
    return Told(
        "error", 0.97, says, (two, Remedy("", "one output per class and labels 0, 1, ...", "that is what it wants"))
    )


def _batch_as_classes(loss: Loss) -> Told | None:
    flat = len(loss.input_shape) == 1 and loss.input_shape == loss.target_shape and loss.input_shape[0] > 1
    if loss.name != "cross_entropy" or not flat or not loss.target_dtype.startswith(("float", "bfloat")):
        return None
    if loss.target_rows_sum_to_one is not None and loss.target_rows_sum_to_one >= SUM_TO_ONE:
        return None  # one sample without a batch, and its class probabilities
    says = f"Prediction and target are ({loss.input_shape[0]},): cross_entropy takes that for one sample with "
    says += f"{loss.input_shape[0]} classes, and makes the samples of a batch compete with each other."
    binary = Remedy("", "nn.BCEWithLogitsLoss() where the targets are 0 and 1", "each sample is judged by itself")
    return Told("error", 0.93, says, (binary, Remedy("", "nn.MSELoss() where they are quantities", "the same")))


def _several_labels(loss: Loss) -> Told | None:
    share = loss.target_rows_sum_to_one
    same = len(loss.input_shape) > 1 and loss.input_shape == loss.target_shape
    if loss.name != "cross_entropy" or not same or share is None or share >= SUM_TO_ONE:
        return None
    low, high = loss.target_low or 0.0, loss.target_high if loss.target_high is not None else 1.0
    if low < 0 or high > 1:
        says = (
            f"cross_entropy takes real-valued targets for the probabilities of classes, and these go from {low:.3g} to "
        )
        return Told("error", 0.93, says + f"{high:.3g}.", (Remedy("", "nn.MSELoss()", "for real-valued targets"),))
    says = f"{1 - share:.0%} of the target rows do not sum to 1: a sample may have several labels or none, and "
    says += "cross_entropy makes the classes exclude each other."
    each = Remedy("", "nn.BCEWithLogitsLoss()", "every label is a yes or no of its own")
    return Told("warning", 0.8 if loss.target_integer else 0.6, says, (each,))


def _beyond_one(loss: Loss) -> Told | None:
    low, high = loss.target_low, loss.target_high
    if loss.name not in BINARY or low is None or high is None or (low >= -1e-4 and high <= 1 + 1e-4):
        return None
    says = f"{called(loss)} wants targets between 0 and 1, and these go from {low:.3g} to {high:.3g}: "
    says += "the loss falls below 0 without end as the scores grow."
    if loss.target_integer and loss.target_distinct == 2:
        if (low, high) != (-1, 1):
            return None  # label-out-of-range
        signed = Remedy("", "F.soft_margin_loss(scores, y)", "the logistic loss for labels of -1 and 1")
        return Told("error", 0.95, says, (Remedy("", "(y + 1) / 2 as target", "0 and 1 instead of -1 and 1"), signed))
    if loss.target_integer and one_per_sample(loss.target_shape) and loss.target_distinct <= MOST_CLASSES:
        classes = int(high) + 1
        more = Remedy("", f"{classes} outputs and nn.CrossEntropyLoss()", "for classes that exclude each other")
        return Told("error", 0.93, says, (more, Remedy("", "nn.MSELoss()", "where the numbers are quantities")))
    scale = Remedy("", "scale the targets to 0..1 (pictures: / 255)", "only then are they probabilities")
    return Told("error", 0.93, says, (Remedy("", "nn.MSELoss() and no sigmoid", "for real-valued targets"), scale))


def _signs(loss: Loss) -> Told | None:
    if loss.name not in _SIGNED or loss.target_low is None or loss.target_low < 0 or loss.target_distinct != 2:
        return None
    says = f"{called(loss)} wants labels of -1 and 1, and gets {loss.target_low:g} and {loss.target_high:g}: "
    says += "a label of 0 is no class to it, and what is labelled so is not learnt."
    change = Remedy("", "2 * y - 1 as target", "-1 and 1 instead of 0 and 1")
    other = (Remedy("", "nn.BCEWithLogitsLoss()", "it takes 0 and 1"),) if loss.name == "soft_margin_loss" else ()
    return Told("error", 0.95, says, (change, *other))


def _counts_below_zero(loss: Loss) -> Told | None:
    if loss.name != "poisson_nll_loss" or loss.target_low is None or loss.target_low >= 0:
        return None
    says = f"poisson_nll_loss is for counts, and the targets go down to {loss.target_low:.3g}."
    return Told("error", 0.93, says, (Remedy("", "nn.MSELoss()", "for quantities that may be negative"),))


def _class_numbers(loss: Loss, case: Case) -> Told | None:
    """0, 1, ..., K-1, equally frequent, as the value of a regression: classes more likely than quantities."""
    low, high, mean, spread = loss.target_low, loss.target_high, loss.target_mean, loss.target_spread
    if loss.name not in REGRESSION or not loss.target_integer or None in (low, high, mean, spread):
        return None
    classes = loss.target_distinct
    if not 3 <= classes <= MOST_CLASSES or low != 0 or high != classes - 1 or not one_per_sample(loss.input_shape):
        return None
    even = math.sqrt((classes**2 - 1) / 12)
    if abs(mean - (classes - 1) / 2) > EVEN * classes / 2 or abs(spread - even) > EVEN * even:  # type: ignore[operator]
        return None
    fits = case.learning.known and loss is case.loss and case.learning.progress > 0.95
    says = f"{called(loss)} takes the targets 0 to {classes - 1} for quantities. If they are numbers of classes, it "
    says += f"learns that class {classes - 1} is {classes - 1} times as much as class 1, and that errors "
    says += "between neighbours are small."
    apart = Remedy("", f"{classes} outputs, nn.CrossEntropyLoss() and argmax", "classes have no order")
    return Told("note" if fits else "warning", 0.4 if fits else 0.65, says, (apart,))


def _squared_classes(loss: Loss, case: Case) -> Told | None:
    """A squared error behind a sigmoid or softmax: it fits, but its gradient fades where it is most wrong."""
    binary = loss.target_integer and loss.target_distinct == 2 and (loss.target_low, loss.target_high) == (0, 1)
    squashed = loss.through[:1] in (["sigmoid"], ["softmax"])
    if loss.name not in REGRESSION or not binary or not squashed or loss is not case.loss or not case.learning.stuck:
        return None
    says = f"{called(loss)} of a {loss.through[0]} against labels of 0 and 1: its gradient fades where the network is "
    says += "surely wrong, and here the loss does not fall."
    better = "nn.BCEWithLogitsLoss()" if loss.through[0] == "sigmoid" else "nn.CrossEntropyLoss()"
    return Told("note", 0.45, says, (Remedy("", f"{better} on the raw scores", "its gradient is the error itself"),))


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (wrong_loss,)
