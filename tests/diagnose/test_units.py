"""Units that are off, and units at their limit."""

from __future__ import annotations

import numpy as np
from tests.diagnose.traced import facts, found, learning, network, noisy, silent

from gradwise.diagnose.units import dead_units, saturated_units
from gradwise.watch.facts import Loss, NonFinite

Series = dict[tuple[str, str, str], list[float]]


def shares(measure: str, *layers: list[float]) -> Series:
    return {("activation", f"fc{i + 1}", measure): values for i, values in enumerate(layers)}


class TestDead:
    def test_died_on_the_way(self) -> None:
        series = shares("dead", [0.1] * 5 + [0.8] * 5, [0.0] * 5 + [1.0] * 15)
        finding = found(dead_units, facts(2.3, networks=[network("relu", "relu")]), noisy(2.3), series)
        assert finding.severity == "error"
        assert finding.where == ("fc2",)
        assert finding.steps[0] == 5
        assert "(0% at the start)" in finding.says
        assert "learning rate" in finding.remedies[0].change

    def test_from_the_start(self) -> None:
        finding = found(dead_units, facts(2.3), noisy(2.3), shares("dead", [0.9] * 20))
        assert finding.severity == "warning"
        assert finding.remedies[0].technique == "He"

    def test_nothing_gets_through(self) -> None:
        """What is behind still learns the targets' mean: the loss falls to that of knowing nothing."""
        fell = np.concatenate([np.geomspace(5, 2.3, 40), noisy(2.3)])
        assert found(dead_units, facts(2.3), fell, shares("dead", [1.0] * 20)).severity == "error"
        assert silent(dead_units, facts(2.3), np.linspace(5, 2.1, 100), shares("dead", [0.9] * 20))

    def test_most_are_off_from_the_start_on_and_the_rest_learns(self) -> None:
        learns = learning(2.3, 0.5)
        assert (
            "few of them learn" in found(dead_units, facts(2.3), learns, shares("dead", [0.95] * 5 + [0.8] * 15)).says
        )
        assert silent(dead_units, facts(2.3), learns, shares("dead", [0.1] * 5 + [0.9] * 15))  # training has done it
        assert silent(dead_units, facts(2.3), learning(2.3, 0.1), shares("dead", [0.95] * 20))  # they do what is asked

    def test_our_own_runs(self) -> None:
        assert found(dead_units, facts(2.3), noisy(2.3), shares("zero_fraction", [0.99] * 20)).certainty < 0.7

    def test_healthy(self) -> None:
        assert silent(dead_units, facts(2.3), learning(), shares("dead", [0.9] * 20))  # more units than it needs
        assert silent(dead_units, facts(2.3), noisy(2.3), shares("dead", [0.5] * 20))
        assert silent(dead_units, facts(2.3), noisy(2.3), shares("zero_fraction", [0.9] * 20))  # sparse codes
        assert silent(dead_units, facts(2.3), noisy(2.3), shares("dead", [1.0] * 3))  # three looks
        assert silent(dead_units, facts(2.3, adversarial=True), noisy(2.3), shares("dead", [1.0] * 20))
        assert silent(dead_units, facts(2.3), noisy(2.3))


class TestSaturated:
    def test_inputs_too_large(self) -> None:
        given = facts(2.3, networks=[network("tanh", "tanh")])
        finding = found(saturated_units, given, noisy(2.3), shares("saturated", [0.95] * 20, [0.6] * 20))
        assert finding.severity == "error"
        assert finding.where == ("fc1", "fc2")
        assert "fc1's tanh" in finding.says
        assert finding.remedies[0].technique == "Xavier"

    def test_came_with_the_training(self) -> None:
        series = shares("saturated", [0.1] * 5 + [0.9] * 15)
        finding = found(saturated_units, facts(2.3), noisy(2.3), series)
        assert "learning rate" in finding.remedies[0].change
        assert finding.steps[0] == 5

    def test_learns_on_what_is_left(self) -> None:
        series = shares("saturated", [0.97] * 20, [0.96] * 20)
        finding = found(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), series)
        assert finding.severity == "warning"

    def test_the_last_has_freed_itself_half(self) -> None:
        series = shares("saturated", [1.0] * 5 + [0.88] * 15, [1.0] * 5 + [0.6] * 15)
        assert found(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), series).severity == "warning"

    def test_one_layer_more_than_the_other(self) -> None:
        uneven = shares("saturated", [0.7] * 20, [0.97] * 20)
        assert found(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), uneven).severity == "warning"
        less = shares("saturated", [0.7] * 20, [0.85] * 20)
        assert silent(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), less)

    def test_learns_by_heart_on_what_is_left(self) -> None:
        """A training loss of next to nothing is no sign that no harm is done."""
        full = shares("saturated", [0.97] * 20, [0.96] * 20)
        valid = {("evaluation", "valid.py:1", "value"): [1.5, 1.0, 0.8, 0.9, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0]}
        given = facts(2.3)
        given.losses.append(Loss("cross_entropy", "valid.py:1", training=False, calls=10))
        finding = found(saturated_units, given, learning(), {**full, **valid})
        assert finding.severity == "warning"
        assert finding.evidence["before_steps"]

    def test_to_no_harm(self) -> None:
        full = shares("saturated", [0.97] * 20, [0.96] * 20)
        assert found(saturated_units, facts(2.3), learning(), full).severity == "note"
        code = shares("saturated", [0.85] * 20)  # two values on purpose
        assert found(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), code).severity == "note"

    def test_healthy(self) -> None:
        became_sure = shares("saturated", [0.1] * 5 + [0.97] * 15, [0.1] * 5 + [0.97] * 15)
        assert silent(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), became_sure)
        some = shares("saturated", [0.97] * 20, [0.3] * 20)
        assert silent(saturated_units, facts(2.3), np.linspace(2.3, 0.5, 100), some)
        assert silent(saturated_units, facts(2.3), noisy(2.3), shares("saturated", [0.3] * 20))
        last = facts(2.3, networks=[network()])  # a confident output layer: fc1 is the last one
        assert silent(saturated_units, last, noisy(2.3), shares("saturated", [0.99] * 20))


def test_nan_is_not_off() -> None:
    """What is not a number is not above 0: no unit died."""
    given = facts(2.3, nonfinite=NonFinite(10, "loss"))
    curve = [*noisy(2.3, steps=10), *[np.nan] * 90]
    assert silent(dead_units, given, curve, shares("dead", [0.1] * 10 + [1.0] * 20))
    assert found(dead_units, given, curve, shares("dead", [1.0] * 30))
