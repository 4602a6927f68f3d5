"""The doctor's eyes: what a program does with torch becomes turns, and the senses are told of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gradwise.doctor import handwritten
from gradwise.doctor.aside import quiet
from gradwise.doctor.bare import Bare
from gradwise.doctor.byhand import ByHand
from gradwise.doctor.defect import defect
from gradwise.doctor.drawn import Drawn
from gradwise.doctor.evaluated import Following
from gradwise.doctor.functional import Functional
from gradwise.doctor.graph import Graph
from gradwise.doctor.listeners import Listeners
from gradwise.doctor.names import Names
from gradwise.doctor.networks import Networks
from gradwise.doctor.pace import Limit, Pace
from gradwise.doctor.patches import Patches
from gradwise.doctor.sense import Backward, Call, LossCall, Sense
from gradwise.doctor.senses import SENSES
from gradwise.doctor.senses.averages import Average
from gradwise.doctor.sources import Sources
from gradwise.doctor.tape import Recorder
from gradwise.watch.facts import Crash
from gradwise.watch.trace import Trace

TAPED = 12  # turns whose calculations are recorded


class Observer:
    """Watches the program of this process while it is entered."""

    def __init__(
        self,
        home: Path,
        budget: float = 0.05,
        steps: int = 0,
        seconds: float = 0.0,
        senses: Sequence[type[Sense]] = SENSES,
    ) -> None:
        self.pace, self.limit = Pace(budget), Limit(steps, seconds)
        self.trace = Trace()
        self.facts = self.trace.facts
        self.names, self.sources = Names(), Sources(home)
        self._networks = Networks(self.facts, self.names, self.sources)
        self.network = self._networks.of
        self.step = 0
        self.slept: dict[int, int] = {}  # steps in deep sleep, by the optimizer's id
        self.inside = self.busy = False  # within a module that the program called; within the doctor or a backward
        self.dropped = [0.0, 0.0]  # the largest probability of a dropout in the module called last: off, on
        self._calls: list[Call] = []
        self._losses: list[LossCall] = []
        self._pending: Backward | None = None  # a backward pass since the last step
        self._stepped = False  # by an optimizer of torch's, ever
        self._bare = Bare()
        self.stepping = False  # within the step of an optimizer that calls a closure
        self.by_hand = ByHand()
        self._drawn = Drawn()
        self.average: Average | None = None  # of the weights, once the program is over
        self.senses: list[Sense] = [make(self) for make in senses]
        self.listeners = Listeners(self.senses, self.facts.not_seen)
        self.recorder = Recorder(lambda: self.busy)
        self.following = Following(self)
        self.functional = Functional(self)
        self._patches = Patches(self)

    @property
    def look(self) -> bool:
        """Whether this turn is looked at in full."""
        return self.pace.look

    @property
    def asleep(self) -> bool:
        """Whether it is slept through."""
        return self.pace.asleep

    def __enter__(self) -> Observer:
        self.pace.begin()
        self.limit.begin()
        self._patches.open()
        self.recorder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.following.pause(over=True)
        self.recorder.stop()
        self._patches.close()

    def finish(self, crash: Crash | None = None, finished: bool = True) -> Trace:
        """The program is over: the last facts, and the trace."""
        self.facts.crash, self.facts.finished = crash, finished and crash is None
        self.pace.look, self.limit = True, Limit()
        self._wake()
        self.recorder.stop()
        if self._pending is not None and not self._stepped:
            self.end_turn(None)
        self._tell("ended")
        self.facts.steps = self.step
        return self.trace

    def last_indices(self) -> list[int] | None:
        """The numbers in the data set of the last batch that a DataLoader gave; None where that is not known."""
        return self._drawn.last

    def called(self, module: nn.Module, args: Any, kwargs: Any, output: Any, training: bool) -> None:
        """The program called a module."""
        if not self._networks.weighs(module):
            return
        gradient = torch.is_grad_enabled()
        told = not (self.asleep and gradient)  # evaluations are rare: each is told
        chain = self.sources.chain(3) if told else ()
        call = Call(module, args, kwargs, output, training, gradient, chain, (self.dropped[0], self.dropped[1]))
        if gradient:  # few: their outputs hold on to graphs
            self._calls = [*self._calls[-(15 if self.look else 3) :], call]
        if told:
            self.network(module)
            self.timed(self.listeners.tell, "called", (call, self.look), False)
        if not gradient:
            self.following.follow(call)

    def lossed(self, name: str, x: Any, y: Any, arguments: dict[str, Any], value: Any, error: str) -> None:
        """It called a loss function."""
        if not isinstance(x, Tensor) or not isinstance(y, Tensor):
            return
        gradient = torch.is_grad_enabled() and x.requires_grad
        call = LossCall(name, x, y, arguments, value, gradient, self.sources.chain(3), error)
        if gradient:
            self._losses = [*self._losses[-(31 if self.look else 7) :], call]
        self._tell("lossed", call, self.look)

    def backward(
        self, roots: tuple[Tensor, ...], creates: bool, original: Callable[[], Any], of: Sequence[Tensor] = ()
    ) -> Any:
        """It calls backward, or asks for the gradients of its weights."""
        if self._pending is not None and not self._stepped and not self.stepping and self.by_hand.ends_turn():
            self.end_turn(None)
        self.following.pause(over=True)
        backward = Backward(roots, self.sources.line(3), self._calls, self._losses, creates_graph=creates)
        self.pace.passed((backward.source, *(call.chain[:1] for call in self._losses[-1:])))
        if self.look:
            self.timed(self._see, backward, all(x.is_leaf for x in of))
        self._tell("before_backward", backward, self.look)
        backward.tape, backward.recorded = None, []
        self.recorder.forget()
        self.busy = self.inside = True  # checkpoints call modules again while they go back
        try:
            result = original()
        finally:
            self.busy = self.inside = False
        self.facts.backwards += 1
        if of and isinstance(result, tuple):
            backward.gradients = {id(x): g for x, g in zip(of, result, strict=False) if isinstance(g, Tensor)}
        self._tell("after_backward", backward, self.look)
        backward.gradients = {}
        if not self._stepped:
            self.by_hand.remember(backward)
        if backward.graph is not None:
            backward.graph.close()
            backward.graph = None
        self._pending = backward
        self._calls, self._losses = [], []
        return result

    def well(self, root: Tensor | Sequence[Tensor]) -> bool:
        """In deep sleep: whether the loss is finite. Where it is not, everybody is woken."""
        root = root if isinstance(root, Tensor) else root[0]
        if root.is_cpu and root.numel() == 1:
            value = root.item()
            if not math.isfinite(value):
                self._wake()
                return False
            if self.pace.light:
                self._tell("dozed", value)
        self.facts.backwards += 1
        return True

    def before_step(self, optimizer: Optimizer) -> None:
        """An optimizer is about to step."""
        if self.pace.deep:
            if not self.listeners.alarmed(optimizer):
                return
            self._wake()
        self._tell("before_step", optimizer, self.look)

    def after_step(self, optimizer: Optimizer) -> None:
        """It stepped."""
        if self.pace.deep:
            self._sleep_on(optimizer)
            return
        self._stepped, self.stepping = True, False
        self.end_turn(optimizer)

    def compiled(self) -> None:
        """It compiles a graph: modes that are open would be compiled into it."""
        self.recorder.failed = "a graph is compiled"
        self.recorder.stop()
        self.following.failed = True

    def made(self, thing: object) -> None:
        """It made an optimizer or a schedule, or iterates over a loader."""
        if isinstance(thing, Optimizer):
            self.by_hand.optimizers += 1
            self.pace.another = self._stepped
            if self._stepped:
                self._wake()
        self._tell("made", thing, self.sources.line(3))

    def clipped(self, parameters: list[Tensor], limit: float, total: Tensor) -> None:
        """It clipped the norm of gradients."""
        self._tell("clipped", parameters, limit, total, self.sources.line(3))

    def applied(self, function: type, args: tuple[Any, ...]) -> None:
        """It is about to apply a hand-written autograd.Function."""
        self._tell("applied", function, args, self.sources.line(3))

    def drawn(self, iterator: Any, index: Any) -> None:
        """A DataLoader drew the numbers of a batch, which workers may fetch later."""
        self._drawn.add(iterator, index)

    def fetched(self, iterator: Any, batch: Any) -> None:
        """A DataLoader gave a batch."""
        self._drawn.given(iterator)
        self._tell("fetched", batch, self.look)

    def _see(self, backward: Backward, leaves: bool) -> None:
        backward.graph = Graph(backward.roots)
        if self.recorder.open and len(backward.roots) == 1:
            backward.tape, backward.recorded = self.recorder.tape(backward.roots[0]), self.recorder.made()
        if leaves:  # else the graphs of past steps are part of it
            backward.bare = self._bare.call(backward)
        if not backward.losses:
            with suppress(RuntimeError, TypeError, ValueError, IndexError):  # it computes on tensors of any kind
                backward.written = handwritten.loss(backward)

    def end_turn(self, optimizer: Optimizer | None) -> None:
        """A turn that is not slept through is over; None: the program itself has stepped."""
        manual = optimizer is None and self.by_hand.changed()
        if optimizer is not None or manual:
            self._tell("after_step", optimizer, self.look)
        if manual:
            self.facts.manual_updates = True
            self.facts.update_source = self.facts.update_source or (self._pending.source if self._pending else "")
        self._pending, self.by_hand.passes = None, 0
        self.step += 1
        if self.recorder.entered and self.step >= TAPED:
            self.recorder.stop()
        if optimizer is not None:  # by hand a turn ends with the next backward pass: its forward pass was recorded
            self.recorder.forget()
        self.facts.looks += self.look
        self._decide()
        self.limit.check(self.step)

    def _sleep_on(self, optimizer: Optimizer) -> None:
        """The end of a turn in deep sleep: what is touched here is cold, and costs ten times what it does in a loop."""
        self.stepping = False
        self.slept[id(optimizer)] = self.slept.get(id(optimizer), 0) + 1
        self.step += 1
        self._decide()
        self.limit.check(self.step)

    def _decide(self) -> None:
        """Whether the next turn is looked at, or slept through."""
        kind = self.pace.kind()
        if self.pace.choose(self.step, self._stepped, self.listeners):
            self._tell("woke")
        self.pace.paid(kind)

    def _wake(self) -> None:
        if self.pace.wake():
            self._tell("woke")

    def _tell(self, what: str, *args: Any) -> None:
        self.timed(self.listeners.tell, what, args, self.pace.asleep)

    def timed(self, action: Callable[..., None], *args: Any) -> None:
        """Without gradients, unseen by the replacements, on the doctor's clock; and the program goes on in any case."""
        begun = time.thread_time()  # not the wall's: on a busy machine as much is looked at as on a quiet one
        gradient, inside, self.busy = torch.is_grad_enabled(), self.inside, True
        self.inside = True
        torch._C._set_grad_enabled(False)
        try:
            if self.pace.look:
                with quiet():
                    action(*args)
            else:
                action(*args)
        except Exception as error:
            self.facts.not_seen[action.__qualname__] = defect("a look failed", error)
        finally:
            torch._C._set_grad_enabled(gradient)
            self.inside, self.busy = inside, False
            self.pace.spent += time.thread_time() - begun
