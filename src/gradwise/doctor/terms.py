"""What a tape of calls is made of, and the terms of the loss that it leads to: penalties, a code's, rewards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor
from torch.utils._pytree import tree_flatten

ADDED = frozenset(["add", "__add__", "__radd__", "add_", "__iadd__", "sub", "__sub__"])
SCALED = frozenset(["mean", "sum", "div", "__truediv__", "mul", "__mul__", "__rmul__", "neg"])


class Slot(NamedTuple):
    """Stands for a tensor on a tape."""

    number: int


@dataclass
class Played:
    """A call on a tape."""

    function: Callable[..., Any]
    given: Any  # (args, kwargs) with slots for what depends on weights
    made: list[int]  # numbers of the tensors that it returns; -1 for what is no tensor
    changed: int  # number of the tensor that it changes in place; 0 for none
    gradient: bool
    name: str

    @property
    def slots(self) -> list[int]:
        """Numbers of what it was given."""
        flat = tree_flatten(self.given, is_leaf=lambda x: isinstance(x, Slot))[0]
        return [x.number for x in flat if isinstance(x, Slot)]


def penalties(calls: list[Played], root: int) -> dict[int, int]:
    """Which calls add to the loss what no data enter, and which of their arguments is the rest."""
    data, found = set[int](), dict[int, int]()
    for call in calls:
        flat = tree_flatten(call.given, is_leaf=lambda x: isinstance(x, Slot))[0]
        if any(isinstance(x, Tensor) and x.numel() > 1 for x in flat) or not data.isdisjoint(call.slots):
            data.update(number for number in (*call.made, call.changed) if number)
    waiting = [(root, len(calls))]
    while waiting:
        number, before = waiting.pop()
        index = next((i for i in range(before - 1, -1, -1) if number in calls[i].made), -1)
        call = calls[index]
        if index < 0 or (call.name not in ADDED and call.name not in SCALED):
            continue
        given = [x.number for x in call.given[0] if isinstance(x, Slot)]
        rest = [each for each in given if each in data]
        if call.name in ADDED and len(given) == 2 and len(rest) == 1:
            found[index] = list(call.given[0]).index(Slot(rest[0]))
        if call.name in ADDED or len(given) == 1:
            waiting += [(each, index) for each in rest]
    return found


def codes(calls: list[Played], root: int, leaves: set[int]) -> dict[int, int]:
    """Which calls add to the loss a term of the data that only some of the weights of the other term enter.

    A code's divergence or size: the other term is made from the code, and has the decoder's weights beside its own.
    """
    behind: dict[int, set[int]] = {number: {number} for number in leaves}
    added: dict[int, int] = {}
    for index, call in enumerate(calls):
        given = [x.number for x in call.given[0] if isinstance(x, Slot)] if call.name in ADDED else []
        if len(given) == 2:
            first, second = (behind.get(number, set[int]()) for number in given)
            if first and second and first != second and (first <= second or second <= first):
                added[index] = list(call.given[0]).index(Slot(given[0 if second < first else 1]))
        whose = set[int]().union(*(behind.get(number, set[int]()) for number in call.slots))
        for number in (*call.made, call.changed):
            if number:
                behind[number] = behind.get(number, set[int]()) | whose
    found: dict[int, int] = {}
    waiting = [(root, len(calls))]
    while waiting:  # from the loss on: a sum within the network is none
        number, before = waiting.pop()
        index = next((i for i in range(before - 1, -1, -1) if number in calls[i].made), -1)
        call = calls[index]
        if index < 0 or (call.name not in ADDED and call.name not in SCALED) or call.changed:
            continue
        if index in added:
            found[index] = added[index]
        given = [x.number for x in call.given[0] if isinstance(x, Slot)]
        scalar = call.name in ADDED or len(given) == 1
        waiting += [(each, index) for each in given] if scalar else []
    return found


def rewards(calls: list[Played], known: dict[int, Tensor]) -> list[float]:
    """The numbers that something of the policy's is multiplied by, next to the loss: also what weights gave and no
    gradient goes through. Calls from the loss on."""
    found: list[Tensor] = []

    def constant(x: Any) -> Any:
        return known[x.number] if isinstance(x, Slot) and not known[x.number].requires_grad else x

    for call in calls:
        if call.name in ("mul", "__mul__", "__rmul__") and len(call.given[0]) == 2:
            number = [x for x in map(constant, call.given[0]) if not isinstance(x, Slot)]
            if len(number) == 1 and isinstance(number[0], Tensor) and number[0].is_floating_point():
                if not found or found[0].shape == number[0].shape:
                    found.append(number[0])
            elif len(number) == 1 and isinstance(number[0], float) and found and not found[0].ndim:
                continue
    alike = [x for x in found if x.numel() > 1][:1] or found
    return [float(v) for x in alike for v in x.detach().reshape(-1)[:256]]
