"""Parameters that are held and that no gradient reaches."""

from __future__ import annotations

from tests.diagnose.traced import case, facts, found, learning, noisy, silent, weights

from gradwise.diagnose.unreached import no_gradient
from gradwise.watch.facts import Parameter


def cut(at: int, of: int = 4, **known: bool) -> list[Parameter]:
    """The first layers without a gradient."""
    parameters = weights(of)
    for p in parameters[: 2 * at]:
        p.reached, p.changed = False, False
        for name, value in known.items():
            setattr(p, name, value)
    return parameters


def branches(used: str, unused: str) -> list[Parameter]:
    """Two parts of a layer each, of which one is reached, and what comes after them."""
    return [
        Parameter(
            f"net.{part}.{layer}.{kind}", [32, 16][: 2 if kind == "weight" else 1], held=True, reached=part != unused
        )
        for part, layer in ((used, 0), (unused, 0), ("fuse", 1))
        for kind in ("weight", "bias")
    ]


class TestNotReached:
    def test_detached(self) -> None:
        finding = found(no_gradient, facts(2.3, parameters=cut(2)), noisy(2.3))
        assert finding.severity == "error"
        assert finding.where == ("fc1", "fc2")
        assert "detach()" in finding.says
        assert finding.evidence["weights"] == 2 * (32 * 32 + 32)

    def test_detached_and_learning(self) -> None:
        assert found(no_gradient, facts(2.3, parameters=cut(2)), learning()).severity == "warning"

    def test_stopped_early(self) -> None:
        given = facts(2.3, parameters=cut(2), finished=False)
        assert found(no_gradient, given, noisy(2.3, steps=50)).severity == "warning"

    def test_numbers_in_a_formula(self) -> None:
        numbers = [Parameter(f"model.{name}", [], held=True, reached=name != "log_k") for name in ("log_k", "log_c")]
        finding = found(no_gradient, facts(2.3, parameters=numbers), learning())
        assert (finding.severity, finding.where) == ("warning", ("model.log_k",))
        bias = [*weights(2), Parameter("model.bias", [32], held=True, reached=False)]  # before a normalisation
        assert silent(no_gradient, facts(2.3, parameters=bias), learning())

    def test_not_used(self) -> None:
        parameters = weights(4)
        for p in parameters[4:6]:
            p.reached = False
        assert found(no_gradient, facts(2.3, parameters=parameters), learning()).severity == "note"

    def test_another_of_the_same_layers_is_called_twice(self) -> None:
        finding = found(no_gradient, facts(2.3, parameters=branches("upper", "lower")), learning())
        assert finding.severity == "warning"
        assert "net.upper is made of the same layers" in finding.says
        assert found(no_gradient, facts(2.3, parameters=branches("0", "1")), learning()).severity == "note"  # experts
        other = branches("upper", "lower")
        other[2].shape = [32, 8]
        assert found(no_gradient, facts(2.3, parameters=other), learning()).severity == "note"

    def test_healthy(self) -> None:
        assert silent(no_gradient, facts(2.3, parameters=weights(4)), noisy(2.3))
        assert silent(no_gradient, facts(2.3, parameters=cut(2, held=False)), noisy(2.3))  # a teacher, an average
        assert silent(no_gradient, facts(2.3, parameters=cut(2, requires_grad=False)), noisy(2.3))
        assert silent(no_gradient, facts(2.3, parameters=cut(2), backwards=2), noisy(2.3))  # its turn may come
        parameters = weights(4)
        parameters[1].reached = False  # a bias
        assert silent(no_gradient, facts(2.3, parameters=parameters), noisy(2.3))


class TestZero:
    def test_sign(self) -> None:
        finding = found(no_gradient, facts(2.3, parameters=cut(2, reached=True, zero_gradient=True)), noisy(2.3))
        assert finding.severity == "error"
        assert "exactly 0" in finding.says
        assert "(torch.sign(x) - x).detach()" in finding.remedies[0].change

    def test_dead_units_are_said_instead(self) -> None:
        given = facts(2.3, parameters=cut(2, reached=True, zero_gradient=True))
        series = {("activation", "fc3", "dead"): [1.0] * 20}
        assert not list(no_gradient(case(given, noisy(2.3), series)))
