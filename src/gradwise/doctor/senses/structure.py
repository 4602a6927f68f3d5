"""What the graph of a loss shows: the layers in order, what bends between them, and how the output reaches the loss."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from torch import Tensor, nn

from gradwise.doctor import earned
from gradwise.doctor.aside import aside, copied
from gradwise.doctor.graph import VIEWS, Graph, Op
from gradwise.doctor.layers import SOFT, Layers, all_above, bends, input_size, inputs_of, normed_before, units, weighs
from gradwise.doctor.sense import Backward, LossCall, Sense
from gradwise.doctor.tensors import tensors
from gradwise.doctor.valued import constant, sign
from gradwise.watch.facts import Loss, Network

_CLOSE = 1e-3  # to a norm of 1, to a logarithm of 0
_LOG_PROBABILITIES = ("logsigmoid", "logsigmoidforward", "logsoftmax")
_LOG_SUMS = ("logsumexp", "logcumsumexp")
_CHOSEN = VIEWS | {"gather", "index", "indexselect"}
_AVERAGED = _CHOSEN | {"mean", "sum"}  # what a mean over samples is made with


class Structure(Sense):
    """Fills networks' layers, and the losses' way from the last weights."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._seen: set[tuple[int, tuple[str, ...]]] = set()
        self._beside: nn.Module | None = None  # a copy that is looked at in place of a compiled network

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Look at every kind of graph once."""
        graph = backward.graph
        if graph is None or graph.signature() in self._seen:
            return
        self._seen.add(graph.signature())
        if len(self._seen) > 24:  # a graph that is another one every time (lengths of sentences) is no news
            return
        if graph.opaque:
            self._opaque(graph, backward)
            return
        layers = Layers(graph, self.layer)
        network = self._network(backward, layers)
        self._lay_out(network, layers, graph, self._ends(graph, backward))
        for loss in backward.losses:
            self._way(graph, loss, backward)
        if not backward.losses and graph.roots:
            self._own_way(graph, backward)

    def _ends(self, graph: Graph, backward: Backward) -> set[int]:
        outputs = [op for loss in backward.losses if (op := graph.find(loss.input)) is not None]
        outputs += [backward.written.op] if backward.written is not None and backward.written.op is not None else []
        return set(map(id, outputs)) or {id(op) for op in graph.roots}

    def _lay_out(self, network: Network, layers: Layers, graph: Graph, ends: set[int]) -> None:
        if len(layers.found) < len(network.layers):
            return
        network.layers = layers.found
        chain = layers.chain()
        network.in_series = len(chain)
        sizes = [(inputs_of(op), units(op)) for op in chain]
        # a GRU's gates are no units, nor is a parameter that each unit has one of
        between = [out for _, out in sizes[:-1]]
        between += [into for (_, out), (into, _) in pairwise(sizes) if into > 1 or out == 1]
        network.narrowest = min(between, default=0)
        network.ends = [sizes[0][0], sizes[-1][1]] if sizes else []
        network.nonlinearities = bends(graph, ends)
        network.first_norm = bool(chain) and normed_before(chain[0])
        network.first_input = input_size(chain[0]) if chain else None

    def _opaque(self, graph: Graph, backward: Backward) -> None:
        """The graph is compiled: a copy of the network, not compiled, is run once beside it and looked at instead."""
        network = self._network(backward, Layers(graph, self.layer))
        network.opaque = network.opaque or graph.opaque
        call = next((call for call in reversed(backward.calls)), None)
        duplicate = copied(call.module) if call is not None else "no module was called"
        if call is None or isinstance(duplicate, str):
            return
        self.names.alias(duplicate, getattr(call.module, "_orig_mod", call.module))
        with aside():
            output = duplicate.forward(*call.args, **call.kwargs)
        if not isinstance(output, Tensor):
            return
        eager = Graph((output,))
        self._beside = duplicate
        self._lay_out(network, Layers(eager, self.layer), eager, {id(op) for op in eager.roots})
        self._beside = None
        eager_way = way(eager.roots[0])
        eager.close()
        for loss in backward.losses:
            fact = self._fact(loss)
            if fact is not None and not fact.through and loss.input is call.output:
                fact.through, fact.softmax_size = eager_way

    def layer(self, op: Op) -> tuple[str, str, str]:
        """Name, kind and weight of the layer that an operation with weights is."""
        weight = max(op.leaves, key=lambda leaf: (leaf.ndim, leaf.numel()))
        name = self.names.parameter(weight, self.observer.sources.frame())
        for root in (self._beside, *(ref() for ref in self.names.roots)):
            for path, module in root.named_modules() if root is not None else ():
                if any(p is weight for p in module.parameters(recurse=False)):
                    return self.names.find(module) or path, type(module).__name__, name
        return name, op.kind, name

    def _network(self, backward: Backward, layers: Layers) -> Network:
        """The one that the loss passes: of the last module called whose weights are in the graph."""
        leaves = {id(leaf) for leaf in layers.graph.leaves}
        for call in reversed(backward.calls):
            if any(id(p) in leaves for p in call.module.parameters()) or layers.graph.opaque:
                network = self.observer.network(call.module)
                network.source = network.source or (call.chain[0] if call.chain else "")
                return network
        for network in self.facts.networks:
            if network.name == "tensors":
                return network
        self.facts.networks.append(Network("tensors", source=backward.source))
        return self.facts.networks[-1]

    def _fact(self, loss: LossCall) -> Loss | None:
        key = (loss.chain[0] if loss.chain else "", loss.name, True)
        return next((fact for fact in self.facts.losses if (fact.source, fact.name, fact.training) == key), None)

    def _way(self, graph: Graph, loss: LossCall, backward: Backward) -> None:
        op = graph.find(loss.input)
        made = graph.find(loss.value) if loss.value is not None else None
        fact = self._fact(loss)
        if op is None or fact is None or fact.through:
            return
        fact.through, fact.softmax_size = way(op)
        if made is not None:
            fact.sign = sign(graph.roots[0], made) or 1
        fact.backward_source = fact.backward_source or backward.source

    def _own_way(self, graph: Graph, backward: Backward) -> None:
        fact = next((f for f in self.facts.losses if f.source == backward.source and not f.name), None)
        if fact is None or fact.through:
            return
        written = backward.written.op if backward.written is not None else None
        fact.through, fact.softmax_size = way(written) if written is not None else way(graph.roots[0], most=24)
        fact.likelihood = _likelihood(graph.roots[0])
        fact.similarity = _similarity(graph.roots[0])
        frames = next((kept for op in graph.ops[:24] if (kept := op.saved("log_probs")) is not None), None)
        if frames is not None:
            fact.ctc = float((frames.detach().logsumexp(-1).abs() < _CLOSE).float().mean())
        reward, way_there = earned.weighed(graph, self.observer.sources.frame())
        fact.lost, fact.earned = reward if way_there > 0 else "", reward if way_there < 0 else ""
        fact.signed = any(_signed(op) for op in graph.ops[:24])
        given = {id(graph.find(output)) for call in backward.calls for output in tensors(call.output)}
        for op in graph.ops[:24]:
            compared = op.kind in ("sub", "rsub", "mul", "add") and len(op.inputs) in (1, 2)
            for below in op.inputs if compared and op.shape else ():
                other = next((each for each in op.inputs if each is not below), None)
                # (B, 1) against (B,): a constant, or what depends on weights as well, unless the axis was put in
                alone = other is None or (len(other.shape) < len(below.shape) and below.kind not in VIEWS)
                if below.shape and alone and _grew(below, op.shape, given):
                    fact.broadcast = [list(below.shape), list(op.shape)]


def way(op: Op, most: int = 12) -> tuple[list[str], int | None]:
    """Operations from here down to the last weights, views left out; over how many units a softmax runs."""
    kinds: list[str] = []
    size: int | None = None
    while len(kinds) < most and not weighs(op):
        if op.kind not in VIEWS and op.kind != "nativedropout":
            own = op.kind == "sub" and any(each.kind == "logsumexp" for each in op.inputs)  # as distributions write it
            kinds.append("logsoftmax" if own else op.kind)
        if op.kind in SOFT and op.shape:
            dim = getattr(op.node, "_saved_dim", -1)
            dim = dim - 2**64 if dim > 2**63 else dim
            size = op.shape[dim] if -len(op.shape) <= dim < len(op.shape) else None
        if not op.inputs:
            break
        op = op.inputs[0]
    return kinds, size


def _signed(op: Op) -> bool:
    """A product with constants of both signs, one per sample, behind all weights: before some it is noise."""
    if op.kind != "mul" or len(op.inputs) != 1 or op.leaves:
        return False
    kept = (op.saved("other"), op.saved("self"))  # each for the derivative of the other: only the constant is there
    constant = next((each for each in kept if each is not None), None)
    if any(weighs(above) for above in all_above(op)):
        return False
    return constant is not None and constant.numel() > 1 and bool(constant.min() < 0) and bool(constant.max() > 0)


def _likelihood(root: Op) -> int:
    """1 where the root is a mean of log-probabilities, -1 where it is minus that, 0 where it is anything else."""
    if root.kind == "add" and len(root.inputs) == 2:  # and a penalty
        found = sorted((_likelihood(op) for op in root.inputs), key=abs)
        return found[1] if found[0] == 0 else 0
    return _mean_of(root, _log_probability)


def _similarity(root: Op) -> int:
    """1 where the root is a mean of cosines between predictions and constants, -1 where it is minus that, else 0."""
    return _mean_of(root, lambda op: int(op.kind == "mul" and _unit(op)))


def _mean_of(root: Op, known: Callable[[Op], int]) -> int:
    """The sign with which a mean of what is known by its sign comes to the root; 0 where it is of anything else."""
    sign, op = 1, root
    for _ in range(16):
        if (found := known(op)) != 0:
            return sign * found
        scales = op.kind in ("mul", "div") and (by := constant(op)) is not None and bool(by.min() >= 0)
        if op.kind in ("neg", "rsub"):
            sign = -sign
        elif not scales and op.kind not in _AVERAGED:
            return 0
        if len(op.inputs) != 1:
            return 0
        op = op.inputs[0]
    return 0


def _log_probability(op: Op) -> int:
    """1 for one, also written as one score less the log of the sum over all exponentials, -1 for minus one, else 0."""
    if op.kind in _LOG_PROBABILITIES:
        return 1
    if op.kind != "sub" or len(op.inputs) != 2:
        return 0
    for found, one, whole in ((1, *op.inputs), (-1, *reversed(op.inputs))):
        if whole.kind in _LOG_SUMS and _plain(one) in map(_plain, whole.inputs):
            return found
    return 0


def _plain(op: Op) -> Op:
    """What lies behind its views and choices."""
    while op.kind in _CHOSEN and len(op.inputs) == 1:
        op = op.inputs[0]
    return op


def _unit(op: Op) -> bool:
    """A product of what was divided by its own norm with constants of norm 1."""
    kept = (op.saved("other"), op.saved("self"))
    constant = next((each for each in kept if each is not None), None)
    divisor = op.inputs[0].inputs[-1] if len(op.inputs) == 1 and op.inputs[0].inputs else None
    while divisor is not None and (divisor.kind in VIEWS or divisor.kind == "clampmin"):
        divisor = divisor.inputs[0] if divisor.inputs else None
    if divisor is None or divisor.kind != "linalgvectornorm" or constant is None or constant.ndim < 2:
        return False
    return bool(((constant.detach().norm(dim=-1) - 1).abs() < _CLOSE).all())


def _grew(made: Op, after: tuple[int, ...], given: set[int]) -> bool:
    """(B, 1) against (B,) gives (B, B), and (B, 1, D) against (B, D) gives (B, B, D).

    A scalar that is spread or a bias that is added does not count, nor an axis that the program put in itself, unless
    it did so within a network. given: operations that made what networks returned.
    """
    before = made.shape
    wide = [size for size in before if size > 1]
    if len(wide) == 1:
        return len(after) >= 2 and len([s for s in after if s > 1]) == 2 and after[-1] == after[-2] > 1
    grown = [(a, b) for a, b in zip(before, after, strict=False) if a != b]
    return len(before) == len(after) > 2 and grown == [(1, before[0])] and (made.kind not in VIEWS or id(made) in given)
