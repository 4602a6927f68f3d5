"""Changes of weights that no optimizer holds: their rate, the length of their gradient, how they begin."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, named, one_by_one, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known

_RATES = {"lr", "rate", "eta", "alpha", "learning_rate", "step_size", "stepsize", "learningrate"}
_CLIPPED = (
    "(lambda all: [each * min(1.0, {limit} / (float(sum(g.square().sum() for g in all)) ** 0.5 + 1e-6))"
    " for each in all])({x})"
)


def rate(known: Known, factor: float) -> tuple[Edit, ...]:
    """What backward() begins from; without one the number that is the rate, or else what is taken off the weights."""
    tree = known.text.tree
    if any(calls(node, "backward") for node in ast.walk(tree)):
        return (Edit("backward", x=f"({factor:g} * {{x}})"),)
    numbers = [node for name, node in named(tree) if name.lower().rpartition(".")[2] in _RATES]
    places: list[ast.expr] = [*numbers] if len(numbers) == 1 else list(_taken_off(tree))
    return tuple(dict.fromkeys(written(known, node, f"({factor:g} * {{x}})") for node in places))


def clipped(known: Known, limit: float) -> tuple[Edit, ...]:
    """A bound on the length of all gradients together, behind backward() or round torch.autograd.grad(...)."""
    tree = known.text.tree
    if any(calls(node, "backward") for node in ast.walk(tree)):
        return (Edit("after-backward", f"torch.nn.utils.clip_grad_norm_({{leaves}}, {limit:g})"),)
    found = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("autograd.grad")
    )
    return tuple(written(known, call, _CLIPPED.replace("{limit}", f"{limit:g}")) for call in found)


def begun(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Matrices of random numbers of the size that keeps a signal (Glorot & Bengio 2010), as they are made."""
    if not known.by_hand:
        return ()
    names = {parameter.name for parameter in known.facts.parameters if len(parameter.shape) == 2}
    values = (value for name, value in _made(known.text.tree) if name in names)
    return tuple(written(known, value, "torch.nn.init.xavier_normal_({x})") for value in values)


def _made(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """W of W = torch.zeros(3, 4), of W, b = ..., of self.W = ..., of {"W": ...}; not where it is changed later."""
    for node in ast.walk(tree):
        pairs: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(node, ast.Assign):
            pairs = [*one_by_one(node.targets[0], node.value)]
        elif isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        for target, value in pairs:
            name = getattr(target, "attr", getattr(target, "id", getattr(target, "value", "")))
            if isinstance(name, str) and not any(getattr(part, "id", "") == name for part in ast.walk(value)):
                yield name, value


def _taken_off(tree: ast.AST) -> Iterator[ast.expr]:
    """What w -= step, w.data -= step and w.sub_(step) take off in a loop, where it is made of a gradient."""
    for loop in ast.walk(tree):
        for node in ast.walk(loop) if isinstance(loop, (ast.For, ast.While)) else ():
            step = None
            if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub):
                step = node.value
            elif isinstance(node, ast.Call) and calls(node, "sub_") and node.args:
                step = node.args[0]
            if step is not None and any(_gradient(part) for part in ast.walk(step)):
                yield step


def _gradient(node: ast.AST) -> bool:
    name = getattr(node, "attr", getattr(node, "id", ""))
    return isinstance(name, str) and (name in ("g", "dw", "db") or "grad" in name.lower())
