"""What stands in the place of torch's functions on the way back: backward, autograd.grad, torch.func, and their kin."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn
from torch._C import _functorch  # type: ignore[attr-defined]

from gradwise.doctor import functional

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer


class Back:
    """Each is handed the original, and gives what stands in its place."""

    def __init__(self, observer: Observer, elsewhere: Callable[[], bool]) -> None:
        self.observer, self.elsewhere = observer, elsewhere

    def backward(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """torch.autograd.backward, which Tensor.backward calls."""
        observer, elsewhere = self.observer, self.elsewhere

        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            if observer.busy or elsewhere():
                return original(tensors, *args, **kwargs)
            if observer.pace.deep and observer.well(tensors):
                return original(tensors, *args, **kwargs)
            roots = (tensors,) if isinstance(tensors, Tensor) else tuple(tensors)
            creates = kwargs.get("create_graph", args[2] if len(args) > 2 else False)
            return observer.backward(roots, bool(creates), lambda: original(tensors, *args, **kwargs))

        return backward

    def grad(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """torch.autograd.grad of weights."""
        observer, elsewhere = self.observer, self.elsewhere

        def grad(outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
            if observer.busy or elsewhere():
                return original(outputs, inputs, *args, **kwargs)
            creates = bool(kwargs.get("create_graph", args[2] if len(args) > 2 else False))
            if observer.pace.deep:
                return original(outputs, inputs, *args, **kwargs)
            of = (inputs,) if isinstance(inputs, Tensor) else inputs if isinstance(inputs, Sequence) else ()
            trained = bool(of) and all(_trainable(x, creates) for x in of)
            nested = _functorch.peek_interpreter_stack() is not None  # torch.func's own call
            if not trained and (nested or not observer.by_hand.replaced(of, observer.facts.backwards)):
                return original(outputs, inputs, *args, **kwargs)
            roots = (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
            return observer.backward(roots, creates, lambda: original(outputs, inputs, *args, **kwargs), tuple(of))

        return grad

    def functional(self, both: Callable[..., Any], values: bool) -> Callable[..., Any]:
        """torch.func.grad or grad_and_value, made from the latter."""
        observer, elsewhere = self.observer, self.elsewhere

        def nested() -> bool:
            return observer.busy or elsewhere() or _functorch.peek_interpreter_stack() is not None

        return functional.watched(both, values, observer.functional.differentiated, nested)

    def check(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """torch.autograd.gradcheck: its many passes are no training."""
        observer, elsewhere = self.observer, self.elsewhere

        def check(*args: Any, **kwargs: Any) -> Any:
            if observer.busy or elsewhere():
                return original(*args, **kwargs)
            observer.busy = True
            try:
                return original(*args, **kwargs)
            finally:
                observer.busy = False

        return check

    def apply(self, original: Any) -> Any:
        """torch.autograd.Function.apply of the program's own functions."""
        observer, elsewhere, inner = self.observer, self.elsewhere, original.__func__

        def apply(cls: type, *args: Any, **kwargs: Any) -> Any:
            if observer.look and not observer.busy and not elsewhere() and not cls.__module__.startswith("torch."):
                observer.applied(cls, args)
            return inner(cls, *args, **kwargs)

        functools.update_wrapper(apply, inner)
        return classmethod(apply)

    def compile(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """torch.compile."""
        observer, elsewhere = self.observer, self.elsewhere

        def compile_(*args: Any, **kwargs: Any) -> Any:
            if not elsewhere():
                observer.compiled()
            return original(*args, **kwargs)

        return compile_

    def clip(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """clip_grad_norm_."""
        observer, elsewhere = self.observer, self.elsewhere

        def clip(parameters: Any, max_norm: float, *args: Any, **kwargs: Any) -> Any:
            if observer.busy or elsewhere():
                return original(parameters, max_norm, *args, **kwargs)
            parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
            total = original(parameters, max_norm, *args, **kwargs)
            observer.clipped(parameters, float(max_norm), total)
            return total

        return clip


def _trainable(tensor: object, creates_graph: bool) -> bool:
    """A weight, not an input whose derivative a physics-informed loss or a gradient penalty needs."""
    if not isinstance(tensor, Tensor) or not tensor.is_leaf:
        return False
    return isinstance(tensor, nn.Parameter) or not creates_graph
