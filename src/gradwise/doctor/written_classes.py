"""Losses over classes that are written out: the log-probability of the right class, picked by index or by ones."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from gradwise.doctor.graph import VIEWS, Op
from gradwise.doctor.valued import beneath, constant, indices, number, value
from gradwise.watch.facts import NOBODY

IGNORED = -100  # a row without a class, as torch's functions have it


class Found(NamedTuple):
    """What a loss function of torch's would have been called with."""

    name: str
    op: Op  # that made the prediction
    prediction: Tensor
    target: Tensor
    arguments: dict[str, Any]
    weighed: bool = False


class _Picked(NamedTuple):
    """Numbers of rows that labels have picked."""

    op: Op  # what they were picked from
    target: Tensor
    weighed: bool


def loss(core: Op, sign: int, known: dict[int, Tensor]) -> Found | None:
    """The cross-entropy whose terms `core` holds; sign: the one that they get on the way to the loss."""
    weighed = False
    factor = constant(core)
    if factor is not None and (inner := _signed(core.inputs[0], sign)) is not None:  # weights of samples
        (core, sign), picked = inner, _pick(inner[0])
        if picked is None or not _by_class(factor, picked.target):
            return None  # an advantage, a return: no label
        weighed = True
    if sign > 0 and core.kind == "sub" and len(core.inputs) == 2:
        return _normalised(core, known, weighed)
    if sign > 0:
        return None
    if core.kind == "log":  # of the picked probability
        picked = _pick(beneath(core.inputs[0]))
        if picked is None:
            return None
        rows = value(picked.op, known)
        op = picked.op
        return _likelihood(op, rows.clamp_min(1e-30).log(), picked, weighed) if rows is not None else None
    picked = _pick(core)
    if picked is None:
        return None
    return _logarithms(picked, known, weighed or picked.weighed)


def _signed(op: Op, sign: int) -> tuple[Op, int] | None:
    """What was picked, behind a minus or not, with the sign that it gets; None where nothing was."""
    while op.kind in ("neg", *VIEWS) and len(op.inputs) == 1 and _pick(op) is None:
        op, sign = op.inputs[0], -sign if op.kind == "neg" else sign
    return (op, sign) if _pick(op) is not None else None


def _logarithms(picked: _Picked, known: dict[int, Tensor], weighed: bool) -> Found | None:
    """Picked from log_softmax, from logarithms, or from scores themselves."""
    op = picked.op
    rows = value(op, known)
    over = number(op, "_saved_dim") if op.kind == "logsoftmax" else None
    if over in (1, -1) and id(op) not in known and len(op.inputs) == 1:
        scores = value(op.inputs[0], known)
        if scores is not None:
            return _entropy(op.inputs[0], scores, picked, weighed)
    if op.kind == "sub" and len(op.inputs) == 2 and op.inputs[1].kind in ("logsumexp", *VIEWS, "log"):
        scores = value(op.inputs[0], known)  # x - logsumexp(x)
        return _entropy(op.inputs[0], scores, picked, weighed)
    if op.kind == "log" and rows is None and len(op.inputs) == 1:
        inner = value(op.inputs[0], known)
        rows = inner.log() if inner is not None else None
    if rows is None:
        return None
    return _likelihood(op, rows, picked, weighed)


def _entropy(op: Op, scores: Tensor | None, picked: _Picked, weighed: bool) -> Found | None:
    if scores is None:
        return None
    return Found("cross_entropy", op, scores, picked.target, _ignored(picked, weighed), weighed)


def _likelihood(op: Op, rows: Tensor, picked: _Picked, weighed: bool) -> Found | None:
    if picked.target.is_floating_point():
        return None
    return Found("nll_loss", op, rows, picked.target, _ignored(picked, weighed), weighed)


def _ignored(picked: _Picked, weighed: bool) -> dict[str, Any]:
    """Rows without a class; where samples are weighed, those with a label below 0 are taken to weigh nothing."""
    if picked.target.is_floating_point() or not bool((picked.target < 0).any()):
        return {}
    lowest = int(picked.target.min())
    return {"ignore_index": lowest} if weighed or lowest == IGNORED else {}


def _normalised(core: Op, known: dict[int, Tensor], weighed: bool) -> Found | None:
    """logsumexp(x) - x[rows, y]."""
    total, chosen = core.inputs
    while total.kind in VIEWS and len(total.inputs) == 1:
        total = total.inputs[0]
    picked = _pick(chosen)
    if total.kind != "logsumexp" or picked is None or total.inputs[0] is not picked.op:
        return None
    scores = value(picked.op, known)
    return _entropy(picked.op, scores, picked, weighed)


def _pick(op: Op) -> _Picked | None:
    """What gather, rows and columns, or a product with ones have chosen of (B, C)."""
    for _ in range(6):
        if len(op.inputs) != 1 or op.leaves:
            return None
        if op.kind not in (*VIEWS, "sum"):
            break
        op = op.inputs[0]
    below = op.inputs[0]
    if len(below.shape) < 2:
        return None
    if op.kind == "gather":
        index = op.saved("index")
        chosen = index is not None and index.ndim == 2 and index.shape[1] == 1
        return _Picked(below, index.detach().flatten(), False) if chosen and index is not None else None
    if op.kind == "index":
        rows = indices(op)
        if len(rows) != 2 or len(below.shape) != 2 or rows[1].dtype == torch.bool or rows[1].ndim != 1:
            return None
        same = rows[0].shape == rows[1].shape == (below.shape[0],)
        in_order = same and torch.equal(rows[0], torch.arange(below.shape[0], device=rows[0].device))
        return _Picked(below, rows[1], False) if in_order else None
    ones = constant(op)
    if op.kind != "mul" or ones is None or tuple(ones.shape) != below.shape or not _logarithm(below):
        return None
    ones = ones.float() if ones.dtype == torch.bool else ones
    if bool((ones < 0).any()) or bool((ones > 1).any()) or below.shape[1] < 2:
        return None
    right = (ones.sum(1) == 1) & (ones.amax(1) == 1)
    if below.kind != "log" and _beyond(ones, right | _smoothed(ones)):
        right = ~_nobody(ones)
        none = NOBODY if bool(ones.any(1).all()) else IGNORED
        return _Picked(below, torch.where(right, ones.argmax(1), none), False)
    if not torch.allclose(ones.sum(1), ones.new_ones(()), atol=1e-3):
        return None  # some rows have no class at all: masked, unlabelled, or a label beyond the last output
    if below.kind == "log":  # as in a binary loss
        return _Picked(below, ones.argmax(1), False) if bool(right.all()) else None
    return _Picked(below, ones.argmax(1) if bool(right.all()) else ones, False)


def _beyond(ones: Tensor, right: Tensor) -> bool:
    """Some rows have no class and the first output is nobody's: labels that count from 1, compared with 0 to C - 1.
    Of smoothed ones any row without a 1: who leaves out samples on purpose does not smooth them."""
    none = _nobody(ones)
    known = bool(none.any() and right.any() and (none | right).all())
    return known and (bool(ones.any(1).all()) or not bool((ones.argmax(1) == 0)[right].any()))


def _nobody(ones: Tensor) -> Tensor:
    """Rows of nothing, or of what smoothing gives to all classes alike. (B,) booleans."""
    return (ones.amax(1) == ones.amin(1)) & (ones.sum(1) < 0.5)


def _smoothed(ones: Tensor) -> Tensor:
    """Rows of one large share and others alike, 1 together: label smoothing. (B,) booleans."""
    high, low = ones.topk(2).values.unbind(1)
    return ((ones.sum(1) - 1).abs() < 1e-3) & (high > low) & ((low - ones.amin(1)).abs() < 1e-6)


def _logarithm(op: Op) -> bool:
    """log_softmax, log, or x - logsumexp(x)."""
    if op.kind in ("logsoftmax", "log"):
        return True
    if op.kind != "sub" or len(op.inputs) != 2:
        return False
    total = op.inputs[1]
    while total.kind in VIEWS and len(total.inputs) == 1:
        total = total.inputs[0]
    return total.kind == "logsumexp" and total.inputs[0] is op.inputs[0]


def _by_class(weights: Tensor, target: Tensor) -> bool:
    """All samples of a class have the same weight."""
    weights = weights.flatten()
    if weights.numel() != target.numel() or target.is_floating_point() or bool((weights < 0).any()):
        return False
    kinds = target.unique()
    several = sum(int((target == kind).sum()) > 1 for kind in kinds)
    return several > 0 and all(bool((w := weights[target == kind]).eq(w[0]).all()) for kind in kinds)
