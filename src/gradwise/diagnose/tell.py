"""What several families say in the same words: a finding about a loss, a crash that has a name, a shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.watch.facts import Loss

REGRESSION = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
CLASSES = ("cross_entropy", "nll_loss")
BINARY = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


class Told(NamedTuple):
    """What one check says."""

    severity: Severity
    certainty: float
    says: str
    remedies: tuple[Remedy, ...]


def about_loss(
    case: Case,
    loss: Loss,
    code: str,
    judged: tuple[Severity, float],
    says: str,
    remedies: Sequence[Remedy],
    **evidence: Any,
) -> Finding:
    """A finding at the line of a loss function; judged: severity and certainty. Evidence that is None is left out."""
    known = {"loss": loss.name, **{name: value for name, value in evidence.items() if value is not None}}
    where = last_layers(case)
    steps = (0, case.last_step)
    return Finding(code, *judged, says, tuple(remedies), where, (loss.source,), steps, known)


def crashed(case: Case, code: str) -> Finding | None:
    """The finding that a crash is, where it ended the program and bears this code."""
    crash = case.facts.crash
    if crash is None or crash.code != code or not crash.says:
        return None
    remedies = (Remedy("", crash.fix, "the program ended here"),) if crash.fix else ()
    evidence = {"exception": crash.kind, "message": crash.message}
    steps = (case.facts.steps, case.facts.steps)
    return Finding(code, "error", 0.98, crash.says, remedies, (), (crash.source,), steps, evidence)


def last_layers(case: Case) -> tuple[str, ...]:
    """The layers that make the prediction, where there is one network only."""
    trained = [network for network in case.facts.networks if network.layers]
    return tuple(layer.name for layer in trained[0].layers if layer.last) if len(trained) == 1 else ()


def shape(sizes: Sequence[int]) -> str:
    """As torch prints it: (32, 1), (32,)."""
    return str(tuple(sizes))


def one_per_sample(sizes: Sequence[int]) -> bool:
    """(B,), (B, 1), ...: a single number for each sample."""
    return len(sizes) > 0 and all(size == 1 for size in sizes[1:])


def called(loss: Loss) -> str:
    """The loss as the reader knows it: by its function's name, also where the program writes it out itself."""
    return f"this line's own {loss.name}" if loss.by_hand else loss.name
