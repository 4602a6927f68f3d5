"""Changes of what regularises: decay of the optimizer, and penalties as the program's text has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import named, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known

_SIZES = ("abs", "square", "pow", "norm")  # of a weight
_WORDS = ("penalty", "lambda", "strength", "l1", "l2", "reg", "beta", "kl", "decay", "sparsity")


def relaxed(factor: float) -> Change:
    """Decay and penalties a small part of what they are."""

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        decays = any(o.arguments.get("weight_decay") for o in known.facts.optimizers)
        lines = f'for _group in {{it}}.param_groups:\n    _group["weight_decay"] *= {factor:g}'
        edits = [Edit("optimizer", lines)] if decays else []
        tree = known.text.tree
        penalties = list(_sums(tree)) or ([] if decays else list(_weights(tree)))
        return (*edits, *(written(known, node, f"({factor:g} * {{x}})") for node in penalties))

    return change


def _sums(tree: ast.AST) -> Iterator[ast.expr]:
    """Sizes of weights that are added up: sum(p.abs().sum() for p in net.parameters()), or in a loop over them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], (ast.GeneratorExp, ast.ListComp)):
            each = node.args[0]
            if any(_over_weights(part.iter) for part in each.generators) and _size(each.elt):
                yield node
        elif isinstance(node, ast.For) and _over_weights(node.iter):
            for inner in ast.walk(node):
                if isinstance(inner, ast.AugAssign) and isinstance(inner.op, ast.Add) and _size(inner.value):
                    yield inner.value


def _over_weights(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in ("parameters", "named_parameters") for n in ast.walk(node))


def _size(node: ast.expr) -> bool:
    names = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    squared = any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow) for n in ast.walk(node))
    return "grad" not in names and (squared or bool(names & set(_SIZES)))


def _weights(tree: ast.AST) -> Iterator[ast.expr]:
    """Numbers under a name that says how much something is to weigh."""
    for name, node in named(tree):
        words = name.lower().rpartition(".")[2].split("_")
        if node.value and not set(words).isdisjoint(_WORDS):
            yield node
