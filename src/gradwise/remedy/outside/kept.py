"""What a program takes out of the graph as numbers and makes a tensor of again, kept in the graph."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known

_OUT = {"tolist", "item", "numpy", "detach", "cpu"}  # x.numpy() ends the graph; what comes before it goes too
_ENDS = {"tolist", "item", "numpy"}
_MADE = {"tensor", "as_tensor", "from_numpy", "Tensor", "FloatTensor"}
_REDUCED = {"max": "amax", "min": "amin", "mean": "mean", "sum": "sum"}  # torch's max along an axis gives places, too
_AGAIN = (
    "(torch.stack(list({x})) if isinstance({x}, (list, tuple)) and isinstance({x}[0], torch.Tensor)"
    " else torch.as_tensor({x}))"
)


def inside(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """x.tolist() and x.data stay x, torch.tensor(values) becomes torch.stack(values) where these are tensors."""
    return tuple(dict.fromkeys(edit for place in _places(known.text.tree) for edit in _edits(known, place)))


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    """Networks' methods; elsewhere what is made to require a gradient that nothing before it gets, and .data of what a
    call gave."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name != "__init__"]
            yield from methods if any(method.name == "forward" for method in methods) else []
        elif isinstance(node, ast.Call) and any(word.arg == "requires_grad" for word in node.keywords):
            values = _made(node)
            yield from [node] if values is not None and _ended(values) else []
        elif isinstance(node, ast.Attribute) and node.attr == "data" and _of_call(node.value):
            yield node


def _of_call(node: ast.expr) -> bool:
    """What a function gave, a network for one; not load_digits().data."""
    name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else "load"
    return not name.startswith(("load", "fetch", "read", "make"))


def _edits(known: Known, node: ast.AST) -> Iterator[Edit]:
    """Of all that is in a place; what is replaced as a whole is not looked into."""
    if isinstance(node, ast.Expr) and getattr(getattr(node.value, "func", None), "attr", "").endswith("_"):
        return  # w.data.copy_(...) changes weights, and is no value
    values = _made(node)
    if isinstance(node, ast.expr) and isinstance(values, ast.Name):
        yield written(known, node, _AGAIN.replace("{x}", values.id))
        return
    if isinstance(node, ast.expr) and values is not None and _ended(values) is values:  # torch.tensor(x.tolist()): x
        yield written(known, node, known.text.of(_stayed(values)))
        return
    reduced = _reduced(known, values)
    if reduced and isinstance(node, ast.expr):  # torch.from_numpy(x.detach().numpy().max(axis=1)): x.amax(axis=1)
        yield written(known, node, reduced)
        return
    if (
        isinstance(node, ast.Call)
        and isinstance(values, (ast.List, ast.Tuple, ast.ListComp))
        and _ended(values) is not None
    ):
        yield written(known, node.func, "torch.stack")
    if isinstance(node, ast.Call) and _ended(node) is node:
        yield written(known, node, known.text.of(_stayed(node)))
        return
    if isinstance(node, ast.Attribute) and node.attr == "data" and isinstance(node.ctx, ast.Load):
        yield written(known, node, known.text.of(node.value))
        return
    for child in ast.iter_child_nodes(node):
        yield from _edits(known, child)


def _reduced(known: Known, node: ast.expr | None) -> str:
    """What NumPy takes along an axis of numbers out of the graph, by torch; "" for anything else."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in _REDUCED:
        return ""
    along, values = [known.text.of(each) for each in node.args], node.func.value
    along += [f"{word.arg}={known.text.of(word.value)}" for word in node.keywords if word.arg]
    if not along or _ended(values) is not values:
        return ""
    return f"{known.text.of(_stayed(values))}.{_REDUCED[node.func.attr]}({', '.join(along)})"


def _made(node: ast.AST) -> ast.expr | None:
    """What torch.tensor(...) makes a tensor of; None for anything else."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.func, ast.Attribute):
        return None
    of_torch = isinstance(node.func.value, ast.Name) and node.func.value.id == "torch"
    return node.args[0] if of_torch and node.func.attr in _MADE else None


def _ended(node: ast.AST) -> ast.Call | None:
    """The first call in it that ends the graph."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute))
    return next((call for call in calls if getattr(call.func, "attr", "") in _ENDS), None)


def _stayed(node: ast.expr) -> ast.expr:
    """x of x.detach().cpu().numpy()."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _OUT:
        node = node.func.value
    return node
