"""Changes of numbers that stand in the program: how many samples go together, how wide a layer is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from gradwise.diagnose import Finding
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known

_NARROW = 16  # units
_LIBRARIES = ("torch", "F", "np", "numpy")


def larger_batch(factor: int) -> Change:
    """Of the loaders; else of the one number that says so in the program."""

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        sizes = {loader.batch_size for loader in known.facts.loaders if loader.training and loader.batch_size}
        sizes |= {loss.target_shape[0] for loss in known.facts.losses if loss.training and loss.target_shape}
        for size in sizes:
            found = numbers(known, size, ("batch", "chunk", "shots", "episodes", "rollouts", "samples"))
            if found is not None:
                return (found(size * factor),)
        if any(loader.training for loader in known.facts.loaders):
            return (Edit("keyword", f"{{was}} * {factor}", names=("DataLoader", "batch_size")),)
        return ()

    return change


def wider(factor: int) -> Change:
    """The narrowest layer, where one number of the program says how wide it is."""
    words = ("hidden", "width", "unit", "filter", "channel", "size", "dim")
    words += ("centre", "center", "basis", "bases", "neuron")

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        narrowest = sorted({n.narrowest for n in known.facts.networks if n.narrowest})
        others = {size for p in known.facts.parameters for size in p.shape if 1 < size <= _NARROW}
        for size in dict.fromkeys((*narrowest, *sorted(others))):
            found = numbers(known, size, words)
            if found is not None:
                return (found(size * factor),)
        shares = [node for name, node in named(known.text.tree) if _share(node.value) and "width" in name.lower()]
        return (written(known, shares[0], f"{factor} * {{x}}"),) if len(shares) == 1 else ()

    return change


def _share(value: object) -> bool:
    """A width that is a part of the usual one."""
    return isinstance(value, float) and 0 < value < 1


def numbers(known: Known, value: int, words: Sequence[str]) -> Callable[[int], Edit] | None:
    """The one number of this value whose name has one of these words, to be written otherwise; None for none."""
    found = [
        node
        for name, node in named(known.text.tree)
        if type(node.value) is int and node.value == value and any(w in name.lower() for w in words)
    ]
    if len(found) != 1:
        return None
    return lambda new: written(known, found[0], str(new))


def written(known: Known, node: ast.expr, text: str) -> Edit:
    """Another expression in the place of one of the program's; {x} is what stood there."""
    start, end = known.text.span(node)
    return Edit("source", text, names=(known.path, str(start), str(end)))


def named(tree: ast.AST) -> Iterator[tuple[str, ast.Constant]]:
    """Numbers under a name: assigned, as a default, as an argument, in a dictionary; where batches are cut."""
    for node in ast.walk(tree):
        pairs: list[tuple[str, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            several = (pair for target in node.targets for pair in one_by_one(target, node.value))
            pairs = [(ast.unparse(target), value) for target, value in several]
        elif isinstance(node, ast.AnnAssign):
            pairs = [(ast.unparse(node.target), node.value)]
        elif isinstance(node, ast.arguments):
            given = [*node.posonlyargs, *node.args]
            pairs = [(a.arg, d) for a, d in zip(reversed(given), reversed(node.defaults), strict=False)]
            pairs += [(a.arg, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        elif isinstance(node, ast.Call):
            first = str(node.args[0].value) if node.args and isinstance(node.args[0], ast.Constant) else ""
            pairs = [(first if word.arg == "default" else word.arg or "", word.value) for word in node.keywords]
            pairs += [("batch", size) for size in _cut(node)]
        elif isinstance(node, ast.Dict):
            pairs = [(str(getattr(key, "value", "")), each) for key, each in zip(node.keys, node.values, strict=True)]
        for name, each in pairs:
            if isinstance(each, ast.Constant) and type(each.value) in (int, float):
                yield name, each


def one_by_one(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """What is assigned to what: a and 1, b and 2 of a, b = 1, 2."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=False))
    return [(target, value)]


def _cut(call: ast.Call) -> list[ast.expr]:
    """What says how many samples go together: order.split(64), range(0, n, 64), randint(0, n, (64,))."""
    if calls(call, "split"):
        return call.args[:1]
    if calls(call, "range"):
        return call.args[2:]
    shape = call.args[-1] if calls(call, "randint") and call.args else None
    return shape.elts[:1] if isinstance(shape, ast.Tuple) else []


def calls(node: ast.AST, name: str) -> bool:
    """A call of a function or method of this name."""
    return isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name


def given(call: ast.Call) -> list[ast.expr]:
    """What a call works on, and its other positional arguments: of x.split(64) and of torch.split(x, 64) x and 64."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    root = owner
    while isinstance(root, ast.Attribute):
        root = root.value
    library = owner is None or (isinstance(root, ast.Name) and root.id in _LIBRARIES)
    return [*call.args] if library or owner is None else [owner, *call.args]
