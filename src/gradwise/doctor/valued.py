"""The values that operations of a graph gave, as far as autograd has kept them: what a loss that is written out saw.

An operation keeps what its derivative needs: some their result, some what they were given. A layer's product is
computed once more from the two factors that it keeps.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gradwise.doctor.graph import VIEWS, Op, words
from gradwise.doctor.layers import all_below
from gradwise.doctor.tensors import plain

_KEEPS = words(
    "log log1p log2 pow abs clamp clampmin clampmax softplus logsumexp gelu silu sin cos cosh square logsigmoidforward "
    "relu sigmoid logsigmoid"
)  # what these were given is their saved `self`
_RESHAPED = words("squeeze unsqueeze view reshapealias unsafeview flatten unflatten")
_MOST = 2**22  # values: beyond that nothing is computed again
_DEEP = 6
_NEGATIVE = words("neg rsub nllloss nllloss2d")
_FAR = 24  # operations between two


def value(op: Op, known: dict[int, Tensor], deep: int = _DEEP) -> Tensor | None:
    """What an operation gave, without gradient; None where that is lost. known: outputs by the id of their operation.

    Shapes are checked: a value is never of another operation.
    """
    found = known.get(id(op))
    found = found if found is not None else op.saved("result")
    if found is None or tuple(found.shape) != op.shape:
        found = _given_on(op)
    if found is None and deep and math.prod(op.shape) <= _MOST:
        found = _again(op, known, deep - 1)
    if found is None or tuple(found.shape) != op.shape:
        return None
    return plain(found)


def constant(op: Op) -> Tensor | None:
    """What a product or a sum with something that needs no gradient has kept of that."""
    if op.kind not in ("mul", "div") or len(op.inputs) != 1:
        return None
    kept = (op.saved("other"), op.saved("self"))  # each for the derivative of the other: only the constant is there
    found = next((each for each in kept if each is not None), None)
    return plain(found) if found is not None else None


def sign(root: Op, target: Op) -> int:
    """-1 where the way from one to the other negates it an odd number of times; 0 where none is seen."""
    found, op = 1, root
    for _ in range(_FAR):
        if op is target:
            return found
        towards = [below for below in op.inputs if below is target or target in all_below(below)]
        if not towards:
            return 0
        second = op.kind == "sub" and len(op.inputs) == 2 and towards[0] is op.inputs[1]
        factor = constant(op) if op.kind in ("mul", "div") and len(op.inputs) == 1 else None
        single = factor is not None and factor.numel() == 1 and float(factor) < 0
        found = -found if op.kind in _NEGATIVE or second or single else found
        op = towards[0]
    return 0


def _given_on(op: Op) -> Tensor | None:
    """Kept by one that it was given to."""
    for above in op.consumers:
        names: tuple[str, ...] = ()
        if above.kind in _KEEPS and len(above.inputs) == 1:
            names = ("self",)
        elif above.kind == "mul" and len(above.inputs) == 2:
            names = tuple(n for n, below in zip(("self", "other"), above.inputs, strict=True) if below is op)
        for name in names:
            kept = above.saved(name)
            if kept is not None and tuple(kept.shape) == op.shape:
                return kept
    return None


def _again(op: Op, known: dict[int, Tensor], deep: int) -> Tensor | None:
    """Views, layers and a bias, computed from what they were given."""
    if len(op.inputs) == 1 and op.kind in (*_RESHAPED, "select", "transpose", "t", "neg", "add"):
        below = value(op.inputs[0], known, deep)
        return _mapped(op, below) if below is not None else None
    if op.kind in ("mm", "mv", "addmm", "linear"):
        return _product(op)
    return _formula(op, known, deep)


def _formula(op: Op, known: dict[int, Tensor], deep: int) -> Tensor | None:
    """Sums, products and waves of weights: a curve that is fitted, not a network."""
    if op.kind in ("sin", "cos"):
        given = op.saved("self")
        return getattr(given.detach(), op.kind)() if given is not None else None
    if op.kind == "mul":
        first, second = op.saved("self"), op.saved("other")
        if first is not None and second is not None:
            return first.detach() * second.detach()
        factor, below = constant(op), value(op.inputs[0], known, deep) if op.inputs else None
        return below * factor if below is not None and factor is not None else None
    if op.kind == "add" and len(op.inputs) + len(op.leaves) == 2:
        parts = [*(value(below, known, deep) for below in op.inputs), *(leaf.detach() for leaf in op.leaves)]
        return parts[0] + parts[1] if parts[0] is not None and parts[1] is not None else None
    return None


def _mapped(op: Op, below: Tensor) -> Tensor | None:
    if op.kind in _RESHAPED:
        return below.reshape(op.shape) if below.numel() == math.prod(op.shape) else None
    if op.kind == "select":
        return below.select(number(op, "_saved_dim"), number(op, "_saved_index"))
    if op.kind == "t":
        return below.t()
    if op.kind == "transpose":
        return below.transpose(number(op, "_saved_dim0"), number(op, "_saved_dim1"))
    if op.kind == "neg":
        return -below
    return below + op.leaves[0].detach() if len(op.leaves) == 1 else None  # a bias; a constant is not kept


def _product(op: Op) -> Tensor | None:
    first, second = (op.saved("mat1"), op.saved("mat2")) if op.kind == "addmm" else (op.saved("self"), op.saved("mat2"))
    if op.kind == "mv":
        second = op.saved("vec")
    weights = [leaf.detach() for leaf in op.leaves if leaf.ndim == 2 or (op.kind == "mv" and leaf.ndim == 1)]
    if first is None:
        return None
    if second is None and len(weights) == 1:  # the input needs no gradient: its factor is not kept, but is a weight
        second = weights[0] if weights[0].shape[0] == first.shape[-1] else weights[0].t()
    if second is None or first.shape[-1] != second.shape[0]:
        return None
    made = first.detach() @ second.detach()
    bias = [leaf.detach() for leaf in op.leaves if leaf.ndim == 1] if op.kind != "mv" else []
    return made + bias[0] if op.kind == "addmm" and bias else None if op.kind == "addmm" else made


def number(op: Op, name: str) -> int:
    """A whole number that an operation keeps: a dimension, which may count from the end."""
    found = int(getattr(op.node, name))
    return found - 2**64 if found > 2**63 else found


def indices(op: Op) -> list[Tensor]:
    """What `x[rows, columns]` was indexed with."""
    found = getattr(op.node, "_saved_indices", None) or ()
    return [plain(each) for each in found if isinstance(each, torch.Tensor)]  # type: ignore[misc]


def beneath(op: Op) -> Op:
    """Past a constant that is added and limits: what the logarithm of a probability is made safe with."""
    end = op
    for _ in range(8):
        safe = op.kind in ("add", "clamp", "clampmin", "clampmax") and not op.leaves
        if not (safe or op.kind in VIEWS) or len(op.inputs) != 1:
            break
        op = op.inputs[0]
        end = op if safe else end
    return end
