"""A loss that a program writes out itself, found in the graph: what is predicted, what is wanted.

((model(x) - y) ** 2).mean() or -log_softmax(z, 1)[rows, y].mean() call no loss function, but the graph keeps what the
derivative needs: differences, labels that picked, masks that multiplied. What is recognised is what a loss function of
torch's would have been called with; anything else (an advantage that weighs log-probabilities) is left alone.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from gradwise.doctor import written_binary, written_classes
from gradwise.doctor.graph import VIEWS, Graph, Op, words
from gradwise.doctor.sense import Backward, LossCall
from gradwise.doctor.tensors import tensors
from gradwise.doctor.valued import constant, value
from gradwise.doctor.written_classes import Found

_REDUCED = VIEWS | {"mean", "sum", "div", "mul", "neg", "sqrt"}
_OF_ERRORS = words(
    "pow abs mul div where sqrt log log1p cosh exp softplus clamp clampmin clampmax minimum maximum add sub rsub neg "
    "mean sum"
)  # what a loss makes of a difference
_MARKS = (-1.0, 0.0, 1.0)
_WHOLE = 1e-4  # rounding of a difference


def loss(backward: Backward) -> LossCall | None:
    """The loss that a backward pass starts from, as if the program had called it; None for any other.

    Prediction and target have the shapes that they have in the program.
    """
    graph = backward.graph
    if graph is None or len(graph.roots) != 1 or len(backward.roots) != 1 or backward.roots[0].numel() != 1:
        return None
    known = _ops(graph, [out for call in backward.calls for out in tensors(call.output)])
    found, added = _found(graph.roots[0], known)
    if found is None and backward.recorded:  # what no module gave, either
        known = _ops(graph, backward.recorded) | known
        found, added = _found(graph.roots[0], known)
    if found is None:
        return None
    prediction = known.get(id(found.op), found.prediction)
    try:
        made = getattr(F, found.name)(found.prediction, found.target, **found.arguments)
    except (AttributeError, RuntimeError, ValueError, IndexError):
        made = None
    call = LossCall(found.name, prediction, found.target, found.arguments, made, True, (backward.source,))
    call.op, call.weighed = found.op, found.weighed or added
    return call


def _ops(graph: Graph, made: list[Tensor]) -> dict[int, Tensor]:
    """Tensors by the id of the operation that made them."""
    return {id(op): out for out in made if (op := graph.find(out))}


def _found(root: Op, known: dict[int, Tensor]) -> tuple[Found | None, bool]:
    """The loss, and whether something is added to it."""
    core, sign, added = _core(root)
    found = _recognised(core, sign, known)
    if found is None and _alike(core):  # weights of samples that are all the same
        core, turned, more = _core(core.inputs[0])
        found, added = _recognised(core, sign * turned, known), added or more
        if found is not None and found.target.unique().numel() < 2:
            return None, added  # samples of one class weigh the same in any case
    return found, added


def _recognised(core: Op, sign: int, known: dict[int, Tensor]) -> Found | None:
    found = written_classes.loss(core, sign, known) or written_binary.loss(core, sign, known)
    return found or (_difference(core, known) if sign > 0 else None)


def _alike(core: Op) -> bool:
    """A product with as many equal positive numbers as there are samples."""
    factor = constant(core)
    return (
        factor is not None and factor.numel() > 1 and bool((factor == factor.flatten()[0]).all() and factor.max() > 0)
    )


def _core(root: Op) -> tuple[Op, int, bool]:
    """What is averaged, the sign that it gets, and whether a penalty on the same weights is added."""
    op, sign, added = root, 1, False
    for _ in range(16):
        if op.leaves:
            break
        if op.kind in ("add", "sub") and len(op.inputs) == 2 and op.shape == () and (main := _main(op)) is not None:
            sign = -sign if op.kind == "sub" and main is op.inputs[1] else sign
            op, added = main, True
            continue
        if op.kind not in _REDUCED or len(op.inputs) != 1:
            break
        factor = constant(op)
        if factor is not None and factor.numel() > 1:
            break  # weights of samples, labels as ones
        sign = -sign if op.kind == "neg" or (factor is not None and float(factor) < 0) else sign
        op = op.inputs[0]
    return op, sign, added


def _main(op: Op) -> Op | None:
    """Of a sum the part that is no penalty: the other one depends on weights of the same network alone."""
    (first, weights), (second, others) = ((below, _leaves(below)) for below in op.inputs)
    ids = [{id(each) for each in found} for found in (_all(first), _all(second))]
    if ids[0] & ids[1]:
        return None
    if others <= weights and len(ids[1]) < len(ids[0]):
        return first
    return second if weights <= others and len(ids[0]) < len(ids[1]) else None


def _all(op: Op) -> list[Op]:
    found, seen = [op], {id(op)}
    for each in found:  # grows while it is walked
        for below in each.inputs:
            if id(below) not in seen:
                seen.add(id(below))
                found.append(below)
    return found


def _leaves(op: Op) -> set[int]:
    return {id(leaf) for each in _all(op) for leaf in each.leaves}


def _difference(core: Op, known: dict[int, Tensor]) -> Found | None:
    """A squared, absolute or other error of one difference between a prediction and a target."""
    minus, weighed = _only_difference(core)
    if minus is None:
        return None
    difference, op = value(minus, {}), minus.inputs[0]
    prediction = value(op, known)
    if difference is None or prediction is None:
        return None
    negated = (minus.node.next_functions[0][0] is not None) == (minus.kind == "rsub")
    if difference.shape != prediction.shape or difference.numel() < 2:
        return None
    target = prediction - difference * (-1 if negated else 1)
    whole = target.round()
    target = whole if bool(((target - whole).abs() < _WHOLE).all()) else target
    only = float(target.reshape(-1)[0])
    if only in _MARKS and bool((target == only).all()):
        return None  # what a score or a residual is to reach, not a target
    squared = (core.kind == "pow" and getattr(core.node, "_saved_exponent", None) == 2) or (
        core.kind == "mul" and core.inputs[0] is core.inputs[-1] is minus
    )
    name = "mse_loss" if squared else "l1_loss" if core.kind == "abs" else "huber_loss"
    return Found(name, op, prediction, target, {}, weighed or name == "huber_loss")


def _only_difference(core: Op) -> tuple[Op | None, bool]:
    """The one difference that everything between it and the core is made of; whether samples are weighed."""
    found: dict[int, Op] = {}
    ops, seen, weighed = [core], {id(core)}, False
    for op in ops:  # grows while it is walked
        constants = any(below is None for below, _ in op.node.next_functions)
        further = bool(op.inputs) and op.inputs[0].kind in ("abs", "pow", "sqrt")  # |d| - 1/2, within a Huber loss
        minus = op.kind in ("sub", "rsub") and len(op.inputs) == 1 and constants and not op.leaves and not further
        if minus and (op.inputs[0].depth or _formula(op.inputs[0], core)):
            if _of_numbers(op):
                return None, False
            found[id(op)] = op
            continue
        if op.kind not in _OF_ERRORS | VIEWS or op.leaves or not op.inputs or len(ops) > 32:
            return None, False
        factor = constant(op)
        weighed = weighed or (factor is not None and factor.numel() > 1)
        for below in op.inputs:
            if id(below) not in seen:
                seen.add(id(below))
                ops.append(below)
    return (next(iter(found.values())) if len(found) == 1 else None), weighed


def _formula(prediction: Op, core: Op) -> bool:
    """It is made of all that is trained, none of which is a matrix."""
    leaves = _leaves(core)
    return core.depth == 0 and bool(leaves) and _leaves(prediction) == leaves


def _of_numbers(op: Op) -> bool:
    """1 - p, where the 1 is a number and no tensor."""
    return op.node.name().startswith("RsubBackward1")
