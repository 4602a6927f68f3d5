"""Weights that start equal, or at the wrong scale."""

from __future__ import annotations

import numpy as np
import pytest
from tests.diagnose.traced import facts, found, learning, network, noisy, silent, weights

from gradwise.diagnose.exploding import exploding_gradient
from gradwise.diagnose.start import initialisation_scale, symmetric_initialisation
from gradwise.watch.facts import Layer, Parameter


def equal(start: bool | None = True, later: bool | None = True, **known: object) -> list[Parameter]:
    parameters = weights(2)
    parameters[0].start_equal_rows, parameters[0].equal_rows = start, later
    for name, value in known.items():
        setattr(parameters[0], name, value)
    return parameters


class TestSymmetric:
    def test_constant(self) -> None:
        given = facts(2.3, parameters=equal(), networks=[network("relu")])
        finding = found(symmetric_initialisation, given, noisy(2.3))
        assert finding.severity == "error"
        assert finding.where == ("fc1",)
        assert "32 of them do the work of one" in finding.says

    def test_zero(self) -> None:
        given = facts(2.3, parameters=equal(changed=False, zero_gradient=True, start_spread=0.0))
        assert "exactly 0" in found(symmetric_initialisation, given, noisy(2.3)).says

    def test_an_embedding_is_no_last_layer(self) -> None:
        net = network()
        net.layers = [Layer("fc1", "Embedding", "fc1.weight", last=True)]
        assert found(symmetric_initialisation, facts(1.0, parameters=equal(), networks=[net]), noisy(1.0))

    @pytest.mark.parametrize(
        "parameters",
        [
            weights(2),
            equal(later=False),  # LoRA, ReZero: different after a step
            equal(later=None),  # the program was too short to see
            equal(start=False),
            equal(changed=False),  # a warm-up from 0: nothing has moved
            equal(reached=False),
            equal(requires_grad=False),
        ],
    )
    def test_healthy(self, parameters: list[Parameter]) -> None:
        assert silent(symmetric_initialisation, facts(2.3, parameters=parameters), noisy(2.3))

    def test_the_last_layer_may_start_at_zero(self) -> None:
        told_apart = equal(later=False, changed=True)  # by their targets
        assert silent(symmetric_initialisation, facts(2.3, parameters=told_apart, networks=[network()]), noisy(2.3))
        still = equal(changed=False)  # it may not have moved yet
        assert silent(symmetric_initialisation, facts(2.3, parameters=still, networks=[network()]), noisy(2.3))

    def test_heads_of_equal_standing_may_not(self) -> None:
        given = facts(2.3, parameters=equal(changed=True), networks=[network()])
        assert found(symmetric_initialisation, given, noisy(2.3)).severity == "error"


def spreads(*values: float) -> dict[tuple[str, str, str], list[float]]:
    return {("activation", f"fc{i + 1}", "spread"): [value] * 20 for i, value in enumerate(values)}


class TestScale:
    deep = network("relu", "relu", "relu", "relu")

    def test_shrinks(self) -> None:
        given = facts(1.0, "mse_loss", networks=[self.deep], parameters=weights(5, start_spread=0.01))
        finding = found(initialisation_scale, given, noisy(1.0), spreads(0.1, 0.01, 0.001, 0.0001))
        assert finding.severity == "error"
        assert "shrinks 10.0 times from layer to layer" in finding.says
        assert "0.04 times what He's" in finding.says
        assert finding.remedies[0].technique == "He"

    def test_biases_hide_that_it_shrinks(self) -> None:
        flat = spreads(0.1, 0.1, 0.1, 0.1)
        lost = {(place, name, "signal"): values for (place, name, _), values in spreads(0.1, 1e-2, 1e-3, 1e-4).items()}
        small = facts(1.0, "mse_loss", networks=[self.deep], parameters=weights(5, start_spread=0.01))
        assert "shrinks 10.0 times" in found(initialisation_scale, small, noisy(1.0), flat | lost).says
        usual = facts(1.0, "mse_loss", networks=[self.deep], parameters=weights(5, start_spread=0.1))
        assert silent(initialisation_scale, usual, noisy(1.0), flat | lost)

    def test_grows(self) -> None:
        """It learns, after having got rid of a first loss in the thousands."""
        curve = np.geomspace(7000, 1, 200)
        finding = found(initialisation_scale, facts(2.3, networks=[self.deep]), curve, spreads(6, 50, 400, 3000))
        assert finding.severity == "warning"
        assert "times that of knowing nothing" in finding.says

    def test_layers_that_were_not_seen(self) -> None:
        """Kernels in a list: the weights tell, and the first loss."""
        curve = np.geomspace(1e5, 50, 200)
        large = facts(1.0, "mse_loss", networks=[network()], parameters=weights(5, start_spread=0.9))
        assert "3.6 times what He's" in found(initialisation_scale, large, curve).says
        assert silent(initialisation_scale, large, np.geomspace(20, 0.1, 200))
        usual = facts(1.0, "mse_loss", networks=[network()], parameters=weights(5, start_spread=0.25))
        assert silent(initialisation_scale, usual, curve)

    def test_what_stands_between_the_layers_makes_it_grow(self) -> None:
        """Weights of usual size: a sum over neighbours, a factor."""
        curve, grows = np.geomspace(1e6, 1e3, 200), spreads(6, 50, 400, 3000)
        given = facts(1.0, "mse_loss", networks=[self.deep], parameters=weights(5, start_spread=0.1))
        assert silent(initialisation_scale, given, curve, grows)
        finding = found(exploding_gradient, given, curve, grows)
        assert finding.severity == "error"
        assert "weights are of usual size" in finding.says
        assert silent(exploding_gradient, given, np.geomspace(1e6, 1e-4, 200), grows)  # it came back
        half = found(exploding_gradient, given, np.geomspace(1e6, 0.1, 200), grows)
        assert half.severity == "warning"
        many = [1.5**i for i in range(24)]  # a little in each of many
        tower = facts(1.0, "mse_loss", networks=[network(*["relu"] * 24)], parameters=weights(25, start_spread=0.1))
        assert found(exploding_gradient, tower, curve, spreads(*many))
        assert silent(exploding_gradient, tower, curve, spreads(*many[:12] * 2))
        large = facts(1.0, "mse_loss", networks=[self.deep], parameters=weights(5, start_spread=1.0))
        assert silent(exploding_gradient, large, curve, grows)
        assert found(initialisation_scale, large, curve, grows)

    def test_branches_of_a_residual_network_grow(self) -> None:
        """Their sums are the signal, and what stands in them makes it grow."""
        branches = network(*["relu"] * 4)
        for layer in branches.layers:
            layer.residual = True
        given = facts(1.0, "mse_loss", networks=[branches], parameters=weights(5, start_spread=0.1))
        curve, grows = np.geomspace(1e6, 1e3, 200), spreads(6, 50, 400, 3000)
        assert found(exploding_gradient, given, curve, grows).severity == "error"
        assert silent(exploding_gradient, given, np.geomspace(5, 0.2, 200), grows)

    def test_layers_beside_each_other_are_one(self) -> None:
        pairs = network(*["relu"] * 8)
        for i, layer in enumerate(pairs.layers[:-1]):
            layer.depth = i // 2
        curve, grows = np.geomspace(7000, 1, 200), spreads(6, 6, 50, 50, 400, 400, 3000, 3000)
        assert "grows 8." in found(initialisation_scale, facts(2.3, networks=[pairs]), curve, grows).says

    def test_classes_of_a_loss_of_ones_own(self) -> None:
        given = facts(None, "", networks=[network("relu", "relu", "relu")])
        given.losses[0].through = ["mean", "logsoftmax"]
        given.networks[0].layers[-1].units = 10
        assert found(initialisation_scale, given, np.geomspace(7000, 1, 200), spreads(6, 50, 400))

    def test_healthy(self) -> None:
        net, shrink = self.deep, spreads(0.1, 0.01, 0.001, 0.0001)
        assert silent(initialisation_scale, facts(1.0, networks=[net]), learning(1.0, 0.01), shrink)
        assert silent(initialisation_scale, facts(1.0, networks=[net]), noisy(1.0), spreads(1, 1.2, 0.9, 1.1))
        assert silent(initialisation_scale, facts(1.0, networks=[net]), noisy(1.0), spreads(1, 0.01))  # two layers
        normed = network("relu", "relu", "relu", "relu")
        for layer in normed.layers:
            layer.norm = "layer"
        assert silent(initialisation_scale, facts(1.0, networks=[normed]), noisy(1.0), shrink)
        large_inputs = spreads(900, 800, 850, 900)
        assert silent(initialisation_scale, facts(1.0, networks=[net]), noisy(1.0), large_inputs)
        assert silent(initialisation_scale, facts(1.0), noisy(1.0))
