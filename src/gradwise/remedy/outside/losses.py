"""Changes of losses, and of other calls whose operands are not what they should be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gradwise.diagnose import Finding
from gradwise.remedy.outside.data import calls, written
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.known import Change, Known, plain

_CLASSES = 50
_DISTRIBUTIONS = ("Categorical", "OneHotCategorical", "Bernoulli", "RelaxedOneHotCategorical")


def _losses(known: Known) -> list[str]:
    return list(dict.fromkeys(loss.name for loss in known.facts.losses if loss.training and loss.name))


def logits(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Scores from probabilities, before a loss that makes probabilities itself: softmax(log p) = p."""
    inverse = {
        "cross_entropy": "torch.log({x}.clamp_min(1e-12))",
        "binary_cross_entropy_with_logits": "torch.logit({x}, 1e-6)",
    }
    return tuple(Edit("call", x=inverse[n], names=(f"F.{n}",)) for n in _losses(known) if n in inverse)


def probabilities(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """(Log-)probabilities from scores, before a loss that expects them."""
    needed = {
        "nll_loss": "torch.log_softmax({x}, 1)",
        "kl_div": "torch.log_softmax({x}, -1)",
        "binary_cross_entropy": "torch.sigmoid({x})",
    }
    if any(loss.training and loss.ctc is not None for loss in known.facts.losses):
        return (Edit("call", x="torch.log_softmax({x}, -1)", names=("F.ctc_loss",)),)
    own = [loss.name for loss in known.facts.losses if loss.training and loss.by_hand and loss.name in needed]
    if own:  # no function of torch's: what the network gives
        made = needed[own[0]].format(x="output")
        return (Edit("network", f"{{it}}.register_forward_hook(lambda module, inputs, output: {made})"),)
    return tuple(Edit("call", x=needed[n], names=(f"F.{n}",)) for n in _losses(known) if n in needed)


def drawn_by(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A distribution is told that what it is given are probabilities: probs=p instead of logits=p."""
    edits: list[Edit] = []
    for node in ast.walk(known.text.tree):
        if isinstance(node, ast.Call) and any(calls(node, name) for name in _DISTRIBUTIONS):
            for word in node.keywords:
                if word.arg == "logits":
                    told = known.text.of(node).replace("logits=", "probs=", 1)
                    edits.append(written(known, node, told))
    return tuple(edits)


def alike(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """The prediction in the shape of the target."""
    when = "isinstance({y}, torch.Tensor) and {x}.shape != {y}.shape and {x}.numel() == {y}.numel() > 1"
    names = tuple(f"F.{name}" for name in _losses(known)) or ("Tensor.__sub__",)
    if any(loss.training and not loss.name for loss in known.facts.losses):
        names = (*names, "Tensor.__sub__")
    return (Edit("call", x="{x}.reshape({y}.shape)", names=tuple(dict.fromkeys(names)), when=when),)


_BCE = "torch.nn.functional.binary_cross_entropy_with_logits({x}, {y}.to({x}.dtype).reshape({x}.shape))"
_MSE = "torch.nn.functional.mse_loss({x}, {y})"


def _instead(text: str, name: str) -> Change:
    """Another loss, {x} and {y} being what the present one is given."""

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        names = tuple(f"F.{each}" for each in _losses(known) if each != name)
        return (Edit("call", text=text, names=names, when="{y}.numel() == {x}.numel()"),) if names else ()

    return change


BINARY = _instead(_BCE, "binary_cross_entropy_with_logits")
SQUARED = _instead(_MSE, "mse_loss")


def classes(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A score for each class where one number is to be the class: without gradients the class that scores most."""
    for loss in known.facts.losses:
        regression = loss.training and loss.name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
        single = any(network.ends[-1:] == [1] for network in known.facts.networks)
        if not (regression and single and loss.target_integer and loss.target_low == 0 and loss.target_high):
            continue
        number = int(loss.target_high) + 1
        if not 2 < number <= _CLASSES or loss.target_distinct != number:
            continue
        wide = ", keepdim=True" if not _squeezes(known) else ""  # or the network takes the axis away itself
        lines = (
            "_last = [m for m in {it}.modules() if isinstance(m, torch.nn.Linear)][-1]\n"
            f"_last.__init__(_last.in_features, {number}, _last.bias is not None)\n"
            "{it}.register_forward_hook(lambda module, inputs, output: output if torch.is_grad_enabled()\n"
            f"    else output.argmax(-1{wide}).to(output.dtype))"
        )
        text = f"torch.nn.functional.cross_entropy({{x}}.reshape(-1, {number}), {{y}}.flatten().long())"
        when = f"{{x}}.numel() == {number} * {{y}}.numel()"
        return (Edit("network", lines), Edit("call", text=text, names=(f"F.{loss.name}",), when=when))
    return ()


def _squeezes(known: Known) -> bool:
    """Its network gives one number for a sample, and no axis for it."""
    parts = (part for node in ast.walk(known.text.tree) if isinstance(node, ast.FunctionDef) and node.name == "forward"
             for part in ast.walk(node))  # fmt: skip
    return any(calls(part, "squeeze") for part in parts)


def weighted(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Rare classes weigh as much as frequent ones, by how often each came."""
    edits: list[Edit] = []
    for loss in known.facts.losses:
        counts = [max(1, count) for count in loss.counts]
        if not loss.training or len(counts) < 2 or loss.arguments.get("weight") or loss.arguments.get("pos_weight"):
            continue
        if loss.name == "cross_entropy":
            weights = [float(f"{sum(counts) / len(counts) / count:.3g}") for count in counts]
            text = f"torch.nn.functional.cross_entropy({{x}}, {{y}}, torch.tensor({weights}))"
        elif loss.name == "binary_cross_entropy_with_logits" and len(counts) == 2:
            weight = f"torch.tensor({counts[0] / counts[1]:.3g})"
            text = f"torch.nn.functional.binary_cross_entropy_with_logits({{x}}, {{y}}, pos_weight={weight})"
        else:
            continue
        edits.append(Edit("call", text=text, names=(f"F.{loss.name}",)))
    return tuple(edits)


def from_zero(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Labels that count from 1 count from 0; or what they are compared with, for a row of zeros and a one, from 1."""
    compared = tuple(_counted(known.text.tree))
    if compared:
        return tuple(written(known, count, "({x} + 1)") for count in compared)
    names = tuple(f"F.{name}" for name in ("cross_entropy", "nll_loss"))
    return (Edit("call", y="{y} - 1", names=names),)


def _counted(tree: ast.AST) -> Iterator[ast.expr]:
    """torch.arange(n) of labels[:, None] == torch.arange(n)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            for side in (node.left, node.comparators[0]):
                if isinstance(side, ast.Call) and calls(side, "arange") and len(side.args) == 1:
                    yield side


def ignored(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """A label that no output stands for is a filler: it is left out."""
    text = "torch.nn.functional.cross_entropy({x}, {y}.where(({y} >= 0) & ({y} < {x}.shape[1]), -100))"
    return (Edit("call", text=text, names=("F.cross_entropy",)),)


_SINGULAR = ("torch.sqrt", "Tensor.sqrt", "torch.log", "Tensor.log")
GUARDED = plain(Edit("call", x="{x}.clamp_min(1e-8)", names=_SINGULAR))
SPREAD = plain(
    Edit("call", text="({x} / ({y} + 1e-5))", names=("Tensor.__truediv__",), when="isinstance({y}, torch.Tensor)")
)


_MASKING = ("masked_fill", "masked_fill_", "where", "full", "full_like", "fill_")
_INFINITE = {"float('-inf')", "-float('inf')", "-math.inf", "-torch.inf", "-np.inf", "-inf", "-numpy.inf"}


def finite(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """-1e9 for minus infinity, where something is masked with it."""
    calls = [node for node in ast.walk(known.text.tree) if isinstance(node, ast.Call)]
    masks = [call for call in calls if getattr(call.func, "attr", "") in _MASKING]
    given = [each for call in masks for each in (*call.args, *(word.value for word in call.keywords))]
    return tuple(written(known, each, "-1e9") for each in given if ast.unparse(each).replace('"', "'") in _INFINITE)


def attached(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """What is taken out of the graph stays in it, within the network."""
    return (Edit("call", text="{x}", names=("Tensor.detach",), within=True, when="torch.is_grad_enabled()"),)


def attached_between(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """What one network gives another is not taken out of the graph: decoder(state.detach(), x)."""
    handed = [x for node in ast.walk(known.text.tree) if isinstance(node, ast.Call) and not _of_torch(node)
              for x in (*node.args, *(word.value for word in node.keywords))]  # fmt: skip
    cut = [x for x in handed if isinstance(x, ast.Call) and calls(x, "detach") and not x.args]
    return tuple(written(known, x, known.text.of(x.func.value)) for x in cut if isinstance(x.func, ast.Attribute))


def _of_torch(call: ast.Call) -> bool:
    """Or of a list."""
    root = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    return getattr(call.func, "attr", "") == "append" or getattr(root, "id", "") in ("torch", "F", "nn", "np", "print")


def recorded(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """torch.no_grad() in a network, round a part of it or round one of its methods, leaves things as they are."""
    networks = [each for each in ast.walk(known.text.tree) if isinstance(each, ast.ClassDef) and _forward(each)]
    calls = [node for network in networks for node in ast.walk(network) if isinstance(node, ast.Call)]
    off = [call for call in calls if ast.unparse(call) in ("torch.no_grad()", "torch.inference_mode()")]
    return tuple(written(known, call, "torch.set_grad_enabled(torch.is_grad_enabled())") for call in off)


def _forward(network: ast.ClassDef) -> bool:
    return any(isinstance(method, ast.FunctionDef) and method.name == "forward" for method in network.body)


_LOG_PROBABILITY = re.compile(r"log_?p(rob\w*|i|s)?", re.IGNORECASE)


def baseline(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Rewards less their mean, where they multiply the log-probability of what was chosen.

    A constant changes no policy gradient's mean, and a large one makes most of its variance (Williams 1992, section 4).
    """
    edits: list[Edit] = []
    for node in ast.walk(known.text.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            sides = [(node.left, node.right), (node.right, node.left)]
            found = [reward for chosen, reward in sides if _log_probability(chosen) and not _log_probability(reward)]
            if found and any(isinstance(part, ast.Name) for part in ast.walk(found[0])):
                x = "({x})" if isinstance(found[0], ast.BinOp) else "{x}"
                edits.append(written(known, found[0], f"({x} - {x}.mean())"))
    return tuple(edits)


def _log_probability(node: ast.expr) -> bool:
    """It is one, and no product with one."""
    parts = list(ast.walk(node))
    names = (getattr(part, "attr", getattr(part, "id", "")) for part in parts)
    return not any(isinstance(part, ast.Mult) for part in parts) and any(map(_LOG_PROBABILITY.fullmatch, names))
