"""Changes of networks, as lines that stand above the making of their optimizer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, given, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known, plain

_MAPS = "(torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d)"
_HIDDEN = f"[m for m in {{it}}.modules() if isinstance(m, {_MAPS})][:-1]"


def network(lines: str) -> Change:
    """Lines for each network before its optimizer is made."""
    return plain(Edit("network", lines))


def initialised(how: str) -> Change:
    """Random weights anew: linear maps, convolutions and embeddings; biases at 0."""
    return network(
        "for _module in {it}.modules():\n"
        f"    if isinstance(_module, {_MAPS}):\n"
        f"        {how}\n"
        "        if _module.bias is not None:\n"
        "            torch.nn.init.zeros_(_module.bias)\n"
        "    elif isinstance(_module, torch.nn.Embedding):\n"
        "        torch.nn.init.normal_(_module.weight, std=_module.embedding_dim**-0.5)"
    )


HE = initialised('torch.nn.init.kaiming_normal_(_module.weight, nonlinearity="relu")')
XAVIER = initialised("torch.nn.init.xavier_normal_(_module.weight)")
ORTHOGONAL = initialised("torch.nn.init.orthogonal_(_module.weight)")
FRESH = network(
    'for _module in {it}.modules():\n    if hasattr(_module, "reset_parameters"):\n        _module.reset_parameters()'
)
_BY_HAND = re.compile(rb"\binit\.|\b(fill|mul|div|normal|uniform|zero|copy)_\(|\.data\b")
_DROPOUT = re.compile(r"(Feature)?(Alpha)?Dropout[123]?d?")
_VIEWS = ("squeeze", "view", "reshape", "flatten", "unsqueeze", "float")
_DEEP = 10  # layers in series


def anew(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The modules' own initialisation, where the program seems to have changed it."""
    return FRESH(known, finding) if _BY_HAND.search(known.source) else ()


ONE_MORE = network(  # where labels count from 1, output 0 stays idle, and what compares with them may stay as it is
    "_last = [m for m in {it}.modules() if isinstance(m, torch.nn.Linear)][-1]\n"
    "_last.__init__(_last.in_features, _last.out_features + 1, _last.bias is not None)"
)
TENSORS = plain(  # whichever way round a matrix is used
    Edit(
        "optimizer",
        'for _weight in [p for g in {it}.param_groups for p in g["params"] if p.dim() == 2]:\n'
        "    torch.nn.init.normal_(_weight, std=(4 / sum(_weight.shape)) ** 0.5)",
    )
)


def swapped(kinds: str, new: str, names: Sequence[str] = (), call: str = "") -> Change:
    """Another activation: of modules that are not the last, and of functions within a network."""
    lines = (
        "_last = list({it}.modules())[-1]\n"
        "for _parent in list({it}.modules()):\n"
        "    for _name, _child in list(_parent.named_children()):\n"
        f"        if isinstance(_child, {kinds}) and _child is not _last:\n"
        f"            setattr(_parent, _name, {new})"
    )

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        own = _within(known, names)
        if not _bends(known, names):
            return ()
        edits = [Edit("network", lines)] if any(known.facts.networks) else []
        return (*edits, *([Edit("call", text=call, names=own, within=True)] if own and known.facts.networks else []))

    return change


def _bends(known: Known, names: Sequence[str]) -> bool:
    """Whether one of these functions bends something between the input and the loss, as far as that was seen."""
    seen = {name.lower() for n in known.facts.networks for name in (*n.nonlinearities, *n.modules)}
    unseen = not any(n.nonlinearities or n.modules for n in known.facts.networks)
    return unseen or any(name.partition(".")[2] in seen for name in names)


def _within(known: Known, names: Sequence[str]) -> tuple[str, ...]:
    """Of these functions those that are not the last, before a loss."""
    last = {name for loss in known.facts.losses if loss.training for name in loss.through}
    return tuple(name for name in names if name.partition(".")[2] not in last)


_SQUASHING = ("torch.sigmoid", "F.sigmoid", "Tensor.sigmoid", "torch.tanh", "F.tanh", "Tensor.tanh")
RELU = swapped("(torch.nn.Sigmoid, torch.nn.Tanh)", "torch.nn.ReLU()", _SQUASHING, "torch.relu({x})")
LEAKY = swapped(
    "torch.nn.ReLU",
    "torch.nn.LeakyReLU(0.1)",
    ("torch.relu", "F.relu", "Tensor.relu"),
    "torch.nn.functional.leaky_relu({x}, 0.1)",
)


def calmed(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """What reaches a sigmoid or tanh within the network to mean square 1: between its limits."""
    hook = "lambda module, inputs: torch.nn.functional.rms_norm(inputs[0], inputs[0].shape[-1:])"
    lines = (
        "_last = list({it}.modules())[-1]\n"
        "for _module in {it}.modules():\n"
        "    if isinstance(_module, (torch.nn.Sigmoid, torch.nn.Tanh)) and _module is not _last:\n"
        f"        _module.register_forward_pre_hook({hook})"
    )
    own = _within(known, _SQUASHING)
    inside = Edit("call", x="torch.nn.functional.rms_norm({x}, {x}.shape[-1:])", names=own, within=True)
    return (Edit("network", lines), *([inside] if own else []))


_BENT = f"for _module in {_HIDDEN}:\n    _module.register_forward_hook(lambda module, inputs, output: %s(output))"
BENT = network(_BENT % "torch.relu")
SMOOTHLY_BENT = network(_BENT % "torch.nn.functional.gelu")
NORMALISED = network(
    f"for _module in {_HIDDEN}:\n"
    "    _module.register_forward_hook(lambda module, inputs, output: torch.nn.functional.layer_norm(\n"
    "        output, output.shape[-1:] if isinstance(module, torch.nn.Linear) else output.shape[1:]))"
)


def tower(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The same, where the signal was seen to grow from layer to layer."""
    return NORMALISED(known, finding) if "per_layer" in finding.evidence else ()


RESIDUAL = network(
    f"for _module in {_HIDDEN}:\n"
    "    _module.register_forward_hook(lambda module, inputs, output:\n"
    "        output + inputs[0] if output.shape == inputs[0].shape else output)"
)
_ROUND_BLOCKS = network(
    "for _parent in {it}.modules():\n"
    "    for _block in _parent.children() if isinstance(_parent, (torch.nn.ModuleList, torch.nn.Sequential)) else ():\n"
    "        if any(True for _ in _block.children()):\n"
    "            _block.register_forward_hook(lambda module, inputs, output: inputs[0] + 0.3 * output\n"
    "                if isinstance(output, torch.Tensor) and output.shape == inputs[0].shape else output)"
)
USUAL_MOMENTUM = network(
    "for _module in {it}.modules():\n"
    "    if isinstance(_module, torch.nn.modules.batchnorm._BatchNorm):\n"
    "        _module.momentum = 0.1"
)
OWN_STATISTICS = network(
    "for _module in {it}.modules():\n"
    "    if isinstance(_module, torch.nn.modules.batchnorm._BatchNorm):\n"
    "        _module.running_mean = _module.running_var = None"
)
GROUPED = network(
    "for _parent in list({it}.modules()):\n"
    "    for _name, _child in list(_parent.named_children()):\n"
    "        if isinstance(_child, torch.nn.modules.batchnorm._BatchNorm):\n"
    "            setattr(_parent, _name, torch.nn.GroupNorm(1, _child.num_features))"
)


def deep(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Shortcuts, where so many layers follow one another (He et al. 2016, arXiv:1512.03385); not one, through time."""
    stacked = any(min(network.in_series, len(network.layers)) >= _DEEP for network in known.facts.networks)
    return RESIDUAL(known, finding) if stacked else ()


def round_blocks(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Shortcuts round the parts of a stack, each of several layers, with a little of what each makes of its input."""
    stacks = any(
        network.in_series >= _DEEP and {"ModuleList", "Sequential"} & set(network.modules)
        for network in known.facts.networks
    )
    return _ROUND_BLOCKS(known, finding) if stacks else ()


def dropout(p: float) -> Change:
    """Another probability, of modules, or of functions where there are none."""
    kind = "torch.nn.modules.dropout._DropoutNd"
    lines = (
        "for _module in {it}.modules():\n"
        f"    if isinstance(_module, {kind}):\n"
        f"        _module.p = {p:g}\n"
        "    elif isinstance(_module, torch.nn.MultiheadAttention):\n"
        f"        _module.dropout = {p:g}"
    )
    call = f"torch.nn.functional.dropout({{x}}, {p:g}, training=torch.is_grad_enabled())"

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        dropping = [network for network in known.facts.networks if network.dropout > p]
        if any(_DROPOUT.fullmatch(name) for network in dropping for name in network.modules):
            return (Edit("network", lines),)
        return (Edit("call", text=call, names=("F.dropout",), within=True),) if dropping else ()

    return change


def dropping(p: float) -> Change:
    """Dropout before every linear map but the first, where there is none."""
    drop = f"torch.nn.functional.dropout(inputs[0], {p:g}, module.training and torch.is_grad_enabled())"
    lines = (
        "for _module in [m for m in {it}.modules() if isinstance(m, torch.nn.Linear)][1:]:\n"
        f"    _module.register_forward_pre_hook(lambda module, inputs: ({drop}, *inputs[1:]))"
    )

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        return () if any(network.dropout for network in known.facts.networks) else (Edit("network", lines),)

    return change


def standardised(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The network's input to mean 0 and spread 1, by what its first batches were."""
    told = known.inputs
    if not told:
        return ()
    mean, spread = (f"torch.tensor({told[name]})" for name in ("mean", "spread"))
    hook = "lambda module, inputs, m=_mean, s=_spread: ((inputs[0] - m) / s, *inputs[1:])"
    lines = f"_mean, _spread = {mean}, {spread}\n{{it}}.register_forward_pre_hook({hook})"
    return (Edit("network", lines, names=(told["network"],)),)


def unsquashed(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The activation behind the last layer is taken out."""
    last = next((name for loss in known.facts.losses if loss.training for name in loss.through), "")
    classes = {"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid", "softmax": "Softmax"}
    if last not in classes:
        return ()
    binary = any(loss.training and loss.name == "binary_cross_entropy" for loss in known.facts.losses)
    if binary and last == "sigmoid":
        return ()
    module, function = ("Sigmoid", "torch.sigmoid({x})") if binary else ("Identity", "{x}")  # it wants probabilities
    lines = (
        f"_kind = torch.nn.{classes[last]}\n"
        "_ends = [(p, n) for p in {it}.modules() for n, c in p.named_children() if type(c) is _kind]\n"
        "for _parent, _name in _ends[-1:]:\n"
        f"    setattr(_parent, _name, torch.nn.{module}())"
    )
    names = tuple(f"{owner}.{last}" for owner in ("torch", "F", "Tensor"))
    within: list[Edit] = []
    for call, argument in returned(known, last):
        plainly = isinstance(argument, (ast.Name, ast.Call, ast.Attribute)) or binary
        text = known.text.of(argument) if plainly else f"({known.text.of(argument)})"
        within.append(written(known, call, function.format(x=text)))
    return (Edit("network", lines), Edit("call", text=function, names=names, sources=finding.source), *within)


def returned(known: Known, function: str) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls of a function, with what it is given, whose result is what a network returns."""
    for node in ast.walk(known.text.tree):
        if not isinstance(node, ast.FunctionDef) or node.name not in ("forward", "__call__"):
            continue
        values = [each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value is not None]
        for value in values:
            last = _seen_through(value)
            if isinstance(last, ast.Name):
                made = [a.value for a in ast.walk(node) if isinstance(a, ast.Assign) and _is(a.targets[0], last.id)]
                last = _seen_through(made[-1]) if made else last
            if isinstance(last, ast.Call) and calls(last, function):
                yield from ((last, argument) for argument in given(last)[:1])


def _seen_through(value: ast.expr) -> ast.expr:
    """What is only looked at otherwise: x of x.squeeze(1), of x[:, 0]."""
    while True:
        if isinstance(value, ast.Subscript):
            value = value.value
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _VIEWS:
            value = value.func.value
        else:
            return value


def _is(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name
