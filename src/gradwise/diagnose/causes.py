"""Cause before symptom: which finding explains which, and the order in which they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradwise.diagnose.case import Case
from gradwise.diagnose.codes import CODES
from gradwise.diagnose.finding import Finding

SHOWN = 5  # findings: a reader who is told eight things changes the wrong one
SURE = 0.8  # certainty of a plateau whose reason is known
PER_CODE = 2  # of the same problem in several places
_RANK = {"error": 0, "warning": 1, "note": 2}
# Facts about the program before statistics of its run.
_FAMILIES = ("program", "loss", "network", "data", "start", "gradient", "units", "update", "generalisation")
_STATIC = _FAMILIES[:5]  # true from the first step on, whenever it was noticed

_SLOW = ("plateau", "underfitting", "learning-rate-too-low")
_WILD = ("learning-rate-too-high", "exploding-gradient", "oscillating-loss", "loss-spike", "non-finite")
_UNITS = ("dead-units", "saturated-units")
_SIGNAL = ("vanishing-gradient", *_UNITS)
_NOISE = ("noisy-gradient", "oscillating-loss", "loss-spike")

# Cause -> what it brings about. Two that explain each other are decided by time: the earlier one is the cause.
EXPLAINS: dict[str, tuple[str, ...]] = {
    # The weights do not follow the gradient at all: what else is seen of the run says nothing.
    "missing-step": (*_SLOW, *_SIGNAL, *_NOISE, "no-gradient", "not-optimised", "schedule-stalls", "labels-unrelated",
                     "symmetric-initialisation", "initialisation-scale", "over-regularised", "batch-norm-mismatch"),
    "missing-zero-grad": (*_WILD, *_SIGNAL, *_SLOW, "noisy-gradient", "gradient-ascent", "overfitting", "no-gradient",
                          "batch-norm-mismatch", "initialisation-scale", "class-imbalance"),
    "wrong-gradient": (*_WILD, *_SIGNAL, *_SLOW, "noisy-gradient", "gradient-ascent", "no-gradient",
                       "initialisation-scale"),
    "gradient-ascent": (*_WILD, *_SIGNAL, *_SLOW, "noisy-gradient", "overfitting", "class-imbalance",
                        "batch-norm-mismatch"),
    "not-optimised": (*_SLOW, *_SIGNAL, *_NOISE, "no-gradient", "labels-unrelated", "over-regularised"),
    # The loss does not ask for what the author wants.
    "loss-shape-broadcast": (*_SLOW, *_NOISE, "labels-unrelated", "wrong-loss", "over-regularised",
                             "output-activation", "vanishing-gradient", "dead-units"),
    "logits-as-probabilities": (*_WILD, *_SIGNAL, *_SLOW, "gradient-ascent", "wrong-loss", "output-activation",
                                "noisy-gradient"),
    "probabilities-as-logits": (*_SLOW, *_SIGNAL, "output-activation", "noisy-gradient", "class-imbalance"),
    "wrong-loss": (*_SLOW, *_SIGNAL, *_WILD, "noisy-gradient", "labels-unrelated", "output-activation",
                   "class-imbalance"),
    "output-activation": (*_SLOW, *_SIGNAL, "no-gradient", "oscillating-loss", "noisy-gradient", "class-imbalance",
                          "learning-rate-too-high"),
    # The data cannot be learnt from.
    "label-out-of-range": (*_SLOW, "non-finite", "loss-spike", "class-imbalance", "exploding-gradient"),
    "constant-label": (*_SLOW, *_SIGNAL, "no-gradient", "class-imbalance", "labels-unrelated", "unshuffled-data",
                       "overfitting", "wrong-loss", "repeated-batches", "noisy-gradient"),
    "constant-input": (*_SLOW, *_SIGNAL, *_NOISE, "labels-unrelated", "input-not-normalised", "class-imbalance",
                       "repeated-batches", "train-valid-overlap", "learning-rate-too-high", "no-gradient",
                       "symmetric-initialisation"),
    "labels-unrelated": ("plateau", "underfitting", *_NOISE, "overfitting", "dead-units", "vanishing-gradient",
                         "learning-rate-too-high", "over-regularised", "class-imbalance"),
    "repeated-batches": ("overfitting", "labels-unrelated", "unshuffled-data", "batch-norm-mismatch",
                         "class-imbalance"),
    "unshuffled-data": (*_NOISE, *_SLOW, "overfitting", "class-imbalance", "batch-norm-mismatch",
                        "learning-rate-too-high", "repeated-batches", "exploding-gradient", "constant-label"),
    "class-imbalance": ("plateau", "underfitting", "labels-unrelated", "noisy-gradient"),
    # The network cannot learn, or is run in the wrong way.
    "no-gradient": (*_SLOW, "vanishing-gradient", "not-optimised", "dead-units", "labels-unrelated"),
    "eval-mode-in-training": (*_WILD, *_SIGNAL, *_SLOW, "overfitting", "batch-norm-mismatch", "initialisation-scale",
                              "noisy-gradient", "train-mode-in-evaluation"),
    "train-mode-in-evaluation": ("overfitting", "batch-norm-mismatch"),
    "small-batch-norm": (*_NOISE, *_SLOW, "batch-norm-mismatch", "overfitting", "learning-rate-too-high",
                         "labels-unrelated", "exploding-gradient"),
    "batch-norm-mismatch": ("overfitting",),
    "no-nonlinearity": (*_SLOW, "labels-unrelated", "noisy-gradient", "oscillating-loss"),
    "symmetric-initialisation": (*_SLOW, *_SIGNAL, "no-gradient", "labels-unrelated", "noisy-gradient",
                                 "initialisation-scale"),
    "input-not-normalised": (*_WILD, *_SIGNAL, *_SLOW, "initialisation-scale", "noisy-gradient", "overfitting",
                             "labels-unrelated", "batch-norm-mismatch", "no-gradient"),
    "initialisation-scale": (*_WILD, *_SIGNAL, *_SLOW, "noisy-gradient", "no-gradient", "overfitting"),
    "graph-leak": ("exploding-gradient", "vanishing-gradient"),
    # The run itself.
    "learning-rate-too-high": (*_WILD[1:], *_SIGNAL, "plateau", "underfitting", "noisy-gradient", "overfitting",
                               "batch-norm-mismatch", "no-gradient", "class-imbalance"),
    "exploding-gradient": ("learning-rate-too-high", *_WILD[2:], *_UNITS, "plateau", "underfitting", "noisy-gradient",
                           "no-gradient"),
    "over-regularised": (*_SLOW, *_SIGNAL, "no-gradient", "noisy-gradient", "class-imbalance", "oscillating-loss",
                         "labels-unrelated"),
    "schedule-stalls": (*_SLOW, "vanishing-gradient"),
    "saturated-units": ("vanishing-gradient", "no-gradient", *_SLOW, "noisy-gradient"),
    "dead-units": ("vanishing-gradient", "no-gradient", *_SLOW, "saturated-units", "noisy-gradient",
                   "class-imbalance"),
    "vanishing-gradient": (*_SLOW, "no-gradient", "saturated-units", "noisy-gradient"),
    "non-finite": ("exploding-gradient", "loss-spike", "oscillating-loss", *_UNITS, "learning-rate-too-high",
                   *_SLOW, "no-gradient", "overfitting", "batch-norm-mismatch"),
    "loss-spike": ("exploding-gradient", *_UNITS, "plateau", "non-finite", "oscillating-loss"),
    "noisy-gradient": ("oscillating-loss", *_SLOW),
    "learning-rate-too-low": ("plateau", "underfitting", "vanishing-gradient", "labels-unrelated", "class-imbalance"),
    "oscillating-loss": ("plateau", "underfitting"),
    "underfitting": ("plateau",),
}  # fmt: skip

# Units that are at their limits, or off, before the first step: what lies behind them is all that learns, on features
# that chance has made, and the run's own troubles cannot have brought them there. Nor a gradient that explodes on its
# way back through time: the rate at which that would do no harm moves nothing else.
FROM_START: dict[str, tuple[str, ...]] = {
    "saturated-units": (*_WILD[:-1], "overfitting"),
    "dead-units": _WILD[:-1],
    "exploding-gradient": ("learning-rate-too-high", "non-finite"),
}
# What takes the steps away, and not only the gradient.
_STEPS = ("missing-step", "not-optimised", "schedule-stalls")
_RUN = (*_WILD, "over-regularised")  # what happens to a training, not what it begins with

# Beside the first, the others would say the same in other words, or draw a conclusion that it takes the ground from.
SAME: dict[str, tuple[str, ...]] = {
    "constant-label": ("class-imbalance", "labels-unrelated", "unshuffled-data"),
    "constant-input": ("labels-unrelated", "input-not-normalised"),
    "missing-step": ("not-optimised", "learning-rate-too-low", "schedule-stalls", "labels-unrelated"),
    "probabilities-as-logits": ("output-activation",),
    "loss-shape-broadcast": ("labels-unrelated",),
    "repeated-batches": ("labels-unrelated",),
    "no-gradient": ("vanishing-gradient",),
    "gradient-ascent": ("learning-rate-too-high",),
    "learning-rate-too-low": ("underfitting",),
    "over-regularised": ("underfitting",),
}
# "It is not learning, and I do not know why": not said where anything else is, these excepted.
_NO_REASON = ("overfitting", "train-valid-overlap", "graph-leak", "train-mode-in-evaluation", "batch-norm-mismatch")


def in_order(findings: list[Finding], case: Case) -> list[Finding]:
    """Mark consequences, leave out what says nothing new, and put causes first, the likeliest at the top."""
    findings = _without_doubles(sorted(findings, key=_order))
    marked = [replace(each, consequence_of=_cause(each, findings)) for each in findings]
    marked.sort(key=_order)
    kept: list[Finding] = []
    for finding in marked:
        same = sum(each.code == finding.code for each in kept)
        certain = finding.severity == "error" and not finding.consequence_of
        if same < PER_CODE and (len(kept) < SHOWN or certain):
            kept.append(finding)
    return kept


def explains(cause: Finding, effect: Finding) -> bool:
    """Whether one finding brings the other about."""
    if not _may(cause, effect):
        return False
    if not _may(effect, cause):
        return True
    return _first(cause) < _first(effect)


def _may(cause: Finding, effect: Finding) -> bool:
    effects = EXPLAINS.get(cause.code, ()) + (FROM_START.get(cause.code, ()) if _begins(cause) else ())
    if effect.code not in effects or (_begins(effect) and cause.code in _RUN):
        return False
    if effect.evidence.get("by_itself") and cause.code not in _STEPS:
        return False
    if _RANK[cause.severity] > max(_RANK[effect.severity], 1):  # a note explains notes
        return False
    over = effect.steps[1]  # a cause may be noticed late, but not when all is over
    return _static(cause) or over == 0 or cause.steps[0] <= over


def _first(finding: Finding) -> tuple[bool, int, float, int]:
    """Of two that explain each other the lower one is the cause: the earlier, then the surer."""
    since = 0 if _static(finding) else finding.steps[0]
    return not _static(finding), since, -finding.certainty, list(EXPLAINS).index(finding.code)


def _cause(effect: Finding, findings: Sequence[Finding]) -> str:
    """The code at the beginning of the chain that ends in this one; "" where nothing explains it."""
    seen = [effect]
    while True:
        causes = [each for each in findings if each not in seen and explains(each, seen[-1])]
        if not causes:
            return seen[-1].code if len(seen) > 1 else ""
        seen.append(min(causes, key=_order))


def _without_doubles(findings: list[Finding]) -> list[Finding]:
    said = {each.code for each in findings if each.severity != "note"}
    gone = {double for code in said for double in SAME.get(code, ())}
    reasons = said - {"plateau", *_NO_REASON}
    knows_why = any(each.code == "plateau" and each.certainty >= SURE for each in findings)
    if reasons and not knows_why:
        gone.add("plateau")
    if knows_why or any("underfitting" in EXPLAINS.get(code, ()) for code in reasons):
        gone.add("underfitting")
    return [each for each in findings if each.code not in gone]


def _order(finding: Finding) -> tuple[bool, int, int, int, float]:
    family = _FAMILIES.index(CODES[finding.code].family)
    sure = round(10 * finding.certainty)  # a certainty has one digit
    return bool(finding.consequence_of), _RANK[finding.severity], -sure, family, -finding.certainty


def _begins(finding: Finding) -> bool:
    """It is so before the first step."""
    return finding.code in FROM_START and bool(finding.evidence.get("before_steps"))


def _static(finding: Finding) -> bool:
    return CODES[finding.code].family in _STATIC or finding.code in ("not-optimised", "gradient-ascent", "no-gradient")
