"""Losses that swing, jump, or do not fall."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnose.traced import facts, found, learning, noisy, silent, weights

from gradwise.diagnose.plateau import plateau
from gradwise.diagnose.swings import oscillating_loss
from gradwise.diagnose.unreached import no_gradient
from gradwise.watch.facts import Loss, Network, Optimizer, Probes, Repeats


def swinging(steps: int = 1000, level: float = 0.3, swing: float = 0.3, noise: float = 0.1) -> np.ndarray:
    waves = swing * np.sin(np.arange(steps) / 12 + 0.3 * np.sin(np.arange(steps) / 50))
    return np.concatenate(
        [np.geomspace(1, level, 100), level * (1 + waves) + noise * level * noisy(1, 1, steps) - noise * level]
    )


class TestOscillating:
    def test_swings(self) -> None:
        finding = found(oscillating_loss, facts(1.0), swinging())
        assert finding.code == "oscillating-loss"
        assert finding.remedies[0].technique == "Cosine"

    def test_healthy(self) -> None:
        assert silent(oscillating_loss, facts(1.0), swinging(swing=0.0, noise=0.5))  # batches differ
        assert silent(oscillating_loss, facts(1.0), swinging(swing=0.02, noise=0.001))  # hardly
        assert silent(oscillating_loss, facts(1.0), swinging(level=0.01))  # of no account
        assert silent(oscillating_loss, facts(1.0), swinging() * np.geomspace(1, 0.1, 1100))  # it still falls
        assert silent(oscillating_loss, facts(1.0), swinging(steps=100))  # too short
        assert silent(oscillating_loss, facts(1.0, adversarial=True), swinging())

    def test_one_burst_is_no_swing(self) -> None:
        curve = swinging(swing=0.0, noise=0.3)
        curve[-30:-10] *= 3
        assert silent(oscillating_loss, facts(1.0), curve)
        curve[-300:-280] *= 3
        curve[-200:-180] *= 3
        assert found(oscillating_loss, facts(1.0), curve)


class TestFromPassToPass:
    def passes(self, values: list[float]) -> dict[tuple[str, str, str], list[float]]:
        return {("evaluation", "train.py:40", "value"): values}

    def test_the_same_samples(self) -> None:
        rough = self.passes([1.0] * 100 + [0.3, 0.1] * 50)
        assert found(oscillating_loss, facts(1.0), swinging(100, 0.2, 0.0, 0.5), rough).severity == "warning"
        learnt = found(oscillating_loss, facts(1.0), swinging(100, 0.01, 0.0, 0.5), rough)
        assert learnt.severity == "note"
        assert "between 0.1 and 0.3" in learnt.says

    def test_healthy(self) -> None:
        flat = self.passes([0.1, 0.13] * 100)
        assert silent(oscillating_loss, facts(1.0), swinging(100, 0.01, 0.0, 0.5), flat)
        falls = self.passes(list(np.geomspace(1, 1e-4, 200)))
        assert silent(oscillating_loss, facts(1.0), swinging(100, 0.01, 0.0, 0.5), falls)


class TestRestless:
    def restless(self, **arguments: float) -> Optimizer:
        return Optimizer("Adam", "train.py:20", steps=400, rate=0.01, arguments=dict(arguments))

    def test_betas_the_wrong_way_round(self) -> None:
        given = facts(1.0, optimizers=[self.restless(**{"betas[0]": 0.999, "betas[1]": 0.9})])
        assert "betas=(0.9, 0.999)" in found(oscillating_loss, given, swinging(300)).remedies[0].change

    def test_betas_are_a_fact(self) -> None:
        given = facts(1.0, optimizers=[self.restless(**{"betas[0]": 0.999, "betas[1]": 0.9})])
        assert found(oscillating_loss, given, learning(1.0, 0.1)).severity == "note"

    def test_momentum_that_never_forgets(self) -> None:
        given = facts(1.0, optimizers=[self.restless(momentum=0.999)])
        assert "momentum=0.9" in found(oscillating_loss, given, swinging(300)).remedies[0].change

    def test_a_schedule_that_comes_back(self) -> None:
        given = facts(1.0, optimizers=[self.restless()])
        given.optimizers[0].scheduler, at = "CosineAnnealingLR", np.arange(400)
        rate = 0.05 + 0.05 * np.cos(at / 400 * 7 * np.pi)  # it ends at the low of its fourth cycle
        curve = 0.3 + 0.7 * np.exp(-at / 40) + rate
        series = {("rate", "train.py:20", "value"): list(rate)}
        given.probes.last, given.probes.averaged = 0.35, 0.3
        assert "T_max" in found(oscillating_loss, given, curve, series).remedies[0].change
        given.probes.averaged = 0.35  # it settles in its lows, and ends in one
        assert silent(oscillating_loss, given, curve, series)
        given.probes.averaged, once = 0.3, 0.05 + 0.05 * np.cos(at / 400 * np.pi)
        assert silent(oscillating_loss, given, curve - rate + once, {("rate", "train.py:20", "value"): list(once)})

    def test_healthy(self) -> None:
        usual = facts(1.0, optimizers=[self.restless(**{"betas[0]": 0.9, "betas[1]": 0.999})])
        assert silent(oscillating_loss, usual, swinging(300, swing=0.0, noise=0.5))
        heavy = facts(1.0, optimizers=[self.restless(momentum=0.999)])
        assert silent(oscillating_loss, heavy, learning(1.0, 0.1))  # it does not swing
        long = facts(1.0, optimizers=[self.restless(momentum=0.99)])
        assert silent(oscillating_loss, long, swinging(1000, swing=0.0, noise=0.5))  # it forgets in time


class TestPlateau:
    def test_nothing_is_ever_rewarded(self) -> None:
        policy = weights(2)
        for p in policy:
            p.zero_gradient = True
        given = facts(None, "", parameters=policy, rewards=[0.0, 0.0])
        assert "0 every time" in found(plateau, given, np.zeros(100)).says
        assert silent(no_gradient, given, np.zeros(100))
        given.rewards = [0.2, 0.4]
        assert "0 every time" not in found(plateau, given, noisy(0.5, steps=300)).says

    @pytest.mark.parametrize(("through", "said"), [("clamp", True), ("round", False)])
    def test_a_loss_that_is_flat_where_the_predictions_are(self, through: str, said: bool) -> None:
        still = weights(2)
        for p in still:
            p.zero_gradient = True
        given = facts(None, "", parameters=still)
        given.losses[0].through = ["mean", "prod", through, "sub"]
        assert silent(no_gradient, given, np.ones(100)) == said
        assert ("flat" in found(plateau, given, np.ones(300)).says) == said
        still[0].zero_gradient = False
        assert "flat (" not in found(plateau, given, np.ones(300)).says

    def test_stuck(self) -> None:
        finding = found(plateau, facts(0.69), noisy(0.69, steps=300))
        assert finding.severity == "warning"
        assert finding.certainty <= 0.4

    def test_what_is_mostly_noise(self) -> None:
        """It explains as much as boosted trees do: there is no more to be learnt."""
        knows = Probes(fitted=0.04, stronger=0.03, stronger_p=0.004)
        assert silent(plateau, facts(0.69, probes=knows), noisy(0.69, steps=300))
        knows.stronger = 0.2
        assert found(plateau, facts(0.69, probes=knows), noisy(0.69, steps=300))
        knows.stronger, knows.stronger_p = 0.03, 0.4
        assert found(plateau, facts(0.69, probes=knows), noisy(0.69, steps=300))

    def test_worse_than_nothing(self) -> None:
        assert "not learning" in found(plateau, facts(1.0, "mse_loss"), np.geomspace(1e6, 1e3, 300)).says
        assert silent(plateau, facts(1.0, "mse_loss", finished=False), np.geomspace(1e6, 1e3, 300))
        rests = 1.1 + np.geomspace(1, 1e-9, 300)  # it falls by less and less
        assert "not learning" in found(plateau, facts(1.0, "mse_loss"), rests).says
        assert silent(plateau, facts(1.0, "mse_loss"), rests - 0.3)
        assert silent(plateau, facts(1.0, "mse_loss"), np.geomspace(1e6, 0.1, 300))

    def test_sixteen_can_be_learnt(self) -> None:
        given = facts(0.69, probes=Probes(sixteen=0.01, sixteen_start=0.7))
        assert "Sixteen samples alone can be learnt" in found(plateau, given, noisy(0.69, steps=300)).says

    def test_healthy(self) -> None:
        assert silent(plateau, facts(0.69), learning(0.69, 0.1, 300))
        assert silent(plateau, facts(0.69), noisy(0.69, steps=50))  # it has only begun
        assert silent(plateau, facts(0.69, finished=False), noisy(0.69, steps=150))
        assert silent(plateau, facts(0.69, adversarial=True), noisy(0.69, steps=300))
        assert silent(plateau, facts(2.3), noisy(0.05, steps=300))  # at its goal
        assert silent(plateau, facts(None, ""), 0.1 * np.random.default_rng(0).standard_normal(300))  # rewards

    def test_a_level_that_tells_nothing(self) -> None:
        """An actor's score beside its critic's error; terms that are weighed afterwards; what is made large."""
        rising, nameless = noisy(0.02, steps=300), facts(None, "")
        assert not silent(plateau, nameless, rising)
        assert silent(plateau, nameless, np.concatenate([[-0.04] * 5, rising]))
        terms = facts(0.16)
        terms.losses[0].arguments["reduction"] = "none"
        assert silent(plateau, terms, noisy(0.24, steps=300))
        terms.losses[0].penalty = 0.0  # a plain mean of them
        assert not silent(plateau, terms, noisy(0.24, steps=300))
        likelihood = -np.linspace(4.8, 3.5, 300)
        assert not silent(plateau, facts(None, ""), likelihood)
        nameless.optimizers[0].maximize = True
        assert silent(plateau, nameless, likelihood)

    def test_the_network_explains_its_target(self) -> None:
        fitted = facts(0.16, probes=Probes(learnable=0.8, fitted=0.87))
        assert silent(plateau, fitted, noisy(0.24, steps=300))
        blind = facts(0.16, probes=Probes(learnable=0.8, fitted=0.02))
        assert not silent(plateau, blind, noisy(0.24, steps=300))

    def test_targets_that_follow_the_network(self) -> None:
        own, copy = (Network(name, parameters=99, modules=["Linear", "ReLU"]) for name in ("net", "target"))
        own.training_calls, copy.evaluation_calls = 300, 301
        assert silent(plateau, facts(0.026, networks=[own, copy]), noisy(0.03, steps=300))
        copy.evaluation_calls = 10  # weights averaged for the evaluation
        assert not silent(plateau, facts(0.026, networks=[own, copy]), noisy(0.03, steps=300))


def test_large_steps_to_the_end() -> None:
    """No slow swing is needed where each step still changes the weights by some per cent."""
    curve = swinging(steps=200, swing=0.0, noise=0.5)
    for size, said in ((0.05, True), (0.001, False)):
        series = {("update", "w", "ratio"): [size] * 20}
        assert silent(oscillating_loss, facts(1.0), curve, series) != said


def test_up_after_every_down() -> None:
    """Steps that cross the valley: what one gains the next one loses, and averages hardly differ."""
    to_and_fro = 0.3 + 0.08 * np.where(np.arange(400) % 2, 1, -1) * noisy(1, 0.3, 400)
    large = {("update", "w", "ratio"): [0.5] * 20}
    finding = found(oscillating_loss, facts(1.0), np.concatenate([[0.6], to_and_fro]), large)
    assert "goes up after every down" in finding.says
    by_chance = np.random.default_rng(1).permutation(to_and_fro)
    assert silent(oscillating_loss, facts(1.0), np.concatenate([[0.3], by_chance]), large)
    small = {("update", "w", "ratio"): [0.001] * 20}
    assert silent(oscillating_loss, facts(1.0), np.concatenate([[0.3], to_and_fro]), small)


def test_up_after_every_down_with_one_batch() -> None:
    """Where all steps are made with the same samples it is enough that they alternate, on the way down too."""
    falling = np.linspace(0.35, 0.25, 200) * (1 + 0.05 * np.where(np.arange(200) % 2, 1, -1))
    large = {("update", "w", "ratio"): [0.5] * 20}
    same, others = (facts(1.0, repeats=Repeats(200, distinct, 64)) for distinct in (1, 200))
    finding = found(oscillating_loss, same, np.concatenate([[0.6], falling]), large)
    assert "100% of its moves" in finding.says
    assert silent(oscillating_loss, others, np.concatenate([[0.6], falling]), large)
    small = {("update", "w", "ratio"): [0.001] * 20}
    assert silent(oscillating_loss, same, np.concatenate([[0.6], falling]), small)


def test_large_steps_on_the_way_down() -> None:
    """Losses of single samples lie far apart, and the run ends at a fraction of what it had come to half-way."""
    single = np.random.default_rng(2).exponential(1.0, 400)
    large = {("update", "w", "ratio"): [0.05] * 20}
    assert silent(oscillating_loss, facts(0.7), np.geomspace(0.7, 0.02, 400) * single, large)
    level = np.concatenate([np.geomspace(0.7, 0.1, 200), np.full(200, 0.1)])
    assert found(oscillating_loss, facts(0.7), level * single, large)


def test_large_steps_that_a_schedule_makes_smaller() -> None:
    rng = np.random.default_rng(3)
    curve = np.concatenate([np.geomspace(1, 0.45, 100), np.linspace(0.45, 0.25, 300) + 0.12 * rng.standard_normal(300)])
    series: dict[tuple[str, str, str], list[float]] = {("update", "w", "ratio"): [0.2] * 20}
    assert found(oscillating_loss, facts(1.0), curve, series)
    series["rate", "train.py:20", "value"] = list(np.linspace(0.1, 0.03, 400))
    assert silent(oscillating_loss, facts(1.0), curve, series)


def test_the_same_samples_in_every_step() -> None:
    """What goes up and down there is not the batches' difference."""
    curve, large = np.concatenate([np.geomspace(1, 0.5, 60), [0.52, 0.48] * 60]), {("update", "w", "ratio"): [0.4] * 20}
    given = facts(1.0, repeats=Repeats(180, 1, 300, None, "x"))
    assert found(oscillating_loss, given, curve, large)
    assert silent(oscillating_loss, facts(1.0, repeats=Repeats(180, 180, 300, None, "x")), curve, large)
    assert silent(oscillating_loss, given, curve, {("update", "w", "ratio"): [0.001] * 20})
    given.networks = [Network("Net", dropout=0.2, training_calls=100, layers=[])]
    assert silent(oscillating_loss, given, curve, large)


def test_steps_are_as_large_as_the_rate_is_by_then() -> None:
    """The last looks are older than the end of the run: what the rate has done since counts."""
    curve, large = swinging(steps=200, swing=0.0, noise=0.5), {("update", "w", "ratio"): [0.05] * 20}
    for fallen, said in ((1.0, True), (0.01, False)):
        rates = [0.1] * 20 + [0.1 * fallen] * 280
        assert silent(oscillating_loss, facts(1.0), curve, large | {("rate", "train.py:20", "value"): rates}) != said


def test_rises_with_one_batch() -> None:
    """All steps are made with the same samples: a loss that rises again and again is the step's."""
    falls = np.tile(np.concatenate([[0.6, 0.5], np.geomspace(0.4, 0.3, 6)]), 30)
    same, others = (facts(1.0, repeats=Repeats(200, distinct, 64)) for distinct in (1, 200))
    assert "again and again it rises" in found(oscillating_loss, same, [1.0] * 8 + list(falls)).says
    assert silent(oscillating_loss, others, [1.0] * 8 + list(falls))
    tuned = {("rate", "train.py:20", "value"): np.tile([0.9, 0.2], 124)}  # it only goes up and down
    assert found(oscillating_loss, same, [1.0] * 8 + list(falls), tuned)


def test_swings_of_which_few_values_were_kept() -> None:
    waves = 0.3 * (1 + 0.4 * np.sin(np.arange(150) / 16)) * noisy(1, 0.05, 150)
    curve = np.concatenate([np.geomspace(1, 0.3, 150), waves])
    assert found(oscillating_loss, facts(1.0), curve)
    assert silent(oscillating_loss, facts(1.0), np.random.default_rng(0).permutation(curve[150:]))


def test_another_loss_falls_and_the_prediction_uses_no_input() -> None:
    given = facts(1.0, "mse_loss")
    given.losses.append(Loss("mse_loss", "train.py:52", baseline=0.07, chance=0.07, calls=90))
    given.probes = Probes(as_is=0.0701, zeroed=0.0701)
    curves = {("loss", "train.py:52", "value"): noisy(0.07, steps=300)}
    assert found(plateau, given, learning(1.0, 0.01, 300), curves).source == ("train.py:52",)
    given.probes = Probes(as_is=0.0701, zeroed=0.0901)
    assert silent(plateau, given, learning(1.0, 0.01, 300), curves)
