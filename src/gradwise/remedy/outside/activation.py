"""A network's own activation, which it defines and never calls, between its layers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torch.nn.modules import activation

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known

_FLAT = {"Softmax", "Softmax2d", "LogSoftmax", "Softmin", "MultiheadAttention", "GLU", "Threshold"}  # they bend no unit
_FUNCTIONS = {"relu", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "softplus", "tanh", "sigmoid"}
_BENDING = _FUNCTIONS | set(activation.__all__) - _FLAT
_MAPS = {"Linear", *(f"Conv{kind}{n}d" for kind in ("", "Transpose") for n in (1, 2, 3))}


def own(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """self.act(...) round what the layers give, all but the last, where self.act is defined and never called."""
    outermost = {network.name for network in known.facts.networks}
    return tuple(
        written(known, node, f"self.{name}({{x}})")
        for network in ast.walk(known.text.tree)
        if isinstance(network, ast.ClassDef) and (name := _idle(network))
        for node in _hidden(network, network.name in outermost)
    )


def otherwise(change: Change) -> Change:
    """Another change, where no network defines an activation that it does not use."""
    return lambda known, finding: () if own(known, finding) else change(known, finding)


def _idle(network: ast.ClassDef) -> str:
    """The name of its activation that nothing of it looks at; "" for none."""
    used = {_name(node) for node in ast.walk(network) if isinstance(getattr(node, "ctx", None), ast.Load)}
    return next((name for name, value in _parts(network) if _kind(value) in _BENDING and name not in used), "")


def _parts(network: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """What it keeps under names of its own: self.a = ..., and self.a, self.b = ..., ..."""
    for node in ast.walk(network):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            value = node.value  # pyright: ignore[reportAttributeAccessIssue]
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=False))
            yield from ((_name(to), each) for to, each in pairs if _name(to))


def _name(node: ast.AST) -> str:
    """Of self.name, and of what is taken out of it: self.name[0]."""
    while isinstance(node, ast.Subscript):
        node = node.value
    of_self = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr if isinstance(node, ast.Attribute) and of_self else ""


def _kind(value: ast.AST) -> str:
    """The class that is called, or the function that it is: "SiLU" of nn.SiLU(), "relu" of torch.relu."""
    named = value.func if isinstance(value, ast.Call) else value
    return getattr(named, "attr", getattr(named, "id", ""))


def _hidden(network: ast.ClassDef, outermost: bool) -> Iterator[ast.expr]:
    """What its layers give, method by method, each with its normalisation; the last of several makes the output."""
    parts = list(_parts(network))
    maps = {name for name, value in parts if _kind(value) in _MAPS}
    maps |= {name for name, value in parts if _kind(value) == "ModuleList" and _MAPS & set(map(_kind, ast.walk(value)))}
    norms = {name for name, value in parts if "Norm" in _kind(value)}
    for method in network.body:
        if not isinstance(method, ast.FunctionDef) or method.name == "__init__":
            continue
        within = {_kind(loop.target): _name(loop.iter) for loop in ast.walk(method) if isinstance(loop, ast.For)}
        calls = [node for node in ast.walk(method) if isinstance(node, ast.Call)]
        layers = [call for call in calls if (_name(call.func) or within.get(_kind(call), "")) in maps]
        layers.sort(key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0))  # as they are computed
        for layer in layers if len(layers) == 1 and not outermost else layers[:-1]:
            around = (call for call in calls if _name(call.func) in norms and layer in call.args)
            yield next(around, layer)
