"""Rules of the family "loss": softmax twice or not at all, shapes that broadcast. More: targets.py, outputs.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from gradwise.diagnose import outputs, targets
from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.tell import Told, about_loss, called, crashed, shape
from gradwise.watch.facts import Loss

ROWS = 0.99  # share of rows that sum to 1: rows of scores never do by chance
UNNORMALISED = 0.5  # fewer rows than this are log-probabilities: dropout behind log_softmax spares more
OUTSIDE = 1e-4  # beyond 0 and 1 by more than rounding
CUT = 0.01  # from 0 and 1: as far as values come that are cut off there
FEW = 8  # values from which on a range says something

_APPLIES = {  # what a loss applies to its input itself
    "cross_entropy": "softmax",
    "binary_cross_entropy_with_logits": "sigmoid",
    "multilabel_soft_margin_loss": "sigmoid",
}
_SQUASHING = ("softmax", "sigmoid", "hardsigmoid")
_UNBOUNDED = {"clamp", "clampmin", "clampmax", "add", "sub", "mul", "sum", "mean", "mm", "bmm", "addmm"}
_LOGS = ("logsoftmax", "log", "logsigmoid", "logsumexp", "logcumsumexp")


def probabilities_as_logits(case: Case) -> Iterator[Finding]:
    """Softmax or sigmoid before a loss that has its own."""
    for loss in case.losses:
        judged = _handed_probabilities(loss)
        first = next((kind for kind in loss.through if not kind.startswith("clamp")), "")
        own = _APPLIES.get(loss.name, "")
        twice = _twice(loss.through)
        if judged is not None:
            name = first if first in _SQUASHING else own
            says = f"{called(loss)} is handed probabilities (the output of a {name}), and applies a {own} itself: "
            says += f"squashed twice, {_floor(loss, first)}."
            remedy = Remedy(
                "", f"hand it the raw scores: remove the {name} before {called(loss)}", f"it has its own {own}"
            )
            keep = Remedy("", f"apply {name} only where probabilities are shown or thresholded", "argmax needs none")
        elif twice and (not own or first.startswith("log")):
            says = f"On its way to the loss the prediction is squashed twice, by {twice[1]} and then by {twice[0]}: "
            says += "the second one sees only values between 0 and 1, and its answer stays close to even."
            judged = ("error", 0.88)
            remedy = Remedy("", f"remove the {twice[1]}, the inner of the two", "one makes probabilities of scores")
            keep = Remedy("", "F.cross_entropy or F.binary_cross_entropy_with_logits on raw scores", "applies one")
        else:
            continue
        yield about_loss(
            case,
            loss,
            "probabilities-as-logits",
            judged,
            says,
            (remedy, keep),
            rows_that_sum_to_one=loss.input_rows_sum_to_one,
            low=loss.input_low,
            high=loss.input_high,
            before_the_loss=loss.through[:3],
        )


def _handed_probabilities(loss: Loss) -> tuple[Severity, float] | None:
    own = _APPLIES.get(loss.name)
    if own is None or one_output(loss) or loss.softmax_size == 1:
        return None
    first = next((kind for kind in loss.through if not kind.startswith("clamp")), "")
    rows = loss.input_rows_sum_to_one
    known = loss.input_low is not None and loss.input_high is not None
    within = known and loss.input_low >= -OUTSIDE and loss.input_high <= 1 + OUTSIDE  # type: ignore[operator]
    if first in _SQUASHING and (within or not known):
        seen = within and (first != "softmax" or rows is None or rows >= ROWS)
        return "error", 0.98 if seen else 0.88
    if own == "softmax" and rows is not None and rows >= ROWS and within:
        return "error", 0.9  # by values: softmax written by hand, or a graph that could not be seen
    if own == "sigmoid" and within and not loss.through and loss.samples >= 64 and (loss.input_spread or 0) > 0.02:
        return "warning", 0.6
    return None


def _twice(through: Sequence[str]) -> tuple[str, str] | None:
    """(outer, inner) where one squashing operation is applied to another's output."""
    for outer, inner in pairwise(through):
        if outer in (*_SQUASHING, "logsoftmax", "logsigmoid") and inner in _SQUASHING:
            return outer, inner
    return None


def _floor(loss: Loss, first: str) -> str:
    """How far the loss can fall at all."""
    if loss.name != "cross_entropy" or len(loss.input_shape) < 2:
        return "a probability of 0 becomes 0.5, and none beyond 0.73 can be said"
    classes = loss.input_shape[1]
    # the best scores within 0..1: 1 for the right class, 0 for the others
    lowest = math.log(1 + (classes - 1) / math.e)
    best = 1 / (1 + (classes - 1) / math.e)
    return f"with {classes} classes the right one gets {best:.0%} at most and the loss stays above {lowest:.2f}"


def one_output(loss: Loss) -> bool:
    """A prediction of shape (B, 1): no softmax over classes can be meant."""
    return len(loss.input_shape) >= 2 and loss.input_shape[1] == 1 and loss.name == "cross_entropy"


def logits_as_probabilities(case: Case) -> Iterator[Finding]:
    """Scores where probabilities are expected, or probabilities where their logarithms are."""
    code = "logits-as-probabilities"
    if (crash := crashed(case, code)) is not None:
        yield crash
        return
    for loss in case.losses:
        told = (
            _not_probabilities(loss)
            or _cut_to_probabilities(loss)
            or _not_logarithms(loss)
            or _no_frames(loss)
            or _target_logarithms(loss)
            or _log_of_scores(case, loss)
        )
        if told is None:
            continue
        yield about_loss(
            case,
            loss,
            code,
            (told.severity, told.certainty),
            told.says,
            told.remedies,
            low=loss.input_low,
            high=loss.input_high,
            log_probability_rows=loss.input_rows_log_normal,
            rows_that_sum_to_one=loss.input_rows_sum_to_one,
            before_the_loss=loss.through[:3] or None,
        )


def _not_probabilities(loss: Loss) -> Told | None:
    low, high = loss.input_low, loss.input_high
    if loss.name != "binary_cross_entropy" or low is None or high is None:
        return None
    if low >= -OUTSIDE and high <= 1 + OUTSIDE:
        return None
    if loss.through and loss.through[0] in ("relu", "tanh", "softplus", "elu"):
        return None  # output-activation says what is wrong with that
    says = (
        f"binary_cross_entropy wants probabilities between 0 and 1, and is handed scores from {low:.3g} to {high:.3g}."
    )
    fused = Remedy("", "F.binary_cross_entropy_with_logits (nn.BCEWithLogitsLoss)", "it applies the sigmoid itself")
    return Told("error", 0.98, says, (fused, Remedy("", "a sigmoid behind the last layer", "the same, less exact")))


def _cut_to_probabilities(loss: Loss) -> Told | None:
    """Scores that are cut off at 0 and 1: beyond, an error has no gradient."""
    low, high, through = loss.input_low, loss.input_high, loss.through
    if loss.name != "binary_cross_entropy" or low is None or high is None or low > CUT or high < 1 - CUT:
        return None
    if not through or not through[0].startswith("clamp") or not set(through) <= _UNBOUNDED:
        return None
    says = "binary_cross_entropy wants probabilities, and is handed scores that are cut off at 0 and 1: where they lie "
    says += "beyond, and where the network is most wrong, no gradient comes back."
    fused = Remedy("", "F.binary_cross_entropy_with_logits on the scores as they are", "it applies the sigmoid itself")
    return Told("error", 0.9, says, (fused, Remedy("", "torch.sigmoid instead of clamp", "it bends, and never cuts")))


def _no_frames(loss: Loss) -> Told | None:
    if loss.ctc is None or loss.ctc >= UNNORMALISED:
        return None
    says = f"ctc_loss wants log-probabilities for every frame, and {1 - loss.ctc:.0%} of the frames it is handed do "
    says += "not sum to 1: it falls without end as the scores grow, whatever was written."
    fix = Remedy("", "scores.log_softmax(-1) before ctc_loss", "it turns each frame's scores into log-probabilities")
    return Told("error", 0.96, says, (fix,))


def _not_logarithms(loss: Loss) -> Told | None:
    normal, high = loss.input_rows_log_normal, loss.input_high
    if loss.name not in ("nll_loss", "kl_div") or normal is None or high is None:
        return None
    if normal >= UNNORMALISED or high <= OUTSIDE:  # logarithms of probabilities are never above 0
        return None
    if any(kind in _LOGS for kind in loss.through[:3]):
        return None
    example = "F.log_softmax(scores, dim=1)"
    if (loss.input_rows_sum_to_one or 0) >= ROWS:
        says = f"{called(loss)} wants log-probabilities, and is handed probabilities (softmax without its logarithm): "
        says += "its value is then minus the mean probability, whose gradient fades where the network is wrong."
        first = Remedy("", f"{example} instead of softmax", "the logarithm is what makes it a likelihood")
    else:
        says = f"{called(loss)} wants log-probabilities (at most 0), and is handed raw scores up to {high:.3g}: "
        says += "it falls without end as the scores grow, whatever the labels are."
        first = Remedy("", f"{example} before {called(loss)}", "it turns scores into log-probabilities")
    if loss.name == "kl_div":
        return Told("error", 0.95, says, (first,))
    return Told(
        "error",
        0.96,
        says,
        (first, Remedy("", "F.cross_entropy on the raw scores", "log_softmax and nll_loss in one")),
    )


def _target_logarithms(loss: Loss) -> Told | None:
    low = loss.target_low
    if loss.name != "kl_div" or loss.arguments.get("log_target") or low is None or low >= -OUTSIDE:
        return None
    says = f"kl_div's target is to be probabilities, and it goes down to {low:.3g}: its logarithm is taken of that."
    told = Remedy("", "log_target=True where the target is log_softmax(...)", "then it is not taken again")
    return Told("error", 0.9, says, (told, Remedy("", "softmax of the target's scores", "probabilities are expected")))


def _log_of_scores(case: Case, loss: Loss) -> Told | None:
    """A cross-entropy of the program's own: log straight on the last layer, and a loss that is no number or cut off."""
    if (loss.name and not loss.by_hand) or "log" not in loss.through:
        return None
    at = loss.through.index("log")
    above, beneath = loss.through[:at], loss.through[at + 1 :]
    if any(kind not in ("add", "sub", "rsub", "clamp", "clampmin") for kind in beneath):
        return None
    cut = any(kind.startswith("clamp") for kind in beneath) and not set(above) & {"pow", "abs", "square"}
    if case.facts.nonfinite is None and not cut:
        return None
    says = "The loss takes the logarithm of the last layer's raw output, which may be negative: the result is "
    says += "NaN." if case.facts.nonfinite is not None else "cut off there, and a sample that is wrong teaches nothing."
    fused = Remedy("", "F.cross_entropy or F.binary_cross_entropy_with_logits on the raw scores", "safe at both ends")
    return Told(
        "error",
        0.8,
        says,
        (fused, Remedy("", "softmax or sigmoid before the logarithm", "it makes probabilities")),
    )


_ELEMENTWISE = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss", "kl_div")


def loss_shape_broadcast(case: Case) -> Iterator[Finding]:
    """(B, 1) against (B,) gives (B, B)."""
    if (crash := crashed(case, "loss-shape-broadcast")) is not None:
        yield crash
        return
    for loss in case.losses:
        grown = _grown(loss)
        if grown is None:
            continue
        prediction, target, difference = grown
        against = f"a prediction of shape {shape(prediction)} meets a target" + (
            f" of {shape(target)}" if target else ""
        )
        says = f"In the loss {against}, and torch spreads both to {shape(difference)}: every prediction is compared "
        says += "with the targets of the other samples too, so that it learns little but their mean."
        axis = prediction.index(1) if 1 in prediction[1:] else -1
        squeeze = f"squeeze({prediction.index(1, 1)})" if axis != -1 else "view_as(target)"
        remedies = (
            Remedy("", f"prediction.{squeeze} in the loss", "prediction and target then have the same shape"),
            Remedy("", "target.view_as(prediction)", "the same from the other side"),
        )
        certainty = 0.97 if loss.name else 0.9
        figures = {"prediction": prediction, "target": target or None, "difference": difference}
        yield about_loss(case, loss, "loss-shape-broadcast", ("error", certainty), says, remedies, **figures)


def _grown(loss: Loss) -> tuple[list[int], list[int], list[int]] | None:
    """Shapes of prediction, target and difference, where the difference is larger than both."""
    if not loss.name or loss.by_hand:
        return (loss.broadcast[0], [], loss.broadcast[1]) if len(loss.broadcast) == 2 else None
    one, other = loss.input_shape, loss.target_shape
    if loss.name not in _ELEMENTWISE or not one or not other:
        return None
    longest = max(len(one), len(other))
    pairs = list(zip([1] * (longest - len(one)) + one, [1] * (longest - len(other)) + other, strict=True))
    if any(a != b and 1 not in (a, b) for a, b in pairs):
        return None
    both = [max(a, b) for a, b in pairs]
    if math.prod(both) <= max(math.prod(one), math.prod(other)):
        return None
    same = [a for a in one if a > 1] == [b for b in other if b > 1]
    meant = len(one) == len(other) > 2  # (B, 1, D) against (1, B, D): somebody wrote the ones on purpose
    return (one, other, both) if same and not meant else None


RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    probabilities_as_logits,
    logits_as_probabilities,
    loss_shape_broadcast,
    *targets.RULES,
    *outputs.RULES,
)
