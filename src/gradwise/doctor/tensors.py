"""Tensors in what a program passes round, and which of them have values that can be read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn
from torch._C import _functorch  # type: ignore[attr-defined]

_PLAIN = (Tensor, nn.Parameter)


def tensors(thing: Any, depth: int = 3) -> Iterator[Tensor]:
    """Tensors in arguments or outputs: in tuples, lists and dicts, and the attributes of objects (distributions)."""
    if isinstance(thing, Tensor):
        yield thing
    elif depth == 0 or thing is None or isinstance(thing, (str, int, float, nn.Module)):
        return
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from tensors(value, depth - 1)
    elif isinstance(thing, Sequence):
        for value in thing[:32]:
            yield from tensors(value, depth - 1)
    elif hasattr(thing, "__dict__"):
        yield from tensors(vars(thing), depth - 1)


def first(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Tensor | None:
    """The first tensor of numbers that a module was given: its input."""
    for thing in (*args, *kwargs.values()):
        for tensor in (thing,) if isinstance(thing, Tensor) else tensors(thing):
            if tensor.dtype is not torch.bool and tensor.ndim:
                return tensor
    return None


def transformed(tensor: Tensor) -> bool:
    """Whether it is a tensor of torch.func's: within grad, vmap or jvp."""
    return bool(_functorch.is_functorch_wrapped_tensor(tensor))


def outside() -> AbstractContextManager[Any]:
    """Within torch.func's transformations, what is computed here is not transformed."""
    within = _functorch.peek_interpreter_stack() is not None
    return torch._C._DisableFuncTorch() if within else contextlib.nullcontext()


def plain(tensor: Tensor) -> Tensor | None:
    """The same values as an ordinary tensor without gradient; None where they can't be read (vmap, sparse, meta)."""
    while transformed(tensor):
        if not _functorch.is_gradtrackingtensor(tensor):
            return None
        tensor = _functorch.get_unwrapped(tensor)
    if type(tensor) not in _PLAIN:
        if _dispatch(type(tensor)) is not _dispatch(Tensor):  # it has no values of its own
            return None
        tensor = tensor.as_subclass(Tensor)
    readable = tensor.layout is torch.strided and tensor.device.type != "meta"
    return tensor.detach() if readable and not tensor.is_complex() and not tensor.is_quantized else None


def _dispatch(kind: type) -> Any:
    return getattr(kind, "__torch_dispatch__", None)
