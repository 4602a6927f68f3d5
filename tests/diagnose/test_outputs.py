"""Last activations that keep the network from its targets, and those that do not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.diagnose.invented import falling, of_loss, stuck

from gradwise.diagnose.outputs import output_activation

STANDARD = {"target_low": -2.5, "target_high": 2.8}


class TestSick:
    def test_softmax_over_one_unit(self) -> None:
        (finding,) = of_loss(output_activation, "binary_cross_entropy", through=["softmax"], softmax_size=1)
        assert (finding.severity, finding.source) == ("error", ("train.py:31",))

    def test_softmax_over_the_batch(self) -> None:
        known: dict[str, Any] = {"through": ["logsoftmax"], "input_shape": [20, 3]}
        (finding,) = of_loss(output_activation, "nll_loss", softmax_size=20, **known)
        assert "over the 20 samples" in finding.says
        assert not of_loss(output_activation, "nll_loss", softmax_size=3, **known)

    @pytest.mark.parametrize("name", ["binary_cross_entropy_with_logits", "binary_cross_entropy"])
    def test_relu_before_a_sigmoid(self, name: str) -> None:
        through = ["relu"] if name.endswith("logits") else ["sigmoid", "relu"]
        (finding,) = of_loss(output_activation, name, through=through, target_low=0.0)
        assert "below 0.5" in finding.says

    @pytest.mark.parametrize("last", ["relu", "tanh"])
    def test_no_probability(self, last: str) -> None:
        assert of_loss(output_activation, "binary_cross_entropy", through=[last])

    def test_softmax_for_several_labels(self) -> None:
        known: dict[str, Any] = {"through": ["softmax"], "softmax_size": 6}
        assert of_loss(output_activation, "binary_cross_entropy", target_rows_sum_to_one=0.4, **known)
        assert not of_loss(output_activation, "binary_cross_entropy", target_rows_sum_to_one=1.0, **known)

    @pytest.mark.parametrize(
        ("last", "low", "high"),
        [("relu", -2.5, 2.8), ("sigmoid", -1.0, 1.0), ("tanh", 0.0, 50.0), ("softmax", 3.0, 900.0), ("elu", -8.0, 2.0)],
    )
    def test_targets_out_of_reach(self, last: str, low: float, high: float) -> None:
        (finding,) = of_loss(output_activation, "mse_loss", through=[last], target_low=low, target_high=high)
        assert finding.severity == "error"
        assert last in finding.says

    def test_limited_scores_of_classes(self) -> None:
        (finding,) = of_loss(output_activation, "cross_entropy", through=["tanh"], input_shape=[32, 10])
        assert "45%" in finding.says  # e^2 / (e^2 + 9)
        assert of_loss(output_activation, "nll_loss", through=["logsoftmax", "tanh"], input_shape=[32, 10])

    def test_relu_on_the_scores_of_classes(self) -> None:
        (finding,) = of_loss(output_activation, "cross_entropy", stuck(2.3), through=["relu"], baseline=2.3)
        assert finding.severity == "error"
        (finding,) = of_loss(output_activation, "cross_entropy", falling(2.3, 0.1), through=["relu"], baseline=2.3)
        assert finding.severity == "warning"
        assert of_loss(output_activation, "", through=["mean", "neg", "logsoftmax", "relu"])

    def test_exponential_twice(self) -> None:
        assert of_loss(output_activation, "poisson_nll_loss", through=["exp"])
        assert not of_loss(output_activation, "poisson_nll_loss", through=["exp"], arguments={"log_input": False})


class TestHealthy:
    @pytest.mark.parametrize(
        ("name", "through", "known"),
        [
            ("mse_loss", [], STANDARD),
            ("mse_loss", ["tanh"], {"target_low": -1.0, "target_high": 1.0}),
            ("mse_loss", ["sigmoid"], {"target_low": 0.0, "target_high": 1.0}),
            ("mse_loss", ["sigmoid"], {"target_low": -0.02, "target_high": 1.03}),  # noise
            ("mse_loss", ["relu"], {"target_low": 0.0, "target_high": 90.0}),
            ("mse_loss", ["mul", "tanh"], {"target_low": -2.0, "target_high": 2.0}),  # scaled actions
            ("mse_loss", ["elu"], {"target_low": -2.5, "target_high": 2.8, "input_low": -1.6}),  # its limit is another
            ("mse_loss", ["relu"], {"target_low": 1.0, "target_high": 1.0}),
            ("binary_cross_entropy_with_logits", [], {"target_low": 0.0}),
            ("binary_cross_entropy_with_logits", ["relu"], {"target_low": 1.0}),
            ("binary_cross_entropy", ["sigmoid"], {}),
            ("binary_cross_entropy", ["clamp", "sigmoid"], {}),
            ("cross_entropy", [], {}),
            ("cross_entropy", ["mul", "tanh"], {}),
            ("nll_loss", ["logsoftmax"], {}),
            ("", ["mean", "pow", "sub", "tanh"], {}),
            ("kl_div", ["logsoftmax"], {}),
        ],
    )
    def test_silent(self, name: str, through: list[str], known: dict[str, Any]) -> None:
        assert not of_loss(output_activation, name, falling(1.0, 0.1), through=through, **known)
