"""Paired differences over seeds: their interval, whether chance explains them, how many seeds more would.

n seeds give n differences d_i = a_i - b_i of the same metric. Everything here is a pure function of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.95  # of the intervals
RESAMPLES = 9_999
FEWEST = 4  # seeds, before anything is decided that is asked after every one
POWER = 0.8  # chance to see a difference that is there
MOST = 10_000  # seeds beyond which a difference counts as out of sight
EXACT = range(10, 17)  # pairs: fewer have too few signs for a small p, more are normal enough
DECADES = 3.0  # that positive figures span before they are compared by their logarithm

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """What n paired differences say."""

    n: int
    mean: float
    low: float  # of the interval for the mean, at LEVEL
    high: float
    p: float  # two-sided, of the paired t-test; 1 where all differences are 0, nan below 2 seeds
    effect: float  # Hedges' g: mean over spread, corrected for few seeds; 0 where there is no spread
    spread: float  # standard deviation of the differences
    overlap: float = 0.0  # of folds: held-out samples per training sample; 0 for seeds
    decades: bool = False  # the differences are those of decimal logarithms


def spans_decades(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether figures are to be compared by their logarithm: all positive, the largest 10^DECADES times the smallest.

    Of such figures the largest makes the mean and the spread alone, so that seeds that all agree prove nothing. Both
    sides are looked at as one heap: which side a figure is on cannot tell, so that under "no difference", where the
    two of a pair might as well be exchanged, the differences stay as symmetric as they were.
    """
    values = [*one, *other]
    positive = bool(values) and all(math.isfinite(value) and value > 0 for value in values)
    return positive and math.log10(max(values)) - math.log10(min(values)) >= DECADES


def paired(differences: Sequence[float], seed: int = 0, overlap: float = 0.0) -> Paired:
    """Mean, interval, t-test and effect size of paired differences.

    The interval is the union of Student's (exact for normal differences, wide enough for few) and the bootstrap's
    BCa (Efron 1987, doi:10.1080/01621459.1987.10478410; follows skewed ones, but covers too little for few). seed: of
    the resampling. overlap: of folds, held-out samples per training sample, 1 / (k - 1) for k folds: they share
    training data and vary together, so that the variance of the mean is (1 / n + overlap) spread^2 (Nadeau & Bengio
    2003, doi:10.1023/A:1024068626366, the corrected resampled t-test). Raises ValueError for no difference at all or
    one that is not finite.
    """
    d = np.asarray(differences, dtype=np.float64)
    if not len(d) or not np.isfinite(d).all():
        raise ValueError("paired differences must be finite and at least one")
    n, mean = len(d), float(d.mean())
    if n < 2:
        return Paired(n, mean, -math.inf, math.inf, math.nan, 0.0, 0.0, overlap)
    spread = float(d.std(ddof=1))
    if spread <= 1e-12 * max(1.0, abs(mean)):  # all the same: a sample of constants, or two names of one recipe
        return Paired(n, mean, mean, mean, 1.0 if mean == 0 else 0.0, 0.0, 0.0, overlap)
    error = spread * math.sqrt(1 / n + overlap)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * error
    low, high = mean - half, mean + half
    p = float(2 * stats.t.sf(abs(mean) / error, n - 1))
    resampled = _resampled(d, seed) if not overlap else None  # the bootstrap takes them for independent
    if resampled is not None:
        low, high = min(low, resampled[0]), max(high, resampled[1])
    few = 1 - 3 / (4 * n - 5)  # Hedges 1981, equation 7, for n - 1 degrees of freedom
    return Paired(n, mean, low, high, p, mean / spread * few, spread, overlap)


def exchanged(differences: Sequence[float]) -> float:
    """Two-sided p of "no difference" by all exchanges within pairs (Fisher 1935): signs whose sum is as far from 0.

    Exact whatever the spread, where Student's takes one wild difference for doubt about all. At most 16 differences.
    """
    d = np.asarray(differences, dtype=np.float64)
    signs = 1 - 2 * (np.arange(2 ** len(d))[:, None] >> np.arange(len(d)) & 1)
    return float((abs(signs @ d) >= abs(d.sum()) * (1 - 1e-12)).mean())


def _resampled(d: Numbers, seed: int) -> tuple[float, float] | None:
    """The bootstrap's interval; None where resampling has too few values to choose from."""
    if len(np.unique(d)) < 3:
        return None
    found = stats.bootstrap(
        (d,),
        np.mean,
        confidence_level=LEVEL,
        n_resamples=RESAMPLES,
        method="BCa",
        rng=np.random.default_rng(seed),
        vectorized=True,
    ).confidence_interval
    return (float(found.low), float(found.high)) if np.isfinite([found.low, found.high]).all() else None


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for being several (Holm 1979): the k-th smallest of m times m - k + 1, never falling."""
    corrected = [math.nan] * len(values)
    known = sorted((i for i, p in enumerate(values) if not math.isnan(p)), key=lambda i: values[i])
    largest = 0.0
    for rank, i in enumerate(known):
        largest = max(largest, min(1.0, values[i] * (len(known) - rank)))
        corrected[i] = largest
    return corrected


def evidence(differences: Sequence[float], scale: float = 1.0) -> float:
    """How strongly these differences speak against "no difference", at any time: stop when it reaches 1/alpha.

    The likelihood ratio of the t statistic, with a normal prior of variance `scale` on mean/spread (Lindon et al. 2022,
    arXiv:2210.08589, equation 10; Wang & Ramdas 2023, arXiv:2310.03722). Looking after every seed keeps its promise,
    which a p value does not. 1 below FEWEST seeds; infinite where all differences are the same and not 0.
    """
    d = np.asarray(differences, dtype=np.float64)
    n = len(d)
    if n < FEWEST:  # two or three counts out of some hundred are soon alike by chance
        return 1.0
    spread, mean = float(d.std(ddof=1)), float(d.mean())
    if spread <= 1e-12 * max(1.0, abs(mean)):
        return 1.0 if mean == 0 else math.inf
    t2 = n * mean**2 / spread**2
    shrink = 1 / (1 + n * scale)
    log = 0.5 * math.log(shrink) - n / 2 * (math.log1p(shrink * t2 / (n - 1)) - math.log1p(t2 / (n - 1)))
    return math.exp(min(log, 700.0))


def confidence_sequence(differences: Sequence[float], alpha: float = 1 - LEVEL, scale: float = 1.0) -> Paired:
    """As `paired`, but true at every number of seeds at once: the means that `evidence` does not yet speak against."""
    d = np.asarray(differences, dtype=np.float64)
    n, fixed = len(d), paired(differences)
    p = min(1.0, 1 / max(evidence(d[:k].tolist(), scale) for k in range(1, n + 1)))
    if fixed.spread == 0:
        return replace(fixed, p=p)
    shrink = 1 / (1 + n * scale)
    ratio = (1 / alpha) ** (2 / n) * shrink ** (-1 / n)
    if ratio * shrink >= 1:  # so few seeds can rule out nothing
        return replace(fixed, p=p, low=-math.inf, high=math.inf)
    half = math.sqrt((n - 1) * (ratio - 1) / (1 - ratio * shrink) / n) * fixed.spread
    return replace(fixed, p=p, low=fixed.mean - half, high=fixed.mean + half)


def seeds_for(difference: float, spread: float, alpha: float = 1 - LEVEL) -> int | None:
    """How many paired seeds see a difference of this size in POWER of the cases; None beyond MOST."""
    if spread == 0 or difference == 0:
        return None if difference == 0 else 2
    low, high = 2, MOST
    if _power(difference / spread, high, alpha) < POWER:
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(difference / spread, middle, alpha) >= POWER else (middle + 1, high)
    return low


def visible(spread: float, n: int, alpha: float = 1 - LEVEL, overlap: float = 0.0) -> float:
    """The smallest difference that n paired seeds see in POWER of the cases. overlap: of folds, see `paired`."""
    if n < 2:
        return math.inf
    low, high = 0.0, 100.0  # in spreads
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if _power(middle, n, alpha, overlap) >= POWER else (middle, high)
    return high * spread


def _power(effect: float, n: int, alpha: float, overlap: float = 0.0) -> float:
    """Of the two-sided paired t-test (Cohen 1988, section 2.2): the non-central t beyond the critical value."""
    critical = float(stats.t.ppf(1 - alpha / 2, n - 1))
    power = float(stats.nct.sf(critical, n - 1, abs(effect) / math.sqrt(1 / n + overlap)))
    return power if math.isfinite(power) else 1.0  # far out, where nct gives up, it is certain
