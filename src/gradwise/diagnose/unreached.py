"""The rule of `no-gradient`: parameters that an optimizer holds and the loss does not reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import digits

import numpy as np

from gradwise.diagnose.case import Case
from gradwise.diagnose.finding import Finding, Remedy, Severity
from gradwise.diagnose.units import dead_units, saturated_units
from gradwise.diagnose.weights import module
from gradwise.watch.facts import Parameter

LOOKS = 3  # backward passes: a part may be passed in every second one only
NAMED = 4  # modules that are told by name
FLAT = ("clamp", "clampmin", "clampmax", "relu", "threshold", "hardtanh")  # derivative 0 on a side
STEPPED = {"round", "sign", "floor", "ceil", "trunc"}  # 0 everywhere


def no_gradient(case: Case) -> Iterator[Finding]:
    """Held by an optimizer, but no backward pass gives them anything."""
    facts = case.facts
    if facts.backwards < LOOKS or (facts.looks and facts.looks < LOOKS):
        return
    held = [p for p in facts.parameters if p.requires_grad and p.in_model and (p.held or p.reached)]
    missed = [p for p in held if p.held and not p.reached]
    if _weighty(missed, held) and (facts.finished or _front(missed, held)):  # else its turn may come
        yield _missed(missed, held, case)
    zero = [p for p in held if p.reached and p.zero_gradient]
    explained = (
        unrewarded(case) or flat(case) or any(True for rule in (dead_units, saturated_units) for _ in rule(case))
    )
    if _weighty(zero, held) and not explained:
        yield _zero(zero, held, case)


def unrewarded(case: Case) -> bool:
    """Actions were drawn, and what multiplies their log-probabilities was 0 each time: there is nothing to learn."""
    reached = [p for p in case.facts.parameters if p.reached]
    return case.facts.rewards == [0.0, 0.0] and bool(reached) and all(p.zero_gradient for p in reached)


def flat(case: Case) -> str:
    """What the loss is made of that is flat in places, where every gradient is 0: it says nothing of the way. ""
    where some gradient is not, or where what it is made of is flat everywhere."""
    reached = [p for p in case.facts.parameters if p.reached]
    if (
        case.loss is None
        or not reached
        or not all(p.zero_gradient for p in reached)
        or STEPPED & set(case.loss.through)
    ):
        return ""
    return next((kind for kind in case.loss.through if kind in FLAT), "")


def _weighty(found: Sequence[Parameter], held: Sequence[Parameter]) -> bool:
    """A matrix among them, where there are any: a bias before a normalisation may well get nothing."""
    return any(len(p.shape) > 1 for p in found) or (bool(found) and _numbers(held))


def _numbers(held: Sequence[Parameter]) -> bool:
    """There are no matrices: they are numbers in a formula."""
    return not any(len(p.shape) > 1 for p in held)


def _missed(missed: list[Parameter], held: list[Parameter], case: Case) -> Finding:
    """backward never fills their .grad."""
    names = modules(missed)
    front, plain = _front(missed, held), _numbers(held)
    says = f"{listed(names)} ({count(missed):,} weights) {_are(names)} held by the optimizer, but the loss does not "
    says += f"depend on {'them' if len(names) > 1 else 'it'}: .grad stays None after {case.facts.backwards} backward "
    says += "passes, and the weights stay as they were made. "
    if front:
        says += "What comes after them is trained: the graph is cut in between (detach(), no_grad(), .data, .item(), "
        says += "NumPy, a new tensor made from values)."
        cut = Remedy("", f"take out detach() or no_grad() between {names[-1]} and the loss", "backward stops there")
    elif plain:
        says += (
            f"{'They are' if len(names) > 1 else 'It is'} used as a number (.item(), float(), detach()), or not at all."
        )
        cut = Remedy("", f"{names[0]} itself in the formula, without .item() or detach()", "backward stops there")
    else:
        says += f"{'They are' if len(names) > 1 else 'It is'} not on the way from the input to the loss."
        cut = Remedy("", f"use {names[0]} in forward(), or delete it", "it is made and never used")
    twin = "" if front else _twin(missed, held)
    if twin:
        says += f" {twin} is made of the same layers, and is trained: is it called in both places?"
    frozen = Remedy("", f"{names[0]}.requires_grad_(False), and leave it out of the optimizer", "where that is meant")
    severity, certainty = ("warning", 0.7) if twin or plain else _judged(front, case)
    evidence = {"weights": count(missed), "of": count(held), "backwards": case.facts.backwards, "cut": front}
    sources = tuple(dict.fromkeys(filter(None, [p.source for p in missed])))[:2]
    steps = (0, case.last_step)
    return Finding("no-gradient", severity, certainty, says, (cut, frozen), tuple(names), sources, steps, evidence)


def _twin(missed: list[Parameter], held: list[Parameter]) -> str:
    """A part of another name with the same layers that the loss reaches; "" for none, or where parts are numbered, as
    experts are, of which some have no turn."""
    shapes = {p.name: p.shape for p in held if p.reached}
    ways = [p.name.split(".") for p in missed]
    for level in range(min(map(len, ways)) - 1):
        if len({tuple(way[: level + 1]) for way in ways}) > 1:
            return ""
        before, own = ways[0][:level], ways[0][level]
        others = {name.split(".")[level] for name in shapes if name.split(".")[:level] == before} - {own}
        for other in sorted(each for each in others if each.rstrip(digits) != own.rstrip(digits)):
            renamed = {
                ".".join([*before, other, *way[level + 1 :]]): p.shape for way, p in zip(ways, missed, strict=True)
            }
            if all(shapes.get(name) == shape for name, shape in renamed.items()):
                return ".".join([*before, other])
    return ""


def _judged(front: bool, case: Case) -> tuple[Severity, float]:
    if front:
        return ("error", 0.9) if case.stuck and case.facts.finished else ("warning", 0.88)
    return ("warning", 0.5) if case.stuck else ("note", 0.5)


def _zero(zero: list[Parameter], held: list[Parameter], case: Case) -> Finding:
    """backward fills their .grad with zeros, every time."""
    names = modules(zero)
    says = f"The gradient of {listed(names)} ({count(zero):,} weights) is exactly 0 in every step looked at, so they "
    says += "never learn anything. Something after them has the derivative 0 everywhere: rounding, sign, comparisons,"
    says += " a ReLU that is always off, a weight of 0, or a clamp beyond its limits."
    remedies = (
        Remedy("", "y = x + (torch.sign(x) - x).detach()", "a straight-through estimator: backward passes sign, round"),
        Remedy("", "look at what follows: activations that are always 0, factors that are 0", "0 times anything is 0"),
    )
    evidence = {"weights": count(zero), "of": count(held), "gradient": 0.0, "looks": case.facts.looks}
    sources = tuple(dict.fromkeys(filter(None, [p.source for p in zero])))[:2]
    severity, certainty = ("error", 0.9) if _front(zero, held) else ("warning", 0.7)
    steps = (0, case.last_step)
    return Finding("no-gradient", severity, certainty, says, remedies, tuple(names), sources, steps, evidence)


def _front(found: list[Parameter], held: list[Parameter]) -> bool:
    """They lie before others that are reached."""
    rest = [p for p in held if p not in found and len(p.shape) > 1]
    own = [i for i, p in enumerate(held) if p in found and len(p.shape) > 1]
    return bool(rest) and max(own) < held.index(rest[-1]) and min(own) < held.index(rest[0])


def modules(found: Sequence[Parameter]) -> list[str]:
    """The modules that they belong to, each once; vectors and numbers alone, a model's own, by their names."""
    return list(dict.fromkeys(module(p.name) if len(p.shape) > 1 else p.name for p in _largest(found)))


def _largest(found: Sequence[Parameter]) -> Sequence[Parameter]:
    matrices = [p for p in found if len(p.shape) > 1]
    return matrices or found


def listed(names: list[str]) -> str:
    """a, b and c; the first few of many."""
    if len(names) > NAMED:
        return ", ".join(names[:NAMED]) + f" and {len(names) - NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _are(names: list[str]) -> str:
    return "are" if len(names) > 1 else "is"


def count(found: Sequence[Parameter]) -> int:
    """How many weights they have."""
    return int(sum(np.prod(p.shape) for p in found))
