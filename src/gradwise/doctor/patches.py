"""What is replaced in torch while a program is under the doctor, and put back afterwards.

Every replacement calls the original with what it was given and returns what that returns. In a graph that torch
compiles, and in other threads and processes, it does nothing else.
"""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch._C import _functorch  # type: ignore[attr-defined]
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import dataloader

from gradwise.doctor import functional
from gradwise.doctor.replacing import replace

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

LOSSES = {  # the parameters after (input, target), with their defaults
    "cross_entropy": {"weight": None, "ignore_index": -100, "reduction": "mean", "label_smoothing": 0.0},
    "nll_loss": {"weight": None, "ignore_index": -100, "reduction": "mean"},
    "binary_cross_entropy": {"weight": None, "reduction": "mean"},
    "binary_cross_entropy_with_logits": {"weight": None, "reduction": "mean", "pos_weight": None},
    "mse_loss": {"reduction": "mean", "weight": None},
    "l1_loss": {"reduction": "mean", "weight": None},
    "smooth_l1_loss": {"reduction": "mean", "beta": 1.0},
    "huber_loss": {"reduction": "mean", "delta": 1.0, "weight": None},
    "kl_div": {"reduction": "mean", "log_target": False},
    "poisson_nll_loss": {"log_input": True, "full": False, "eps": 1e-08, "reduction": "mean"},
    "soft_margin_loss": {"reduction": "mean"},
    "hinge_embedding_loss": {"margin": 1.0, "reduction": "mean"},
    "multi_margin_loss": {"p": 1, "margin": 1.0, "weight": None, "reduction": "mean"},
    "multilabel_soft_margin_loss": {"weight": None, "reduction": "mean"},
    "cosine_embedding_loss": {"input2": None, "margin": 0.0, "reduction": "mean"},
    "margin_ranking_loss": {"input2": None, "margin": 0.0, "reduction": "mean"},
    "gaussian_nll_loss": {"var": None, "full": False, "eps": 1e-06, "reduction": "mean"},
}
DROPOUTS = ("dropout", "alpha_dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout")
_OLD = {"size_average", "reduce"}  # deprecated arguments, None when not used
_forks = 0  # of this process since its first ancestor: os.getpid() is a system call, too dear for every turn


def _forked() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_child=_forked)


class Patches:
    """The replacements, for as long as they are open."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self._undo: list[Callable[[], object]] = []
        self._home = (_forks, threading.get_ident())

    def open(self) -> None:
        """Replace."""
        self._replace(nn.Module, "__call__", self._module)
        for name in LOSSES:
            if hasattr(F, name):
                self._replace(F, name, functools.partial(self._loss, name))
        for name in DROPOUTS:
            self._replace(F, name, self._dropout)
        self._replace(torch.autograd, "backward", self._backward)
        self._replace(torch.autograd, "grad", self._grad)
        both = torch.func.grad_and_value
        self._replace(torch.func, "grad_and_value", lambda _: self._functional(both, True))
        self._replace(torch.func, "grad", lambda _: self._functional(both, False))
        self._replace(torch.autograd.Function, "apply", self._apply)
        self._replace(torch, "compile", self._compile)
        self._replace(nn.utils, "clip_grad_norm_", self._clip)
        self._replace(nn.utils.clip_grad, "clip_grad_norm_", self._clip)
        self._replace(Optimizer, "__init__", self._made)
        self._replace(LRScheduler, "__init__", self._made)
        self._replace(ReduceLROnPlateau, "__init__", self._made)  # it does not call the one of its class
        self._replace(dataloader.DataLoader, "__iter__", self._iterated)
        self._replace(dataloader._BaseDataLoaderIter, "_next_index", self._drawn)
        self._replace(dataloader._BaseDataLoaderIter, "__next__", self._fetched)
        before = register_optimizer_step_pre_hook(self._before_step)
        after = register_optimizer_step_post_hook(self._after_step)
        self._undo += [before.remove, after.remove]

    def close(self) -> None:
        """Put everything back."""
        while self._undo:
            self._undo.pop()()

    def elsewhere(self) -> bool:
        """In a graph that is compiled, or in another thread or process: nothing is looked at."""
        return torch.compiler.is_compiling() or self._home != (_forks, threading.get_ident())

    def _replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        self._undo.append(replace(owner, name, make))

    # Forward.

    def _module(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if observer.following.open and not observer.inside:
                observer.following.pause(over=torch.is_grad_enabled())
            if observer.inside or (observer.pace.deep and torch.is_grad_enabled()) or elsewhere():
                return original(module, *args, **kwargs)
            observer.inside = True
            observer.dropped = [0.0, 0.0]
            try:
                training = module.training
                output = original(module, *args, **kwargs)
            finally:
                observer.inside = False
            observer.called(module, args, kwargs, output, training)
            return output

        return call

    def _loss(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere, defaults = self.observer, self.elsewhere, LOSSES[name]
        names = list(inspect.signature(original).parameters)

        def loss(*args: Any, **kwargs: Any) -> Any:
            if observer.busy or (observer.pace.deep and torch.is_grad_enabled()) or elsewhere():
                return original(*args, **kwargs)
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            x, y = given.pop("input1" if "input1" in given else "input", None), given.pop("target", None)
            arguments = {
                k: v for k, v in given.items() if k not in _OLD and (isinstance(v, Tensor) or v != defaults.get(k))
            }
            try:
                value = original(*args, **kwargs)
            except Exception as error:
                observer.lossed(name, x, y, arguments, None, f"{type(error).__name__}: {error}")
                raise
            observer.lossed(name, x, y, arguments, value, "")
            return value

        return loss

    def _dropout(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer = self.observer

        def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
            if not torch.compiler.is_compiling() and observer.inside and p > 0:
                observer.dropped[bool(training)] = max(observer.dropped[bool(training)], float(p))
            return original(input, p, training, inplace)

        return dropout

    # Backward.

    def _backward(self, original: Callable[..., Any]) -> Callable[..., Any]:
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

    def _grad(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def grad(outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
            if observer.busy or elsewhere():
                return original(outputs, inputs, *args, **kwargs)
            creates = bool(kwargs.get("create_graph", args[2] if len(args) > 2 else False))
            if observer.pace.deep:
                return original(outputs, inputs, *args, **kwargs)
            of = (inputs,) if isinstance(inputs, Tensor) else inputs if isinstance(inputs, Sequence) else ()
            if not of or not all(_trainable(x, creates) for x in of):
                return original(outputs, inputs, *args, **kwargs)
            roots = (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
            return observer.backward(roots, creates, lambda: original(outputs, inputs, *args, **kwargs), tuple(of))

        return grad

    def _functional(self, both: Callable[..., Any], values: bool) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def nested() -> bool:
            return observer.busy or elsewhere() or _functorch.peek_interpreter_stack() is not None

        return functional.watched(both, values, observer.differentiated, nested)

    def _apply(self, original: Any) -> Any:
        observer, elsewhere, inner = self.observer, self.elsewhere, original.__func__

        def apply(cls: type, *args: Any, **kwargs: Any) -> Any:
            if observer.look and not observer.busy and not elsewhere() and not cls.__module__.startswith("torch."):
                observer.applied(cls, args)
            return inner(cls, *args, **kwargs)

        functools.update_wrapper(apply, inner)
        return classmethod(apply)

    def _compile(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def compile_(*args: Any, **kwargs: Any) -> Any:
            if not elsewhere():
                observer.compiled()
            return original(*args, **kwargs)

        return compile_

    def _clip(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def clip(parameters: Any, max_norm: float, *args: Any, **kwargs: Any) -> Any:
            if observer.busy or elsewhere():
                return original(parameters, max_norm, *args, **kwargs)
            parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
            total = original(parameters, max_norm, *args, **kwargs)
            observer.clipped(parameters, float(max_norm), total)
            return total

        return clip

    # Optimizers, schedules, data.

    def _made(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def init(thing: object, *args: Any, **kwargs: Any) -> None:
            original(thing, *args, **kwargs)
            if not observer.busy and not elsewhere():
                observer.made(thing)

        return init

    def _iterated(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def iterate(loader: Any) -> Any:
            if not observer.busy and not elsewhere():
                observer.made(loader)
            return original(loader)

        return iterate

    def _drawn(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def draw(iterator: Any) -> Any:
            index = original(iterator)
            if (observer.pace.deep and not iterator._num_workers) or elsewhere():
                return index
            observer.drawn(iterator, index)
            return index

        return draw

    def _fetched(self, original: Callable[..., Any]) -> Callable[..., Any]:
        observer, elsewhere = self.observer, self.elsewhere

        def fetch(iterator: Any) -> Any:
            listened = observer.following.open and observer.following.pause(over=False)
            try:
                batch = original(iterator)
            finally:
                if listened:
                    observer.following.resume()
            if (observer.pace.deep and not iterator._num_workers) or elsewhere():
                return batch  # workers draw ahead: the order of their numbers is kept in deep sleep, too
            observer.fetched(iterator, batch)
            return batch

        return fetch

    def _before_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.observer.busy or self.elsewhere():
            return None
        given = list(args)  # the optimizer itself, and perhaps a closure
        closure = kwargs.get("closure") or (given[1] if len(given) > 1 else None)
        if closure is None:
            self.observer.before_step(optimizer)
            return None
        self.observer.stepping = True
        if type(optimizer).__name__ == "LBFGS":  # it calls the closure at many points: no gradient is the step's
            return None

        def watched() -> Any:
            value = closure()
            self.observer.before_step(optimizer)
            return value

        if "closure" in kwargs:
            return args, {**kwargs, "closure": watched}
        return (given[0], watched, *given[2:]), kwargs

    def _after_step(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if not self.observer.busy and not self.elsewhere():
            self.observer.after_step(optimizer)


def _trainable(tensor: object, creates_graph: bool) -> bool:
    """A weight, not an input whose derivative a physics-informed loss or a gradient penalty needs."""
    if not isinstance(tensor, Tensor) or not tensor.is_leaf:
        return False
    return isinstance(tensor, nn.Parameter) or not creates_graph
