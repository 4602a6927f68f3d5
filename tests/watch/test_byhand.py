"""A NumPy network that logs its training by hand, and the gradient check."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwise.diagnose import diagnose
from gradwise.watch.trace import Trace

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


class Network:
    """2-3-1 with ReLU; each of the textbook's three faults can be put in."""

    def __init__(self, seed: int = 0, forget: bool = False, summed: bool = False) -> None:
        random = np.random.default_rng(seed)
        self.weights = {"W1": random.normal(size=(2, 3)), "W2": random.normal(size=(3, 1))}
        self.forget, self.summed = forget, summed

    def loss(self) -> float:
        return float(np.mean((np.maximum(X @ self.weights["W1"], 0) @ self.weights["W2"] - Y) ** 2))

    def gradients(self) -> dict[str, Any]:
        before = X @ self.weights["W1"]
        hidden = np.maximum(before, 0)
        out = 2 * (hidden @ self.weights["W2"] - Y) / (1 if self.summed else len(X))
        back = out @ self.weights["W2"].T * (1 if self.forget else before > 0)
        return {"W1": X.T @ back, "W2": hidden.T @ out}


def checked(network: Network) -> dict[str, Any]:
    trace = Trace()
    before = {name: value.copy() for name, value in network.weights.items()}
    trace.check(network.loss, weights=network.weights, gradients=network.gradients(), batch=4)
    assert all(np.array_equal(before[name], value) for name, value in network.weights.items())  # put back
    return {check.name: check for check in trace.facts.checks}


def logged(sign: float = -1.0, steps: int = 8) -> Trace:
    network, trace = Network(), Trace()
    for _ in range(steps):
        gradients = network.gradients()
        trace.log(weights=network.weights, gradients=gradients, loss=network.loss(), rate=0.1)
        for name, weight in network.weights.items():
            weight += sign * 0.1 * gradients[name]
    return trace


def test_a_right_gradient_agrees() -> None:
    for check in checked(Network()).values():
        assert check.cosine == pytest.approx(1, abs=1e-6)
        assert check.ratio == pytest.approx(1, abs=1e-6)


def test_a_gradient_that_is_summed_is_the_batch_too_large() -> None:
    assert [check.ratio for check in checked(Network(summed=True)).values()] == pytest.approx([4, 4], abs=1e-5)


def test_a_forgotten_derivative_turns_the_gradient_before_it() -> None:
    checks = checked(Network(forget=True))
    assert checks["W2"].cosine == pytest.approx(1, abs=1e-6)
    assert checks["W1"].cosine < 0.99
    assert [check.order for check in checks.values()] == [0, 1]


def test_the_direction_of_the_steps_is_seen() -> None:
    assert logged(-1).facts.optimizers[0].uphill == 0
    assert logged(+1).facts.optimizers[0].uphill == 1


def test_norms_and_ratios_are_those_of_the_arrays() -> None:
    trace, network = logged(steps=3), Network()
    first = network.gradients()
    assert trace.series("gradient", "W1", "norm")[1][0] == pytest.approx(np.linalg.norm(first["W1"]))
    ratio = 0.1 * np.linalg.norm(first["W1"]) / np.linalg.norm(network.weights["W1"])
    assert trace.series("update", "W1", "ratio")[1][0] == pytest.approx(ratio)
    assert trace.places("gradient") == ["W1", "W2", ""]
    assert trace.facts.losses[0].calls == 3


def test_updates_can_be_said_without_weights() -> None:
    trace = Trace()
    trace.log(gradients={"w": [1.0, 2.0]}, updates={"w": [0.1, 0.2]})
    assert trace.facts.optimizers[0].uphill == 1


def test_units_that_start_equal_and_stay_equal() -> None:
    trace = Trace()
    for step in range(7):
        trace.log(weights={"W1": np.full((2, 3), 0.1 * step), "W2": np.eye(3) * step})
    equal = {parameter.name: parameter.equal_rows for parameter in trace.facts.parameters}
    assert equal == {"W1": True, "W2": False}


def test_the_first_value_that_is_not_finite_is_kept() -> None:
    trace = Trace()
    trace.log(weights={"w": [1.0]}, gradients={"w": [1.0]}, loss=1.0)
    trace.log(weights={"w": [1.0]}, gradients={"w": [np.nan]}, loss=1.0)
    trace.log(weights={"w": [np.nan]}, loss=np.nan)
    found = trace.facts.nonfinite
    assert found is not None
    assert (found.step, found.what, found.layer) == (1, "gradient", "w")


@pytest.mark.parametrize("weights", [[1.0, 2.0], np.array([1, 2])])
def test_a_check_needs_arrays_that_it_can_move(weights: Any) -> None:
    with pytest.raises(TypeError, match=r"weights\['w'\] must be a NumPy array of floats"):
        Trace().check(lambda: 0.0, weights={"w": weights}, gradients={"w": [0.0, 0.0]})


def test_a_loss_that_is_a_function_has_the_first_gradients_checked() -> None:
    network, trace = Network(summed=True, forget=True), Trace()
    for _ in range(12):
        gradients = network.gradients()
        trace.log(weights=network.weights, gradients=gradients, loss=network.loss, batch=4)
        for name, weight in network.weights.items():
            weight += 0.01 * gradients[name]
    assert [check.name for check in trace.facts.checks] == ["W1", "W2"]
    assert len(trace.series("loss", "loss", "value")[1]) == 12
    said = [(finding.code, finding.says) for finding in diagnose(trace).findings]
    assert [code for code, _ in said].count("wrong-gradient") == 2  # the derivative that is forgotten, and the batch
    assert any(code == "gradient-ascent" for code, _ in said)
