"""Which calls of modules and of losses a backward pass reaches.

Where a turn is looked at, the graph says so. In the others it is taken from what was seen at the same place before.
"""

from __future__ import annotations

import weakref
from typing import Any

from torch import Tensor

from gradwise.doctor.graph import Graph
from gradwise.doctor.sense import Backward, Call
from gradwise.doctor.tensors import tensors

Place = tuple[tuple[str, ...], bool]  # the program's lines, and whether the module was in training mode
_MOST = 64  # nodes behind a root that are tried where the graph was not walked


class Reached:
    """Remembers, for every place of the program, whether backward reached what it called there."""

    def __init__(self) -> None:
        self._counts: dict[Place, list[int]] = {}  # not reached, reached: while looked at
        self._left: list[tuple[Place, list[weakref.ref[Tensor]]]] = []  # not reached so far: a later pass may

    def ever(self, place: Place) -> bool:
        """Whether a call from there was ever reached."""
        return self._counts.get(place, (0, 0))[1] > 0

    def usually(self, place: Place) -> bool | None:
        """What is to be expected of a call from there; None where that is not known."""
        missed, hit = self._counts.get(place, (0, 0))
        return None if missed == hit else hit > missed

    def certain(self, place: Place, times: int) -> bool:
        """Whether every call from there was reached, so many times at least."""
        missed, hit = self._counts.get(place, (0, 0))
        return not missed and hit >= times

    def saw(self, place: Place, hit: bool) -> None:
        """Remember what was seen."""
        counts = self._counts.get(place)
        if counts is None:
            counts = self._counts[place] = [0, 0]
        counts[hit] += 1

    def trained(self, backward: Backward) -> list[Call]:
        """The calls of modules that it reaches."""
        if backward.graph is None:
            return [call for call in backward.calls if self._expected(call, backward)]
        self._late(backward.graph)
        found: list[Call] = []
        for call in backward.calls:
            outputs = [t for t in tensors(call.output) if t.grad_fn is not None]
            hit = any(backward.graph.find(t) is not None for t in outputs)
            place = (call.chain, call.training)
            self.saw(place, hit)
            if hit:
                found.append(call)
            elif outputs:
                self._left.append((place, [weakref.ref(t) for t in outputs[:4]]))
        return found

    def _late(self, graph: Graph) -> None:
        """A generator's output, which the discriminator's backward pass did not reach and its own one does."""
        left, self._left = self._left[-32:], []
        for place, refs in left:
            alive = [t for ref in refs if (t := ref()) is not None]
            if any(graph.find(t) is not None for t in alive):
                self.saw(place, True)
            elif alive:
                self._left.append((place, refs))

    def _expected(self, call: Call, backward: Backward) -> bool:
        usual = self.usually((call.chain, call.training))
        if usual is None:  # a new place: it is trained where it is the last that was called
            return call is backward.calls[-1]
        return usual


def leads_to(roots: tuple[Tensor, ...], value: Tensor) -> bool:
    """Whether the way from the roots to a value is short."""
    node = value.grad_fn
    found: list[Any] = []
    for root in roots:
        if root is value:
            return True
        found.append(root.grad_fn)
    if node is None:
        return False
    for each in found:  # grows while it is walked
        if each is node:
            return True
        if each is not None and len(found) < _MOST:
            found += [child for child, _ in each.next_functions]
    return False


def line(chain: tuple[str, ...], number: int = 1) -> str:
    """A place that evaluates: the program's lines, innermost first, since one function may be called from several.

    A second set that the same lines evaluate ends with "set 2".
    """
    return " < ".join((*chain, f"set {number}") if number > 1 else chain)
