"""The losses that a program computes itself: what backward is called on where no known loss function made it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch
from torch import Tensor

from gradwise.doctor.graph import words
from gradwise.doctor.sense import Backward, Call, Sense
from gradwise.doctor.senses.predictions import Predictions
from gradwise.doctor.senses.targets import Targets
from gradwise.doctor.tensors import first
from gradwise.watch.facts import Loss

STEADY = 0.05  # how much the loss over what torch's function gives may vary: batches of other sizes, no penalty
HELD, OFTEN = 8, 16  # turns of a new shape, among so many: or it is one of many
EVERY = 5  # turns: what was made of what is looked at less often
_OF_WEIGHTS = ("torch::autograd::AccumulateGrad", "TBackward0")
_SHAPES = 64  # that are told apart at a line
_NODES = 8  # behind the root, in which what it is the mean of is looked for
ALWAYS = 0.9  # share of the turns looked at in which a line trains on the same loss
_FIELDS = words(
    "name samples input_shape target_shape target_dtype input_low input_high input_rows_sum_to_one "
    "input_rows_log_normal input_spread target_low target_high target_mean target_spread target_integer "
    "target_distinct target_batches target_batches_distinct target_rows_sum_to_one counts predicted recalled ignored "
    "repeats batch_spread"
)


class Roots(Sense):
    """Fills facts.losses with nameless ones, and their series."""

    always = ("before_backward",)

    def __init__(self, observer: Any) -> None:
        super().__init__(observer)
        self._facts: dict[str, Loss] = {}
        self._written: dict[str, _Written] = {}
        self._rows = -1  # samples that a network was given last
        self._shapes: dict[str, _Shape] = {}
        self._waiting: list[tuple[int, str, Tensor]] = []  # values on a device that is not waited for

    def called(self, call: Call, look: bool) -> None:
        """A network was called: how many samples there are."""
        x = first(call.args, call.kwargs)
        self._rows = len(x) if x is not None else -1

    def before_backward(self, backward: Backward, look: bool) -> None:
        """Keep the value."""
        if len(backward.roots) != 1 or backward.roots[0].numel() != 1:
            return
        step = self.observer.step
        self._begins(backward.source, _shapes(backward.roots[0], 1), step)
        if step % EVERY == 0:  # it began after the last of these
            self._begins(f"{backward.source} within", _shapes(backward.roots[0], _NODES), max(0, step - EVERY + 1))
        if backward.losses:
            return
        fact = self._facts.get(backward.source)
        if fact is None:
            fact = self._facts[backward.source] = Loss("", backward.source, backward_source=backward.source)
            self.facts.losses.append(fact)
        fact.calls += 1
        if look and backward.graph is not None:
            written = self._written.setdefault(fact.source, _Written(fact))
            written.add(backward, float(backward.roots[0]), self.observer.step, self._rows)
        value = backward.roots[0].detach()
        if value.device.type == "cpu":
            self.trace.add(self.observer.step, "loss", fact.source, "value", float(value))
            return
        self._waiting.append((self.observer.step, fact.source, value.reshape(())))
        if len(self._waiting) >= 64:
            self._drain()

    def _begins(self, place: str, shape: tuple[Any, ...], step: int) -> None:
        begun = self._shapes.setdefault(place, _Shape()).add(shape, step)
        if begun is not None:
            self.facts.begins(begun)

    def ended(self) -> None:
        """The rest."""
        self._drain()
        for written in self._written.values():
            written.fill()

    def _drain(self) -> None:
        if self._waiting:
            values = torch.stack([value.float() for _, _, value in self._waiting]).tolist()  # waits for the device
            for (step, source, _), value in zip(self._waiting, values, strict=True):
                self.trace.add(step, "loss", source, "value", value)
            self._waiting = []


class _Shape:
    """The shapes of a sample at a line, over the turns: a new one may come for good, also beside the ones before, or
    each batch has another one."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], tuple[int, int, int]] = {}  # step and turn it began at, turns before it came
        self._times: Counter[tuple[int, ...]] = Counter()
        self._turns = self._latest = 0  # in all, and the one at which the last new shape began

    def add(self, shape: tuple[Any, ...], step: int) -> int | None:
        """The step at which a new shape began, once it has come often after others had held."""
        self._turns += 1
        shape = next((known for known in self._known if _part(known, shape) or _part(shape, known)), shape)
        if shape not in self._known:
            if len(self._known) == _SHAPES:
                return None
            self._known[shape] = (step, self._turns, self._turns - self._latest)
            self._latest = self._turns
        self._times[shape] += 1
        began, turn, held = self._known[shape]
        often = self._times[shape] == HELD and self._turns - turn < OFTEN
        return began if often and turn > 1 and held > HELD else None


def _part(one: tuple[Any, ...], whole: tuple[Any, ...]) -> bool:
    """Less of the same network: layers are unfrozen, or frozen."""
    return bool(one) and one == whole[: len(one)]


def _shapes(root: Tensor, most: int) -> tuple[Any, ...]:
    """Of samples on the way from the root to the network, as far as so many nodes: what it is the mean or the sum of,
    and what that was made of."""
    node: Any = root.grad_fn
    found: list[Any] = []
    for _ in range(_NODES):
        children = [child for child, _ in node.next_functions if child is not None] if node is not None else []
        inner = (child for child in children if child.name() not in _OF_WEIGHTS)
        node = next(inner, None) if most > 1 else next(iter(children), None)
        if node is None:
            break
        shape = tuple(node._input_metadata[0].shape)
        found += [shape[1:]] if shape else []
        if len(found) == most:
            break
    return tuple(found)


class _Written:
    """A loss that the program writes out: what it predicts and what its targets are like."""

    def __init__(self, fact: Loss) -> None:
        self._fact = fact
        self._own = Loss("", fact.source)
        self._targets, self._predictions = Targets(self._own), Predictions(self._own)
        self._scales: list[float] = []  # the loss over what torch's function gives: 1, or a sum's number of values
        self._looks = self._known = 0
        self._weighed, self._step = False, -1
        self._recorded = False  # it was known while calls were recorded: perhaps from these alone

    def add(self, backward: Backward, root: float, step: int, rows: int) -> None:
        """A looked-at step; rows: samples that a network was given, -1 where none was called."""
        call = backward.written
        if call is None and self._recorded and not backward.recorded:
            return
        self._recorded = self._recorded or (call is not None and bool(backward.recorded))
        self._looks += 1
        if call is None:
            return
        own, dtype = self._own, str(call.target.dtype).removeprefix("torch.")
        if own.name and (call.name, dtype) != (own.name, own.target_dtype):
            return
        if not own.name:
            own.name, own.target_dtype = call.name, dtype
            own.input_shape, own.target_shape = list(call.input.shape), list(call.target.shape)
        self._known += 1
        self._weighed = self._weighed or call.weighed
        mean = float(call.value.mean()) if call.value is not None else 0.0
        self._scales += [root / mean] if mean > 0 else []
        ordered = 0 < call.target.ndim < 3 and rows in (-1, len(call.target))
        self._targets.add(call, ordered, step - self._step in (0, 1), True)
        self._predictions.add(call, self._targets.kind)
        self._step = step

    def fill(self) -> None:
        """What was found, where it is always the same loss."""
        if not self._own.name or self._known < ALWAYS * self._looks:
            return
        self._targets.fill()
        self._predictions.fill()
        fact, known = self._fact, self._own
        for name in _FIELDS:
            setattr(fact, name, getattr(known, name))
        fact.by_hand = True
        if self._weighed:
            fact.arguments["weight"] = True
        scale = sorted(self._scales)[len(self._scales) // 2] if self._scales else 0.0
        steady = scale > 0 and not self._weighed and all(abs(each / scale - 1) < STEADY for each in self._scales)
        if steady and known.baseline is not None and known.chance is not None:
            fact.baseline, fact.chance = known.baseline * scale, known.chance * scale
