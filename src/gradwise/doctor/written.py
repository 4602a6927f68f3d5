"""A loss that a program writes out itself, found among the calls that led to it: what is predicted, what is wanted.

Squared and absolute errors, cross-entropies of log-probabilities and of single probabilities, as textbooks write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten

from gradwise.doctor.sense import Backward, LossCall
from gradwise.doctor.tape import Call

REDUCED = frozenset(
    [
        "mean",
        "sum",
        "neg",
        "__neg__",
        "div",
        "__truediv__",
        "mul",
        "__mul__",
        "__rmul__",
        "squeeze",
        "reshape",
        "view",
        "flatten",
    ]
)
SUMS = frozenset(["add", "__add__", "__radd__", "sub", "__sub__", "__rsub__"])
SQUARES = frozenset(["square", "pow", "__pow__", "mul", "__mul__"])
PRODUCTS = frozenset(["mul", "__mul__", "__rmul__"])
LOGS = frozenset(["log", "log1p", "softplus", "logsigmoid", "log_sigmoid", "clamp_min", "logaddexp"])
DEPTH = 12


def loss(calls: list[Call], backward: Backward) -> LossCall | None:
    """The loss function that a backward pass starts from, as if the program had called it; None for any other."""
    if len(backward.roots) != 1 or backward.roots[0].numel() != 1:
        return None
    made = {id(x): call for call in calls for x in tree_flatten(call.output)[0] if isinstance(x, Tensor)}
    return _Search(made, backward).found(backward.roots[0], DEPTH)


class _Search:
    def __init__(self, made: dict[int, Call], backward: Backward) -> None:
        self.made, self.backward = made, backward

    def found(self, x: Tensor, depth: int) -> LossCall | None:
        """What x is a mean of."""
        call = self.made.get(id(x))
        if call is None or depth == 0:
            return None
        seen = self.error(call) or self.likelihood(call) or self.binary(x, call)
        if seen is not None:
            return seen
        if call.name in REDUCED or call.name in SUMS:
            for each in self.known(call):
                seen = self.found(each, depth - 1)
                if seen is not None:
                    return seen
        return None

    def known(self, call: Call) -> list[Tensor]:
        """What it was given that depends on weights."""
        return [x for x in _tensors(call) if id(x) in self.made]

    def error(self, call: Call) -> LossCall | None:
        """(a - y) ** 2 or |a - y|."""
        within = call.args[0] if call.args and isinstance(call.args[0], Tensor) else None
        if call.name in ("abs", "__abs__"):
            name = "l1_loss"
        elif call.name in SQUARES and (call.name == "square" or (len(call.args) > 1 and _twice(call))):
            name = "mse_loss"
        else:
            return None
        inner = self.made.get(id(within))
        if inner is not None and "norm" in inner.name and inner.args:
            inner = self.made.get(id(inner.args[0]))
        if inner is None or inner.name not in ("sub", "__sub__", "__rsub__", "subtract"):
            return None
        known = self.known(inner)
        other = [x for x in _tensors(inner) if not x.requires_grad and id(x) not in self.made]
        if len(known) != 1 or len(other) != 1 or other[0].numel() < 2 or other[0].shape != known[0].shape:
            return None
        rest = (known[0] - other[0]).detach()
        value = rest.abs().mean() if name == "l1_loss" else rest.square().mean()
        return self._told(name, known[0], other[0], value)

    def likelihood(self, call: Call) -> LossCall | None:
        """log_p[range(B), y], log_p.gather(1, y) or (one_hot * log_p)."""
        if call.name == "__getitem__" and isinstance(call.args[1], tuple) and len(call.args[1]) == 2:
            x, y = call.args[0], call.args[1][1]
        elif call.name in ("gather", "take_along_dim"):
            x = call.args[0]
            y = next((v for v in (*call.args[1:], *call.kwargs.values()) if isinstance(v, Tensor)), None)
        elif call.name in PRODUCTS and len(self.known(call)) == 1 and len(list(_tensors(call))) == 2:
            x = self.known(call)[0]
            y = next(each for each in _tensors(call) if each is not x)
            one_hot = y.shape == x.shape and y.ndim == 2 and bool(((y == 0) | (y == 1)).all())
            y = y.argmax(1) if one_hot and bool((y.sum(1) == 1).all()) else None
        else:
            return None
        if not isinstance(y, Tensor) or y.is_floating_point() or y.dtype is torch.bool or x.ndim != 2:
            return None
        y = y.reshape(-1)
        normed = bool((x.detach().logsumexp(1).abs() < 1e-2).all())  # log-probabilities
        if len(y) != len(x) or not normed or not len(y):
            return None
        return self._told("nll_loss", x, y, -x.detach().gather(1, y[:, None]).mean())

    def binary(self, x: Tensor, call: Call) -> LossCall | None:
        """y log p + (1 - y) log (1 - p), or the same from logits: a sum of terms, of which one is y times something."""
        if call.name not in SUMS or x.numel() < 2:
            return None
        terms, logs = [call], False
        for each in terms[:]:
            terms += [self.made[id(t)] for t in self.known(each)]
        for each in terms[1:3]:
            terms += [self.made[id(t)] for t in self.known(each)]
        for each in list(terms):
            logs |= each.name in LOGS or any(self.made[id(t)].name in LOGS for t in self.known(each))
        for each in terms:
            if each.name in PRODUCTS and len(self.known(each)) == 1:
                y = [t for t in _tensors(each) if id(t) not in self.made and not t.requires_grad]
                whole = y and y[0].shape == x.shape and bool(((y[0] == 0) | (y[0] == 1)).all())
                if whole and logs:
                    return self._told("binary_cross_entropy", self.known(each)[0], y[0], x.detach().mean().abs())
        return None

    def _told(self, name: str, x: Tensor, y: Tensor, value: Tensor) -> LossCall:
        return LossCall(name, x.detach(), y.detach(), {}, value, True, (self.backward.source,))


def _twice(call: Call) -> bool:
    return call.args[1] is call.args[0] or (call.name in ("pow", "__pow__") and call.args[1] == 2)


def _tensors(call: Call) -> Iterator[Tensor]:
    given: list[Any] = tree_flatten((call.args, call.kwargs))[0]
    yield from (x for x in given if isinstance(x, Tensor))
