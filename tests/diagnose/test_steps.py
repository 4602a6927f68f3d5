"""Who steps, and whither."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnose.traced import facts, found, learning, noisy, silent, weights

from gradwise.diagnose.ascent import gradient_ascent
from gradwise.diagnose.held import not_optimised
from gradwise.diagnose.stalls import schedule_stalls
from gradwise.watch.facts import Facts, Loss, Network, Optimizer

RISING = np.geomspace(0.7, 500, 100)


def stepping(**known: object) -> Facts:
    given = facts(0.69)
    for name, value in known.items():
        setattr(given.optimizers[0], name, value)
    return given


class TestAscent:
    def test_by_hand(self) -> None:
        given = stepping(kind="by hand", uphill=1.0, source="train.py:44")
        finding = found(gradient_ascent, given, RISING)
        assert finding.severity == "error"
        assert "w -= lr" in finding.remedies[0].change
        assert finding.source == ("train.py:44",)

    def test_by_hand_from_below_zero(self) -> None:
        """What stays below 0 is meant to be made large; what leaves it is none of these."""
        given = facts(None, "", optimizers=[Optimizer("by hand", "a:1", 100, uphill=1.0)])
        assert found(gradient_ascent, given, np.linspace(-0.1, 30, 200)).severity == "error"

    def test_maximised_error(self) -> None:
        assert (
            "maximize=False" in found(gradient_ascent, stepping(uphill=1.0, maximize=True), RISING).remedies[0].change
        )

    def test_negated_error(self) -> None:
        given = facts(0.69)
        given.losses[0].sign = -1
        assert "without the minus" in found(gradient_ascent, given, RISING).remedies[0].change

    def test_log_likelihood(self) -> None:
        finding = found(gradient_ascent, facts(None, ""), -np.geomspace(1, 1e9, 200))
        assert finding.severity == "error"
        assert "without a floor" in finding.says

    def test_an_error_made_large_in_leaps(self) -> None:
        curve = -np.concatenate([np.geomspace(1, 1e12, 40), np.tile([1e12, 3e11], 80)])
        assert found(gradient_ascent, facts(None, ""), curve).severity == "error"
        assert silent(gradient_ascent, facts(None, ""), curve / 1e10)

    def test_cosines_made_small(self) -> None:
        given = facts(None, "")
        given.losses[0].similarity = 1
        assert "turned away" in found(gradient_ascent, given, np.linspace(0.0, -0.95, 200)).says
        assert silent(gradient_ascent, given, np.linspace(0.9, 0.1, 200))  # a right angle: what has nothing in common
        given.losses[0].similarity = -1
        assert silent(gradient_ascent, given, np.linspace(0.0, -0.95, 200))

    def test_log_probabilities_made_small(self) -> None:
        given = facts(None, "")
        given.losses[0].likelihood = 1
        assert "log-probabilities" in found(gradient_ascent, given, np.linspace(-0.7, -8, 200)).says
        assert silent(gradient_ascent, given, np.linspace(-8, -0.7, 200))  # maximize=True
        given.losses[0].likelihood = -1
        assert silent(gradient_ascent, given, np.linspace(8, 0.7, 200))

    @pytest.mark.parametrize(
        ("given", "curve"),
        [
            (stepping(uphill=0.3), RISING),  # a learning rate too high
            (stepping(uphill=1.0), learning(0.7, 0.1)),  # a loss that falls is not made larger
            (facts(None, "", optimizers=[Optimizer("Adam", "a:1", 100, uphill=1.0, maximize=True)]), learning()),
            (facts(None, "", optimizers=[Optimizer("by hand", "a:1", 100, uphill=1.0)]), -np.geomspace(9, 1, 200)),
            (facts(None, ""), np.linspace(1.4, -0.8, 200)),  # densities
            (facts(None, ""), -np.geomspace(1, 1e9, 200)[::-1]),
            (facts(None, "", adversarial=True), -np.geomspace(1, 1e9, 200)),  # a critic
            (facts(0.69), noisy(0.69)),
        ],
    )
    def test_healthy(self, given: Facts, curve: np.ndarray) -> None:
        assert silent(gradient_ascent, given, curve)

    def test_two_signs_on_purpose(self) -> None:
        given = facts(0.69)
        given.losses[0].sign = -1
        given.losses.append(Loss("cross_entropy", "train.py:35"))
        assert silent(gradient_ascent, given, RISING)
        given.losses[0].backward_source = "train.py:36"
        given.losses[1] = Loss("", "train.py:36")  # the same backward(), once nothing is finite
        assert found(gradient_ascent, given, RISING)

    def test_what_was_earned_becomes_unlikelier(self) -> None:
        given = facts(None, "")
        given.losses[0].lost = "adv"
        assert "times adv, without a minus" in found(gradient_ascent, given, RISING).says
        given.optimizers = [Optimizer("SGD", "train.py:20", steps=100, maximize=True)]
        assert silent(gradient_ascent, given, RISING)
        given.losses[0].lost, given.losses[0].earned = "", "adv"
        assert "maximize=True" in found(gradient_ascent, given, RISING).says
        given.optimizers[0].maximize = False
        assert silent(gradient_ascent, given, noisy(2.3))


def unheld(*layers: int, of: int = 3, **known: object) -> Facts:
    given = facts(2.3, parameters=weights(of), networks=[Network("Net")], **known)
    for layer in layers:
        for p in given.parameters[2 * layer - 2 : 2 * layer]:
            p.held, p.changed = False, False
    return given


class TestNotOptimised:
    def test_replaced_head(self) -> None:
        given = unheld(3)
        given.optimizers[0].stale = 2
        finding = found(not_optimised, given, noisy(2.3))
        assert finding.severity == "error"
        assert finding.where == ("fc3",)
        assert "after the network is complete" in finding.remedies[0].change

    def test_plain_list(self) -> None:
        given = unheld(1)
        for p in given.parameters[:2]:
            p.name = "blocks[0]." + p.name
        finding = found(not_optimised, given, learning())
        assert finding.severity == "error"
        assert "ModuleList" in finding.remedies[0].change

    def test_nothing_is_held(self) -> None:
        assert found(not_optimised, unheld(1, 2, 3), noisy(2.3)).severity == "error"

    def test_the_last_layer(self) -> None:
        assert found(not_optimised, unheld(3), noisy(2.3)).severity == "error"
        assert found(not_optimised, unheld(3), learning()).severity == "warning"

    def test_a_trunk(self) -> None:
        """A usual way to fine-tune, unless nothing is learnt."""
        assert found(not_optimised, unheld(1, 2), learning()).severity == "note"

    def test_healthy(self) -> None:
        assert silent(not_optimised, unheld(), noisy(2.3))
        assert silent(not_optimised, unheld(1, manual_updates=True), noisy(2.3))
        assert silent(not_optimised, unheld(1, optimizers=[]), noisy(2.3))
        frozen = unheld(1)
        for p in frozen.parameters:
            p.requires_grad = p.held
        assert silent(not_optimised, frozen, noisy(2.3))

    def test_a_network_in_front(self) -> None:
        """All of the one that is called first: nobody takes gradients through it on purpose."""
        given = unheld(1, 2)
        given.networks = [Network("encoder"), Network("decoder")]
        for p in given.parameters[4:]:
            p.name = "decoder." + p.name
        assert found(not_optimised, given, learning()).severity == "warning"

    def test_a_teacher(self) -> None:
        """All of another network."""
        given = unheld(3)
        given.networks.append(Network("Teacher"))
        for p in given.parameters[4:]:
            p.name = "Teacher." + p.name
        assert silent(not_optimised, given, noisy(2.3))

    def test_the_other_of_two_towers(self) -> None:
        given = unheld(3)
        given.networks = [
            Network("Side", modules=["Side", "Embedding"]),
            Network("films", modules=["Side", "Embedding"]),
        ]
        for p in given.parameters[4:]:
            p.name = "films." + p.name
        assert found(not_optimised, given, noisy(2.3)).where == ("films.fc3",)
        assert silent(not_optimised, given, learning())


def rates(values: np.ndarray) -> dict[tuple[str, str, str], list[float]]:
    return {("rate", "train.py:20", "value"): list(values)}


class TestStalls:
    def test_every_batch_instead_of_every_epoch(self) -> None:
        given = stepping(scheduler="StepLR", scheduler_source="train.py:22")
        finding = found(schedule_stalls, given, noisy(0.69, steps=400), rates(0.1 * 0.3 ** (np.arange(400) // 5)))
        assert finding.severity == "error"
        assert finding.source == ("train.py:22",)
        assert finding.says.startswith("StepLR takes the learning rate from 0.1 to")
        assert finding.steps[0] < 50

    def test_a_training_that_went_well_and_was_cut_short(self) -> None:
        stalled = rates(np.where(np.arange(400) < 120, 0.1, 1e-6))
        on_its_way = np.concatenate([np.geomspace(2.3, 0.2, 120), 0.2 + 0.001 * noisy(1.0, steps=280)])
        assert found(schedule_stalls, facts(2.3), on_its_way, stalled).severity == "warning"
        there = np.concatenate([np.geomspace(2.3, 0.2, 40), np.full(80, 0.2), 0.2 + 0.001 * noisy(1.0, steps=280)])
        assert silent(schedule_stalls, facts(2.3), there, stalled)

    def test_one_that_waits_for_an_error_to_grow(self) -> None:
        given = stepping(scheduler="ReduceLROnPlateau", scheduler_source="train.py:22", awaited=0.5)
        given.losses.append(Loss("mse_loss", "train.py:40", training=False))
        evaluated = rates(0.1 * 0.3 ** (np.arange(400) // 20)) | {
            ("evaluation", "train.py:40", "value"): list(np.geomspace(0.5, 0.05, 20))
        }
        finding = found(schedule_stalls, given, learning(0.69, 0.05), evaluated)
        assert finding.remedies[0].change.startswith('mode="min"')
        given.optimizers[0].awaited = 0.95  # an accuracy
        assert silent(schedule_stalls, given, learning(0.69, 0.001), evaluated)

    def test_one_that_falls_bit_by_bit(self) -> None:
        rate = rates(0.1 * 0.95 ** np.arange(1500))
        slower = np.concatenate([np.geomspace(2.3, 0.5, 45), 0.3 + 0.2 * 0.95 ** np.arange(1455)])
        assert found(schedule_stalls, facts(2.3), slower, rate).severity == "warning"
        there = np.concatenate([np.geomspace(2.3, 0.3, 10), np.full(1490, 0.3)])
        assert silent(schedule_stalls, facts(2.3), there, rate)

    def test_slow_for_half_of_the_run_and_still_for_a_quarter(self) -> None:
        rate = rates(np.repeat([3e-3, 6e-4, 1.2e-4, 2.4e-5, 4.8e-6, 9.6e-7], [160, 240, 160, 120, 80, 200]))
        falls = np.concatenate([np.geomspace(0.41, 0.09, 400), np.full(560, 0.0714)])
        assert found(schedule_stalls, facts(0.41), falls, rate).severity == "warning"
        there = np.concatenate([np.geomspace(0.41, 0.02, 100), np.full(860, 0.02)])
        assert silent(schedule_stalls, facts(0.41), there, rate)

    def test_at_once(self) -> None:
        """With --steps 50 the rest of the run is not seen."""
        given = stepping(scheduler="StepLR")
        given.finished = False
        assert found(schedule_stalls, given, noisy(0.69, steps=50), rates(0.1 * 0.3 ** (np.arange(50) // 5)))

    def test_healthy(self) -> None:
        flat = noisy(0.69, steps=400)
        cosine = 0.05 * (1 + np.cos(np.linspace(0, np.pi, 400)))
        assert silent(schedule_stalls, facts(0.69), flat, rates(cosine))
        assert silent(schedule_stalls, facts(0.69), flat, rates(np.linspace(0.1, 0, 400)))
        assert silent(schedule_stalls, facts(0.69), flat, rates(np.linspace(0, 0.1, 400)))  # a warm-up
        assert silent(schedule_stalls, facts(0.69), flat, rates(0.1 * 0.1 ** (np.arange(400) // 150)))
        done = rates(np.where(np.arange(400) < 200, 0.1, 1e-6))
        assert silent(schedule_stalls, facts(2.3), learning(2.3, 0.01, 400), done)  # the goal is reached
        assert silent(schedule_stalls, facts(0.69), flat)
