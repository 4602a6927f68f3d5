"""Running things beside the program: on copies, and so that the program cannot tell afterwards."""

from __future__ import annotations

import contextlib
import copy
import io
import random
import warnings
from collections.abc import Generator
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

MOST = 16_000_000  # bytes of a network's weights: more is neither kept nor trained beside the program
_TORCH_HOOKS = ("torch.",)  # hooks of torch's own (weight norm, pruning) belong to the computation


@contextlib.contextmanager
def aside(seed: int = 0) -> Generator[None]:
    """Gradients on, random streams of their own, nothing printed; all of it as before afterwards."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    on_device = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    silent = io.StringIO()
    try:
        with (
            torch.inference_mode(False),
            torch.enable_grad(),
            torch.autograd.set_detect_anomaly(False),
            warnings.catch_warnings(),
            contextlib.redirect_stdout(silent),
            contextlib.redirect_stderr(silent),
        ):
            warnings.simplefilter("ignore")
            random.seed(seed)
            np.random.seed(seed)
            torch.manual_seed(seed)
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        if on_device is not None:
            torch.cuda.set_rng_state_all(on_device)


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """Without autocast, and without warnings of ours among the program's.

    Filters are left alone: to change them makes Python forget which of the program's warnings it has shown.
    """
    show = warnings._showwarnmsg  # pyright: ignore[reportAttributeAccessIssue]
    warnings._showwarnmsg = _nothing  # pyright: ignore[reportAttributeAccessIssue]
    try:
        with torch.autocast("cpu", enabled=False):
            yield
    finally:
        warnings._showwarnmsg = show  # pyright: ignore[reportAttributeAccessIssue]


def _nothing(message: object) -> None:
    pass


def copied(module: nn.Module, most: int = MOST) -> nn.Module | str:
    """A copy without the program's hooks, or why there is none. `most` bytes of weights."""
    module = cast(nn.Module, getattr(module, "_orig_mod", module))  # what torch.compile wraps
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return "several processes train it together"
    tensors = [*module.parameters(), *module.buffers()]
    if any(isinstance(tensor, nn.UninitializedParameter) for tensor in tensors):
        return "its layers are lazy"
    if sum(tensor.numel() * tensor.element_size() for tensor in tensors) > most:
        return f"its weights take more than {most // 1_000_000} MB"
    for part in module.modules():
        for name, value in vars(part).items():
            if not name.startswith("_") and _large(value):
                return f"it holds {type(value).__name__} {name}"
    try:
        with aside():
            duplicate = copy.deepcopy(module)
    except Exception as error:
        return f"it cannot be copied: {type(error).__name__}"
    for part in duplicate.modules():
        _unhook(part)
    for parameter in duplicate.parameters():
        parameter.grad = None
    return duplicate


def _large(value: object) -> bool:
    """Something that a copy would take long for, or that is none of the network's: data, a trainer, an optimizer."""
    if isinstance(value, (Tensor, np.ndarray)):
        return value.nbytes > 1_000_000
    if isinstance(value, (list, tuple, dict, set)):
        return len(cast("list[Any]", value)) > 10_000
    kinds = (torch.optim.Optimizer, torch.utils.data.Dataset, torch.utils.data.DataLoader)
    return isinstance(value, kinds) or type(value).__name__ == "Trainer"


def _unhook(module: nn.Module) -> None:
    for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"):
        hooks = getattr(module, name)
        for key, hook in list(hooks.items()):
            owner = type(hook).__module__ if not hasattr(hook, "__module__") else hook.__module__
            if not str(owner).startswith(_TORCH_HOOKS):
                del hooks[key]
