"""Graphs that are kept: a token is hung on the last operation of every graph, and those still alive are counted.

A graph that goes on from step to step (a hidden state that is never detached) keeps no old loss alive; it shows in
operations that were made before the last step. Evaluations that keep theirs, one per epoch, are few: they show in a
list of the program's that grows.
"""

from __future__ import annotations

import linecache
import re
import weakref
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from types import FrameType
from typing import Any

from torch import Tensor

from gradwise.doctor.graph import MOST
from gradwise.doctor.names import variables
from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.doctor.tensors import transformed

_KEY = "gradwise"
_FEW = 8  # graphs of past steps that any program may hold
_LISTED = 4  # of them in one list: from here on its line is looked for


class _Token:
    """Lives as long as the operation that it hangs on."""

    __slots__ = ("__weakref__", "root", "step")

    def __init__(self, step: int, root: bool) -> None:
        self.step, self.root = step, root


class Leaks(Sense):
    """Fills facts.alive_graphs, graph_nodes, listed_graphs, passed_again and alive_source."""

    always = ("before_backward",)

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._tokens: weakref.WeakSet[_Token] = weakref.WeakSet()
        self._ends = array("Q")  # when the last loss of each past step was made, in operations since the start
        self._last = (0, 0)  # this step, and the same of its last loss
        self._next = 2
        self._passes: list[int] = []  # of this step: the same of their losses

    def called(self, call: Call, look: bool) -> None:
        """Mark what a network gave: a list of outputs that are never used may keep their graphs."""
        if call.gradient and (node := _made_by(call.output)) is not None:
            self._mark(node, root=False)

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Mark the loss; at steps 2, 4, 8... count."""
        step, nodes = self.observer.step, [root.grad_fn for root in backward.roots if root.grad_fn is not None]
        if not nodes:
            return
        if step > self._last[0]:
            self._ends.append(self._last[1])
            self._passes = []
        if len(self._passes) >= _FEW and backward.graph is not None:
            self._again([op.node for op in backward.graph.ops])
        if step >= self._next:
            while self._next <= step:
                self._next *= 2
            graph = [op.node for op in backward.graph.ops] if backward.graph is not None else list(_operations(nodes))
            self._count(step, graph)
        for node in nodes:
            self._mark(node, root=True)
        self._last = (step, max(node._sequence_nr() for node in nodes))
        if len(self._passes) < MOST:
            self._passes.append(self._last[1])

    def _mark(self, node: Any, root: bool) -> None:
        key = f"{_KEY}.{root}"
        if key not in node.metadata:
            token = node.metadata[key] = _Token(self.observer.step, root)
            self._tokens.add(token)

    def _count(self, step: int, graph: list[Any]) -> None:
        past = [token for token in self._tokens if token.step < step]
        losses = {token.step for token in past if token.root}
        outputs = [token for token in past if not token.root and token.step not in losses]
        alive = max(len(losses) + len(outputs), self._past_steps(graph))
        self.facts.alive_graphs.append(alive)
        self.facts.graph_nodes.append(len(graph))
        listed, source = self._longest()
        self.facts.listed_graphs.append(listed)
        if alive > max(_FEW, step // 4) and not self.facts.alive_source:
            self.facts.alive_source = self._keeper()
        elif listed >= _LISTED:
            self.facts.alive_source = self.facts.alive_source or source

    def _again(self, graph: list[Any]) -> None:
        """Through how many earlier passes of this step, one after the other, a pass goes once more."""
        numbers = (node._sequence_nr() for node in graph)
        passes = {bisect_right(self._passes, number) for number in numbers if number < self._passes[-1]}
        self.facts.passed_again = max(self.facts.passed_again, len(passes))
        if len(passes) >= _FEW and not self.facts.alive_source:
            self.facts.alive_source = self.observer.sources.line(3)

    def _past_steps(self, nodes: list[Any]) -> int:
        """From how many past steps these operations are."""
        if not self._ends:
            return 0
        numbers = (node._sequence_nr() for node in nodes)
        return len({bisect_right(self._ends, number) for number in numbers if number < self._ends[-1]})

    def _keeper(self) -> str:
        """The line of the program at which a variable takes hold of graphs of the past; "" where none is found."""
        for file, frame, name, value in self._held():
            if self._keeps(value):
                return f"{file}:{_line(frame, name)}"
        return ""

    def _longest(self) -> tuple[int, str]:
        """From how many past steps the graphs in one list are, where it has most, and the line at which it grows."""
        lists = [  # not of its own kind
            (file, frame, name, item)
            for file, frame, name, value in self._held()
            for item in (list(value.values())[:64] if type(value) is dict else [value])
            if type(item) in (list, deque)
        ]
        nodes = ([_own(item) for item in islice(each[-1], MOST)] for each in lists)
        counts = [self._past_steps([node for node in each if node is not None]) for each in nodes]
        if not any(counts):
            return 0, ""
        most = max(range(len(lists)), key=counts.__getitem__)
        file, frame, name, _ = lists[most]
        return counts[most], f"{file}:{_line(frame, name)}" if counts[most] >= _LISTED else ""

    def _held(self) -> Iterator[tuple[str, FrameType, str, Any]]:
        """What the program's variables hold: file, frame, name, value."""
        frame = self.observer.sources.frame()
        while frame is not None:
            file = self.observer.sources.name(frame.f_code.co_filename)
            for name, value in _variables(frame) if file else ():
                yield file, frame, name, value
            frame = frame.f_back

    def _keeps(self, value: object) -> bool:
        if isinstance(value, Tensor):
            made = [value.grad_fn] if value.grad_fn is not None and not transformed(value) else []
        elif isinstance(value, dict):
            made = [node for item in list(value.values())[:256] if (node := _made_by(item)) is not None]
        elif isinstance(value, (list, tuple, set, deque)):  # nothing else is iterated over: a loader would draw numbers
            made = [node for item in list(value)[:256] if (node := _made_by(item)) is not None]
        else:
            return False
        return bool(made) and self._past_steps(list(_operations(made))) > _FEW


def _own(item: object) -> Any:
    """The operation that made a tensor, where it keeps a graph alive."""
    return item.grad_fn if isinstance(item, Tensor) and not transformed(item) else None


def _made_by(output: object) -> Any:
    """The operation that made a network's output, or the first tensor in it."""
    if isinstance(output, Tensor):
        return None if transformed(output) or output.is_leaf else output.grad_fn
    if isinstance(output, Mapping):
        output = list(output.values())
    if isinstance(output, (tuple, list)):
        return next((node for item in output[:8] if (node := _made_by(item)) is not None), None)
    return None


def _operations(nodes: list[Any]) -> Iterator[Any]:
    seen = set(nodes)
    waiting = list(seen)
    while waiting and len(seen) < MOST:
        node = waiting.pop()
        if not hasattr(node, "variable"):
            yield node
        for below, _ in node.next_functions:
            if below is not None and below not in seen:
                seen.add(below)
                waiting.append(below)


def _variables(frame: FrameType) -> list[tuple[str, Any]]:
    """Variables, and the attributes of objects among them."""
    found = variables(frame)
    inner = [
        (f"{name}.{attribute}", item)
        for name, value in found.items()
        if hasattr(value, "__dict__") and not isinstance(value, (type, type(re), Tensor))
        for attribute, item in list(vars(value).items())
    ]
    return [*found.items(), *inner]


def _line(frame: FrameType, name: str) -> int:
    """Where it grows: `name += ...`, `name.append(...)`; else where it is assigned last, and not cleared."""
    lines, own = linecache.getlines(frame.f_code.co_filename), {line for *_, line in frame.f_code.co_lines() if line}
    called = rf"(?<![\w.]){re.escape(name)}" if "." not in name else rf"\.{re.escape(name.rpartition('.')[2])}"
    grows = re.compile(called + r"(?:\[[^\]]*\])?\s*(\+=|\.(append|extend|add|appendleft)\()")
    assigned = re.compile(called + r"[\w, ]*=(?!=)\s*(?!\[\]|0\b|0\.|None|torch\.zeros)")
    for within in (own, range(1, len(lines) + 1)):
        found = [number for number in sorted(within) if number <= len(lines) and grows.search(lines[number - 1])]
        found += [number for number in sorted(within, reverse=True) if assigned.search(lines[number - 1])]
        if found:
            return found[0]
    return frame.f_lineno
