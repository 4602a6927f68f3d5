"""Paired differences: figures computed by hand, and promises kept over many experiments without a difference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gradwise.experiment.statistics import (
    confidence_sequence,
    evidence,
    exchanged,
    holm,
    paired,
    seeds_for,
    spans_decades,
    visible,
)


def test_figures_by_hand() -> None:
    found = paired([1.0, 2.0, 3.0, 4.0])
    assert found.mean == 2.5
    assert found.spread == pytest.approx(math.sqrt(5 / 3))
    assert found.p == pytest.approx(stats.ttest_1samp([1, 2, 3, 4], 0).pvalue)
    half = 3.182446 * math.sqrt(5 / 3) / 2  # t(3), 97.5 %
    assert found.low <= 2.5 - half + 1e-5
    assert found.high >= 2.5 + half - 1e-5
    assert found.effect == pytest.approx(2.5 / math.sqrt(5 / 3) * (1 - 3 / 11))


def test_equal_runs_are_no_difference() -> None:
    assert paired([0.0] * 5) == paired([0.0] * 5)
    assert paired([0.0] * 5).p == 1
    assert (paired([0.0] * 5).low, paired([0.0] * 5).high) == (0, 0)
    assert paired([0.1] * 5).p == 0  # always the same: there is nothing random about it


def test_one_seed_says_nothing() -> None:
    found = paired([0.3])
    assert (found.low, found.high) == (-math.inf, math.inf)
    assert math.isnan(found.p)
    with pytest.raises(ValueError, match="at least one"):
        paired([])
    with pytest.raises(ValueError, match="finite"):
        paired([0.1, math.nan])


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    corrected = holm([0.01, math.nan])
    assert corrected[0] == 0.01
    assert math.isnan(corrected[1])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_helps(values: list[float]) -> None:
    assert all(after >= before - 1e-12 for before, after in zip(values, holm(values), strict=True))


@pytest.mark.parametrize("seeds", [5, 10])
def test_the_interval_holds_the_truth_as_often_as_it_promises(seeds: int) -> None:
    rng = np.random.default_rng(seeds)
    hits = 0
    for i in range(400):
        found = paired((rng.exponential(1.0, seeds) - 1.0).tolist() if i % 2 else rng.normal(0, 1, seeds).tolist())
        hits += found.low <= 0 <= found.high
    assert hits / 400 > 0.91  # half of the samples are as skewed as can be; a bootstrap alone is at 0.83


def test_looking_after_every_seed_keeps_the_promise() -> None:
    rng = np.random.default_rng(1)
    alarms = sum(
        max(evidence(d[:k].tolist()) for k in range(2, 31)) >= 20 for d in (rng.normal(0, 3, 30) for _ in range(600))
    )
    assert alarms / 600 <= 0.05
    naive = sum(
        min(stats.ttest_1samp(d[:k], 0).pvalue for k in range(2, 31)) <= 0.05
        for d in (rng.normal(0, 3, 30) for _ in range(200))
    )
    assert naive / 200 > 0.15  # what it would be without


def test_evidence_grows_where_there_is_a_difference() -> None:
    d = np.random.default_rng(2).normal(1, 1, 30)
    assert evidence(d.tolist()) > 100
    assert evidence([1.0]) == 1
    assert evidence([0.0, 0.0]) == 1
    assert evidence([0.2] * 3) == 1  # alike by chance, as counts are
    assert evidence([0.2] * 4) == math.inf


def test_the_sequence_is_what_evidence_does_not_rule_out() -> None:
    d = np.random.default_rng(3).normal(0.5, 1, 12)
    found = confidence_sequence(d.tolist())
    for end in (found.low, found.high):
        assert evidence((d - end).tolist()) == pytest.approx(20, rel=1e-6)
    assert found.low < paired(d.tolist()).low  # wider than that of a fixed design
    assert confidence_sequence([0.1, 0.4]).high == math.inf


def test_how_many_seeds_see_it() -> None:
    assert seeds_for(0.5, 1.0) == 34  # Cohen's table: d = 0.5, power 0.8, paired
    assert seeds_for(0.0, 1.0) is None
    assert seeds_for(1e-6, 1.0) is None
    assert seeds_for(0.1, 0.0) == 2
    assert visible(1.0, 34) == pytest.approx(0.495, abs=0.01)
    assert visible(1.0, 1) == math.inf


def test_folds_by_hand() -> None:
    found = paired([1.0, 2.0, 3.0, 4.0], overlap=1 / 3)  # 4 folds: a sample held out for three trained on
    error = math.sqrt(5 / 3 * (1 / 4 + 1 / 3))  # Nadeau & Bengio 2003
    assert error == pytest.approx(0.986013, abs=1e-6)
    half = 3.182446 * error  # t(3), 97.5 %
    assert (found.low, found.high) == (pytest.approx(2.5 - half, abs=1e-5), pytest.approx(2.5 + half, abs=1e-5))
    assert found.p == pytest.approx(2 * stats.t.sf(2.5 / error, 3))
    assert found.p > paired([1.0, 2.0, 3.0, 4.0]).p
    assert visible(1.0, 4, overlap=1 / 3) == pytest.approx(visible(1.0, 4) * math.sqrt(1 + 4 / 3))


def test_folds_that_vary_together_keep_the_promise() -> None:
    rng, hits, naive = np.random.default_rng(5), 0, 0
    for _ in range(400):  # what two folds have in common: a correlation of 1 / k, as Nadeau & Bengio take it
        d = (math.sqrt(0.2) * rng.normal() + math.sqrt(0.8) * rng.normal(0, 1, 5)).tolist()
        found, plain = paired(d, overlap=0.25), paired(d)
        hits += found.low <= 0 <= found.high
        naive += plain.low <= 0 <= plain.high
    assert hits / 400 > 0.93
    assert naive / 400 < 0.9


def test_figures_over_decades_are_compared_by_their_logarithm() -> None:
    wild, tame = [6.3e8, 2.8e6, 1.7e5, 5.3e4, 6.8e7], [0.03, 0.07, 0.05, 0.04, 0.06]
    assert spans_decades(wild, tame)
    assert spans_decades(tame, wild)
    assert not spans_decades([0.5, 0.7], [0.02, 0.03])  # one and a half
    assert not spans_decades([*wild, 0.0], tame)
    assert not spans_decades([-value for value in wild], tame)
    assert not spans_decades([], [])


def test_the_choice_of_the_logarithm_raises_no_alarms() -> None:
    rng = np.random.default_rng(3)
    alarms = chosen = 0
    for i in range(1200):  # the same on both sides: spreads for which it is chosen now and then, and always
        one, other = (10 ** rng.normal(0, (0.8, 1.0, 2.0)[i % 3], 5) for _ in range(2))
        if i % 4 == 0:  # or two of five runs diverge, wherever
            one, other = (0.05 * 10 ** (6 * rng.random(5) * (rng.random(5) < 0.4)) for _ in range(2))
        logarithm = spans_decades(one.tolist(), other.tolist())
        d = np.log10(one / other) if logarithm else one - other
        chosen += logarithm
        alarms += stats.ttest_1samp(d, 0).pvalue <= 0.05
    assert 0.3 < chosen / 1200 < 0.9
    assert alarms / 1200 <= 0.05


def test_exchanges_within_pairs() -> None:
    assert exchanged([1.0, 2.0, 4.0]) == 2 / 8
    assert exchanged([1.0, 4.0, -2.0]) == 6 / 8  # sums of 7, 5 and 3 both ways, not those of 1
    assert exchanged([0.0] * 4) == 1.0
    wild = [0.08, 0.03, 0.08, 0.01, 0.05, 0.9, 0.06, 0.05, 0.02, 0.07]
    assert exchanged(wild) == 2 / 1024
    assert paired(wild).p > 0.1
    rng = np.random.default_rng(5)
    alarms = sum(exchanged(rng.standard_t(1.5, 10).tolist()) <= 0.05 for _ in range(600))
    assert 0.01 < alarms / 600 <= 0.065  # 0.05 and three standard errors
