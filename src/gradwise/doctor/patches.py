"""What is replaced in torch while a program is under the doctor, and put back afterwards.

Every replacement calls the original with what it was given and returns what that returns. In a graph that torch
compiles, and in other threads and processes, it does nothing else.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import dataloader

from gradwise.doctor.loading import Loading
from gradwise.doctor.replaced_backward import Back
from gradwise.doctor.replaced_forward import DROPOUTS, LOSSES, Forward
from gradwise.doctor.replaced_training import Training
from gradwise.doctor.replacing import replace
from gradwise.doctor.seeding import PLACES, Seeding

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

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
        given = (self.observer, self.elsewhere)
        forward, back, training = Forward(*given), Back(*given), Training(*given)
        self._replace(nn.Module, "__call__", forward.module)
        for name in LOSSES:
            if hasattr(F, name):
                self._replace(F, name, functools.partial(forward.loss, name))
        for name in DROPOUTS:
            self._replace(F, name, forward.dropout)
        self._replace(torch.autograd, "backward", back.backward)
        self._replace(torch.autograd, "grad", back.grad)
        for name in ("gradcheck", "gradgradcheck"):
            self._replace(torch.autograd, name, back.check)
        both = torch.func.grad_and_value
        self._replace(torch.func, "grad_and_value", lambda _: back.functional(both, True))
        self._replace(torch.func, "grad", lambda _: back.functional(both, False))
        self._replace(torch.autograd.Function, "apply", back.apply)
        self._replace(torch, "compile", back.compile)
        self._replace(nn.utils, "clip_grad_norm_", back.clip)
        self._replace(nn.utils.clip_grad, "clip_grad_norm_", back.clip)
        self._replace(Optimizer, "__init__", training.made)
        self._replace(LRScheduler, "__init__", training.made)
        self._replace(ReduceLROnPlateau, "__init__", training.made)  # it does not call the one of its class
        self._replace(dataloader.DataLoader, "__iter__", training.iterated)
        self._replace(dataloader._BaseDataLoaderIter, "_next_index", training.drawn)
        self._replace(dataloader._BaseDataLoaderIter, "__next__", training.fetched)
        seeding = Seeding(*given)
        for owner, name in PLACES:
            self._replace(owner, name, seeding.replaced)
        self._replace(nn.Module, "load_state_dict", Loading(*given).replaced)
        before = register_optimizer_step_pre_hook(training.before_step)
        after = register_optimizer_step_post_hook(training.after_step)
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
