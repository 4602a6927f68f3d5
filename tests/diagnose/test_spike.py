"""A training that is thrown out, and odd batches that are not."""

from __future__ import annotations

import numpy as np
from tests.diagnose.traced import facts, found, learning, noisy, silent

from gradwise.diagnose.spike import loss_spike
from gradwise.watch.facts import PHASES, Network, Optimizer


def spiky(*at: int, height: float = 5.0, lasts: int = 30, steps: int = 600) -> np.ndarray:
    curve = np.concatenate([np.geomspace(1, 0.05, 150), noisy(0.05, 0.1, steps - 150)])
    for step in at:
        curve[step : step + lasts] += height * np.geomspace(1, 0.05, lasts)
    return curve


class TestSpike:
    def test_thrown_out_once(self) -> None:
        assert found(loss_spike, facts(1.0), spiky(300, height=500.0)).evidence["peak"] > 100
        assert silent(loss_spike, facts(1.0), spiky(300))  # once, and it came back

    def test_has_not_come_back_yet(self) -> None:
        curve = spiky(500, height=9.0, lasts=3)
        curve[503:] *= 2
        assert found(loss_spike, facts(1.0), curve).severity == "warning"
        assert silent(loss_spike, facts(1.0), spiky(500, height=9.0, lasts=3))  # it has
        curve[500:503] = 0.8  # knowing nothing costs more
        assert silent(loss_spike, facts(1.0), curve)

    def test_again_and_again(self) -> None:
        finding = found(loss_spike, facts(1.0), spiky(250, 400))
        assert finding.severity == "warning"
        assert found(loss_spike, facts(3.0), spiky(250, 400)).severity == "note"  # it has learnt all the same
        assert finding.steps[0] == 250
        assert finding.evidence["jumps"][1] == 400

    def test_stays(self) -> None:
        curve = spiky()
        curve[300:] = 2.3
        rates = {("rate", "train.py:20", "value"): [0.1] * 300 + [1.0] * 300}
        finding = found(loss_spike, facts(1.0), curve, rates)
        assert finding.severity == "error"
        assert "learning rate rises from 0.1 to 1" in finding.says
        assert finding.remedies[0].technique == "Cosine"

    def test_is_lost_slowly_after_the_rate_was_raised(self) -> None:
        curve = spiky()
        curve[300:] = np.minimum(0.05 * 1.04 ** np.arange(300), 1.0)  # no single step is a jump
        raised = {("rate", "train.py:20", "value"): [0.1] * 300 + [1.0] * 300}
        assert found(loss_spike, facts(1.0), curve, raised).steps[0] == 300
        kept = {("rate", "train.py:20", "value"): [0.1] * 600}
        assert silent(loss_spike, facts(1.0), curve, kept)
        assert silent(loss_spike, facts(1.0), spiky(), raised)  # the rate was raised, and nothing was lost

    def test_a_rate_that_is_raised_for_good(self) -> None:
        """It learns on, at a level twice as high as before."""
        noise = 1 + 0.05 * np.random.default_rng(0).standard_normal(600)
        raised = {("rate", "train.py:20", "value"): [0.1] * 300 + [1.0] * 300}
        curve = noise * np.concatenate([np.geomspace(1.0, 0.11, 300), np.full(300, 0.3)])
        assert "rises from 0.1 to 1" in found(loss_spike, facts(1.0), curve, raised).says
        restarted = {("rate", "train.py:20", "value"): [*np.geomspace(1.0, 0.1, 300), *[1.0] * 300]}
        assert silent(loss_spike, facts(1.0), curve, restarted)
        phase = facts(1.0, phases=[300])
        assert silent(loss_spike, phase, curve, raised)
        comes_back = noise * np.concatenate([np.geomspace(1.0, 0.11, 300), np.geomspace(0.3, 0.1, 300)])
        assert silent(loss_spike, facts(1.0), comes_back, raised)
        assert silent(loss_spike, facts(1.0), curve, {("rate", "train.py:20", "value"): [0.1] * 600})

    def test_one_task_after_the_other(self) -> None:
        assert found(loss_spike, facts(1.0, phases=[10, 20]), spiky(200, 300))
        assert silent(loss_spike, facts(1.0, phases=list(range(1, 1 + PHASES))), spiky(200, 300))

    def test_healthy(self) -> None:
        assert silent(loss_spike, facts(1.0), spiky())
        assert silent(loss_spike, facts(1.0), spiky(300))  # once, and it came back
        assert silent(loss_spike, facts(1.0), spiky(250, 400, lasts=1))  # odd batches that did no harm
        squares = np.random.default_rng(0).standard_normal(2000) ** 2 * np.geomspace(1, 0.1, 2000)
        assert silent(loss_spike, facts(1.0), squares)  # batches of one
        for seed in range(4):  # single samples whose errors have heavy tails
            tails = np.random.default_rng(seed).standard_normal(6000) ** 4 * np.geomspace(1, 0.02, 6000)
            assert silent(loss_spike, facts(1.0), tails)
        assert silent(loss_spike, facts(1.0), learning())
        assert silent(loss_spike, facts(1.0, adversarial=True), spiky(250, 400))

    def test_warm_restarts(self) -> None:
        rate = np.tile(0.1 * (1 + np.cos(np.linspace(0, np.pi, 150))), 4)
        assert silent(loss_spike, facts(1.0), spiky(305, 455), {("rate", "train.py:20", "value"): rate})

    def test_another_task(self) -> None:
        """A new head, and a new optimizer, which begins at that step."""
        given = facts(1.0)
        given.optimizers.append(Optimizer("Adam", "train.py:40", steps=300))
        curve = spiky()
        curve[300:] = np.geomspace(1.4, 0.3, 300)
        from tests.diagnose.traced import case

        judged = case(given, curve)
        for step in range(300, 600):
            judged.trace.add(step, "rate", "train.py:40", "value", 0.1)
        assert not list(loss_spike(judged))

    def test_targets_of_a_copy(self) -> None:
        """A target network that is made anew: the loss jumps with it."""
        own, copy = (Network(name, parameters=99, modules=["Linear"]) for name in ("net", "target"))
        own.training_calls, copy.evaluation_calls = 600, 600
        assert silent(loss_spike, facts(1.0, networks=[own, copy]), spiky(250, 400))
        copy.evaluation_calls = 5
        assert not silent(loss_spike, facts(1.0, networks=[own, copy]), spiky(250, 400))

    def test_a_critic(self) -> None:
        """What a policy is worth changes with it."""
        assert silent(loss_spike, facts(1.0, rewards=[0.1, 1.0]), spiky(250, 400))

    def test_another_phase(self) -> None:
        """A fold begins anew, longer series come: judged by its own values only."""
        given = facts(1.0)
        assert not silent(loss_spike, given, spiky(250, 400))
        given.phases = [250, 400]
        assert silent(loss_spike, given, spiky(250, 400))


def test_weights_that_are_loaded_and_worse() -> None:
    """An average that still holds the initial weights; also where another optimizer begins then."""
    curve = spiky()
    curve[300:] += 2.0 * np.geomspace(1, 0.01, 300)
    known = {"networks": [Network("Net", training_calls=600)], "loads": [(300, "Net", "train.py:40")], "phases": [300]}
    finding = found(loss_spike, facts(1.0, **known), curve)
    assert finding.source == ("train.py:40",)
    assert "weights are loaded" in finding.says
    assert silent(loss_spike, facts(1.0, **known), spiky())  # they are as good
    other = {**known, "loads": [(300, "teacher", "train.py:40")]}
    assert silent(loss_spike, facts(1.0, **other), curve)
