"""In which order changes are tried."""

from __future__ import annotations

from gradwise.diagnose import Finding
from gradwise.remedy.outside.known import Known
from gradwise.remedy.outside.order import order
from gradwise.watch.facts import Facts, Layer, Network, Optimizer


def found(code: str, of: str = "") -> Finding:
    return Finding(code, "error", 1.0, "", (), consequence_of=of)


def known(*nonlinearities: str, deep: int = 3) -> Known:
    layers = [Layer(f"{i}", "Linear") for i in range(deep)]
    networks = [Network("Net", layers, nonlinearities=list(nonlinearities), in_series=deep)]
    return Known("train.py", b"", Facts(optimizers=[Optimizer("SGD", "")], networks=networks))


def test_several_causes_share_the_tries() -> None:
    labels = [each.label for each in order([found("dead-units"), found("exploding-gradient")], known("relu"))]
    assert labels[:6] == ["He", "leaky ReLU", "clip at 1", "rate x 0.1", "rate x 0.3", "clip at 0.1"]
    assert len(set(labels)) == len(labels)


def test_consequences_come_last() -> None:
    both = [found("non-finite", "exploding-gradient"), found("exploding-gradient")]
    orders = order(both, known("relu"))
    last = max(i for i, each in enumerate(orders) if each.codes == ("exploding-gradient",))
    assert all(each.codes == ("non-finite", "exploding-gradient") for each in orders[last + 1 :])


def test_what_has_no_place_is_not_tried() -> None:
    vanishing = [found("vanishing-gradient")]
    assert order(vanishing, known("relu"))[0].label == "He"
    assert order(vanishing, known("tanh"))[0].label == "ReLU, He"
    assert order(vanishing, known("relu", deep=20))[0].label == "shortcuts"
