"""The layers of a graph of operations: what multiplies by weights, in its order, and what stands between."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from gradwise.doctor.graph import ACTIVATIONS, AFFINE, NORMS, VIEWS, Graph, Op
from gradwise.watch.facts import Layer

SOFT = ("softmax", "logsoftmax")
_PRODUCTS = ("mm", "bmm", "mul")
_PASSED = VIEWS | {"nativedropout", "mul", "div"}  # between an activation and what it acts on, with a constant


class Layers:
    """The layers of a graph, from the input to the loss. named: an operation's name, kind and weight."""

    def __init__(self, graph: Graph, named: Callable[[Op], tuple[str, str, str]]) -> None:
        self.graph = graph
        self.ops = [op for op in reversed(graph.ops) if weighs(op)]
        self.of: dict[int, Layer] = {}
        self.found: list[Layer] = []
        known: dict[str, Layer] = {}
        for op in sorted(self.ops, key=lambda op: op.depth):
            name, kind, weight = named(op)
            layer = known.get(name)
            if layer is None:
                activation, norm = follows(op)
                layer = Layer(name, kind, weight, activation, norm, units(op), _residual(op), op.depth - 1)
                layer.last = not any(weighs(above) or _weighed(above) for above in all_above(op))
                known[name] = layer
                self.found.append(layer)
            self.of[id(op)] = layer

    def chain(self) -> list[Op]:
        """Affine layers along the longest way, from the input on."""
        affine = [op for op in self.ops if not op.kind.startswith("embedding")]
        if not affine:
            return []
        op: Op | None = max(affine, key=lambda op: op.depth)
        chain: list[Op] = []
        while op is not None:
            chain.append(op)
            op = _before(op)
        return chain[::-1]


def _before(op: Op) -> Op | None:
    """The affine layer before this one on the longest way: only what is one layer less deep leads there."""
    seen, stack = set[int](), list(op.inputs)
    while stack:
        below = stack.pop()
        if id(below) in seen or below.depth < op.depth - 1:
            continue
        seen.add(id(below))
        if not weighs(below):
            stack += below.inputs
        elif not below.kind.startswith("embedding"):
            return below
    return None


def follows(op: Op) -> tuple[str, str]:
    """The activation behind a layer, and the normalisation between them; "" for none."""
    norm = ""
    for _ in range(12):
        if not op.consumers:
            return "", norm
        op = next((above for above in op.consumers if above.kind in ACTIVATIONS), op.consumers[0])
        if op.kind in ACTIVATIONS:
            return op.kind, norm
        if op.kind in NORMS:
            norm = norm or NORMS[op.kind]
        elif op.kind not in _PASSED and op.kind != "add":
            return "", norm
    return "", norm


def weighs(op: Op) -> bool:
    """It multiplies by weights: a matrix or a kernel, not a normalisation's scale."""
    return op.kind not in NORMS and op.kind not in VIEWS and any(leaf.ndim > 1 for leaf in op.leaves)


def units(op: Op) -> int:
    """How many a layer has: outputs, or channels of a convolution."""
    if "conv" in op.kind:
        return op.shape[1] if len(op.shape) > 1 else 0
    return op.shape[-1] if op.shape else 0


def inputs_of(op: Op) -> int:
    """How many numbers each of its units weighs."""
    weight = max(op.leaves, key=Tensor.numel)
    if "conv" in op.kind:
        return weight[0].numel()
    return weight.numel() // max(1, units(op))


def all_above(op: Op) -> list[Op]:
    """Everything that consumes it, directly or not."""
    seen: dict[int, Op] = {}
    stack = list(op.consumers)
    while stack:
        above = stack.pop()
        if id(above) not in seen:
            seen[id(above)] = above
            stack += above.consumers
    return list(seen.values())


def all_below(op: Op) -> list[Op]:
    """Everything that it consumes, directly or not."""
    seen: dict[int, Op] = {}
    stack = list(op.inputs)
    while stack:
        below = stack.pop()
        if id(below) not in seen:
            seen[id(below)] = below
            stack += below.inputs
    return list(seen.values())


def _weighed(above: Op) -> bool:
    """A product with weights that an activation has bent first: the scores of a tree's leaves, a mixture's shares."""
    if above.kind not in _PRODUCTS or len(above.inputs) < 2:
        return False
    return any(weighs(other) and not other.inputs and other.kind in ACTIVATIONS | set(SOFT) for other in above.inputs)


def _residual(op: Op) -> bool:
    """What it gives is added to what it was given, or to something before that, without other weights on that way."""
    below = {id(each) for each in all_below(op)}
    for _ in range(12):
        if len(op.consumers) != 1:
            return False
        above = op.consumers[0]
        if above.kind == "add" and any(_past(other, below) for other in above.inputs if other is not op):
            return True
        if weighs(above):
            return False
        op = above
    return False


def _past(op: Op, below: set[int]) -> bool:
    """Whether what lies below is reached from here without weights."""
    stack, seen = [op], {id(op)}
    while stack:
        each = stack.pop()
        if id(each) in below:
            return True
        stack += [b for b in each.inputs if id(b) not in seen and not weighs(each)]
        seen |= {id(b) for b in each.inputs}
    return False


def bends(graph: Graph, outputs: set[int]) -> list[str]:
    """What is not affine between the input and the network's output."""
    within = [op for op in graph.ops if id(op) in outputs]
    ops = {id(b): b for op in within for b in [op, *all_below(op)]}
    kinds = dict.fromkeys(op.kind for op in ops.values())
    products = any(op.kind in ("mul", "mm", "bmm", "div") and len(op.inputs) > 1 for op in ops.values())
    bends = [kind for kind in kinds if kind not in AFFINE and kind not in VIEWS and kind not in SOFT]
    return bends + (["product"] if products else [])


def input_size(first: Op) -> float | None:
    """Root mean square of what a layer is given, where its operation keeps it for the weights' derivative."""
    for name in ("mat1", "input", "self"):
        x = first.saved(name)
        if x is not None and x.is_floating_point() and x.numel() and not x.requires_grad:
            return float(x.square().mean().sqrt())
    return None


def normed_before(first: Op) -> bool:
    """Whether a normalisation comes before a layer."""
    return any(op.kind in NORMS for op in all_below(first))
