"""Gradients that vanish, explode, contradict each other."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnose.traced import case, facts, found, learning, network, noisy, silent, weights

from gradwise.diagnose.exploding import exploding_gradient
from gradwise.diagnose.gradient import noisy_gradient, vanishing_gradient
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Network, Probes


def norms(*values: float) -> dict[tuple[str, str, str], list[float]]:
    return {("gradient", f"fc{i + 1}.weight", "norm"): [value] * 20 for i, value in enumerate(values)}


SHRINKING = norms(*np.geomspace(1e-5, 1, 8))


class TestVanishing:
    def deep(self, **known: object) -> Facts:
        return facts(2.3, networks=[network(*["sigmoid"] * 7)], parameters=weights(8), **known)

    def test_sigmoids(self) -> None:
        finding = found(vanishing_gradient, self.deep(), noisy(2.3), SHRINKING)
        assert finding.severity == "error"
        assert "1e-05 of that of fc8" in finding.says
        assert finding.remedies[0].technique == "He"
        assert finding.where[0] == "fc1"

    def test_few_layers_that_shrink_it(self) -> None:
        series = norms(*np.geomspace(0.01, 1, 5))
        assert found(vanishing_gradient, self.deep(), noisy(2.3), series).severity == "warning"

    def test_it_has_settled_far_above_what_can_be_learnt(self) -> None:
        curve = np.concatenate([np.linspace(2.3, 1.2, 40), noisy(1.2)])
        able = self.deep(probes=Probes(stronger=0.95, fitted=0.4))
        assert found(vanishing_gradient, able, curve, SHRINKING).severity == "warning"
        assert silent(vanishing_gradient, self.deep(probes=Probes(stronger=0.5, fitted=0.45)), curve, SHRINKING)

    def test_a_trace_by_hand(self) -> None:
        trace = Trace()
        rng = np.random.default_rng(0)
        for _ in range(60):
            gradients = {f"W{i}": 10.0**-i * rng.standard_normal((4, 4)) for i in range(5, 0, -1)}
            trace.log(gradients=gradients, loss=float(0.7 + 0.001 * rng.standard_normal()))
        from gradwise.diagnose.case import Case

        assert [finding.code for finding in vanishing_gradient(Case(trace))] == ["vanishing-gradient"]

    def test_healthy(self) -> None:
        assert silent(vanishing_gradient, self.deep(), learning(), SHRINKING)  # it learns
        assert silent(vanishing_gradient, self.deep(), noisy(2.3), norms(*[0.1] * 8))  # all alike
        assert silent(vanishing_gradient, self.deep(), noisy(2.3), norms(1e-6, 1.0))  # two layers
        assert silent(vanishing_gradient, self.deep(), noisy(2.3), norms(1, 1e-3, 1, 1e-3, 1, 1))  # no order
        assert silent(vanishing_gradient, self.deep(), noisy(2.3), norms(*[0.0] * 8))  # cut off: not this
        assert silent(vanishing_gradient, self.deep(), noisy(2.3))  # nothing was seen
        assert silent(vanishing_gradient, self.deep(adversarial=True), noisy(2.3), SHRINKING)

    def test_it_throws_no_network_out(self) -> None:
        """What is small on the way back is no reason for a loss that ends in NaN."""
        assert silent(vanishing_gradient, self.deep(), [*noisy(2.3), *[np.nan] * 40], SHRINKING)
        through = {("through", "", "ratio"): [1e-9] * 9, ("through", "", "passes"): [60.0] * 9}
        assert found(vanishing_gradient, facts(1.0, "mse_loss"), noisy(1.0), through).severity == "error"
        assert silent(vanishing_gradient, facts(1.0, "mse_loss"), [*noisy(1.0), *[np.nan] * 40], through)

    def test_forget_gates_that_are_closed(self) -> None:
        memory = {("memory", "rnn", "kept"): [0.06] * 9, ("memory", "rnn", "steps"): [30.0] * 9}
        finding = found(vanishing_gradient, facts(1.4), noisy(1.4), memory)
        assert "let through 6% of the memory" in finding.says
        assert finding.where == ("rnn",)
        assert silent(vanishing_gradient, facts(1.4), learning(1.4, 0.2), memory)  # what counts is said late
        usual = {**memory, ("memory", "rnn", "kept"): [0.55] * 9}
        assert silent(vanishing_gradient, facts(1.4), noisy(1.4), usual)
        short = {**memory, ("memory", "rnn", "steps"): [3.0] * 9}
        assert silent(vanishing_gradient, facts(1.4), noisy(1.4), short)


def together(*values: float) -> dict[tuple[str, str, str], list[float]]:
    return {("gradient", "", "norm"): list(values)}


class TestExploding:
    recurrent = Network("Net", modules=["Net", "RNN", "Linear"], training_calls=100)

    def test_through_time_from_the_start_on(self) -> None:
        given = facts(1.0, "mse_loss", networks=[self.recurrent])
        over = {("through", "", "ratio"): [1e4, 1e5], ("through", "", "passes"): [25.0, 25.0]}
        finding = found(exploding_gradient, given, [1.0, 1e9, *[np.inf] * 8], over)
        assert "25 times in a row" in finding.says
        assert finding.steps[0] == 0
        assert silent(exploding_gradient, given, noisy(1.0), over)  # nothing comes of it

    def test_thrown_out_by_the_first_step(self) -> None:
        """The loss creeps down from far above that of knowing nothing."""
        given = facts(1.0, "mse_loss", networks=[self.recurrent])
        over = {("through", "", "ratio"): [1e5, 9.0, 7.0], ("through", "", "passes"): [60.0] * 3}
        creeps = np.linspace(4.8, 4.2, 200)
        assert found(exploding_gradient, given, [1e6, *creeps], over).severity == "error"
        assert silent(exploding_gradient, given, [1e6, *np.linspace(4.8, 0.5, 200)], over)  # it came back
        usual = {**over, ("through", "", "ratio"): [9.0, 8.0, 7.0]}
        assert silent(exploding_gradient, given, [1e6, *creeps], usual)

    def test_flung_out_and_half_way_back(self) -> None:
        given = facts(1.0, "mse_loss", networks=[self.recurrent])
        over = {("through", "", "ratio"): [1e5, 1e4, 1e4], ("through", "", "passes"): [20.0] * 3}
        back = np.geomspace(900.0, 0.5, 200)
        assert found(exploding_gradient, given, back, over).evidence["before_steps"]
        assert silent(exploding_gradient, given, np.geomspace(900.0, 0.01, 200), over)  # all the way
        assert silent(exploding_gradient, given, np.geomspace(9.0, 0.5, 200), over)

    def test_on_its_way_back_through_time(self) -> None:
        """A spike that grew there is no matter of the rate."""
        given, spike = facts(1.0, "mse_loss", networks=[self.recurrent]), together(*[1.0] * 20, 500.0, *[1.0] * 20)
        grown = {**spike, ("through", "", "ratio"): [0.6, 15.0, 2756.0], ("through", "", "passes"): [30.0] * 3}
        assert found(exploding_gradient, given, noisy(1.0), grown).evidence["before_steps"]
        assert "before_steps" not in found(exploding_gradient, given, noisy(1.0), spike).evidence

    def test_a_leap_while_the_loss_was_falling(self) -> None:
        """An exponential: the steps before were none too long."""
        curve, norms = [4.0, 2.0, 1.0, 0.5, 0.3, 9e4, *noisy(4.0)], [9.0, 10.0, 10.0, 9.0, 8.0, 5e6, *[0.1] * 60]
        given = facts(4.0, "mse_loss", networks=[network("relu")])
        finding = found(exploding_gradient, given, curve, together(*norms))
        assert finding.steps[0] == 5
        assert finding.evidence["before_steps"]
        grows = [9.0, 90.0, 900.0, 9e3, 9e4, 5e6, *[0.1] * 60]
        assert silent(exploding_gradient, given, curve, together(*grows))  # a rate at which it diverges
        assert silent(exploding_gradient, given, [4.0, 4.1, 3.9, 4.0, 4.2, *curve[5:]], together(*norms))
        assert silent(exploding_gradient, given, [*curve[:6], *learning()], together(*norms))  # it came back

    def test_spikes(self) -> None:
        given = facts(1.0, "mse_loss", networks=[self.recurrent])
        finding = found(exploding_gradient, given, noisy(1.0), together(*[1.0] * 20, 500.0, *[1.0] * 20))
        assert finding.severity == "warning"
        assert finding.steps[0] == 20
        assert finding.remedies[0].technique == "ClipNorm"

    def test_between_looks(self) -> None:
        """Only the loss has seen it."""
        curve = np.concatenate([noisy(1.0, steps=50), noisy(1e6, steps=50)])
        given = facts(1.0, "mse_loss", networks=[self.recurrent])
        finding = found(exploding_gradient, given, curve, together(*[1.0] * 20))
        assert finding.severity == "error"
        assert finding.steps[0] == 50

    def test_for_good(self) -> None:
        given = facts(1.0, "mse_loss", networks=[network("relu")])
        curve = np.geomspace(1, 1e5, 100)
        assert found(exploding_gradient, given, curve, together(*np.geomspace(1, 1e4, 40))).severity == "warning"

    def test_healthy(self) -> None:
        spiky = together(*[1.0] * 20, 500.0, *[1.0] * 20)
        assert silent(exploding_gradient, facts(1.0, networks=[self.recurrent]), learning(), spiky)
        assert silent(exploding_gradient, facts(1.0, networks=[network("relu")]), noisy(1.0), spiky)
        clipped = facts(1.0, networks=[self.recurrent])
        clipped.optimizers[0].clip = 1.0
        assert silent(exploding_gradient, clipped, noisy(1.0), spiky)
        assert silent(exploding_gradient, facts(1.0, networks=[self.recurrent]), noisy(1.0))

    def test_infinities_are_another_matter(self) -> None:
        series = together(*[1.0] * 20, np.inf, np.nan)
        assert silent(exploding_gradient, facts(1.0, networks=[network("relu")]), [np.nan] * 50, series)


def agreeing(mean: float, spread: float = 0.3, count: int = 200) -> dict[tuple[str, str, str], list[float]]:
    values = mean + spread * np.random.default_rng(0).standard_normal(count)
    return {("gradient", "", "agreement"): list(values), ("update", "fc1.weight", "ratio"): [0.01] * count}


class TestNoisy:
    def single(self, batch: int = 1) -> Facts:
        given = facts(1.0, "mse_loss", parameters=weights(2))
        given.losses[0].target_shape = [batch]
        return given

    def test_single_samples(self) -> None:
        squares = np.random.default_rng(0).standard_normal(400) ** 2
        finding = found(noisy_gradient, self.single(), squares, agreeing(0.02))
        assert "A batch has 1 sample." in finding.says
        assert finding.remedies[0].technique == "Accumulate"

    def test_noise_that_costs_nothing(self) -> None:
        """It has learnt a little, and the average of its weights is no better."""
        given, little = self.single(), np.concatenate([np.linspace(1.0, 0.8, 60), noisy(0.8, steps=340)])
        assert not silent(noisy_gradient, given, little, agreeing(0.02))
        given.probes.last, given.probes.averaged = 0.8, 0.799
        assert silent(noisy_gradient, given, little, agreeing(0.02))
        given.probes.averaged = 0.7
        assert not silent(noisy_gradient, given, little, agreeing(0.02))

    def test_rewards(self) -> None:
        """A policy gradient without a baseline: the loss is the program's own."""
        given = facts(None, "", parameters=weights(2))
        finding = found(noisy_gradient, given, 20 * noisy(1.0, noise=0.1), agreeing(0.0, 0.2))
        assert "baseline" in finding.remedies[0].change
        given.rewards = [0.02, 1.0]  # it has one: single episodes differ
        assert silent(noisy_gradient, given, 20 * noisy(1.0, noise=0.1), agreeing(0.0, 0.2))
        given.rewards = [0.8, 1.0]
        assert not silent(noisy_gradient, given, 20 * noisy(1.0, noise=0.1), agreeing(0.0, 0.2))

    def test_rewards_that_are_all_alike(self) -> None:
        given = facts(None, "", parameters=weights(2), rewards=[40.0, 1.0])
        finding = found(noisy_gradient, given, learning(40, 20), agreeing(0.0))
        assert "40 times what tells them apart" in finding.says
        given.rewards = [0.5, 1.0]
        assert silent(noisy_gradient, given, learning(40, 20), agreeing(0.0))
        given.rewards = [40.0, 1.0]
        assert silent(noisy_gradient, given, learning(40, 20), agreeing(0.4))  # it finds its way

    @pytest.mark.parametrize("mean", [0.3, -0.5])
    def test_they_agree_or_overshoot(self, mean: float) -> None:
        assert silent(noisy_gradient, self.single(), noisy(1.0), agreeing(mean))

    def test_healthy(self) -> None:
        assert silent(noisy_gradient, self.single(), learning(1.0, 0.1), agreeing(0.0))  # at its goal
        assert silent(noisy_gradient, self.single(batch=64), noisy(1.0), agreeing(0.0))  # not the batch
        assert silent(noisy_gradient, self.single(), noisy(1.0), agreeing(0.0, count=10))
        assert silent(noisy_gradient, self.single(), noisy(1.0))
        assert not list(noisy_gradient(case(facts(0.69, adversarial=True), noisy(0.69), agreeing(0.0))))


class TestShortRuns:
    """With --steps 50."""

    def short(self, layers: int) -> Facts:
        return facts(2.3, networks=[network(*["sigmoid"] * (layers - 1))], parameters=weights(layers), finished=False)

    def test_a_few_layers_take_their_time(self) -> None:
        series = norms(*np.geomspace(0.01, 1, 5))
        assert silent(vanishing_gradient, self.short(5), noisy(2.3, steps=50), series)

    def test_many_do_not_come_to_it(self) -> None:
        assert found(vanishing_gradient, self.short(7), noisy(2.3, steps=50), norms(*np.geomspace(0.005, 1, 7)))

    def test_over_at_once(self) -> None:
        """The second step is the last that is finite."""
        given = facts(1.0, "mse_loss", networks=[Network("Net", modules=["RNN"], training_calls=100)])
        assert found(exploding_gradient, given, [1.0, 1e17, *[np.nan] * 40], together(580, 1e19, np.inf, np.nan))


def test_flung_out_by_the_first_steps() -> None:
    """Whatever it is that makes the initial network explode, without a layer that is passed again."""
    back = np.geomspace(900.0, 0.5, 200)
    norms = [1e5, 1e5, 1e4, *[10.0] * 30]
    finding = found(exploding_gradient, facts(1.0, "mse_loss"), back, together(*norms))
    assert finding.evidence["times"] > 1000
    assert silent(exploding_gradient, facts(1.0, "mse_loss"), back, together(*[10.0] * 33))
    assert silent(exploding_gradient, facts(1.0, "mse_loss"), np.geomspace(9.0, 0.5, 200), together(*norms))


class TestInAGame:
    def scores(self, *norms: float) -> dict[tuple[str, str, str], list[float]]:
        return {("gradient", "", "norm"): list(norms)}

    def test_it_grows_without_end(self) -> None:
        grows = self.scores(*np.geomspace(1, 3000, 40), *[3000] * 20)
        finding = found(exploding_gradient, facts(None, adversarial=True), noisy(-1.0), grows)
        assert finding.code == "exploding-gradient"
        assert "3e+03 in the last" in finding.says

    def test_healthy(self) -> None:
        for norms in ([1.0] * 60, [1.0] * 30 + [500.0] + [1.0] * 29, list(np.geomspace(1e-3, 1, 60))):
            assert silent(exploding_gradient, facts(None, adversarial=True), noisy(-1.0), self.scores(*norms))


def test_a_loss_that_runs_away_within_few_steps_has_diverged() -> None:
    assert case(facts(None), [1.0, 1e12]).learning.diverged
    assert not case(facts(None), [1.0, 3.0]).learning.diverged


def test_batches_of_two_about_weights_that_are_far_better() -> None:
    curve = np.concatenate([np.geomspace(1, 0.3, 100), noisy(0.3, 0.5, 400)])
    series = {("gradient", "", "agreement"): [0.05, -0.05] * 100}
    two = facts(1.0, "mse_loss", probes=Probes(last=0.3, averaged=0.1, averages=40))
    two.losses[0].target_shape = [2]
    assert "average of the last weights" in found(noisy_gradient, two, curve, series).says
    two.probes.averaged = 0.28
    assert silent(noisy_gradient, two, curve, series)
    two.losses[0].target_shape, two.probes.averaged = [64], 0.1
    assert silent(noisy_gradient, two, curve, series)


def test_gradients_that_are_estimated() -> None:
    rng = np.random.default_rng(0)
    noise = {("gradient", "", "agreement"): list(0.1 * rng.standard_normal(300))}
    given = facts(None)
    given.losses, given.backwards = [], 0
    (finding,) = noisy_gradient(case(given, [], noise))
    assert (finding.code, finding.severity) == ("noisy-gradient", "warning")
    agrees = {("gradient", "", "agreement"): list(0.05 + 0.1 * rng.standard_normal(300))}
    assert not list(noisy_gradient(case(given, [], agrees)))
    given.backwards = 300
    assert not list(noisy_gradient(case(given, [], noise)))
