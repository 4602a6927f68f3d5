"""Training and evaluation mode: in which one a network is when it is trained and when it is evaluated."""

from __future__ import annotations

import weakref
from collections import Counter
from statistics import median_high
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.nn.modules.instancenorm import _InstanceNorm

from gradwise.doctor.graph import NORMS, Op
from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.doctor.senses.reached import Place, Reached
from gradwise.doctor.tensors import first, tensors, transformed
from gradwise.watch.facts import Network

_TRAINED = 20  # steps after which the running statistics of what is evaluated should have moved
_FUNCTION = "Dropout by function"
_ASKED = 3  # calls of a place at which that is asked
SAMPLED = 0.8  # of the calls from a place go with the input of the one before: at least five with each
_BATCH_NORMS = frozenset(kind for kind, norm in NORMS.items() if norm == "batch")


class _Counted:
    """The calls of a network from one place of the program, in one mode."""

    def __init__(self, network: Network, place: Place, gradient: bool, active: bool) -> None:
        self.network, self.place, self.gradient = network, place, gradient
        self.active = active  # what the mode switches is in training mode
        self.calls = 0
        self.looked = 0  # of these
        self.fed = 0  # of those looked at, those whose output another network was trained on: no evaluation
        self.again = 0  # calls with the very input of the one before, at the same step
        self.input: tuple[weakref.ref[Tensor], int, int] | None = None  # of the last call, its version, and the step
        self.passes, self.last = 0, 0  # different steps at which it was called, the start excepted; the last of them
        self.trained = 0  # within torch.func.grad: there is no backward pass to wait for

    @property
    def sampled(self) -> bool:
        """Dropout draws networks: each input is passed again and again, and the answers are averaged."""
        return self.again >= SAMPLED * self.calls

    def given(self, x: Tensor | None, step: int) -> None:
        """It is called with an input."""
        before = self.input
        if x is None or x.is_inference():  # such a tensor has no version
            return
        if before is not None and before[0]() is x and before[1:] == (x._version, step):
            self.again += 1
        self.input = (weakref.ref(x), x._version, step)


class _Switched:
    """The modules within a network that the mode switches."""

    def __init__(self, module: nn.Module) -> None:
        found = [child for child in module.modules() if matters(child)]
        self.names = list(dict.fromkeys(type(child).__name__ for child in found))
        self.norms = [weakref.ref(child) for child in found if isinstance(child, _BatchNorm)]
        self.modules = [weakref.ref(child) for child in found]
        self.drops = any(_dropout(child) > 0 for child in found)

    def active(self, training: bool) -> bool:
        """Whether any of them is in training mode; where there are none, the network's own mode."""
        if not self.modules:
            return training
        return any((child := ref()) is not None and child.training for ref in self.modules)


class Modes(Sense):
    """Fills the networks' modes, their batch norms' batches and their dropout."""

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._switched: weakref.WeakKeyDictionary[nn.Module, _Switched] = weakref.WeakKeyDictionary()
        self._counts: dict[tuple[int, Place, bool, bool], _Counted] = {}
        self._reached = Reached()
        self._given: dict[
            tuple[int, int], _Counted
        ] = {}  # where an output lies in memory -> who gave it; within a turn
        self._batches: dict[int, tuple[Network, Counter[int]]] = {}  # batch sizes that batch norms averaged over
        # by batch size: what the norm with the fewest values per channel is given at once, values and samples
        self._averaged: dict[int, dict[int, tuple[float, int]]] = {}

    def called(self, call: Call, look: bool) -> None:
        """Count."""
        switched = self._switched.get(call.module)
        network = self.observer.network(call.module)
        if switched is None:
            switched = self._switched[call.module] = self._new(call.module, network)
        active = switched.active(call.training)
        if any(call.dropped) and not switched.drops:  # a function, or a layer made anew in every pass
            active = call.dropped[1] > 0 or (bool(switched.modules) and active)
            self._function(network, max(call.dropped))
        place = (call.chain, call.training)
        key = (id(network), place, call.gradient, active)
        counted = self._counts.get(key)
        if counted is None:
            counted = self._counts[key] = _Counted(network, place, call.gradient, active)
        if active and switched.norms and not call.gradient and _recalibrates(switched):
            return
        counted.calls += 1
        if active and not call.gradient and not switched.norms:
            counted.given(first(call.args, call.kwargs), self.observer.step)
        if self.observer.step > counted.last:
            counted.passes, counted.last = counted.passes + 1, self.observer.step
        if call.gradient and active:
            network.trained_in_train_at, network.trained_in_eval_since = self.observer.step, 0
        elif call.gradient:
            network.trained_in_eval_since += 1
        if call.gradient and active and switched.norms:
            self._norms(call, network)
        elif switched.norms and self.observer.step >= _TRAINED and not active and counted.calls <= _ASKED:
            network.batch_norm_unfed = all(_unfed(norm) for ref in switched.norms if (norm := ref()) is not None)
        if look:
            self._pass_on(call, counted)

    @staticmethod
    def _function(network: Network, probability: float) -> None:
        network.dropout = max(network.dropout, probability)
        if _FUNCTION not in network.mode_matters:
            network.mode_matters.append(_FUNCTION)

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Which calls it follows, and over what its batch norms average."""
        self._given = {}
        if not look or backward.graph is None:
            return
        calls = self._reached.trained(backward)
        norms = [op for op in backward.graph.ops if op.kind in _BATCH_NORMS and op.shape and op.shape[0]]
        norms = [op for op in norms if getattr(op.node, "_saved_training", True)]
        x = first(calls[-1].args, calls[-1].kwargs) if norms and calls else None
        if x is not None and x.ndim and x.shape[0]:
            known = self._averaged.setdefault(id(self.observer.network(calls[-1].module)), {})
            seen = _averaged(norms)
            known[x.shape[0]] = min(seen, known.get(x.shape[0], seen))

    def ended(self) -> None:
        """Sum up."""
        for counted in self._counts.values():
            self._sum(counted)
        for key, (network, sizes) in self._batches.items():
            seen = self._averaged.get(key)
            if seen:
                usual = sizes.most_common(1)[0][0]
                like = usual if usual in seen else max(seen)
                values, samples = seen[like]
                network.batch_norm_batch = min(sizes)
                network.batch_norm_values = round(min(sizes) * values / like)
                network.batch_norm_usual = round(usual * values / like)
                network.batch_norm_samples = max(1, round(usual * min(1.0, samples / like)))

    def _sum(self, counted: _Counted) -> None:
        network, calls, (chain, _) = counted.network, counted.calls, counted.place
        source = chain[0] if chain else ""
        if counted.gradient and (counted.trained or self._reached.ever(counted.place)):
            network.training_calls += calls
            network.training_in_eval += 0 if counted.active else calls
            network.parts_in_eval += calls if counted.place[1] and not counted.active else 0
            network.source = network.source or source
            return
        if 2 * counted.fed >= max(counted.looked, 1) or (counted.gradient and not self._known(counted.place)):
            return
        if counted.active and not counted.gradient and counted.sampled:
            return
        network.evaluation_calls += calls
        network.evaluation_passes = max(network.evaluation_passes or 0, counted.passes)
        network.evaluation_passes_in_train = max(
            network.evaluation_passes_in_train or 0, counted.passes if counted.active else 0
        )
        if counted.active and calls:
            if not network.evaluation_in_train:
                network.evaluation_source = source
            network.evaluation_in_train += calls
        network.evaluation_source = network.evaluation_source or source

    def _known(self, place: Place) -> bool:
        """Whether calls with gradients were seen from there, and no backward pass reached them."""
        return self._reached.usually(place) is False

    def _new(self, module: nn.Module, network: Network) -> _Switched:
        switched = _Switched(module)
        network.mode_matters = list(dict.fromkeys([*network.mode_matters, *switched.names]))
        for child in module.modules():
            network.dropout = max(network.dropout, _dropout(child))
            if isinstance(child, _BatchNorm) and child.momentum is not None:
                known = network.batch_norm_momentum
                network.batch_norm_momentum = child.momentum if known is None else min(known, child.momentum)
        return switched

    def _norms(self, call: Call, network: Network) -> None:
        x = first(call.args, call.kwargs)
        if x is not None:
            known = self._batches.get(id(network))
            if known is None:
                known = self._batches[id(network)] = (network, Counter())
            if x.shape[0] in known[1] or len(known[1]) < 256:
                known[1][x.shape[0]] += 1

    def _pass_on(self, call: Call, counted: _Counted) -> None:
        """What one network gives another that is trained: the generator's pictures, a frozen trunk's features."""
        counted.looked += 1
        if call.gradient:
            for tensor in tensors((call.args, call.kwargs)):
                giver = self._given.pop(_address(tensor), None)
                if giver is not None and giver.network is not counted.network:
                    giver.fed += 1
        output = next(tensors(call.output), None)
        if output is None:
            return
        if transformed(output):
            counted.trained += call.gradient
            return
        if len(self._given) >= 64:
            del self._given[next(iter(self._given))]
        self._given[_address(output)] = counted


def matters(module: nn.Module) -> bool:
    """Whether training and evaluation mode differ for a module itself."""
    if isinstance(module, (_BatchNorm, _InstanceNorm)):
        return bool(module.track_running_stats)
    return _dropout(module) > 0


def _dropout(module: nn.Module) -> float:
    if isinstance(module, _DropoutNd):
        return float(module.p)
    if isinstance(module, nn.RNNBase):
        return float(module.dropout) if module.num_layers > 1 else 0.0
    return float(module.dropout) if isinstance(module, nn.MultiheadAttention) else 0.0


def _unfed(norm: _BatchNorm) -> bool:
    """Its running statistics are those that it was made with."""
    tracked = norm.num_batches_tracked
    return tracked is not None and int(tracked) == 0  # waits for the device, at the first few evaluations


def _recalibrates(switched: _Switched) -> bool:
    """torch.optim.swa_utils.update_bn: running statistics are computed anew, on purpose in training mode."""
    return any((norm := ref()) is not None and norm.momentum is None for ref in switched.norms)


def _values(shape: tuple[int, ...]) -> float:
    """Values per channel of (B, C, ...)."""
    values = 1.0
    for size in (shape[0], *shape[2:]):
        values *= size
    return values


def _averaged(norms: list[Op]) -> tuple[float, int]:
    """Values per channel and samples of the norm with the fewest; of one that is called on pieces, the usual piece."""
    pieces: dict[tuple[int, ...], list[tuple[float, int]]] = {}
    for op in norms:
        norm = tuple(map(id, op.leaves)) or op.shape[1:]
        pieces.setdefault(norm, []).append((_values(op.shape), op.shape[0]))
    return min(median_high(each) for each in pieces.values())


def _address(tensor: Tensor) -> tuple[int, int]:
    """What a tensor and its detached view have in common."""
    try:
        return tensor.data_ptr(), tensor.numel()
    except RuntimeError:  # without storage: torch.func, meta
        return -1 - id(tensor), 0
