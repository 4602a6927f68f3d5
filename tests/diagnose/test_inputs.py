"""Raw and constant inputs; and what looks like it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.diagnose.invented import falling, one, stuck, told

from gradwise.diagnose.case import Case
from gradwise.diagnose.inputs import (
    constant_input,
    input_not_normalised,
)
from gradwise.watch import Trace
from gradwise.watch.facts import Facts, Inputs, Layer, Loss, Network, Parameter


def inputs(**known: Any) -> Inputs:
    usual = {"shape": [32, 13], "samples": 768, "low": -3.0, "high": 3.0, "mean": 0.0, "spread": 1.0}
    spreads = {"largest_spread": 1.1, "smallest_spread": 0.9, "largest_mean": 0.1, "distinct_rows": 700}
    return Inputs("Net", True, **{**usual, **spreads, "fingerprinted": 768, "source": "train.py:30", **known})


WINE = {"low": 0.1, "high": 1680.0, "mean": 70.0, "spread": 215.0, "largest_spread": 315.0, "smallest_spread": 0.12}


def fed(given: Inputs, **known: Any) -> Facts:
    network = Network("Net", [Layer("fc1", "Linear", activation="relu")], training_calls=100, **known)
    return Facts(networks=[network], inputs=[given], losses=[Loss("cross_entropy", "train.py:31", baseline=1.1)])


class TestInputNotNormalised:
    @pytest.mark.parametrize(
        "known",
        [
            WINE,
            {"low": 0.0, "high": 255.0, "largest_spread": 80.0, "smallest_spread": 60.0},
            {
                "low": 99000.0,
                "high": 103000.0,
                "largest_spread": 700.0,
                "smallest_spread": 600.0,
                "largest_mean": 144.0,
            },
        ],
    )
    def test_raw(self, known: dict[str, float]) -> None:
        finding = one(input_not_normalised, fed(inputs(**known)), stuck(1.1))
        assert (finding.severity, finding.where) == ("error", ("fc1",))
        assert one(input_not_normalised, fed(inputs(**known)), falling(1.1, 0.4)).severity == "warning"
        assert one(input_not_normalised, fed(inputs(**known)), falling(1.1, 0.01)).severity == "note"

    def test_time_in_a_formula(self) -> None:
        hours: dict[str, Any] = {
            "low": 0.0,
            "high": 671.0,
            "largest_spread": 194.0,
            "smallest_spread": 194.0,
            "shape": [128],
        }
        wave = fed(inputs(**hours), nonlinearities=["sin"])
        wave.parameters = [Parameter("frequency", [3])]
        assert not told(input_not_normalised, wave, stuck(1.1))
        wave.networks[0].nonlinearities = []  # a line: its slope is far smaller than its height
        assert told(input_not_normalised, wave, stuck(1.1))
        wave.networks[0].nonlinearities, wave.parameters = ["tanh"], [Parameter("fc1.weight", [8, 1])]
        assert told(input_not_normalised, wave, stuck(1.1))

    def test_bytes_are_divided(self) -> None:
        known = {"low": 0.0, "high": 255.0, "largest_spread": 80.0, "smallest_spread": 60.0}
        assert "255" in one(input_not_normalised, fed(inputs(**known))).remedies[0].change

    @pytest.mark.parametrize(
        "known",
        [
            {},
            {"low": -0.3, "high": 0.7, "largest_spread": 0.4, "smallest_spread": 0.0016},  # border pixels
            {"low": 0.0, "high": 1.0, "largest_spread": 0.5, "smallest_spread": 0.01},  # rare words
            {"low": 0.0, "high": 16.0, "largest_spread": 6.5, "smallest_spread": 0.02},  # small whole numbers
            {"low": 0.9, "high": 1.1, "largest_mean": 20.0, "largest_spread": 0.05, "smallest_spread": 0.05},
            {"largest_spread": None, "smallest_spread": None},
        ],
    )
    def test_healthy(self, known: dict[str, Any]) -> None:
        assert not told(input_not_normalised, fed(inputs(**known)), stuck(1.1))

    def test_normalised_within(self) -> None:
        assert not told(input_not_normalised, fed(inputs(**WINE), first_norm=True), stuck(1.1))

    def test_what_the_first_layer_is_given(self) -> None:
        """Gates tell nothing by the size of what they give: a hook or forward() may have scaled what comes in."""
        given = fed(inputs(low=980.0, high=1050.0, mean=1013.0, spread=9.0, largest_spread=9.0, largest_mean=110.0))
        given.networks[0].layers = [Layer("gru", "GRU", activation="tanh")]
        assert one(input_not_normalised, given, stuck(1.1)).severity == "error"
        given.networks[0].first_input = 1013.0
        assert one(input_not_normalised, given, stuck(1.1)).severity == "error"
        given.networks[0].first_input = 1.1
        assert not told(input_not_normalised, given, stuck(1.1))

    def test_divided_within(self) -> None:
        trace = Trace()
        trace.facts = fed(inputs(**WINE))
        trace.add(0, "activation", "fc1", "spread", 0.3)
        assert not list(input_not_normalised(Case(trace)))

    def test_evaluation_alone_says_nothing(self) -> None:
        given = inputs(**WINE)
        given.training = False
        assert not told(input_not_normalised, fed(given))


class TestConstantInput:
    def test_all_the_same(self) -> None:
        finding = one(constant_input, fed(inputs(distinct_rows=1, low=-1.0, high=-1.0, constant=1.0)))
        assert "-1" in finding.says

    def test_words(self) -> None:
        assert one(constant_input, fed(Inputs("Net", True, [32, 14], 768, distinct_rows=1, fingerprinted=768)))

    @pytest.mark.parametrize(
        "known",
        [
            {},
            {"distinct_rows": 1, "shape": [1, 32], "constant": 1.0},  # one picture, from noise that stays
            {"distinct_rows": 4, "constant": 0.0},  # XOR
            {"distinct_rows": 700, "constant": 1.0},  # more features than were looked at
            {"distinct_rows": 1, "fingerprinted": 4, "samples": 4},
        ],
    )
    def test_healthy(self, known: dict[str, Any]) -> None:
        assert not told(constant_input, fed(inputs(**known)))

    def test_another_network_may_be_given_a_constant(self) -> None:
        facts = fed(inputs())
        facts.networks.append(Network("Start", training_calls=3))
        facts.inputs.append(Inputs("Start", True, [32, 8], 768, distinct_rows=1, fingerprinted=768))
        assert not told(constant_input, facts)
