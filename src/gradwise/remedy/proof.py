"""What a comparison with doing nothing proves of a remedy."""

from __future__ import annotations

import math

from gradwise.experiment import Comparison, Verdict
from gradwise.experiment.compare import ALPHA, ended, gained

LOOK = ALPHA / 2  # of each of the two looks at a proof: together they are wrong no more often than one would be


def level(proof: Comparison, label: str) -> float:
    """The mean of the metric, the greater the better."""
    values = proof.values(label)
    mean = sum(values) / len(values) if values else -math.inf
    return signed(proof.metric, mean) if values else mean


def signed(metric: str, value: float) -> float:
    """The value of a metric as a score, the greater the better; and a score as the value that it was."""
    return value if metric.endswith("accuracy") else -value


def told(metric: str, score: float) -> str:
    """A metric and its value, as the program itself gives it. score: the greater the better."""
    if metric.startswith("minus "):
        return f"{metric.removeprefix('minus ')} {score:.4g}"
    return f"{metric} {signed(metric, score):.4g}"


def beats(proof: Comparison, one: str, other: str) -> bool:
    """One is better than the other, seed by seed, by more than chance."""
    pairs = ended(proof.outcomes[other], proof.outcomes[one])
    found = gained(pairs, proof.metric) if len(pairs) > 1 else None
    return found is not None and found.low > 0 and found.p <= ALPHA


def rescued(verdict: Verdict, proof: Comparison) -> str:
    """Where doing nothing fails and this never does, always or too often to be chance (a sign test over the seeds)."""
    lost = [outcome.failed for outcome in proof.outcomes[proof.baseline].values()]
    failing = sum(map(bool, lost))
    if not failing or verdict.failures or not (failing == len(lost) or 2 * 0.5**failing <= LOOK):
        return ""
    return f"{failing} of {len(lost)} runs fail without it, none with it"


def cures_nothing(verdict: Verdict, proof: Comparison) -> bool:
    """It is not better than doing nothing."""
    better = verdict.word == "better" and verdict.p <= LOOK
    return not better and not rescued(verdict, proof)


def promises(verdict: Verdict, proof: Comparison) -> bool:
    """It does better on average, and the seeds do not prove it: more of them may."""
    comes_through = not verdict.failures and any(each.failed for each in proof.outcomes[proof.baseline].values())
    better = comes_through or (verdict.gain is not None and verdict.gain.mean > 0)
    return cures_nothing(verdict, proof) and better
