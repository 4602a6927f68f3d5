"""What happens in a program under the doctor, and who listens: one sense per kind of fact.

    Call       the program called a module (not one module another)
    LossCall   it called a loss function of torch.nn.functional
    Backward   it called backward(), or torch.autograd.grad for the gradients of parameters
    step       an optimizer stepped, or weights were changed by hand

A turn ends with a step. In a turn that is *looked at* (`look`), a sense may spend time: copy statistics, walk the
graph; in the others it may only count. Where even that is above the budget, turns are slept through: only what a sense
lists in `always` is told. A sense never changes a tensor of the program's, draws no random number, keeps
no reference to a tensor of the program's beyond the turn (weak ones excepted) and runs under torch.no_grad. What it
raises ends the sense, not the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

if TYPE_CHECKING:
    import torch

    from gradwise.doctor.graph import Graph, Op
    from gradwise.doctor.observer import Observer
    from gradwise.doctor.tape import Tape


@dataclass(eq=False)
class Call:
    """A module that the program called itself."""

    module: nn.Module
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    output: Any
    training: bool  # module.training at the call
    gradient: bool  # gradients were enabled
    chain: tuple[str, ...]  # lines of the program on the stack, innermost first: ("train.py:31", "train.py:80")
    dropped: tuple[float, float] = (0.0, 0.0)  # the largest probability of F.dropout within: switched off, and on


@dataclass(eq=False)
class LossCall:
    """A call of a loss function."""

    name: str  # "cross_entropy"
    input: Tensor  # the prediction
    target: Tensor
    arguments: dict[str, Any]  # given otherwise than by default, e.g. {"weight": Tensor, "reduction": "sum"}
    value: Tensor | None  # what it returned; None where it raised
    gradient: bool  # gradients were enabled and the input requires one
    chain: tuple[str, ...]
    error: str = ""  # the exception's text where it raised
    op: Op | None = None  # of a loss that is written out: the operation that made the prediction
    weighed: bool = False  # and whether samples are weighted, or something is added


@dataclass(eq=False)
class Backward:
    """A backward pass."""

    roots: tuple[Tensor, ...]  # what it starts from
    source: str  # the program's line
    calls: list[Call] = field(default_factory=list["Call"])  # of this turn, gradients enabled, oldest first
    losses: list[LossCall] = field(default_factory=list["LossCall"])  # of this turn, gradients enabled
    graph: Graph | None = None  # walked where the turn is looked at
    written: LossCall | None = None  # then: the loss that it starts from, where the program writes it out itself
    bare: Call | None = None  # then: what a network of plain tensors is given, where no module is called
    tape: Tape | None = None  # the calls that lead to it, in the first turns
    recorded: list[Tensor] = field(default_factory=list[Tensor])  # and what these calls made
    gradients: dict[int, Tensor] = field(default_factory=dict[int, Tensor])  # that torch.autograd.grad gave, by id
    creates_graph: bool = False  # create_graph=True: higher derivatives


class Sense:
    """Listens to what happens. Every method may be left out. `self.observer` has the trace, its facts and the names."""

    always: tuple[str, ...] = ()  # methods that are told in turns that are slept through, too

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self.trace, self.facts, self.names = observer.trace, observer.facts, observer.names

    def woke(self) -> None:
        """Turns were slept through: what was kept of the last one is of no use."""

    def plain(self) -> bool:
        """Whether `dozed` tells as much as everything else would."""
        return True

    def dozed(self, value: float) -> None:
        """In deep sleep, now and then: what backward starts from, on the CPU."""

    def alarmed(self, optimizer: torch.optim.Optimizer) -> bool:
        """In deep sleep, before a step: whether everybody is to be woken. A few microseconds at most."""
        return False

    def called(self, call: Call, look: bool) -> None:
        """A module was called and has returned."""

    def picked(self, index: Tensor, call: Call, chain: tuple[str, ...]) -> None:
        """Rows were taken of something with as many rows as this evaluation of a network was given."""

    def lossed(self, call: LossCall, look: bool) -> None:
        """A loss function was called and has returned or raised."""

    def before_backward(self, backward: Backward, look: bool) -> None:
        """A backward pass is about to start: the graph is whole, gradients are those of before."""

    def after_backward(self, backward: Backward, look: bool) -> None:
        """It ended without an exception."""

    def before_step(self, optimizer: torch.optim.Optimizer, look: bool) -> None:
        """An optimizer is about to step: gradients are final (clipped, unscaled)."""

    def after_step(self, optimizer: torch.optim.Optimizer | None, look: bool) -> None:
        """The turn ends: an optimizer has stepped; None: weights were changed by hand since the last backward."""

    def made(self, thing: object, source: str) -> None:
        """The program made an optimizer, a learning-rate schedule, or iterates over a DataLoader."""

    def fetched(self, batch: object, look: bool) -> None:
        """A DataLoader gave a batch; `observer.last_indices()` has its numbers in the data set."""

    def clipped(self, parameters: list[Tensor], limit: float, total: Tensor, source: str) -> None:
        """torch.nn.utils.clip_grad_norm_ was called."""

    def applied(self, function: type, args: tuple[Any, ...], source: str) -> None:
        """A custom autograd.Function is about to be applied (once per function and look)."""

    def ended(self) -> None:
        """The program ended, or is about to be stopped: last chance to fill in facts, and to try things on copies."""
