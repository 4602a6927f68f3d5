"""Dropout by function, which is on unless it is told the mode."""

from __future__ import annotations

import ast

from gradwise.diagnose import Finding
from gradwise.doctor.replaced_forward import DROPOUTS
from gradwise.remedy.outside.data import calls, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known


def by_mode(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """F.dropout(x, p) in the methods of a network: training=self.training besides."""
    edits: list[Edit] = []
    for network in ast.walk(known.text.tree):
        if not isinstance(network, ast.ClassDef) or not any(_named(part, "forward") for part in network.body):
            continue
        for method in (part for part in network.body if isinstance(part, ast.FunctionDef) and part.args.args):
            own = method.args.args[0].arg
            for node in ast.walk(method):
                if isinstance(node, ast.Call) and any(calls(node, name) for name in DROPOUTS) and _untold(node, own):
                    told = known.text.of(node).rstrip()[:-1].rstrip().rstrip(",")
                    edits.append(written(known, node, f"{told}, training={own}.training)"))
    return tuple(edits)


def _named(part: ast.stmt, name: str) -> bool:
    return isinstance(part, ast.FunctionDef) and part.name == name


def _untold(call: ast.Call, own: str) -> bool:
    """F.dropout(x, 0.3), not self.dropout(x), nor with a mode of any kind."""
    whose = call.func.value if isinstance(call.func, ast.Attribute) else None
    layer = isinstance(whose, ast.Name) and whose.id == own
    return not layer and len(call.args) < 3 and all(keyword.arg != "training" for keyword in call.keywords)
