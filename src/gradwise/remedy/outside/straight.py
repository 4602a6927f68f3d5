"""Steps and roundings, whose derivative is 0 everywhere, with the slope of something smooth on the way back."""

from __future__ import annotations

import ast

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, given, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known

_ABOVE, _BELOW = (ast.Gt, ast.GtE), (ast.Lt, ast.LtE)
_NUMBERS = {"float", "double", "half"}  # made of what a comparison says
_ROUNDED = {"round", "sign", "floor", "ceil", "trunc"}


def through(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A straight-through estimator (Bengio, Leonard, Courville 2013, arXiv:1308.3432) at every step of the program's.

    (a > b).float() goes back as sigmoid(a - b) would, torch.sign(x) and x.round() as x itself. Values stay.
    """
    evidence = finding.evidence
    if evidence.get("gradient") != 0.0 and not evidence.get("cut"):  # a comparison cuts the graph
        return ()
    found: list[Edit] = []
    for node in ast.walk(known.text.tree):
        smooth = _smooth(known, node) if isinstance(node, ast.Call) else ""
        if smooth and isinstance(node, ast.Call):
            found.append(written(known, node, f"({{x}} + {smooth} - {smooth}.detach())"))
    return tuple(found)


def soft(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A softmax in the place of ones for the largest: F.one_hot(score.argmax(1), k) has no slope."""
    if finding.evidence.get("gradient") != 0.0 and not finding.evidence.get("cut"):
        return ()
    found: list[Edit] = []
    for node in ast.walk(known.text.tree):
        largest = node.args[0] if isinstance(node, ast.Call) and calls(node, "one_hot") and node.args else None
        if not isinstance(node, ast.Call) or not isinstance(largest, ast.Call) or not calls(largest, "argmax"):
            continue
        parts = [known.text.of(part) for part in (*given(largest), *(word.value for word in largest.keywords))]
        if len(parts) == 2:
            found.append(written(known, node, f"torch.softmax({', '.join(parts)})"))
    return tuple(found)


def _smooth(known: Known, call: ast.Call) -> str:
    """What has nearly the same values, and a slope; "" for any other call."""
    function, text = call.func, known.text
    if not isinstance(function, ast.Attribute):
        return ""
    inner = function.value
    if function.attr in _NUMBERS and isinstance(inner, ast.Compare) and len(inner.ops) == 1 and not call.args:
        one, other = text.of(inner.left), text.of(inner.comparators[0])
        if isinstance(inner.ops[0], _ABOVE):
            return f"(({one}) - ({other})).sigmoid()"
        return f"(({other}) - ({one})).sigmoid()" if isinstance(inner.ops[0], _BELOW) else ""
    if function.attr in _ROUNDED and not call.keywords:
        of_torch = isinstance(inner, ast.Name) and inner.id == "torch"
        if of_torch and len(call.args) == 1:
            return f"({text.of(call.args[0])})"
        if not of_torch and not call.args and not isinstance(inner, ast.Constant):
            return f"({text.of(inner)})"
    return ""
