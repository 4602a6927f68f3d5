"""Rules of the family "loss": can the last layer reach the targets?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.tell import REGRESSION, Told, about_loss
from gradwise.watch.facts import Loss

REACH = 0.1  # of the targets' range that lies beyond what the last layer can give: less may be noise
SUM_TO_ONE = 0.9  # share of target rows: below it samples have several labels, or none

_RANGE = {  # what an activation can give at all
    "relu": (0.0, math.inf),
    "softplus": (0.0, math.inf),
    "exp": (0.0, math.inf),
    "abs": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "sigmoid": (0.0, 1.0),
    "hardsigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "sin": (-1.0, 1.0),
    "cos": (-1.0, 1.0),
    "logsigmoid": (-math.inf, 0.0),
    "logsoftmax": (-math.inf, 0.0),
    "gelu": (-0.17, math.inf),
    "silu": (-0.28, math.inf),
    "mish": (-0.31, math.inf),
    "elu": (-1.0, math.inf),
}
_NOT_BELOW_ZERO = ("relu", "relu6", "softplus", "exp", "abs")


def output_activation(case: Case) -> Iterator[Finding]:
    """The last activation cannot give what the targets ask for."""
    for loss in case.losses:
        told = (
            _one_unit(loss)
            or _over_batch(loss)
            or _before_link(loss, case)
            or _no_probability(loss)
            or _out_of_reach(loss)
            or _rate(loss)
        )
        if told is None:
            continue
        figures = {
            "last_operations": loss.through[:3],
            "input_low": loss.input_low,
            "input_high": loss.input_high,
            "target_low": loss.target_low,
            "target_high": loss.target_high,
        }
        judged = (told.severity, told.certainty)
        yield about_loss(case, loss, "output-activation", judged, told.says, told.remedies, **figures)


def _one_unit(loss: Loss) -> Told | None:
    if loss.softmax_size != 1 or not any(kind in ("softmax", "logsoftmax") for kind in loss.through):
        return None
    says = "A softmax over a single unit is always 1: the prediction is the same whatever the network says."
    change = Remedy("", "sigmoid instead of softmax (or BCEWithLogitsLoss on the raw score)", "for one output")
    return Told("error", 0.97, says, (change, Remedy("", "one unit per class", "a softmax compares several")))


def _over_batch(loss: Loss) -> Told | None:
    """A softmax along the wrong dimension: the samples share a probability of 1, each class for itself."""
    size, sizes = loss.softmax_size, loss.input_shape
    soft = any(kind in ("softmax", "logsoftmax") for kind in loss.through[:2])
    if not soft or len(sizes) != 2 or size != sizes[0] or size == sizes[1] or loss.name in ("", "cross_entropy"):
        return None
    says = (
        f"The softmax runs over the {size} samples of the batch, not over the {sizes[1]} classes: samples compete with "
    )
    says += "each other, and the outputs of one sample do not sum to 1."
    return Told("error", 0.96, says, (Remedy("", "dim=1 (or -1) in the softmax", "the dimension of the classes"),))


def _link(loss: Loss) -> tuple[str, Sequence[str]]:
    """The function that makes probabilities of scores, in the loss or right before it, and what comes before that."""
    through = loss.through
    if loss.name in ("cross_entropy", "binary_cross_entropy_with_logits"):
        return ("softmax" if loss.name == "cross_entropy" else "sigmoid"), through
    starts = {"nll_loss": 1, "kl_div": 1, "binary_cross_entropy": 1, "": len(through)}.get(loss.name, 0)
    for i, kind in enumerate(through[:starts]):
        if kind in ("logsoftmax", "logsigmoid"):
            return kind[3:], through[i + 1 :]
        if kind == "log" and through[i + 1 : i + 2] in (["softmax"], ["sigmoid"]):
            return through[i + 1], through[i + 2 :]
        if kind == "sigmoid" and loss.name == "binary_cross_entropy":
            return kind, through[i + 1 :]
    return "", through


def _before_link(loss: Loss, case: Case) -> Told | None:
    """An activation on the scores."""
    link, before = _link(loss)
    last = before[0] if before else ""
    if not link or (link == "softmax" and loss.softmax_size == 1):
        return None
    raw = Remedy("", f"remove the {last} behind the last layer", "scores may have any value")
    if link == "sigmoid" and last in _NOT_BELOW_ZERO and (loss.target_low is None or loss.target_low < 0.5):
        says = (
            f"A {last} behind the last layer keeps every score at 0 or above: its probability is never below 0.5, and "
        )
        return Told("error", 0.95, says + "the targets of 0 cannot be reached.", (raw,))
    if link == "sigmoid" and last in ("tanh", "hardtanh"):
        says = f"A {last} keeps the scores between -1 and 1: no probability below 0.27 or above 0.73 can be said."
        return Told("error", 0.85, says, (raw,))
    if link == "softmax" and last in ("tanh", "hardtanh"):
        classes = loss.input_shape[1] if len(loss.input_shape) > 1 else 2
        best = 1 / (1 + (classes - 1) * math.exp(-2))
        says = (
            f"A {last} keeps the scores between -1 and 1: with {classes} classes the right one gets {best:.0%} at most."
        )
        return Told("error" if classes > 2 else "warning", 0.85, says, (raw,))
    if link == "softmax" and last in ("relu", "relu6"):
        says = "A ReLU behind the last layer keeps every score at 0 or above: a class whose score is cut off gets no "
        says += "gradient, and no class can be ruled out by a negative score."
        return Told("error" if case.learning.stuck else "warning", 0.75, says, (raw,))
    return None


def _no_probability(loss: Loss) -> Told | None:
    if loss.name != "binary_cross_entropy" or not loss.through:
        return None
    last = loss.through[0]
    if last in ("relu", "tanh", "softplus", "elu", "hardtanh"):
        says = f"binary_cross_entropy wants probabilities, and a {last} does not give any: it goes "
        says += "below 0." if last in ("tanh", "elu", "hardtanh") else "above 1, or is exactly 0 without a gradient."
        fused = Remedy("", "no activation and nn.BCEWithLogitsLoss()", "it applies the sigmoid itself")
        return Told("error", 0.95, says, (Remedy("", f"sigmoid instead of {last}", "between 0 and 1"), fused))
    share = loss.target_rows_sum_to_one
    if last == "softmax" and (loss.softmax_size or 0) > 1 and share is not None and share < SUM_TO_ONE:
        says = (
            f"A softmax shares out a probability of 1, and {1 - share:.0%} of the samples have several labels or none."
        )
        return Told("error", 0.85, says, (Remedy("", "sigmoid instead of softmax", "every label by itself"),))
    return None


def _out_of_reach(loss: Loss) -> Told | None:
    """The targets of a regression, and the range of the last activation."""
    low, high = loss.target_low, loss.target_high
    reach = _RANGE.get(loss.through[0]) if loss.through else None
    if loss.name not in REGRESSION or reach is None or low is None or high is None or not high > low:
        return None
    if loss.input_low is not None and loss.input_low < reach[0] - 0.01:
        return None  # it does go there: another loss of the same line, or the activation has other limits
    if loss.input_high is not None and loss.input_high > reach[1] + 0.01:
        return None
    beyond = max(reach[0] - low, high - reach[1]) / (high - low)
    if beyond <= REACH:
        return None
    limits = f"at or above {reach[0]:g}" if reach[1] == math.inf else f"between {reach[0]:g} and {reach[1]:g}"
    limits = f"at or below {reach[1]:g}" if reach[0] == -math.inf else limits
    says = f"The targets go from {low:.3g} to {high:.3g}, and the {loss.through[0]} behind the last layer keeps the "
    says += f"prediction {limits}: {min(1, beyond):.0%} of that range can never be reached."
    raw = Remedy("", f"remove the {loss.through[0]} behind the last layer", "a regression may have any value")
    scale = Remedy("", "or scale the targets into the range of that activation", "and scale predictions back")
    return Told("error", 0.93, says, (raw, scale))


def _rate(loss: Loss) -> Told | None:
    if loss.name != "poisson_nll_loss" or not loss.through:
        return None
    last, logs = loss.through[0], loss.arguments.get("log_input", True)
    if logs and last in ("exp", "softplus", "sigmoid"):
        says = f"poisson_nll_loss takes the exponential of its input itself, and is handed a rate (a {last})."
        return Told(
            "warning", 0.75, says, (Remedy("", "log_input=False, or the raw output", "one exponential is enough"),)
        )
    if not logs and loss.input_low is not None and loss.input_low < 0:
        says = f"With log_input=False the prediction is a rate, and it goes down to {loss.input_low:.3g}."
        return Told("error", 0.93, says, (Remedy("", "exp or softplus behind the last layer", "a rate is above 0"),))
    return None


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (output_activation,)
