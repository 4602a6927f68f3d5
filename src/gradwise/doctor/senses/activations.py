"""Units: how many are off for every sample, how many are at their limit, how far their outputs spread.

The graph keeps the outputs of activations for their derivatives, so they are seen whatever style the network is in.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import torch
from torch import Tensor

from gradwise.doctor.graph import ACTIVATIONS, Graph, Op
from gradwise.doctor.layers import Layers, all_below
from gradwise.doctor.sense import Backward, Sense
from gradwise.doctor.senses.structure import Structure

_SAVED = {"relu": "result", "sigmoid": "result", "tanh": "result", "elu": "self", "threshold": "self"}
_LSTM = "mkldnnrnnlayer"  # a whole layer in one operation
_ROWS = 256  # samples of a batch that are looked at, spread evenly
_PLACES = 64  # places of a feature map
_FLAT = 0.05  # of the largest slope
_WINDOW = 12  # looks over which a unit must have been off


class Activations(Sense):
    """Adds the series of the place "activation"."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._plan: dict[tuple[int, tuple[str, ...]], list[tuple[int, str, str]]] = {}
        self._on: dict[str, deque[Tensor]] = {}

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Measure every activation that the graph keeps."""
        graph = backward.graph
        if graph is None or graph.opaque or len(graph.ops) > 5000:
            return
        for number, name, kind in self._planned(graph):
            if kind == _LSTM:
                self._lstm(name, graph.ops[number])
                continue
            values = graph.ops[number].saved(_SAVED.get(kind, "self"))
            if values is not None and values.is_floating_point() and values.numel():
                node = graph.ops[number].node
                limit = getattr(node, "_saved_threshold", getattr(node, "_saved_min", 0.0))
                at_zero = kind in ("clamp", "clampmin") and limit == 0  # a ReLU by another name
                self._measure(name, "threshold" if at_zero else kind, _part(values), float(limit or 0.0))

    def _planned(self, graph: Graph) -> list[tuple[int, str, str]]:
        """Which operations are whose activations; worked out once per kind of graph."""
        key = graph.signature()
        if key not in self._plan:
            if len(self._plan) >= 24:
                return []
            structure = next(sense for sense in self.observer.senses if isinstance(sense, Structure))
            layers = Layers(graph, structure.layer)
            numbers = {id(op): i for i, op in enumerate(graph.ops)}
            plan: dict[str, tuple[int, str, str]] = {}
            for op in layers.ops:
                layer = layers.of[id(op)]
                if op.kind == _LSTM and layer.name not in plan:
                    plan[layer.name] = (numbers[id(op)], layer.name, _LSTM)
                name, above = layer.name, activation(op)
                part_of_loss = layer.last and not layer.activation  # a clamp of an area, a hinge
                if above is not None and name not in plan and not part_of_loss:
                    plan[name] = (numbers[id(above)], name, above.kind)
            seen = {number for number, _, _ in plan.values()}
            for number, op in enumerate(graph.ops):  # behind weights that are computed: exp(w), a product of two
                if op.kind == "relu" and number not in seen and (leaf := _computed(op, graph)) is not None:
                    name = structure.layer(leaf)[0]
                    plan.setdefault(name, (number, name, "relu"))
            self._plan[key] = list(plan.values())
        return self._plan[key]

    def _measure(self, name: str, kind: str, values: Tensor, limit: float) -> None:
        """values (rows, units) as kept by the operation `kind`; a unit is off at or below the limit."""
        step, add = self.observer.step, self.trace.add
        spread, mean = torch.std_mean(values)
        add(step, "activation", name, "spread", float(spread))
        add(step, "activation", name, "mean", float(mean))
        if len(values) > 1:  # what tells samples apart: biases are the same for all of them
            add(step, "activation", name, "signal", float(values.var(0, correction=0).mean().sqrt()))
        if kind in ("relu", "threshold"):
            positive = values > limit
            add(step, "activation", name, "zero_fraction", 1 - float(positive.float().mean()))
            on = self._on.setdefault(name, deque(maxlen=_WINDOW))
            if on and on[0].shape != positive.shape[1:]:
                on.clear()
            on.append(positive.any(0))
            ever = torch.stack(list(on)).any(0)
            add(step, "activation", name, "dead", 1 - float(ever.float().mean()))
        elif kind in ("sigmoid", "tanh"):
            slope = values * (1 - values) * 4 if kind == "sigmoid" else 1 - values * values
            add(step, "activation", name, "saturated", float((slope < _FLAT).float().mean()))

    def _lstm(self, name: str, op: Op) -> None:
        """What an LSTM would write into its cell, tanh(W x + b + U h + c), and what share of the cell it would keep, a
        sigmoid of the same kind: worked out again for a part of the rows.

        Gates may well be at their limits, to keep or to let through; a candidate that is tells no inputs apart.
        """
        x, h = op.saved("input"), op.saved("result0")  # (T, B, inputs), (T, B, H)
        weights = [op.saved(f"weight{i}") for i in range(4)]
        if op.node._saved_mode != 2 or x is None or h is None or any(w is None for w in weights) or len(h) < 2:
            return
        later = slice(None, -1) if op.node._saved_reverse else slice(1, None)  # type: ignore[attr-defined]
        before = slice(1, None) if op.node._saved_reverse else slice(None, -1)  # type: ignore[attr-defined]
        rows, states = _part(x[later]), _part(h[before])
        units, step, add = h.shape[-1], self.observer.step, self.trace.add
        w, u, b, c = (weight[units : 3 * units] for weight in weights if weight is not None)
        forget, candidate = (rows @ w.T + b + states @ u.T + c).chunk(2, 1)
        values = torch.tanh(candidate)
        add(step, "activation", name, "saturated", float((1 - values * values < _FLAT).float().mean()))
        add(step, "memory", name, "kept", float(torch.sigmoid(forget).mean(0).max()))
        add(step, "memory", name, "steps", len(h))


def activation(op: Op) -> Op | None:
    """The operation that bends what a layer gives."""
    for _ in range(12):
        if not op.consumers:
            return None
        op = next((above for above in op.consumers if above.kind in ACTIVATIONS), op.consumers[0])
        if op.kind in ACTIVATIONS:
            return op
        if op.leaves and any(leaf.ndim > 1 for leaf in op.leaves):
            return None
    return None


def _computed(op: Op, graph: Graph) -> Op | None:
    """Of an activation behind no layer: what its first weights go into. None where no others come after it, as in a
    hinge of the loss."""
    below = [op, *all_below(op)]
    own = {id(leaf) for each in below for leaf in each.leaves}
    found = next((each for each in below if any(leaf.ndim > 1 for leaf in each.leaves)), None)
    return found if own < own | {id(leaf) for leaf in graph.leaves if leaf.ndim > 1} else None


def _part(values: Tensor) -> Tensor:
    """(B, C, H, W) or (B, T, C) or (B, C) to (rows, C), a part of the rows; (B,) to (B, 1)."""
    values = values[:: max(1, len(values) // _ROWS)]
    if values.ndim == 4:
        values = values.flatten(2)
        values = values[..., :: max(1, values.shape[2] // _PLACES)].transpose(1, 2)
    if values.ndim == 1:
        return values[:, None]
    return values.reshape(-1, values.shape[-1])
