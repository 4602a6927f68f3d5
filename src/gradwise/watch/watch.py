"""Watch a training: hooks in, rows out.

`with watch(model, optimizer) as watched:` round any loop. Who can measure itself (our fused optimizers, the guard, the
written-out back-propagation: whatever has `observe(out)`) is asked to, at no more than a few percent; for everything
else torch's hooks are used. All of a turn's measures go to one row of device memory, and nobody waits for the device.

The watched training is slowed by no more than the budget: turns with and without measuring are timed against each
other at the start, and if measuring costs more, only every k-th turn is measured. Which turns are measured depends on k
alone, and who keeps k (`known`) gets the same rows again.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.kernels import MEASURES, NORMS
from gradwise.watch.hooks import Activations, Gradients, Updates
from gradwise.watch.trace import Column, Trace

TRIAL = range(8, 40)  # turns in which measuring is tried: four with, four without, in turns


class watch:  # noqa: N801  a verb, used as `with watch(...)`
    """Watch the training of a model by an optimizer.

    Args: model, optimizer: as in the loop; backward, guard: those of our cycle, which measure themselves;
        every: measure each k-th turn; 0 finds k by itself from `budget`, the share by which a turn may be slowed;
        known: the k that was found before for this network on this machine, 0 for none;
        activations: also those; not under torch.compile, in whose graph no hook runs.
    Entering gives the watch itself; its `trace` is the record. Our own loop calls `turn(loss)`. In another's, the
    optimizer's step ends a turn, and `log(loss)` before it says what the loss was.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        *,
        backward: object = None,
        guard: object = None,
        every: int = 0,
        budget: float = 0.05,
        known: int = 0,
        activations: bool = True,
    ) -> None:
        self.every, self.budget = every or known or 1, budget
        self.trying = every == 0
        self.settled = not self.trying or known > 0
        self._optimizer = optimizer
        self._parts = self._lay_out(model, backward, guard, activations)
        self._foreign = guard is None
        self._loss: Tensor | float = math.nan
        self._on = False
        self._turn = 0
        self._handles: list[Any] = []
        self._clock = time.perf_counter
        self._last = 0.0
        self._times: dict[bool, list[float]] = {True: [], False: []}

    def _lay_out(
        self, model: nn.Module, backward: object, guard: object, activations: bool
    ) -> list[tuple[Any, Tensor]]:
        """Make the trace and the row that is measured into: who measures which stretch of it."""
        optimizer = self._optimizer
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        moved = _held(optimizer, named)
        held = sum(len(group["params"]) for group in optimizer.param_groups)
        device = named[0][1].device if named else torch.device("cpu")
        layers = list(getattr(backward, "names", [])) or [
            name for name, module in model.named_modules() if name and not list(module.children())
        ]
        layers = layers if activations else []
        self.trace = Trace(_columns(named, moved, layers, getattr(backward, "sizes", [])), device)
        self._row = torch.full((len(self.trace.columns),), torch.nan, device=device)  # NaN: not measured
        self._host = self._row.numpy() if device.type == "cpu" else None  # the same memory
        shapes = [(len(named), len(NORMS)), (len(named), 2), (len(layers), len(MEASURES))]
        _, *stretches = self._row.split([2, *(rows * width for rows, width in shapes)])
        whole = hasattr(optimizer, "observe") and len(moved) == held
        measured = [
            guard if hasattr(guard, "observe") else Gradients([p for _, p in named], optimizer),
            optimizer if whole else Updates([p for _, p in moved], optimizer),
            backward if hasattr(backward, "names") else Activations(model, layers, self.trace),
        ]
        return [(part, out.view(shape)) for part, out, shape in zip(measured, stretches, shapes, strict=True)]

    def __enter__(self) -> watch:
        for part, _ in self._parts:
            if hasattr(part, "attach"):
                self._handles += part.attach()
        if self._foreign:
            self._handles.append(self._optimizer.register_step_post_hook(self._stepped))
        self._switch(self._due())
        return self

    def __exit__(self, *_: object) -> None:
        self._switch(False)
        for handle in self._handles:
            handle.remove()

    def log(self, loss: Tensor | float) -> None:
        """Say what this turn's loss is, before the optimizer's step."""
        self._loss = loss.detach() if isinstance(loss, Tensor) else loss

    def _stepped(self, *_: object) -> None:
        self.turn(self._loss)

    def turn(self, loss: Tensor | float) -> None:
        """A turn has ended: keep its row, and decide about the next."""
        step = self._turn
        if not self.settled:
            self._time(step)
        if self._on:
            rate = self._optimizer.param_groups[0]["lr"]
            if self._host is not None:
                self._host[0], self._host[1] = float(loss), rate
            else:
                self._row[0], self._row[1] = loss, rate
            self.trace.append(step, self._row)
            self._row.fill_(torch.nan)  # what the next turn does not measure is not this turn's
        self._turn = step + 1
        due = self._due()
        if due != self._on:
            self._switch(due)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        sizes = [column.size for column in self.trace.columns]  # those of activations, found at the first turn
        return {"turn": self._turn, "every": self.every, "settled": self.settled, "sizes": sizes}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint: the same turns are measured as without a stop."""
        self._turn = state["turn"]
        if state["settled"] or not self.settled:  # what became known meanwhile is not forgotten
            self.every, self.settled = state["every"], state["settled"]
        columns = zip(self.trace.columns, state["sizes"], strict=True)
        self.trace.columns[:] = [replace(column, size=size) for column, size in columns]
        self._switch(self._due())

    def _due(self) -> bool:
        if self.trying and self._turn < TRIAL.stop:
            return self._turn < TRIAL.start or self._turn // 4 % 2 == 0
        return self._turn % self.every == 0

    def _switch(self, on: bool) -> None:
        for part, out in self._parts:
            part.observe(out if on else None)
        self._on = on

    def _time(self, step: int) -> None:
        now = self._clock()
        if step in TRIAL and step - 1 in TRIAL:
            self._times[self._on].append(now - self._last)
        self._last = now
        if step < TRIAL.stop:
            return
        self.settled = True
        on, off = (sorted(self._times[way]) for way in (True, False))
        if on and off:  # the lower quartile: what else the machine does only ever adds
            cost = on[len(on) // 4] / off[len(off) // 4] - 1
            share = cost / self.budget
            self.every = 1 if share <= 1.5 else 2 ** math.ceil(math.log2(share))


def _columns(
    named: list[tuple[str, nn.Parameter]], moved: list[tuple[str, nn.Parameter]], layers: list[str], elements: list[int]
) -> list[Column]:
    columns = [Column("cycle", "", "loss"), Column("cycle", "", "rate")]
    columns += [Column("gradient", name, m, p.numel()) for name, p in named for m in NORMS]
    columns += [Column(place, name, "square_sum", p.numel()) for name, p in moved for place in ("weight", "update")]
    counts = elements or [1] * len(layers)  # hooks find them at the first turn
    layer_sizes = zip(layers, counts, strict=True)
    return columns + [Column("activation", name, m, size) for name, size in layer_sizes for m in MEASURES]


def _held(optimizer: torch.optim.Optimizer, named: list[tuple[str, nn.Parameter]]) -> list[tuple[str, nn.Parameter]]:
    """The parameters in the optimizer's order, where it holds just these; else in the model's."""
    names = {id(p): name for name, p in named}
    held = [p for group in optimizer.param_groups for p in group["params"]]
    if sorted(map(id, held)) != sorted(names):
        return named
    return [(names[id(p)], p) for p in held]
