"""The doctor's eyes: what a program does with torch becomes turns, and the senses are told of them.

A turn is looked at in full while the program starts, and later as often as the budget allows: a few turns in a row,
then none until the time spent is paid back. In between senses count, and where even that is too much turns are slept
through: loss and gradient are looked at for NaN, and one in five of these turns keeps the value of the loss.
"""

from __future__ import annotations

import math
import os
import sys
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.loss import _Loss
from torch.optim import Optimizer

from gradwise.doctor import handwritten
from gradwise.doctor.aside import quiet
from gradwise.doctor.bare import Bare
from gradwise.doctor.byhand import ByHand
from gradwise.doctor.costs import Costs
from gradwise.doctor.evaluated import Following
from gradwise.doctor.functional import Functional
from gradwise.doctor.graph import Graph
from gradwise.doctor.names import Names
from gradwise.doctor.patches import Patches
from gradwise.doctor.sense import Backward, Call, LossCall, Sense
from gradwise.doctor.senses import SENSES
from gradwise.doctor.sources import Sources
from gradwise.doctor.tape import Recorder
from gradwise.watch.facts import Crash, Network
from gradwise.watch.trace import Trace

START = 24  # turns that are looked at from the start on
START_SECONDS = 1.0  # that are spent before the budget is asked for, once
ACCUMULATED = 32  # backward passes without a step of an optimizer that was made: it is not going to
BURST = 4  # turns in a row that are looked at later
SEEN = 0.8  # of the budget is spent knowingly: what deep sleep costs, nobody's clock sees
NAP = 16  # turns in a row that are slept through at least
ANEW, ANEW_TURNS = 3, 12  # optimizers made later than the first step that are looked at anew, and for how many turns
READ = 64  # evaluations by hand that are read in any case
TAPED = 12  # turns whose calculations are recorded
DOZE = 5  # of these one turn in so many keeps its loss: an odd number, for two optimizers that take turns
LONG = 1000  # turns after which of three such turns two keep nothing else, where one loss is all that is trained on


class Enough(BaseException):
    """Raised inside the program when the steps or the time it was given are used up."""


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
        self.budget, self.limit = budget, (steps, seconds)
        self.trace = Trace()
        self.facts = self.trace.facts
        self.names, self.sources = Names(), Sources(home)
        self.step = 0
        self.look = True
        self.asleep = False  # senses are told of what they list in `always` alone
        self.deep = False  # and of that not even
        self._light = False  # but of the loss's value
        self.slept: dict[int, int] = {}  # steps in deep sleep, by the optimizer's id
        self.inside = self.busy = False  # within a module that the program called; within the doctor or a backward
        self.dropped = [0.0, 0.0]  # the largest probability of a dropout in the module called last: off, on
        self.spent = 0.0  # seconds of the processor in the doctor
        self._burst, self._nap = START, 0
        self._costs = Costs()
        self._begun, self._clock = time.perf_counter(), time.thread_time()
        self._calls: list[Call] = []
        self._losses: list[LossCall] = []
        self._pending: Backward | None = None  # a backward pass since the last step
        self._stepped = False  # by an optimizer of torch's, ever
        self._optimizers = 0  # made
        self._passes = 0  # backward passes of this turn
        self._idle = False  # an optimizer was made, and does not step: every backward pass is a turn
        self._anew = 0  # how often another part of the program was looked at anew
        self._another = False  # an optimizer was made since the last backward pass, after others have stepped
        self._places: set[tuple[object, ...]] = set()  # lines of backward() and of losses
        self._bare = Bare()
        self.stepping = False  # within the step of an optimizer that calls a closure
        self._networks: weakref.WeakKeyDictionary[nn.Module, Network] = weakref.WeakKeyDictionary()
        self._weighs: weakref.WeakKeyDictionary[nn.Module, bool] = weakref.WeakKeyDictionary()
        self._by_hand = ByHand()
        self._drawn: weakref.WeakKeyDictionary[Any, deque[Any]] = weakref.WeakKeyDictionary()
        self._indices: list[int] | None = None
        self.senses: list[Sense] = [make(self) for make in senses]
        self._listeners: dict[str, list[Sense]] = {}
        self._wakeful: dict[str, list[Sense]] = {}  # who is told in turns that are slept through
        self._listen()
        self.recorder = Recorder(lambda: self.busy)
        self.following = Following(self)
        self._functional = Functional(self)
        self._reckoned = [0.0, 0.0]  # numbers of evaluations that were read, and the seconds that it took
        self._patches = Patches(self)

    def __enter__(self) -> Observer:
        self._begun, self._clock = time.perf_counter(), time.thread_time()
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
        self.look, self.limit = True, (0, 0.0)
        self._wake()
        self.recorder.stop()
        if self._pending is not None and not self._stepped:
            self._end_turn(None)
        self._tell("ended")
        self.facts.steps = self.step
        return self.trace

    def network(self, module: nn.Module) -> Network:
        """The facts of a module that the program calls."""
        network = self._networks.get(module)
        if network is None:
            inner = getattr(module, "_orig_mod", module)  # what torch.compile wraps
            network = self._networks.get(inner)
            if network is None:
                network = Network(
                    self.names.add_root(inner, self.sources.frame(4)),
                    parameters=sum(p.numel() for p in inner.parameters()),
                )
                network.modules = list(dict.fromkeys(type(m).__name__ for m in inner.modules()))
                if inner is not module:
                    network.opaque = "torch.compile"
                self.facts.networks.append(network)
                self._networks[inner] = network
            self._networks[module] = network
        return network

    def _trains(self, module: nn.Module) -> bool:
        """Whether it has weights, and is no loss."""
        known = self._weighs.get(module)
        if known is None or not known:  # lazy layers get theirs later
            known = not isinstance(module, _Loss) and next(module.parameters(), None) is not None
            self._weighs[module] = known
        return known

    def last_indices(self) -> list[int] | None:
        """The numbers in the data set of the last batch that a DataLoader gave; None where that is not known."""
        return self._indices

    # What the patches tell.

    def called(self, module: nn.Module, args: Any, kwargs: Any, output: Any, training: bool) -> None:
        """The program called a module."""
        if not self._trains(module):
            return
        gradient = torch.is_grad_enabled()
        told = not (self.asleep and gradient)  # evaluations are rare: each is told
        if told:
            self.network(module)
        call = Call(module, args, kwargs, output, training, gradient, self.sources.chain(3) if told else ())
        call.dropped = (self.dropped[0], self.dropped[1])
        if gradient:  # few: their outputs hold on to graphs
            self._calls = [*self._calls[-(15 if self.look else 3) :], call]
        if told:
            self._timed(self._tell_all, "called", (call, self.look), self._listeners)
        if not gradient:
            self.following.follow(call)

    def reckoned(self, read: Callable[[], LossCall | None]) -> None:
        """Without gradients it made a number of what its network gave: perhaps an error."""
        count, spent = self._reckoned
        if count > READ and spent > START_SECONDS / 4 + self.budget / 4 * (time.thread_time() - self._clock):
            return
        before, chain = self.spent, self.sources.chain(3)
        self._timed(self._reckon, read, chain)
        self._reckoned = [count + 1, spent + self.spent - before]

    def _reckon(self, read: Callable[[], LossCall | None], chain: tuple[str, ...]) -> None:
        try:
            call = read()
        except Exception:  # what is made again elsewhere than in its place may fail
            return
        if call is not None:
            call.chain = chain
            self._tell_all("lossed", (call, self.look), self._wakeful if self.asleep else self._listeners)

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
        if self._pending is not None and not self._stepped and not self.stepping and self._without():
            self._end_turn(None)
        self.following.pause(over=True)
        backward = Backward(roots, self.sources.line(3), self._calls, self._losses, creates_graph=creates)
        self._look_anew(backward)
        if self.look:
            self._timed(self._see, backward)
        self._tell("before_backward", backward, self.look)
        backward.tape = None
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
            self._by_hand.remember(backward)
        if backward.graph is not None:
            backward.graph.close()
            backward.graph = None
        self._pending = backward
        self._calls, self._losses = [], []
        return result

    def differentiated(self, given: Any, gradients: Any, value: Any) -> None:
        """It called torch.func.grad: a turn of a program that has no optimizer and calls no backward."""
        if self._optimizers or self.facts.backwards or not self._functional.own(given):
            return
        self.following.pause(over=True)
        self._timed(self._saw, given, gradients, value, self.sources.line(3))
        self._end_turn(None)

    def _saw(self, given: Any, gradients: Any, value: Any, source: str) -> None:
        try:
            self._functional.saw(given, gradients, value, source)
        except Exception as error:  # of tensors that nobody thought of
            self.facts.not_seen["torch.func"] = f"{type(error).__name__} where its weights were looked at: {error}"

    def well(self, root: Tensor | Sequence[Tensor]) -> bool:
        """In deep sleep: whether the loss is finite. Where it is not, everybody is woken."""
        root = root if isinstance(root, Tensor) else root[0]
        if root.is_cpu and root.numel() == 1:
            value = root.item()
            if not math.isfinite(value):
                self._wake()
                return False
            if self._light:
                self._tell("dozed", value)
        self.facts.backwards += 1
        return True

    def before_step(self, optimizer: Optimizer) -> None:
        """An optimizer is about to step."""
        if self.deep:
            for sense in self._listeners["alarmed"]:
                if sense.alarmed(optimizer):
                    break
            else:
                return
            self._wake()
        self._tell("before_step", optimizer, self.look)

    def after_step(self, optimizer: Optimizer) -> None:
        """It stepped."""
        if self.deep:
            self._sleep_on(optimizer)
            return
        self._stepped, self.stepping = True, False
        self._end_turn(optimizer)

    def compiled(self) -> None:
        """It compiles a graph: modes that are open would be compiled into it."""
        self.recorder.failed = "a graph is compiled"
        self.recorder.stop()
        self.following.failed = True

    def made(self, thing: object) -> None:
        """It made an optimizer or a schedule, or iterates over a loader."""
        if isinstance(thing, Optimizer):
            self._optimizers += 1
            self._another = self._stepped
            if self._another:
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
        self._drawn.setdefault(iterator, deque()).append(index)

    def fetched(self, iterator: Any, batch: Any) -> None:
        """A DataLoader gave a batch."""
        queue = self._drawn.get(iterator)
        index = queue.popleft() if queue else None
        self._indices = index if isinstance(index, list) and all(isinstance(i, int) for i in index[:1]) else None
        self._tell("fetched", batch, self.look)

    # Turns.

    def _look_anew(self, backward: Backward) -> None:
        """Another optimizer after steps of the first, and a loss of another line: another part of the program."""
        place = (backward.source, *(call.chain[:1] for call in backward.losses[-1:]))
        if self._another and place not in self._places and self._anew < ANEW and self._burst <= 0:
            self._anew += 1
            self.look, self._burst, self._nap = True, ANEW_TURNS, 0
        self._another = False
        self._places.add(place)

    def _see(self, backward: Backward) -> None:
        backward.graph = Graph(backward.roots)
        if self.recorder.open and len(backward.roots) == 1:
            backward.tape = self.recorder.tape(backward.roots[0])
        backward.bare = self._bare.call(backward)
        if not backward.losses:
            with suppress(RuntimeError, TypeError, ValueError, IndexError):  # it computes on tensors of any kind
                backward.written = handwritten.loss(backward)

    def _without(self) -> bool:
        """A turn has ended without an optimizer: where there is one, several passes may come before its first step."""
        self._passes += 1
        self._idle = self._idle or self._passes > ACCUMULATED
        return self._idle or not self._optimizers or self._by_hand.changed()

    def _end_turn(self, optimizer: Optimizer | None) -> None:
        manual = optimizer is None and self._by_hand.changed()
        if optimizer is not None or manual:
            self._tell("after_step", optimizer, self.look)
        if manual:
            self.facts.manual_updates = True
            self.facts.update_source = self.facts.update_source or (self._pending.source if self._pending else "")
        self._pending, self._passes = None, 0
        self.step += 1
        if self.recorder.entered and self.step >= TAPED:
            self.recorder.stop()
        if optimizer is not None:  # by hand a turn ends with the next backward pass: its forward pass was recorded
            self.recorder.forget()
        self.facts.looks += self.look
        self._decide()
        self._stop()

    def _sleep_on(self, optimizer: Optimizer) -> None:
        """The end of a turn in deep sleep: what is touched here is cold, and costs ten times what it does in a loop."""
        self.stepping = False
        self.slept[id(optimizer)] = self.slept.get(id(optimizer), 0) + 1
        self.step += 1
        self._decide()
        if self.limit != (0, 0.0):
            self._stop()

    def _stop(self) -> None:
        steps, seconds = self.limit
        if (steps and self.step >= steps) or (seconds and time.perf_counter() - self._begun >= seconds):
            raise Enough

    def _decide(self) -> None:
        """Whether the next turn is looked at, or slept through."""
        kind = self._kind()
        self._choose()
        self.spent += self._costs.turn(kind, kind == self._kind(), self.spent)

    def _kind(self) -> str:
        return "look" if self.look else "deep" if self.deep else "doze" if self.asleep else "count"

    def _choose(self) -> None:
        self._burst -= 1
        self._nap -= 1
        dozes = self.step % DOZE == 0
        self._light = dozes and self.step > LONG and self.step % (3 * DOZE) != 0 and self._plain()
        self.deep = self.asleep and self._stepped and (not dozes or self._light)
        if self._burst > 0:
            start = self.step < START
            self.look = not start or self.step < 6 or self.spent < START_SECONDS
            return
        if self._nap > 0:
            return
        over = max(self.spent - START_SECONDS, 0.0)
        share = over / max((time.thread_time() - self._clock) * self.budget * SEEN, 1e-9)
        counting = self._costs.share("count") < self.budget / 2
        if share > (1.0 if counting else 0.8):
            self._nap, self.asleep, self.look = NAP, True, False
            return
        self._wake()
        self.look = share < 0.8
        if self.look:
            self._burst = BURST

    def _plain(self) -> bool:
        return all(sense.plain() for sense in self._listeners["plain"])

    def _wake(self) -> None:
        if self.asleep:
            self.asleep = self.deep = self._light = False
            self._tell("woke")

    def _tell(self, what: str, *args: Any) -> None:
        self._timed(self._tell_all, what, args, self._wakeful if self.asleep else self._listeners)

    def _timed(self, action: Callable[..., None], *args: Any) -> None:
        begun = time.thread_time()  # not the wall's: on a busy machine as much is looked at as on a quiet one
        gradient, inside, self.busy = torch.is_grad_enabled(), self.inside, True
        self.inside = True
        torch._C._set_grad_enabled(False)
        try:
            if self.look:
                with quiet():
                    action(*args)
            else:
                action(*args)
        finally:
            torch._C._set_grad_enabled(gradient)
            self.inside, self.busy = inside, False
            self.spent += time.thread_time() - begun

    def _tell_all(self, what: str, args: tuple[Any, ...], listeners: dict[str, list[Sense]]) -> None:
        for sense in listeners[what]:
            try:
                getattr(sense, what)(*args)
            except Exception as error:
                self._drop(sense, what, error)

    def _listen(self) -> None:
        told = [name for name in vars(Sense) if not name.startswith("_") and name != "always"]
        self._listeners = {name: [sense for sense in self.senses if name in type(sense).__dict__] for name in told}
        self._wakeful = {
            n: [s for s in senses if n in (*s.always, "made", "ended", "woke", "dozed")]
            for n, senses in self._listeners.items()
        }

    def _drop(self, sense: Sense, what: str, error: Exception) -> None:
        """A sense that fails is switched off, and the report says so: the program goes on."""
        if os.environ.get("GRADWISE_TRACEBACK"):
            traceback.print_exc(file=sys.stderr)
        self.senses.remove(sense)
        self._listen()
        name = type(sense).__name__
        self.facts.not_seen[name] = f"a defect in Gradwise switched it off: {type(error).__name__} in {what}: {error}"
