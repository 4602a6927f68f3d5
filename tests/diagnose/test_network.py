"""Networks without a bend, batch normalisation that disagrees with itself, and wrong derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.diagnose.invented import falling, one, stuck, told

from gradwise.diagnose.network import batch_norm_mismatch, no_nonlinearity, wrong_gradient
from gradwise.diagnose.program import train_mode_in_evaluation
from gradwise.watch import Trace
from gradwise.watch.facts import CustomFunction, Facts, GradientCheck, Layer, Loss, Network, Probes


def layers(*activations: str, kind: str = "Linear") -> list[Layer]:
    found = [Layer(f"fc{i + 1}", kind, f"fc{i + 1}.weight", a, depth=i) for i, a in enumerate(activations)]
    found[-1].last = True
    return found


def affine(**known: Any) -> Network:
    usual = {"layers": layers("", "", ""), "in_series": 3, "narrowest": 32, "ends": [2, 1], "source": "train.py:9"}
    return Network("Net", **{**usual, **known})


class TestNoNonlinearity:
    @pytest.mark.parametrize(("hidden", "told_so"), [((48, 2, 48), True), ((2,), False), ((8, 2, 8), True)])
    def test_beside_a_bottleneck(self, hidden: tuple[int, ...], told_so: bool) -> None:
        stack = layers(*[""] * (len(hidden) + 1))
        for layer, units in zip(stack, [*hidden, 8], strict=True):
            layer.units = units
        network = affine(layers=stack, in_series=len(stack), narrowest=2, ends=[8, 8])
        loss = Loss("mse_loss", "train.py:9", baseline=1.0)
        assert bool(told(no_nonlinearity, Facts(networks=[network], losses=[loss]), stuck(1.0))) is told_so

    def test_stuck(self) -> None:
        loss = Loss("cross_entropy", "train.py:9", baseline=0.69)
        finding = one(no_nonlinearity, Facts(networks=[affine()], losses=[loss]), stuck(0.69))
        assert finding.severity == "error"
        assert finding.where == ("fc1", "fc2", "fc3")

    def test_a_line_is_enough(self) -> None:
        loss = Loss("cross_entropy", "train.py:9", baseline=0.69)
        assert (
            one(no_nonlinearity, Facts(networks=[affine()], losses=[loss]), falling(0.69, 0.01)).severity == "warning"
        )

    def test_the_loss_bends(self) -> None:
        loss = Loss("", "train.py:9", through=["mean", "pow", "sub"])
        assert one(no_nonlinearity, Facts(networks=[affine(nonlinearities=["pow"])], losses=[loss]))

    @pytest.mark.parametrize(
        "network",
        [
            affine(layers=layers("relu", "relu", ""), nonlinearities=["relu"]),
            affine(layers=layers("", "", ""), nonlinearities=["maxpool2dwithindices"]),
            affine(nonlinearities=["product"]),  # attention, gates, factors
            affine(layers=layers(""), in_series=1),  # logistic regression
            affine(layers=layers(""), in_series=20),  # one matrix, applied again and again
            affine(narrowest=8, ends=[64, 64]),  # linear codes
            affine(narrowest=4, ends=[64, 10]),  # low rank
            affine(opaque="torch.compile"),
            affine(layers=[*layers("", kind="Embedding"), *layers("")], in_series=2),  # a bag of words
            Network("Net"),
        ],
    )
    def test_healthy(self, network: Network) -> None:
        assert not told(no_nonlinearity, Facts(networks=[network]))

    def test_a_relu_behind_the_layers_of_a_program_with_its_own_loss(self) -> None:
        network = affine(layers=layers("relu", "relu", ""), nonlinearities=["relu", "pow"])
        loss = Loss("", "train.py:9", through=["mean", "relu", "pow", "sub"])
        assert not told(no_nonlinearity, Facts(networks=[network], losses=[loss]))


def normed(train: float | None, evaluation: float | None, momentum: float | None = 0.1, **known: Any) -> Facts:
    network = Network("Net", layers("relu", ""), modules=["Net", "BatchNorm1d"], training_calls=300, **known)
    network.batch_norm_momentum = momentum
    loss = Loss("cross_entropy", "train.py:31", chance=2.3, baseline=2.3)
    return Facts(
        networks=[network], losses=[loss], probes=Probes(train_mode=train, eval_mode=evaluation), finished=True
    )


class TestBatchNormMismatch:
    def test_evaluation_is_broken(self) -> None:
        finding = one(batch_norm_mismatch, normed(0.1, 4.0), falling(2.3, 0.1, 300))
        assert finding.severity == "error"
        assert "0.1" in finding.says

    def test_passes_in_training_mode_beside_the_evaluation(self) -> None:
        known = {"evaluation_calls": 310, "evaluation_in_train": 300, "evaluation_source": "train.py:41"}
        known |= {"evaluation_passes": 10, "evaluation_passes_in_train": 10}
        facts = normed(0.1, 4.0, mode_matters=["BatchNorm1d"], **known)
        finding = one(batch_norm_mismatch, facts, falling(2.3, 0.1, 300))
        assert "300 passes without gradient" in finding.says
        assert "train.py:41" in finding.remedies[0].change
        assert not told(train_mode_in_evaluation, facts, falling(2.3, 0.1, 300))
        harmless = normed(0.1, 0.12, mode_matters=["BatchNorm1d"], **known)
        assert told(train_mode_in_evaluation, harmless, falling(2.3, 0.1, 300))

    def test_evaluation_is_worse(self) -> None:
        assert one(batch_norm_mismatch, normed(0.1, 0.7), falling(2.3, 0.1, 300)).severity == "warning"

    def test_momentum_of_another_library(self) -> None:
        finding = one(batch_norm_mismatch, normed(0.1, 4.0, 0.001), falling(2.3, 0.1, 240))
        assert "momentum" in finding.remedies[0].change
        assert "21%" in finding.says

    @pytest.mark.parametrize(
        "facts",
        [
            normed(0.1, 0.12),
            normed(0.001, 0.01),  # ten times nothing
            normed(0.5, 0.1),  # dropout's usual order
            normed(None, None),
            normed(0.1, 4.0, training_in_eval=300),  # frozen
        ],
    )
    def test_healthy(self, facts: Facts) -> None:
        assert not told(batch_norm_mismatch, facts, falling(2.3, 0.1, 300))

    def test_too_early_to_say(self) -> None:
        assert not told(batch_norm_mismatch, normed(0.5, 2.3), falling(2.3, 0.5, 20))


class TestCustomFunctions:
    def test_wrong(self) -> None:
        finding = one(wrong_gradient, Facts(functions=[CustomFunction("Sine", "train.py:9", error=0.97)]))
        assert (finding.severity, finding.where, finding.source) == ("error", ("Sine",), ("train.py:9",))

    def test_by_a_factor(self) -> None:
        finding = one(wrong_gradient, Facts(functions=[CustomFunction("Cube", "train.py:9", error=0.5, ratio=2.0)]))
        assert "factor of 2" in finding.says

    @pytest.mark.parametrize(
        "function",
        [
            CustomFunction("Right", "", error=1e-8),
            CustomFunction("Round", "", error=1.0, deliberate="straight-through"),
            CustomFunction("Unseen", ""),
        ],
    )
    def test_healthy(self, function: CustomFunction) -> None:
        assert not told(wrong_gradient, Facts(functions=[function]))


def checks(*pairs: tuple[float, float], batch: int | None = 4) -> Facts:
    names = ["W1", "b1", "W2", "b2"]
    found = [GradientCheck(name, r, c, batch, i) for i, (name, (r, c)) in enumerate(zip(names, pairs, strict=True))]
    return Facts(checks=found)


class TestGradientsByHand:
    def test_summed_over_the_batch(self) -> None:
        finding = one(wrong_gradient, checks(*[(4.0, 1.0)] * 4))
        assert "summed over the 4 samples" in finding.says
        assert "divide it by 4" in finding.remedies[0].change

    def test_divided_twice(self) -> None:
        assert "twice" in one(wrong_gradient, checks(*[(0.25, 1.0)] * 4)).says

    def test_turned_round(self) -> None:
        assert "uphill" in one(wrong_gradient, checks(*[(-1.0, -1.0)] * 4)).says

    def test_a_factor_of_two_is_a_note(self) -> None:
        assert one(wrong_gradient, checks(*[(2.0, 1.0)] * 4)).severity == "note"

    def test_only_the_biases(self) -> None:
        finding = one(wrong_gradient, checks((1.0, 1.0), (4.0, 1.0), (1.0, 1.0), (4.0, 1.0)))
        assert finding.where == ("b1", "b2")

    def test_missing_derivative_between_two_layers(self) -> None:
        finding = one(wrong_gradient, checks((1.3, 0.8), (1.2, 0.9), (1.0, 1.0), (1.0, 1.0)))
        assert finding.where == ("W1", "b1")
        assert "right way down to W2" in finding.says
        assert "activation" in finding.says

    def test_wrong_from_the_top(self) -> None:
        assert "the loss" in one(wrong_gradient, checks(*[(0.5, 0.7)] * 4)).says

    def test_two_mistakes_are_two_findings(self) -> None:
        findings = told(wrong_gradient, checks((5.0, 0.8), (5.0, 0.9), (4.0, 1.0), (4.0, 1.0)))
        assert len(findings) == 2
        assert all(finding.severity == "error" for finding in findings)
        assert findings[1].where == ("W2", "b2")
        assert "of W2 and b2" in findings[1].says

    def test_healthy(self) -> None:
        assert not told(wrong_gradient, checks(*[(1.0001, 0.9999999)] * 4))
        assert not told(wrong_gradient, checks((0.0, 0.0), (0.0, 0.0), (1.0, 1.0), (1.0, 1.0)))  # units that are off
        assert not told(wrong_gradient, Facts())

    def test_a_network_by_hand(self) -> None:
        """2-3-1 with ReLU: the activation's derivative forgotten, and no division by the batch."""
        rng = np.random.default_rng(3)
        x, y = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))
        w1, b1, w2, b2 = rng.normal(size=(2, 3)), np.zeros(3), rng.normal(size=(3, 1)), np.zeros(1)

        def loss() -> float:
            return float(((np.maximum(x @ w1 + b1, 0) @ w2 + b2 - y) ** 2).mean() / 2)

        hidden = np.maximum(x @ w1 + b1, 0)
        error = hidden @ w2 + b2 - y
        back = error @ w2.T
        weights = {"W1": w1, "b1": b1, "W2": w2, "b2": b2}
        trace = Trace()
        gradients = {"W1": x.T @ back, "b1": back.sum(0), "W2": hidden.T @ error, "b2": error.sum(0)}
        trace.check(loss, weights=weights, gradients=gradients, batch=8)
        says = [finding.says for finding in told(wrong_gradient, trace.facts)]
        assert len(says) == 2
        assert "right way down to W2" in says[0]
        assert "summed over the 8 samples" in says[1]

        back = back * (hidden > 0)
        trace = Trace()
        gradients = {"W1": x.T @ back / 8, "b1": back.mean(0), "W2": hidden.T @ error / 8, "b2": error.mean(0)}
        trace.check(loss, weights=weights, gradients=gradients, batch=8)
        assert not told(wrong_gradient, trace.facts)


class TestUnfedCopy:
    def given(self, **known: Any) -> Facts:
        kind = {"parameters": 100, "modules": ["Sequential", "BatchNorm1d"]}
        trained = Network("model", training_calls=100, **kind)
        copy = Network("ema", evaluation_calls=10, **{"batch_norm_unfed": True, **kind, **known})
        return Facts(networks=[trained, copy], losses=[Loss("cross_entropy", "train.py:9", baseline=1.0)])

    def test_averaged_without_its_buffers(self) -> None:
        assert "running statistics" in one(batch_norm_mismatch, self.given(), falling(1.0, 0.1)).says

    def test_healthy(self) -> None:
        for other in ({"batch_norm_unfed": False}, {"parameters": 7}, {"training_calls": 5}):
            assert not told(batch_norm_mismatch, self.given(**other), falling(1.0, 0.1))
