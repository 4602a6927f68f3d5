"""A program's own figure: how often it was right when it evaluated, or what it prints under a name again and again."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.doctor.replacing import replace
from gradwise.doctor.sources import Sources
from gradwise.errors import RunError, did_you_mean

_OWN = str(Path(__file__).resolve().parents[2])
SEEN, BALANCED = "evaluated accuracy", "evaluated balanced accuracy"
RECALLS = "mean of the recalls"
LEAST = 8  # comparisons of one evaluation
CLASSES = 50
_NUMBER = r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)\b"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})(?P<percent>\s?%)?|(?P<word>[^\W\d_][\w\-]*)", re.IGNORECASE)
_COUNTERS = {"epoch", "step", "iteration", "iter", "batch", "lr", "rate", "seconds", "time", "minute", "hour", "it"}
_HELD_OUT = {"val", "valid", "validation", "test", "held", "dev", "unseen", "new", "fresh", "check", "ahead", "eval"}
_TRAINING = {"train", "training", "batch", "running", "objective"}
_SHARES = {"acc", "accuracy", "val_acc", "valid_acc", "test_acc", "right", "correct"}
_LIKELIHOODS = {"likelihood", "loglikelihood", "lik", "loglik", "elbo"}
_HIGHER = (
    _SHARES
    | _LIKELIHOODS
    | {
        *("recall", "recalls", "precision", "f1", "auc", "r2", "explained", "score", "dice", "iou", "overlap", "hits"),
        *(
            "reward",
            "earned",
            "found",
            "caught",
            "agree",
            "same",
            "snr",
            "psnr",
            "gain",
            "profit",
            "revenue",
            "upright",
        ),
        *("return", "returns", "counted", "coverage", "macro"),
        *("balanced", "purity", "similarity", "ssim", "correlation", "pearson", "spearman", "kappa", "success", "wins"),
        *("hit", "solved", "exact", "matched", "mrr", "ndcg", "order", "ordered", "concordance", "cindex"),
    }
)
_LOWER = {
    *("loss", "error", "mse", "mae", "rmse", "cost", "nll", "perplexity", "off", "gap", "miss"),
    *("divergence", "regret"),
}
_MEAN = {"balanced", "macro", "f1"}  # of all classes, however rare
_RECALLS = {"recall", "recalls"}
_AVERAGES = {"mean", "average", "avg"}  # of recalls, on their line
_EXPLAINED = {"r2", "explained"}  # shares of a variance: 1 at most, and without a bound below
_FAIR = _MEAN | _RECALLS
_MOST = 1e9  # that anybody counts to
_LOSSES = {"loss", "nll", "perplexity", "cost", "divergence", "objective"}


@dataclass(frozen=True)
class Figure:
    """What a program is judged by."""

    name: str
    higher: bool  # is better
    share: bool = False  # of all: between 0 and 1
    loss: bool = False  # its value changes with the loss function
    explained: bool = False  # of a variance: what is left of it is a loss, which may span decades

    @property
    def metric(self) -> str:
        """What the statistics call it: those of an accuracy are in points, of anything else the less the better."""
        if self.share:
            return self.name if self.name.endswith("accuracy") else f"{self.name}: accuracy"
        if self.explained:
            return f"1 - {self.name}"
        return f"minus {self.name}" if self.higher else self.name

    def of(self, figures: dict[str, float]) -> dict[str, float]:
        """As the statistics take it; nothing where a run gave none."""
        value = figures.get(self.name, math.nan)
        if not math.isnan(value) and self.higher and not self.share:
            value = 1 - value if self.explained else -value
        return {} if math.isnan(value) else {self.metric: value}


def printed(text: str) -> dict[str, list[float]]:
    """Every number of a program's output under the words before it: {"test accuracy": [0.5, 0.7]}.

    Where several recalls stand on a line their mean, too.
    """
    found: dict[str, list[float]] = {}
    for line in text.splitlines():
        words, before = list[str](), list[str]()
        last, repeats = "", 1
        recalls, averaged = list[float](), False
        for token in _TOKEN.finditer(line):
            if token["word"] and token["number"] is None:
                words.append(token["word"].lower())
                continue
            words = _headed(words, before)
            repeats, before = (1, words) if words else (repeats + 1, before)
            last = " ".join(words[-8:]) if words else last
            name = last if repeats == 1 else f"{last} {repeats}"
            value = float(token["number"]) / (100 if token["percent"] else 1)
            if last:
                found.setdefault(name, []).append(value)
            known = _words(name) & (_HIGHER | _LOWER)
            averaged |= bool(_words(name) & (_MEAN | _AVERAGES))
            if known & _RECALLS or (recalls and not known):
                recalls.append(value)
            words = []
        if len(recalls) > 1 and not averaged:  # one for each class, and only the first of them may be called so
            found.setdefault(RECALLS, []).append(sum(recalls) / len(recalls))
    return found


def _headed(words: list[str], before: list[str]) -> list[str]:
    """Of "in order: train 0.9, test 0.8" the second is in order, too."""
    sets = _HELD_OUT | _TRAINING
    head = before[:-1] if before and before[-1] in sets else []
    return [*head, *words] if words and set(words) <= sets and not set(head) <= sets else words


def last(values: dict[str, list[float]]) -> dict[str, float]:
    """The last of each."""
    return {name: series[-1] for name, series in values.items()}


def choose(
    values: dict[str, list[float]], name: str = "", higher: bool | None = None, balanced: bool = False
) -> Figure:
    """The figure to judge by: of held-out samples rather than of the training's, right or wrong rather than a loss.

    values: what the program gave, in time; name: the one that is asked for; higher: whether it is the better the
    higher; balanced: one class is so frequent that plain accuracy tells little. Raises RunError where there is none.
    """
    if name:
        if name not in values:
            raise RunError(f"The program gives no figure {name!r}.", fix=did_you_mean(name, values))
        return _figure(name, values[name], higher)
    usable = [each for each, series in values.items() if each not in (SEEN, BALANCED) and _varies(each, series)]
    fair = [each for each in usable if _words(each) & _FAIR] if balanced else []
    means = _means(values, usable) if balanced else []
    fair += [each for each in means if each not in fair]
    seen = BALANCED if balanced and BALANCED in values else SEEN if SEEN in values and not fair else ""
    if seen:
        return Figure(seen, True if higher is None else higher, share=True)
    usable = fair or usable
    if not usable:
        why = "no accuracy was seen, and nothing is printed under a name again and again."
        raise RunError("The program gives no figure to judge a remedy by.", why=why, fix="print one: val loss 0.123")
    order = list(values)

    def worth(name: str) -> tuple[float, float, int, int]:
        series = values[name]
        moved = len(set(series)) > 1  # what never does may be a bound that is told beside it
        worst = -series[-1] if balanced else 0.0  # of several classes' recalls that of the one that is missed
        fairest = 10.0 * bool(balanced and (_words(name) & _MEAN or name in means))  # before the recall of any class
        return fairest + _worth(name) + moved, worst if math.isfinite(worst) else 0.0, len(series), order.index(name)

    best = max(usable, key=worth)
    return _figure(best, values[best], True if higher is None and best in means else higher)


def lossless(values: dict[str, list[float]]) -> dict[str, list[float]]:
    """Those that mean the same under another loss function; all, where there are none."""
    means = _means(values, list(values))
    found = {n: s for n, s in values.items() if n in (SEEN, BALANCED, *means) or not _figure(n, s, None).loss}
    return found if any(name in (SEEN, BALANCED) or _varies(name, series) for name, series in found.items()) else values


def held_out_losses(values: dict[str, list[float]]) -> dict[str, list[float]]:
    """Those in which overfitting shows, while accuracy may go on rising; all, where there are none."""
    names = [name for name, series in values.items() if name not in (SEEN, BALANCED) and _varies(name, series)]
    losses = [name for name in names if _words(name) & _HELD_OUT and not _words(name) & (_HIGHER | _TRAINING)]
    return {name: values[name] for name in losses} or values


def _means(values: dict[str, list[float]], names: Iterable[str]) -> list[str]:
    """Averages of recalls: shares of one, where recalls are told beside them."""
    if not any(_words(name) & _FAIR for name in names):
        return []
    return [name for name in names if _words(name) & _AVERAGES and _within_one(values[name])]


def _figure(name: str, series: Sequence[float], higher: bool | None) -> Figure:
    words = _words(name)
    up = bool(words & _HIGHER) if higher is None else higher
    lower = words & {"loss", "error", "negative", "neg", "minus"} or (words & _LOWER and not words & (_HIGHER - _MEAN))
    if higher is None and (lower or (words & _LIKELIHOODS and _falls_above_zero(series))):
        up = False
    share = up and _within_one(series) and bool(words & _SHARES)
    explained = up and not share and bool(words & _EXPLAINED) and all(value <= 1 for value in series)
    known = words & (_HIGHER | _LOWER) or (up and words & _AVERAGES)
    return Figure(name, up, share, bool(words & _LOSSES) or not known, explained)


def _falls_above_zero(series: Sequence[float]) -> bool:
    """What is printed as likelihood is minus its logarithm: it is made small."""
    known = [value for value in series if math.isfinite(value)]
    return len(known) > 1 and min(known) > 1 and known[-1] < known[0]


def _within_one(series: Sequence[float]) -> bool:
    return all(0 <= value <= 1 for value in series if math.isfinite(value))


def _words(name: str) -> set[str]:
    return set(re.split(r"[\s_\-]+", name))


def _varies(name: str, series: Sequence[float]) -> bool:
    words = _words(name)
    counts = all(float(value).is_integer() and value < _MOST for value in series if math.isfinite(value))
    rising = all(a < b for a, b in pairwise(series)) and len(series) > 1
    if words & _COUNTERS and not words & (_HELD_OUT | _HIGHER | _LOWER):
        return False
    return len(series) > 1 and not (counts and rising)


def _worth(name: str) -> float:
    words = _words(name.removesuffix(" 2"))
    worth = 4.0 * bool(words & _HELD_OUT) - 4.0 * bool(words & _TRAINING)
    worth += 5.0 * bool(words & _SHARES) + 3.0 * bool(words & (_HIGHER - _SHARES))
    return worth + 1.0 * bool(words & (_LOWER - _LOSSES)) + 0.5 * bool(words & _LOSSES)


class Seen:
    """Watches comparisons of predictions with labels after networks were called without gradients.

    One evaluation is what lies between two backward passes; the place that compares most is taken.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._evaluating = False
        self._counts: dict[str, list[Tensor]] = {}  # place -> right or wrong, and the labels
        self.series: dict[str, list[float]] = {}

    def open(self) -> None:
        """From now on."""
        replace(nn.Module, "__call__", self._called)
        replace(torch.autograd, "backward", self._backward)
        for owner, name in ((Tensor, "__eq__"), (Tensor, "eq"), (torch, "eq")):
            replace(owner, name, self._compared)

    def _called(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if not torch.is_grad_enabled():
                self._evaluating = True
            elif self._evaluating and next(module.parameters(), None) is not None:  # a loss tells nothing
                self._evaluating = False
            return original(module, *args, **kwargs)

        return call

    def _backward(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def backward(*args: Any, **kwargs: Any) -> Any:
            self.close()
            self._evaluating = False
            return original(*args, **kwargs)

        return backward

    def _compared(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def compare(one: Any, other: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(one, other, *args, **kwargs)
            if self._evaluating and isinstance(other, Tensor) and _comparable(one, other):
                ours = sys._getframe(1).f_code.co_filename.startswith(_OWN)  # the doctor compares, beside the program
                line = "" if ours else self.sources.line(2)
                if line:
                    self._counts.setdefault(line, []).append(torch.stack([result.flatten(), other.flatten() + 0]))
            return result

        return compare

    def close(self) -> None:
        """An evaluation is over."""
        if not self._counts:
            return
        right, labels = max((torch.cat(each, 1) for each in self._counts.values()), key=lambda both: both.shape[1])
        self._counts = {}
        if len(labels) < LEAST:
            return
        self.series.setdefault(SEEN, []).append(float(right.double().mean()))
        classes = labels.unique()
        if 1 < len(classes) <= CLASSES:
            recalls = [float(right[labels == each].double().mean()) for each in classes]
            self.series.setdefault(BALANCED, []).append(sum(recalls) / len(recalls))


def _comparable(one: Tensor, other: Tensor) -> bool:
    """Predicted and true classes; a batch may have one sample, but no number by itself is a batch."""
    return one.shape == other.shape and one.ndim > 0 and not one.is_floating_point() and not one.is_complex()


def merged(parts: Iterable[dict[str, list[float]]]) -> dict[str, list[float]]:
    """All series; the last one of a name holds."""
    return {name: series for part in parts for name, series in part.items()}
