"""Changes of networks that read one thing after the other: what is left of a gradient on its way back in time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, given, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Known

_PLAIN, _GATED = ("RNN", "RNNCell"), ("LSTM", "GRU", "LSTMCell", "GRUCell")
_BENT = ("sigmoid", "tanh", "relu")
_LONG = 30  # steps, where it was not seen how many there are
_STEP = 0.1  # of a state that goes on


def orthogonal(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Recurrent matrices, gate by gate, that keep lengths through time (Saxe, McClelland, Ganguli 2014)."""
    if not _has(known, *_PLAIN, *_GATED):
        return ()
    lines = (
        "for _name, _weight in {it}.named_parameters():\n"
        '    if "weight_hh" in _name:\n'
        "        for _gate in _weight.detach().split(_weight.shape[1]):\n"
        "            torch.nn.init.orthogonal_(_gate)"
    )
    return (Edit("network", lines),)


def gated(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Gated recurrent units (Cho et al. 2014, arXiv:1406.1078) in the place of plain recurrences: they look alike from
    outside."""
    if not _has(known, *_PLAIN):
        return ()
    lines = (
        "for _parent in list({it}.modules()):\n"
        "    for _name, _child in list(_parent.named_children()):\n"
        "        if type(_child) is torch.nn.RNN:\n"
        "            setattr(_parent, _name, torch.nn.GRU(\n"
        "                _child.input_size, _child.hidden_size, _child.num_layers, _child.bias,\n"
        "                _child.batch_first, _child.dropout, _child.bidirectional))\n"
        "        elif type(_child) is torch.nn.RNNCell:\n"
        "            setattr(_parent, _name, torch.nn.GRUCell(_child.input_size, _child.hidden_size, _child.bias))"
    )
    return (Edit("network", lines),)


def open_gates(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Gates whose memories last from one step to the whole sequence (Tallec, Ollivier 2018, arXiv:1804.11188)."""
    if not _has(known, *_GATED):
        return ()
    lines = (  # the second of the gates decides what is kept, an LSTM's and a GRU's
        "for _cell in {it}.modules():\n"
        "    if isinstance(_cell, (torch.nn.LSTM, torch.nn.GRU, torch.nn.LSTMCell, torch.nn.GRUCell)):\n"
        "        for _name, _bias in _cell.named_parameters():\n"
        '            if "bias" in _name:\n'
        "                _gate = _bias.data.view(-1, _cell.hidden_size)[1]\n"
        f'                _gate.uniform_(1, {_steps(finding)}).log_() if "_ih" in _name else _gate.zero_()'
    )
    return (Edit("network", lines),)


def in_time(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Layers that go along the samples of a batch go along their steps."""
    names = finding.evidence.get("layers") if finding.code == "plateau" else None
    if not isinstance(names, list) or not names:
        return ()
    lines = (
        "for _name, _layer in {it}.named_modules():\n"
        f'    if hasattr(_layer, "batch_first") and _name.startswith({tuple(str(name) for name in names)!r}):\n'
        "        _layer.batch_first = True"
    )
    return (Edit("network", lines),)


def carried_on(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A state that changes a little at each step instead of being made anew: h = f(W h) as h = h + 0.1 tanh(W h)."""
    if "passes" not in finding.evidence:
        return ()
    states = list(_states(known.text.tree))
    return tuple(
        written(known, call, f"{name} + {_STEP:g} * torch.tanh({known.text.of(argument)})")
        for name, call, argument in states
    )


def _states(tree: ast.AST) -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """Assignments in a loop, of what is made of itself and then bent: the name, the bending and what it is given."""
    for loop in ast.walk(tree):
        for node in ast.walk(loop) if isinstance(loop, (ast.For, ast.While)) else ():
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            name, call = node.targets[0].id, node.value
            bent = isinstance(call, ast.Call) and any(calls(call, function) for function in _BENT)
            argument = given(call)[0] if bent and isinstance(call, ast.Call) and given(call) else None
            if isinstance(call, ast.Call) and argument is not None and _mentions(argument, name):
                yield name, call, argument


def _mentions(tree: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


def _has(known: Known, *kinds: str) -> bool:
    return any(name in kinds for network in known.facts.networks for name in network.modules)


def _steps(finding: Finding) -> int:
    """Of a sequence, as far as it was seen."""
    seen = finding.evidence.get("passes", finding.evidence.get("steps", _LONG))
    return max(2, int(seen)) if isinstance(seen, (int, float)) else _LONG
