"""Softmax twice or not at all, and shapes that broadcast; and what is right although it looks like it."""

from __future__ import annotations

import pytest
from tests.diagnose.invented import of_loss, one

from gradwise.diagnose.loss import logits_as_probabilities, loss_shape_broadcast, probabilities_as_logits
from gradwise.watch.facts import Crash, Facts, Loss, NonFinite

DIGITS = {"input_shape": [32, 10], "input_low": 0.0, "input_high": 1.0}


class TestProbabilitiesAsLogits:
    @pytest.mark.parametrize(
        ("rows", "through"),
        [(1.0, ["softmax"]), (1.0, ["clamp", "softmax"]), (1.0, ["div", "exp"]), (1.0, []), (0.0, ["softmax"])],
    )
    def test_softmax_before_cross_entropy(self, rows: float, through: list[str]) -> None:
        (finding,) = of_loss(
            probabilities_as_logits, "cross_entropy", input_rows_sum_to_one=rows, through=through, **DIGITS
        )
        assert finding.severity == "error"
        assert finding.source == ("train.py:31",)
        assert "1.46" in finding.says  # ln(1 + 9 / e)

    def test_graph_alone(self) -> None:
        (finding,) = of_loss(probabilities_as_logits, "cross_entropy", through=["softmax"])
        assert 0.8 < finding.certainty < 0.95

    @pytest.mark.parametrize("name", ["cross_entropy", "binary_cross_entropy_with_logits"])
    def test_sigmoid_before_a_loss_with_its_own(self, name: str) -> None:
        (finding,) = of_loss(probabilities_as_logits, name, through=["sigmoid"], input_low=0.1, input_high=0.9)
        assert finding.severity == "error"

    @pytest.mark.parametrize(
        ("name", "through"),
        [("nll_loss", ["logsoftmax", "softmax"]), ("binary_cross_entropy", ["sigmoid", "sigmoid"])],
    )
    def test_twice_before_the_loss(self, name: str, through: list[str]) -> None:
        assert of_loss(probabilities_as_logits, name, through=through)

    def test_twice_in_a_loss_of_its_own(self) -> None:
        (finding,) = of_loss(
            probabilities_as_logits, "", through=["mean", "neg", "sum", "mul", "logsoftmax", "softmax"]
        )
        assert finding.severity == "error"

    def test_values_in_the_unit_interval_of_an_unseen_graph_are_a_guess(self) -> None:
        known = {"input_low": 0.01, "input_high": 0.98, "input_spread": 0.2, "samples": 500}
        (finding,) = of_loss(probabilities_as_logits, "binary_cross_entropy_with_logits", **known)
        assert finding.severity == "warning"

    @pytest.mark.parametrize(
        ("name", "through", "low", "high", "rows"),
        [
            ("cross_entropy", [], -4.0, 6.0, 0.0),
            ("cross_entropy", ["logsoftmax"], -9.0, 0.0, 0.0),  # a log-softmax twice is one
            ("cross_entropy", ["log", "softmax"], -9.0, 0.0, 0.0),
            ("cross_entropy", ["mul", "sigmoid"], 0.0, 12.0, 0.0),  # a temperature
            ("cross_entropy", ["div", "mm"], -1.0, 1.0, 0.0),  # cosines
            ("nll_loss", ["logsoftmax"], -9.0, 0.0, 0.0),
            ("nll_loss", ["log", "softmax"], -9.0, 0.0, 0.0),
            ("binary_cross_entropy", ["sigmoid"], 0.0, 1.0, None),
            ("binary_cross_entropy_with_logits", ["relu"], 0.0, 0.9, None),
            ("mse_loss", ["softmax"], 0.0, 1.0, 1.0),
            ("", ["mean", "neg", "sum", "mul", "logsoftmax"], None, None, None),
            ("", ["mean", "mul", "sigmoid"], None, None, None),
        ],
    )
    def test_healthy(self, name: str, through: list[str], low: float, high: float, rows: float) -> None:
        known = {"input_low": low, "input_high": high, "input_rows_sum_to_one": rows, "input_shape": [32, 10]}
        assert not of_loss(probabilities_as_logits, name, through=through, samples=500, input_spread=0.2, **known)

    def test_one_output_is_another_problem(self) -> None:
        known = {"input_shape": [32, 1], "input_rows_sum_to_one": 1.0, "input_low": 1.0, "input_high": 1.0}
        assert not of_loss(probabilities_as_logits, "cross_entropy", through=["softmax"], **known)


class TestLogitsAsProbabilities:
    @pytest.mark.parametrize("name", ["nll_loss", "kl_div"])
    def test_scores(self, name: str) -> None:
        (finding,) = of_loss(logits_as_probabilities, name, input_rows_log_normal=0.0, input_low=-3.0, input_high=4.0)
        assert finding.severity == "error"
        assert "scores up to 4" in finding.says

    def test_softmax_without_its_logarithm(self) -> None:
        known = {"input_rows_log_normal": 0.0, "input_rows_sum_to_one": 1.0, "input_low": 0.0, "input_high": 1.0}
        (finding,) = of_loss(logits_as_probabilities, "nll_loss", through=["softmax"], **known)
        assert "log_softmax" in finding.remedies[0].change

    def test_scores_in_a_binary_cross_entropy(self) -> None:
        assert of_loss(logits_as_probabilities, "binary_cross_entropy", input_low=-3.0, input_high=4.0)

    def test_scores_that_are_cut_off_at_0_and_1(self) -> None:
        known = {"input_low": 1e-6, "input_high": 1 - 1e-6}
        (finding,) = of_loss(
            logits_as_probabilities, "binary_cross_entropy", through=["clamp", "add", "sum", "mul"], **known
        )
        assert "cut off" in finding.says
        for way in (["clamp", "sigmoid"], ["clamp", "rsub", "exp"], ["clamp", "mul", "softmax"], ["sum", "mul"], []):
            assert not of_loss(logits_as_probabilities, "binary_cross_entropy", through=way, **known)

    def test_log_probabilities_as_target(self) -> None:
        known = {"input_rows_log_normal": 1.0, "input_low": -9.0, "input_high": 0.0, "target_low": -8.0}
        assert of_loss(logits_as_probabilities, "kl_div", **known)
        assert not of_loss(logits_as_probabilities, "kl_div", arguments={"log_target": True}, **known)

    def test_logarithm_of_the_last_layer(self) -> None:
        loss = Loss("", "train.py:31", through=["mean", "neg", "sum", "mul", "log"])
        assert one(logits_as_probabilities, Facts(losses=[loss], nonfinite=NonFinite(1, "loss"))).severity == "error"

    def test_the_crash_is_the_finding(self) -> None:
        loss = Loss("binary_cross_entropy", "train.py:31", input_low=-1.0, input_high=2.0)
        crash = Crash("RuntimeError", "all elements", "train.py:31", "logits-as-probabilities", "It wants.", "sigmoid")
        finding = one(logits_as_probabilities, Facts(losses=[loss], crash=crash))
        assert (finding.says, finding.source) == ("It wants.", ("train.py:31",))

    @pytest.mark.parametrize(
        ("name", "through", "normal", "low", "high"),
        [
            ("nll_loss", ["logsoftmax"], 1.0, -9.0, 0.0),
            ("nll_loss", ["logsoftmax"], 0.3, -9.0, 0.0),  # dropout behind it
            ("nll_loss", ["log", "add", "softmax"], 0.2, -9.0, 0.01),
            ("nll_loss", [], 0.0, -50.0, -1.0),  # log-likelihoods of its own
            ("kl_div", ["logsoftmax"], 0.0, -9.0, 0.0),  # (B, T, C): classes last
            ("binary_cross_entropy", ["sigmoid"], None, 0.0, 1.0),
            ("cross_entropy", [], 0.0, -9.0, 9.0),
        ],
    )
    def test_healthy(self, name: str, through: list[str], normal: float, low: float, high: float) -> None:
        known = {"input_rows_log_normal": normal, "input_low": low, "input_high": high}
        assert not of_loss(logits_as_probabilities, name, through=through, **known)


class TestLossShapeBroadcast:
    def test_column_against_row(self) -> None:
        (finding,) = of_loss(loss_shape_broadcast, "mse_loss", input_shape=[32, 1], target_shape=[32])
        assert finding.evidence["difference"] == [32, 32]
        assert "(32, 1)" in finding.says
        assert "squeeze(1)" in finding.remedies[0].change

    @pytest.mark.parametrize(("one", "other"), [([32], [32, 1]), ([32, 1, 64], [32, 64]), ([8, 1], [1, 8])])
    def test_other_shapes(self, one: list[int], other: list[int]) -> None:
        assert of_loss(loss_shape_broadcast, "smooth_l1_loss", input_shape=one, target_shape=other)

    def test_loss_of_its_own(self) -> None:
        (finding,) = of_loss(loss_shape_broadcast, "", broadcast=[[32, 1], [32, 32]])
        assert finding.severity == "error"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ([32, 1], [32, 1]),
            ([32, 1], [1]),  # real or drawn, one number for all
            ([32, 5], [32, 1]),  # several quantiles of one target
            ([32, 20, 3], [20, 3]),
            ([1, 1], [1]),
            ([32, 1, 8], [1, 32, 8]),  # all pairs, on purpose
            ([], []),
        ],
    )
    def test_healthy(self, one: list[int], other: list[int]) -> None:
        assert not of_loss(loss_shape_broadcast, "mse_loss", input_shape=one, target_shape=other)

    def test_class_indices_have_another_shape(self) -> None:
        assert not of_loss(loss_shape_broadcast, "cross_entropy", input_shape=[32, 1], target_shape=[32])


def test_frames_that_are_no_log_probabilities() -> None:
    (finding,) = of_loss(logits_as_probabilities, "", ctc=0.0)
    assert (finding.code, finding.severity) == ("logits-as-probabilities", "error")
    assert not of_loss(logits_as_probabilities, "", ctc=1.0)
