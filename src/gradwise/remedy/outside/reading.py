"""Changes of what a network reads: which steps of a sequence, and which of them are there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, given, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known

_RECURRENT = {"RNN", "LSTM", "GRU"}
_PADDING = ("key_padding_mask", "src_key_padding_mask", "tgt_key_padding_mask", "memory_key_padding_mask", "attn_mask")


def largest(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The largest value of each unit over time, where the last state alone is read: the gradient comes to each step by
    the shortest way (max pooling over time, Collobert et al. 2011)."""
    if not any(_RECURRENT & set(network.modules) for network in known.facts.networks):
        return ()
    first = b"batch_first=True" in known.source
    edits: list[Edit] = []
    for node in ast.walk(known.text.tree):
        if isinstance(node, ast.FunctionDef):
            for target in _pairs(node):
                edits += _read(known, node, target, first)
        whole = node.value if isinstance(node, ast.Subscript) and _last_of(node, first) else None
        if isinstance(whole, ast.Subscript) and isinstance(whole.value, ast.Call) and ast.unparse(whole.slice) == "0":
            assert isinstance(node, ast.expr)  # self.rnn(x)[0][:, -1]
            edits.append(written(known, node, f"{known.text.of(whole)}.amax(dim={int(first)})"))
    return tuple(edits)


def _pairs(function: ast.FunctionDef) -> Iterator[ast.Tuple]:
    """states, last = self.rnn(x)."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(target.elts[0], ast.Name):
                yield target


def _read(known: Known, function: ast.FunctionDef, target: ast.Tuple, first: bool) -> list[Edit]:
    """Where the last of the states is read, or the state that is left."""
    states, left = target.elts
    left = left.elts[0] if isinstance(left, ast.Tuple) and left.elts else left  # an LSTM's output, not its cell
    assert isinstance(states, ast.Name)
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    if sum(node.id == states.id for node in names) > 1:
        return []  # by then it is something else
    text, edits = f"{states.id}.amax(dim={int(first)})", list[Edit]()
    for node in ast.walk(function):
        whole = _named(node, states) and _last_of(node, first)
        if whole or (isinstance(left, ast.Name) and _named(node, left) and _only(node)):
            assert isinstance(node, ast.expr)
            edits.append(written(known, node, text))
    return edits


def _named(node: ast.AST, name: ast.Name) -> bool:
    """A part of it, or a method: states[...], last.squeeze(0)."""
    owner = node.value if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
    return isinstance(owner, ast.Name) and owner.id == name.id


def _last_of(node: ast.AST, first: bool) -> bool:
    """states[:, -1] or states[:, -1, :], where batches come first; else states[-1]."""
    if not isinstance(node, ast.Subscript):
        return False
    at = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    places = [ast.unparse(each) for each in at]
    return places[: 1 + first] == ([":", "-1"] if first else ["-1"]) and set(places[1 + first :]) <= {":"}


def _only(node: ast.AST) -> bool:
    """last[-1], last[0], last.squeeze(0)."""
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.slice) in ("-1", "0")
    return calls(node, "squeeze")


def the_others(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Masks the other way round: for one function True is what counts, for another what does not."""
    edits: list[Edit] = []
    for node in ast.walk(known.text.tree):
        if isinstance(node, ast.Call):
            masks = [word.value for word in node.keywords if word.arg in _PADDING]
            masks += given(node)[1:2] if calls(node, "masked_fill") or calls(node, "masked_fill_") else []
            edits += [written(known, mask, "~({x})") for mask in masks if not isinstance(mask, ast.Constant)]
    return tuple(edits)
