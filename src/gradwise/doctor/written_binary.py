"""Losses of a yes or no that are written out: y log p + (1 - y) log(1 - p), softplus(z) - y z, and margins."""

from __future__ import annotations

import torch
from torch import Tensor

from gradwise.doctor.graph import VIEWS, Op
from gradwise.doctor.valued import beneath, constant, value
from gradwise.doctor.written_classes import Found

_LOGS = ("log", "logsigmoid", "logsigmoidforward", "log1p")
_OF_A_SCORE = ("softplus", "clamp", "clampmin", "relu", "log1p", "log", "logaddexp", "maximum")
_OF_A_MARGIN = ("clamp", "clampmin", "relu", "softplus", "log1p", "exp", "pow", "add", "rsub", "neg", "sub", "log")


def loss(core: Op, sign: int, known: dict[int, Tensor]) -> Found | None:
    """The loss of 0 and 1, or of -1 and 1, whose terms `core` holds."""
    if core.kind == "where" and len(core.inputs) == 2 and sign < 0:
        return _chosen(core, known)
    terms = _terms(core, sign)
    if len(terms) > 1:
        return _entropy(terms, known) or _of_scores(terms, known)
    return _margin(core, known) if sign > 0 else None


def _terms(op: Op, sign: int) -> list[tuple[Op, int]]:
    """A sum taken apart: what is added, with its sign."""
    for _ in range(4):
        if op.kind == "neg":
            op, sign = op.inputs[0], -sign
        elif op.kind in VIEWS and len(op.inputs) == 1:
            op = op.inputs[0]
        else:
            break
    if op.kind in ("add", "sub") and len(op.inputs) == 2 and not op.leaves:
        return [*_terms(op.inputs[0], sign), *_terms(op.inputs[1], -sign if op.kind == "sub" else sign)]
    return [(op, sign)]


def _entropy(terms: list[tuple[Op, int]], known: dict[int, Tensor]) -> Found | None:
    """-(y log p + (1 - y) log(1 - p)), or with logsigmoid(z) and logsigmoid(-z)."""
    if len(terms) != 2 or any(op.kind != "mul" for op, _ in terms):
        return None
    weights = [w * -sign if (w := constant(op)) is not None else None for op, sign in terms]
    logs = [op.inputs[0] for op, _ in terms]
    while any(op.kind in VIEWS and len(op.inputs) == 1 for op in logs):
        logs = [op.inputs[0] if op.kind in VIEWS and len(op.inputs) == 1 else op for op in logs]
    if any(w is None for w in weights) or any(op.kind not in _LOGS or len(op.inputs) != 1 for op in logs):
        return None
    turned = [_turned(op) for op in logs]
    if turned.count(True) != 1:
        return None
    no = turned.index(True)
    target = _labels(weights[1 - no], weights[no])  # type: ignore[arg-type]
    yes = logs[1 - no]
    op = beneath(yes.inputs[0])
    prediction = value(op, known)
    if prediction is None:
        kept = yes.saved("self")
        prediction = kept.detach() if kept is not None and tuple(kept.shape) == op.shape else None
    if target is None or prediction is None or prediction.shape != target[0].shape:
        return None
    name = "binary_cross_entropy" if yes.kind == "log" else "binary_cross_entropy_with_logits"
    return Found(name, op, prediction, target[0], {}, target[1])


def _turned(log: Op) -> bool:
    """Of 1 - p or of -z."""
    op = log.inputs[0]
    for _ in range(4):
        if op.kind in ("rsub", "neg"):
            return True
        if len(op.inputs) != 1 or not (op.kind in VIEWS or op.kind in ("add", "clamp", "clampmin", "clampmax")):
            return False
        op = op.inputs[0]
    return False


def _labels(ones: Tensor, zeros: Tensor) -> tuple[Tensor, bool] | None:
    """Labels from the weights of both terms, and whether these are more than labels."""
    if ones.shape != zeros.shape:
        return None
    if bool(((ones + zeros - 1).abs() < 1e-4).all()):
        return ones, False  # labels or probabilities, whatever their range
    if bool((ones * zeros == 0).all()) and bool((ones >= 0).all()) and bool((zeros >= 0).all()):
        return (zeros == 0).to(ones.dtype), True  # weighted
    return None


def _chosen(core: Op, known: dict[int, Tensor]) -> Found | None:
    """where(y == 1, log(p), log(1 - p))."""
    condition = core.saved("condition")
    logs = [op.inputs[0] if op.kind in VIEWS and len(op.inputs) == 1 else op for op in core.inputs]
    if condition is None or any(op.kind not in _LOGS or len(op.inputs) != 1 for op in logs):
        return None
    turned = [_turned(op) for op in logs]
    if turned.count(True) != 1:
        return None
    yes = logs[turned.index(False)]
    op = beneath(yes.inputs[0])
    prediction = value(op, known)
    if prediction is None or condition.shape != prediction.shape:
        return None
    target = (condition if turned[1] else ~condition).to(prediction.dtype)
    name = "binary_cross_entropy" if yes.kind == "log" else "binary_cross_entropy_with_logits"
    return Found(name, op, prediction, target, {})


def _of_scores(terms: list[tuple[Op, int]], known: dict[int, Tensor]) -> Found | None:
    """softplus(z) - y z, and max(z, 0) - y z + log(1 + exp(-|z|))."""
    products = [(op, sign) for op, sign in terms if op.kind == "mul" and constant(op) is not None]
    others = [op for op, sign in terms if sign > 0 and op.kind in _OF_A_SCORE]
    if len(products) != 1 or len(products) + len(others) != len(terms) or not others or products[0][1] > 0:
        return None
    product = products[0][0]
    op, target = product.inputs[0], constant(product)
    if target is None or not all(_comes_from(each, op) for each in others):
        return None
    prediction = value(op, known)
    if prediction is None or prediction.shape != target.shape:
        return None
    return Found("binary_cross_entropy_with_logits", op, prediction, target, {})


def _comes_from(op: Op, score: Op) -> bool:
    for _ in range(6):
        if op is score:
            return True
        if not op.inputs:
            return False
        op = op.inputs[0]
    return False


def _margin(core: Op, known: dict[int, Tensor]) -> Found | None:
    """max(0, 1 - y z), log(1 + exp(-y z)): labels of -1 and 1 are meant."""
    op, kinds = core, list[str]()
    while op.kind in _OF_A_MARGIN or op.kind in VIEWS:
        if len(op.inputs) != 1 or op.leaves or len(kinds) > 8:
            return None
        kinds.append(op.kind)
        op = op.inputs[0]
    target = constant(op)
    bends = {"clamp", "clampmin", "relu", "softplus", "log1p", "exp"} & set(kinds)
    if target is None or target.numel() < 2 or not bends or not {"rsub", "neg", "sub"} & set(kinds):
        return None
    labels = target.unique()
    if labels.numel() != 2 or not bool(torch.isin(labels, torch.tensor([-1.0, 0.0, 1.0], dtype=labels.dtype)).all()):
        return None
    score = op.inputs[0]
    prediction = value(score, known)
    if prediction is None or prediction.shape != target.shape:
        return None
    return Found("soft_margin_loss", score, prediction, target, {}, True)
