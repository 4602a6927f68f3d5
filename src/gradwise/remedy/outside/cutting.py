"""Batches that a program cuts by hand: mixed before they are cut, each class alike, going on where one comes again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, given, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known

_GENERATOR = "generator=torch.Generator().manual_seed(0)"
_MIXED = f"{{x}}[torch.randperm(len({{x}}), {_GENERATOR})]"  # all that is cut alike
_DRAWN = "(lambda y: torch.multinomial((1.0 / y.bincount())[y], len(y), replacement=True))({y}.flatten().long())"
_STREAM = 'next(vars({it}).setdefault("_stream", (_batch for _ in iter(int, 1) for _batch in {it})))'
_CUTS = ("split", "chunk", "array_split", "tensor_split")
_LABELLED = ("cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits")


def mixed(known: Known) -> tuple[Edit, ...]:
    """What is cut into batches, in a fixed order of chance; slices then say which of them."""
    sliced = (written(known, node, _MIXED) for node in _sliced(known.text.tree))
    return (*sliced, *(written(known, node, _picked(known, stop)) for node, stop in _slices(known.text.tree)))


def _picked(known: Known, stop: ast.expr) -> str:
    return f"torch.randperm({known.text.of(stop)}, {_GENERATOR})[{{x}}]"


def drawn(known: Known) -> tuple[Edit, ...]:
    """torch.randperm(n) of a loop that trains: each class as often as any other one, if labels are found."""
    if not any(loss.training and loss.name in _LABELLED and len(loss.counts) > 1 for loss in known.facts.losses):
        return ()
    edits: list[Edit] = []
    for order, rows in _orders(known.text.tree):
        labels = _labels(known.text.tree, rows)
        if labels is None or not order.args:
            continue
        number = known.text.of(order.args[0])
        whole = next((n for n in ast.walk(known.text.tree) if isinstance(n, ast.Subscript) and n.slice is order), None)
        part = known.text.of(whole.value) if whole is not None else f":{number}"  # train[torch.randperm(len(train))]
        edits.append(written(known, order, _DRAWN.replace("{y}", f"{known.text.of(labels)}[{part}]")))
    return tuple(dict.fromkeys(edits))  # a loop within a loop trains in both


def going_on(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """next(iter(x)), which begins anew and takes the first again, goes on; itertools.cycle goes round all of them."""
    edits: list[Edit] = []
    tree = known.text.tree
    for node in ast.walk(tree):
        only = node.args[0] if isinstance(node, ast.Call) and calls(node, "cycle") and len(node.args) == 1 else None
        source = _begun(only.elts[0]) if isinstance(only, (ast.List, ast.Tuple)) and len(only.elts) == 1 else None
        if only is not None and source is not None:
            edits.append(written(known, only, f"list({known.text.of(source)})"))
    for loop in _training(tree):
        for node in ast.walk(loop):
            source = _begun(node)
            if source is not None and isinstance(node, ast.Call):
                edits.append(written(known, node, _STREAM.replace("{it}", known.text.of(source))))
    return tuple(dict.fromkeys(edits))


def anywhere(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """start of x[start:start + k] in a loop that trains, or a function that it calls, where that works it out itself:
    drawn from all of x. So the rows of x[rows], where they are drawn below a number."""
    edits: list[Edit] = []
    loops = list(_training(known.text.tree))
    called = set[str]().union(*map(_names, loops))
    functions = [
        node for node in ast.walk(known.text.tree) if isinstance(node, ast.FunctionDef) and node.name in called
    ]
    for place in (*loops, *functions):
        cuts = {name: (rows, size) for name, rows, size in _cuts_from(place)}
        for node in ast.walk(place):
            if not isinstance(node, ast.Assign) or not isinstance(target := node.targets[0], ast.Name):
                continue
            if target.id in cuts:
                rows, size = (known.text.of(each) for each in cuts[target.id])
                edits.append(written(known, node.value, f"int(torch.randint(len({rows}) - ({size}) + 1, ()))"))
            bound, pool = _bound(node.value), _indexed(place, target.id)
            if bound is not None and pool is not None:
                edits.append(written(known, bound, f"len({known.text.of(pool)})"))
    return tuple(dict.fromkeys(edits))


def _cuts_from(loop: ast.AST) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """start, x and k of x[start:start + k]."""
    for node in ast.walk(loop):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice):
            continue
        cut = node.slice
        if isinstance(cut.lower, ast.Name) and isinstance(cut.upper, ast.BinOp):
            first = cut.upper.left
            if isinstance(cut.upper.op, ast.Add) and isinstance(first, ast.Name) and first.id == cut.lower.id:
                yield first.id, node.value, cut.upper.right


def _bound(node: ast.expr) -> ast.expr | None:
    """n of torch.randint(n, (k,)), torch.randint(0, n, (k,)) and rng.integers(n, size=k)."""
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in ("randint", "integers"):
        return None
    numbers = [each for each in node.args if not isinstance(each, (ast.Tuple, ast.List))]
    several = len(numbers) > 1 and isinstance(numbers[0], ast.Constant) and numbers[0].value == 0
    return numbers[1 if several else 0] if numbers else None


def _indexed(loop: ast.AST, name: str) -> ast.expr | None:
    """x of the first x[name]."""
    found = (node for node in ast.walk(loop) if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name))
    here = [node for node in found if getattr(node.slice, "id", "") == name]
    return min(here, key=lambda node: (node.lineno, node.col_offset)).value if here else None


def _begun(node: ast.AST) -> ast.expr | None:
    """x of next(iter(x))."""
    if not isinstance(node, ast.Call) or not calls(node, "next") or len(node.args) != 1:
        return None
    inner = node.args[0]
    if not isinstance(inner, ast.Call) or not calls(inner, "iter") or len(inner.args) != 1:
        return None
    return inner.args[0] if isinstance(inner.args[0], (ast.Name, ast.Attribute)) else None


def _training(tree: ast.AST) -> Iterator[ast.For | ast.While]:
    """Loops with a backward pass in them, or in a function that they call."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    names = {"backward", *(function.name for function in functions if _names(function) & {"backward"})}
    for loop in ast.walk(tree):
        if isinstance(loop, (ast.For, ast.While)) and _names(loop) & names:
            yield loop


def _names(node: ast.AST) -> set[str]:
    """Of all functions and methods that it calls."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {getattr(function, "attr", getattr(function, "id", "")) for function in calls}


def _cutting(tree: ast.AST) -> Iterator[ast.For]:
    """Loops that train, and those within a generator of batches that they go over."""
    loops = [loop for loop in _training(tree) if isinstance(loop, ast.For)]
    sources = set[str]().union(*(_names(loop.iter) for loop in loops))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in sources:
            within = [node for node in ast.walk(function) if isinstance(node, ast.For)]
            loops += [loop for loop in within if any(isinstance(node, ast.Yield) for node in ast.walk(loop))]
    yield from dict.fromkeys(loops)


def _sliced(tree: ast.AST) -> Iterator[ast.expr]:
    """What a loop with a backward pass cuts its batches from: x of x[i:i + 64], x.split(64), np.array_split(x, 20)."""
    for loop in _cutting(tree):
        if isinstance(loop.target, ast.Name) and calls(loop.iter, "range"):
            for node in ast.walk(loop):
                if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
                    start = node.slice.lower
                    if isinstance(start, ast.Name) and start.id == loop.target.id:
                        yield node.value
        for node in ast.walk(loop.iter):
            text = isinstance(node, ast.Call) and (not node.args or isinstance(getattr(node.args[0], "value", 0), str))
            if not isinstance(node, ast.Call) or text or not any(calls(node, name) for name in _CUTS):
                continue
            yield from given(node)[:1]


def _slices(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """slice(i, i + 64) in a loop over range(0, n, 64), with its n."""
    for loop in _training(tree):
        over = loop.iter if isinstance(loop, ast.For) else None
        if not isinstance(over, ast.Call) or not calls(over, "range") or len(over.args) < 2:
            continue
        for node in ast.walk(loop):
            if isinstance(node, ast.Call) and calls(node, "slice") and isinstance(node.func, ast.Name):
                yield node, over.args[1]


def _orders(tree: ast.AST) -> Iterator[tuple[ast.Call, set[str]]]:
    """torch.randperm(n) in a loop that trains, with the names of the rows that are cut from it."""
    for loop in _training(tree):
        for node in ast.walk(loop):
            if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
                yield from ((call, {node.target.id}) for call in _permutations(node.iter))
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield from ((call, _cut_from(loop, node.targets[0].id)) for call in _permutations(node.value))


def _permutations(node: ast.AST) -> list[ast.Call]:
    return [call for call in ast.walk(node) if isinstance(call, ast.Call) and calls(call, "randperm")]


def _cut_from(loop: ast.AST, order: str) -> set[str]:
    """rows of `rows = order[i:i + 64]`, of `for rows in order.split(64)`, and the order itself."""
    found = {order}
    for node in ast.walk(loop):
        value = node.value if isinstance(node, ast.Assign) else node.iter if isinstance(node, ast.For) else None
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if value is not None and isinstance(target, ast.Name):
            within = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
            cuts = any(isinstance(each, (ast.Slice, ast.Attribute)) for each in ast.walk(value))
            found |= {target.id} if order in within and cuts else set()
    return found


def _labels(tree: ast.AST, rows: set[str]) -> ast.expr | None:
    """y of loss(model(x[rows]), y[rows]): what stands behind a prediction from the same rows."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and len(call.args) > 1 and _of_rows(call.args[0], rows):
            target = call.args[1]
            for node in ast.walk(target):
                if isinstance(node, ast.Subscript) and _of_rows(node, rows):
                    return node.value
    return None


def _of_rows(node: ast.AST, rows: set[str]) -> bool:
    """Something of it is picked by these rows."""
    picked = (each.slice for each in ast.walk(node) if isinstance(each, ast.Subscript))
    return any(isinstance(part, ast.Name) and part.id in rows for each in picked for part in ast.walk(each))
