"""The rule `not-optimised`: what gets gradients, and what the optimizers hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy
from gradwise.diagnose.unreached import count, listed, modules
from gradwise.watch.facts import Parameter

TOO_LITTLE = 0.3  # share of the baseline that is explained: a network that nobody trains does harm


def not_optimised(case: Case) -> Iterator[Finding]:
    """Parameters that get gradients and that no optimizer holds."""
    facts = case.facts
    stepping = [optimizer for optimizer in facts.optimizers if optimizer.steps]
    known = [p for p in facts.parameters if p.requires_grad and p.in_model and p.reached]
    missed = [p for p in known if not p.held and not p.changed]
    if not stepping or facts.manual_updates or not any(len(p.shape) > 1 for p in missed):
        return
    if _a_network_of_its_own(missed, case):
        return
    held = [p for p in known if p.held]
    stale = sum(optimizer.stale for optimizer in stepping)
    names = modules(missed)
    says = f"{listed(names)} ({count(missed):,} weights) get gradients, but no optimizer holds "
    says += f"{'them' if len(names) > 1 else 'it'}: the weights stay as they were made. "
    hidden = [p for p in missed if "[" in p.name or p.name.startswith("tensor ")]
    last = _matrix(missed) is not None and _matrix(missed) == _matrix(known)
    if stale:
        says += f"The optimizer holds {stale} parameters that the network does not use (any more): it was made before "
        says += "the layers were replaced."
        fix = Remedy("", "make the optimizer after the network is complete", "it holds what there was when it was made")
        severity, certainty = "error", 0.95
    elif hidden and held:
        says += "They are not found by model.parameters(): layers in a plain list or dict are not registered."
        fix = Remedy("", "self.layers = nn.ModuleList(layers) instead of a list", "then parameters() finds them")
        severity, certainty = "error", 0.93
    elif not held:
        fix = Remedy("", "optimizer = ...(model.parameters())", "of the network that is trained")
        severity, certainty = "error", 0.95
    elif last:
        fix = Remedy("", "optimizer = ...(model.parameters())", "all of them")
        severity, certainty = ("error", 0.85) if case.stuck else ("warning", 0.75)
    else:
        fix = Remedy("", f"optimizer.add_param_group for {names[0]}, or model.parameters() as a whole", "else it stays")
        severity, certainty = ("warning", 0.6) if case.stuck and case.facts.finished else ("note", 0.4)
        if _in_front(missed, case):
            severity, certainty = "warning", 0.7
    frozen = Remedy("", f"requires_grad_(False) for {names[0]}", "where that is meant: it saves its backward pass")
    evidence = {"weights": count(missed), "held": count(held), "stale": stale}
    source = tuple(dict.fromkeys(optimizer.source for optimizer in stepping if optimizer.source))[:2]
    where, steps = tuple(names[:8]), (0, case.last_step)
    yield Finding("not-optimised", severity, certainty, says.strip(), (fix, frozen), where, source, steps, evidence)


def _matrix(found: Sequence[Parameter]) -> str | None:
    """The last of them that is a matrix."""
    return next((p.name for p in reversed(found) if len(p.shape) > 1), None)


def _a_network_of_its_own(missed: Sequence[Parameter], case: Case) -> bool:
    """A teacher, a critic: all of a network that is called for its own sake, after another one."""
    networks = case.facts.networks
    trained = {p.name for p in case.facts.parameters if p.held}
    for network in networks[1:]:
        own = {p.name for p in case.facts.parameters if p.name.startswith(f"{network.name}.")}
        if own and not own & trained and all(p.name in own for p in missed):
            return not (network.modules == networks[0].modules != [] and _needed(case))
    return False


def _needed(case: Case) -> bool:
    """Little is learnt: of two networks of one kind that stand beside each other both have to."""
    return case.tells and bool(case.learning.baseline) and case.learning.progress < TOO_LITTLE


def _in_front(missed: Sequence[Parameter], case: Case) -> bool:
    """All of the network that is called first: the gradient goes back through what is trained to it, in vain."""
    others = [network.name for network in case.facts.networks[1:]]
    trained = {p.name for p in case.facts.parameters if p.held}
    first = case.facts.networks[0].name if others else ""
    rest = {p.name for p in case.facts.parameters if not any(p.name.startswith(f"{name}.") for name in others)}
    return bool(first) and bool(trained) and not rest & trained and all(p.name in rest for p in missed)
