"""Whether a loss curve says that something is learnt."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnose.traced import case, facts, learning, noisy

from gradwise.diagnose.case import level
from gradwise.watch.facts import Probes


class TestLearning:
    def test_learns(self) -> None:
        judged = case(facts(2.3), learning()).learning
        assert judged.known
        assert judged.falling
        assert judged.fell
        assert not judged.stuck
        assert not judged.diverged
        assert judged.progress > 0.9

    @pytest.mark.parametrize("baseline", [2.3, None])
    def test_stuck(self, baseline: float | None) -> None:
        assert case(facts(baseline), noisy(2.3)).learning.stuck

    def test_a_bad_start_made_good_is_not_learning(self) -> None:
        """Without noise the last digit falls to the end."""
        creeps = np.concatenate([np.geomspace(1.4, 0.7, 300), 0.69 + np.geomspace(1e-4, 1e-6, 300)])
        assert case(facts(0.69), creeps).learning.falling
        assert case(facts(0.69), creeps).learning.stuck
        assert not case(facts(0.69), np.concatenate([creeps[:300], np.linspace(0.69, 0.67, 300)])).learning.stuck

    def test_below_0_inputs_tell(self) -> None:
        sums = -noisy(12400, 0.06, 500)
        blind = Probes(zeroed=-12000.0, as_is=-12001.0)
        assert case(facts(-12400.0, probes=blind), sums).stuck
        blind.as_is = -12600.0
        assert not case(facts(-12400.0, probes=blind), sums).stuck

    def test_below_0_there_are_no_shares(self) -> None:
        sums = -noisy(12400, 0.06, 500)  # of batches that differ more than is learnt
        assert case(facts(-12400.0), sums).learning.stuck
        assert not case(facts(-11400.0), sums).learning.stuck

    def test_stuck_after_a_bad_start(self) -> None:
        curve = np.concatenate([[2000.0] * 10, noisy(2.3, steps=290)])
        assert case(facts(2.3), curve).learning.stuck

    def test_slowly_is_not_stuck(self) -> None:
        assert not case(facts(2.3), noisy(1, steps=400) * np.linspace(2.3, 1.6, 400)).learning.stuck

    def test_at_its_goal_from_the_start(self) -> None:
        assert not case(facts(2.3), noisy(0.05, noise=0.3)).learning.stuck

    @pytest.mark.parametrize("end", [1e6, np.inf, np.nan])
    def test_diverged(self, end: float) -> None:
        curve = np.concatenate([noisy(2.3, steps=50), [end] * 50])
        judged = case(facts(2.3), curve)
        assert judged.learning.diverged
        assert judged.stuck

    def test_never_finite(self) -> None:
        judged = case(facts(2.3), [np.nan] * 50)
        assert not judged.learning.known
        assert judged.stuck
        assert judged.told == "the loss is not finite"

    def test_too_few(self) -> None:
        judged = case(facts(2.3), [2.3] * 5)
        assert not judged.learning.known
        assert not judged.stuck

    def test_skewed_noise(self) -> None:
        """The squared error of single samples: its median is less than half its mean."""
        squares = np.random.default_rng(0).standard_normal(2000) ** 2
        assert case(facts(1.0, "mse_loss"), squares).learning.stuck

    def test_a_game(self) -> None:
        judged = case(facts(0.69, adversarial=True), noisy(0.69))
        assert not judged.tells
        assert not judged.stuck

    def test_rewards(self) -> None:
        """A policy gradient hovers about zero, and means nothing by it."""
        assert not case(facts(None, ""), 0.1 * np.random.default_rng(0).standard_normal(200)).stuck


class TestLevel:
    def test_mean(self) -> None:
        assert level(np.arange(100.0)) == pytest.approx(49.5)

    def test_a_spike_does_not_move_it(self) -> None:
        values = np.ones(100)
        values[50] = 1e9
        assert level(values) == 1


def test_words() -> None:
    said = case(facts(2.3), noisy(2.3)).sentence
    assert said.startswith("The loss is 2.3")
    assert "knowing nothing costs 2.3" in said


def test_steps_that_were_slept_through() -> None:
    """Dense at the start, then every fifth step: halves are halves of the steps, not of the values."""
    from gradwise.diagnose.case import Case
    from gradwise.watch import Trace

    trace = Trace()
    trace.facts = facts(2.3)
    for step in [*range(100), *range(100, 600, 5)]:
        trace.add(step, "loss", "train.py:31", "value", max(0.1, 2.3 - step / 100))
    curve = Case(trace).curve()
    assert curve.last(0.5, 8).steps[0] == 300
    assert len(curve.last(0.0, 8).values) == 8
    assert Case(trace).learning.end == pytest.approx(0.1)
