"""An error that a program works out itself, without gradients, of what its network gave: an evaluation by hand.

Without gradients there is no graph. So the calls that lead from the network's output to the first single number are
noted, made once more beside the program with gradients on, and that graph is read as one of a training is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor
from torch._C import _functorch  # type: ignore[attr-defined]
from torch.overrides import TorchFunctionMode, _get_current_function_mode
from torch.utils._device import DeviceContext
from torch.utils._pytree import tree_flatten, tree_map

from gradwise.doctor import handwritten
from gradwise.doctor.graph import Graph, words
from gradwise.doctor.sense import Backward, Call, LossCall
from gradwise.doctor.tape import Recorder
from gradwise.doctor.tensors import tensors

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

MOST = 64  # outputs of a pass that are kept, and calls between one of them and a number
ELEMENTS = 2**19  # of all outputs of a pass together
_PICKS = words("getitem index_select")
_JOINED = words("cat stack concat concatenate hstack vstack")
_AWAY = words("detach cpu numpy")  # the same values elsewhere: made again they would leave the graph
_FOLLOWED = _JOINED | words(
    "sub rsub add radd mul rmul div truediv neg pow square abs absolute mean sum sqrt log log1p exp clamp clamp_min "
    "clamp_max softmax log_softmax logsumexp logsigmoid sigmoid softplus gather getitem squeeze unsqueeze view reshape "
    "flatten t transpose permute where maximum minimum float double to contiguous take_along_dim cosh rsqrt detach cpu"
)  # all of them without random numbers, and without changing what they are given


class _Made(NamedTuple):
    """A call that depends on the network's output."""

    function: Callable[..., Any]
    given: tuple[Any, dict[str, Any]]
    name: str
    made: Tensor


class Following(TorchFunctionMode):
    """Open between the end of a network's call without gradients and the next, but while a loader makes a batch."""

    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self.observer = observer
        self.open = False
        self.failed = False  # graphs are compiled: a mode that is open would be compiled into them
        self._outputs: dict[int, Tensor] = {}
        self._made: dict[int, _Made] = {}
        self._call: Call | None = None  # the last that was followed
        self._picked = 0

    def follow(self, call: Call) -> None:
        """A network was called without gradients."""
        mode = _get_current_function_mode()
        above = mode is None or isinstance(mode, (Recorder, DeviceContext))  # others would take ours off for theirs
        if self.failed or self.open or not above or _functorch.peek_interpreter_stack() is not None:
            return
        found = [x for x in tensors(call.output) if _numbers(x) and not x.requires_grad]
        many = len(self._outputs) >= MOST or sum(x.numel() for x in (*found, *self._outputs.values())) > ELEMENTS
        if not found or many:  # of every pass the same first batches
            return
        self._outputs.update((id(x), x) for x in found)
        self._call = call
        self.resume()

    def resume(self) -> None:
        """Listen, to what the network gave and perhaps to what is made of it after a pause."""
        self.open = True
        self.__enter__()

    def pause(self, over: bool) -> bool:
        """A module is called, or weights are about to change; whether it listened until now.

        over: by what belongs to the training again.
        """
        listened = self.open and _get_current_function_mode() is self
        if listened:
            self.__exit__(None, None, None)
            self.open = False
        if over:
            self._outputs, self._made = {}, {}
        return listened

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        func = getattr(func, "__wrapped__", func)  # not our own replacement once more
        output = func(*args, **kwargs)
        observer = self.observer
        if observer.busy or observer.inside or not self.open or not isinstance(output, Tensor):
            return output
        name = getattr(func, "__name__", "")
        if id(output) in self._outputs or id(output) in self._made:
            if (name.endswith("_") and not name.endswith("__")) or name.startswith("__i"):  # changed in place
                self._outputs.pop(id(output), None)
                self._made.pop(id(output), None)
            return output
        name = name.strip("_")
        if name in _PICKS and self._picked < MOST and len(args) > 1 and isinstance(args[0], Tensor):
            self._pick(args[0], args[1:])
        if name in _FOLLOWED and "out" not in kwargs and (output.numel() == 1 or _numbers(output)):
            given = [x for x in tree_flatten((args, kwargs))[0] if isinstance(x, Tensor)]
            if any(id(x) in self._outputs or id(x) in self._made for x in given) and not torch.is_grad_enabled():
                self._note(_Made(func, (args, kwargs), name, output), given)
        return output

    def _pick(self, of: Tensor, how: tuple[Any, ...]) -> None:
        """Rows are taken of what the network gave, or of what belongs to it: labels, hits."""
        index = next((x for x in how if isinstance(x, Tensor) and x.ndim == 1), None)
        whole = {len(x) for x in self._outputs.values()}
        if index is not None and self._call is not None and of.ndim and len(of) in whole:
            self._picked += 1
            chain = self.observer.sources.chain(2)
            self.observer.timed(self.observer.listeners.tell, "picked", (index, self._call, chain), False)

    def _note(self, made: _Made, given: list[Tensor]) -> None:
        if len(self._made) < 2 * MOST:
            self._made[id(made.made)] = made
        if made.made.numel() == 1 and max(x.numel() for x in given) > 1 and made.made.is_floating_point():
            pace = self.observer.pace
            if pace.reads():
                before = pace.spent
                self.observer.timed(self._tell, made, self.observer.sources.chain(3))
                pace.has_read(pace.spent - before)

    def _tell(self, made: _Made, chain: tuple[str, ...]) -> None:
        """A number was made of what a network gave: perhaps an error."""
        try:
            call = self._read(made)
        except Exception:  # what is made again elsewhere than in its place may fail
            return
        if call is not None:
            call.chain, observer = chain, self.observer
            observer.listeners.tell("lossed", (call, observer.look), observer.asleep)

    def _read(self, last: _Made) -> LossCall | None:
        """What loss function would have given this number, of what; None for anything else."""
        with torch.inference_mode(False), torch.enable_grad():
            again = _Again(self._outputs, self._made)
            root = again.made(last)
            if not root.requires_grad:
                return None
            root = -root if float(root.detach()) < 0 else root  # a log-likelihood
            calls = [Call(torch.nn.Identity(), (), {}, x, False, True, ()) for x in again.known]
            backward = Backward((root,), "", calls, graph=Graph((root,)))
            found = handwritten.loss(backward)
            if backward.graph is not None:
                backward.graph.close()
        if found is None or found.value is None or found.weighed:
            return None
        value, given = found.value.detach(), found.input.detach()
        return LossCall(found.name, given, found.target, found.arguments, value, False, ())


class _Again:
    """The same calls with gradients: the network's outputs are products with a weight of 1."""

    def __init__(self, outputs: dict[int, Tensor], calls: dict[int, _Made]) -> None:
        self._outputs, self._calls = outputs, calls
        self._values: dict[int, Tensor] = {}
        self.known: list[Tensor] = []

    def made(self, call: _Made) -> Tensor:
        """What it gave, with a graph."""
        if call.name in _AWAY:
            return self._value(call.given[0][0])
        args, kwargs = tree_map(self._given, call.given)
        value = call.function(*args, **kwargs)
        if call.name in _JOINED:
            self.known.append(value)
        return value

    def _given(self, x: Any) -> Any:
        return self._value(x) if isinstance(x, Tensor) else x

    def _value(self, x: Tensor) -> Tensor:
        if id(x) not in self._values:
            if id(x) in self._calls:
                self._values[id(x)] = self.made(self._calls[id(x)])
            elif id(x) in self._outputs:
                self._values[id(x)] = self._anchored(x.clone() if x.is_inference() else x.detach())
                self.known.append(self._values[id(x)])
            else:
                self._values[id(x)] = x.clone() if x.is_inference() else x.detach()
        return self._values[id(x)]

    @staticmethod
    def _anchored(x: Tensor) -> Tensor:
        one = torch.ones([1] * max(2, x.ndim), dtype=x.dtype, device=x.device, requires_grad=True)
        return x * one if x.ndim > 1 else (x[:, None] * one).squeeze(1)


def _numbers(x: Tensor) -> bool:
    """Of a batch: real, dense, with values."""
    dense = x.layout is torch.strided and x.is_floating_point() and type(x) in (Tensor, torch.nn.Parameter)
    return dense and x.numel() > 1 and x.ndim > 0
