"""The units of one network in the order of another's, so that networks which began apart can be averaged.

The units of a hidden layer may change places without a change of what is computed, so two trainings find the same
features in different places. Weight matching (Ainsworth, Hayase, Srinivasa 2023, arXiv:2209.04836, section 3.2) looks
for the places: layer by layer the assignment under which the weights of both networks agree most, until none changes.
"""

from __future__ import annotations

import copy
import random
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor, nn

from gradwise.errors import RunError
from gradwise.model.layers import MAPS, calls
from gradwise.stages import Batch

ROUNDS = 100  # over all layers; some ten are enough
CLOSE = 1e-3  # of the largest answer: what the order of a sum may change


class _Joint(NamedTuple):
    """The units of a hidden layer, and all that has a place for each of them."""

    into: Any  # the map that makes them
    norms: list[nn.Module]  # between, with a number for each
    out: Any  # the map that reads them


def aligned(model: nn.Module, like: nn.Module, batch: Batch) -> nn.Module:
    """A copy of a network that gives the same answers, its units in the places of their counterparts in `like`.

    Both have the same layers, one behind the other. Raises RunError where units can't change places: shortcuts.
    """
    moved = copy.deepcopy(model)
    mine, theirs = _joints(moved, batch), _joints(like, batch)
    orders = [np.arange(len(joint.into.weight)) for joint in mine]
    draw, changed = random.Random(0), True
    with torch.no_grad():
        for _ in range(ROUNDS):
            if not changed:
                break
            changed = False
            for number in draw.sample(range(len(mine)), len(mine)):
                agree = _agreement(number, mine, theirs, orders)
                _, order = linear_sum_assignment(agree, maximize=True)
                places = np.arange(len(order))
                better = agree[places, order].sum() - agree[places, orders[number]].sum()
                if better > 1e-9 * np.abs(agree).max():
                    orders[number], changed = order, True
        for joint, order in zip(mine, orders, strict=True):
            _move(joint, torch.from_numpy(order))
        before, after = model(batch.x), moved(batch.x)
    if not bool((before - after).abs().max() <= CLOSE * before.abs().max()):
        raise RunError(
            "The units of these networks can't change places one layer at a time.",
            why="something goes past the layers: a shortcut, weights that are shared.",
            fix="--method ensemble averages the answers of any networks.",
        )
    return moved


def _joints(model: nn.Module, batch: Batch) -> list[_Joint]:
    """The hidden layers in the order in which they work."""
    path = calls(model, batch)
    maps = [i for i, call in enumerate(path) if isinstance(call.module, MAPS)]
    found: list[_Joint] = []
    for first, second in pairwise(maps):
        into: Any = path[first].module
        out: Any = path[second].module
        units = into.weight.shape[0]
        between = [call.module for call in path[first + 1 : second]]
        norms = [module for module in between if getattr(module, "weight", None) is not None]
        split = any(getattr(layer, "groups", 1) > 1 for layer in (into, out))
        if split or out.weight.shape[1] % units or any(module.weight.shape != (units,) for module in norms):
            raise RunError(
                f"The units of layer {path[first].name} can't change places.",
                why="what reads them is no plain layer of that many inputs, or is split into groups.",
                fix="--method ensemble averages the answers of any networks.",
            )
        found.append(_Joint(into, norms, out))
    return found


def _agreement(number: int, mine: list[_Joint], theirs: list[_Joint], orders: list[Any]) -> Any:
    """(n, n): how much the weights agree where one of my units (second) takes the place of theirs (first)."""
    me, they = mine[number], theirs[number]
    own = me.into.weight
    if number > 0:
        own = _read(own, orders[number - 1])
    total = they.into.weight.flatten(1).double() @ own.flatten(1).double().T
    reads = me.out.weight
    if number + 1 < len(mine):
        reads = reads[torch.from_numpy(orders[number + 1])]
    total += _by_unit(they.out.weight, len(total)) @ _by_unit(reads, len(total)).T
    for a, b in zip((they.into, *they.norms), (me.into, *me.norms), strict=True):
        vectors = ("weight", "bias") if a is not they.into else ("bias",)
        for name in vectors:
            x, y = getattr(a, name, None), getattr(b, name, None)
            if x is not None and y is not None:
                total += torch.outer(x.double(), y.double())
    return total.cpu().numpy()


def _by_unit(weight: Tensor, units: int) -> Tensor:
    """(out, units * k, ...) -> (units, all the weights that read it)."""
    return weight.reshape(len(weight), units, -1).transpose(0, 1).flatten(1).double()


def _read(weight: Tensor, order: Any) -> Tensor:
    """The same weights (out, n * k, ...) reading units in another order; k values of each, as flattening leaves."""
    return weight.reshape(len(weight), len(order), -1)[:, torch.as_tensor(order)].reshape(weight.shape)


def _move(joint: _Joint, order: Tensor) -> None:
    for module in (joint.into, *joint.norms):
        for name in ("weight", "bias", "running_mean", "running_var"):
            values = getattr(module, name, None)
            if values is not None:
                values.copy_(values[order])
    joint.out.weight.copy_(_read(joint.out.weight, order))
