"""Networks without modules: weights are plain tensors, and the samples enter in a product with the first of them.

What a program calls is a module elsewhere; here the graph alone shows what the network is given.
"""

from __future__ import annotations

from torch import Tensor, nn

from gradwise.doctor.graph import Graph, Op
from gradwise.doctor.layers import weighs
from gradwise.doctor.sense import Backward, Call
from gradwise.doctor.tensors import plain, tensors

_GIVEN = {  # which of an operation's arguments is the sample, and how it keeps it
    "mm": (0, "self"),
    "bmm": (0, "self"),
    "mv": (0, "self"),
    "addmm": (1, "mat1"),
    "linear": (0, "input"),
    "convolution": (0, "input"),
}


class _Tensors(nn.Module):
    """Stands for them."""


_Tensors.__name__ = _Tensors.__qualname__ = "tensors"  # as the report calls it


class Bare:
    """Makes the call that a program without modules does not make."""

    def __init__(self) -> None:
        self._module = _Tensors()

    def call(self, backward: Backward) -> Call | None:
        """What the network is given and gives; None where a module is called, or several tensors enter."""
        graph = backward.graph
        if graph is None or graph.opaque or not graph.ops:
            return None
        if any(graph.find(out) is not None for call in backward.calls for out in tensors(call.output)):
            return None
        given = _given(graph)
        if given is None:
            return None
        return Call(self._module, (given,), {}, backward.roots[0], True, True, (backward.source,))


def _given(graph: Graph) -> Tensor | None:
    found: dict[tuple[int, tuple[int, ...]], Tensor] = {}
    for op in graph.ops:
        if op.depth == 1 and weighs(op):
            sample = _sample(op)
            if sample is None:
                return None
            found[sample.data_ptr(), tuple(sample.shape)] = sample
    samples = list(found.values())
    return samples[0] if len(samples) == 1 and len(samples[0]) > 1 else None


def _sample(op: Op) -> Tensor | None:
    number, name = _GIVEN.get(op.kind, (0, ""))
    if not name or op.node.next_functions[number][0] is not None:
        return None
    kept = op.saved(name)
    return plain(kept) if kept is not None and kept.ndim > 1 else None
