"""The autograd graph of a loss: which operations lie between the weights and the loss, in whatever style it is written.

Modules show only what their authors put into modules. The graph shows every operation that a gradient passes.
"""

from __future__ import annotations

import re
from typing import Any

from torch import Tensor

MOST = 50_000  # operations: a graph beyond that is cut, and is a leak more likely than a network


def words(text: str) -> frozenset[str]:
    """Those of a text, as a set."""
    return frozenset(text.split())


VIEWS = words("""
    view unsafeview reshapealias squeeze unsqueeze expand t transpose permute clone tocopy alias select slice split
    splitwithsizes unbind asstrided detach contiguous copyslices flatten unflatten narrow viewasreal swapaxes movedim
    chunk repeat checkpointfunction
""")
AFFINE = words("""
    addmm mm bmm mv addmv baddbmm dot linear mkldnnlinear convolution mkldnnconvolution convolutionoverrideable
    slowconv2d thnnconv2d slowconvdilated2d add sub rsub neg sum mean mul div cat stack cumsum einsum embedding
    embeddingbag nativebatchnorm cudnnbatchnorm batchnormimpl nativedropout index indexselect gather flip roll
    maskedfill pad constantpadnd reflectionpad2d replicationpad2d avgpool1d avgpool2d avgpool3d adaptiveavgpool2d
    adaptiveavgpool3d upsamplenearest2d upsamplebilinear2d unfold im2col
""")
ACTIVATIONS = words("""
    relu relu6 leakyrelu prelu prelukernel rreluwithnoise elu selu celu gelu silu mish sigmoid tanh softplus hardtanh
    hardsigmoid hardswish logsigmoid threshold softshrink hardshrink glu clamp clampmin clampmax
""")
NORMS = {
    "nativebatchnorm": "batch",
    "cudnnbatchnorm": "batch",
    "batchnormimpl": "batch",
    "nativelayernorm": "layer",
    "fusedrmsnorm": "rms",
    "nativegroupnorm": "group",
}
_NAME = re.compile(r"Backward\d*$")


class Op:
    """One operation: what autograd calls a node."""

    __slots__ = ("consumers", "depth", "inputs", "kind", "leaves", "node", "shape")

    def __init__(self, node: Any, kind: str) -> None:
        self.node, self.kind = node, kind
        self.inputs: list[Op] = []
        self.consumers: list[Op] = []
        self.leaves: list[Tensor] = []  # weights (or other leaves) that enter here, views of them included
        self.shape: tuple[int, ...] = ()  # of its (first) output
        self.depth = 0  # layers with weights before it, along the longest way

    def saved(self, name: str) -> Tensor | None:
        """A tensor that the operation keeps for its derivative: "self", "result", ...; None where it is not there.

        None behind hooks, too: a checkpoint would compute its part of the network again.
        """
        try:
            if getattr(getattr(self.node, f"_raw_saved_{name}", None), "unpack_hook", None) is not None:
                return None
            value = getattr(self.node, f"_saved_{name}", None)
        except RuntimeError:  # freed
            return None
        return value if isinstance(value, Tensor) else None


class Graph:
    """All operations that lead to `roots`, the loss first. `opaque` says why it could not be seen, if so."""

    def __init__(self, roots: tuple[Tensor, ...]) -> None:
        self.ops: list[Op] = []
        self.roots: list[Op] = []
        self.leaves: list[Tensor] = []
        self.opaque = ""
        self._of: dict[Any, Op] = {}
        self._walk([root.grad_fn for root in roots if root.grad_fn is not None])

    def find(self, tensor: Tensor) -> Op | None:
        """The operation that made a tensor, if the loss depends on it."""
        return self._of.get(tensor.grad_fn)

    def signature(self) -> tuple[int, tuple[str, ...]]:
        """Two steps of the same program have the same one, as long as it computes the same."""
        return len(self.ops), tuple(op.kind for op in self.ops[:400])

    def close(self) -> None:
        """Let go of every node at once: operations refer to each other, and would wait for the garbage collector."""
        for op in self._of.values():
            op.node = None
            op.inputs, op.consumers, op.leaves = [], [], []
        self.ops, self.roots, self.leaves, self._of = [], [], [], {}

    def _walk(self, nodes: list[Any]) -> None:
        leaves: dict[int, Tensor] = {}
        self.roots = [self._op(node) for node in nodes]
        found = list(self.roots)
        for op in found:  # grows while it is walked
            op.shape = _shape(op.node)
            for child, _ in op.node.next_functions:
                if child is None:
                    continue
                if type(child).__name__ == "AccumulateGrad":
                    op.leaves.append(child.variable)
                    leaves[id(op.leaves[-1])] = op.leaves[-1]
                    continue
                if child not in self._of and len(found) < MOST:
                    found.append(self._op(child))
                if child in self._of:
                    below = self._of[child]
                    op.inputs.append(below)
                    below.consumers.append(op)
        self.ops = _loss_first(self.roots)
        self.leaves = list(leaves.values())
        for op in reversed(self.ops):
            _lift(op)
        self.ops = [op for op in self.ops if op.consumers or op in self.roots]
        for op in reversed(self.ops):
            weights = any(leaf.ndim > 1 for leaf in op.leaves) and op.kind not in VIEWS
            op.depth = max((below.depth for below in op.inputs), default=0) + weights
            if op.kind.startswith("compiledfunction"):
                self.opaque = "torch.compile"

    def _op(self, node: Any) -> Op:
        op = self._of.get(node)
        if op is None:
            op = self._of[node] = Op(node, _NAME.sub("", node.name()).lower())
        return op


def _loss_first(roots: list[Op]) -> list[Op]:
    """Every operation after all that consume it."""
    waiting = {id(op): len(op.consumers) for op in roots}
    ready = [op for op in dict.fromkeys(roots) if not op.consumers]
    order: list[Op] = []
    for op in ready:  # grows while it is walked
        order.append(op)
        for below in op.inputs:
            waiting[id(below)] = waiting.get(id(below), len(below.consumers)) - 1
            if waiting[id(below)] == 0:
                ready.append(below)
    return order


def _shape(node: Any) -> tuple[int, ...]:
    try:
        return tuple(node._input_metadata[0].shape)
    except (AttributeError, IndexError, RuntimeError):
        return ()


def _lift(op: Op) -> None:
    """A weight that enters through a view (its transpose) enters the operation that the view enters."""
    for below in list(op.inputs):
        if below.leaves and not below.inputs and below.kind in VIEWS:
            op.leaves += below.leaves
            op.inputs.remove(below)
            below.consumers.remove(op)
