"""Networks that are evaluated and never trained, since their weights are averages of another one's: its buffers too."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from gradwise.diagnose import Finding
from gradwise.doctor.replacing import replace
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.known import Known
from gradwise.remedy.outside.pen import Pen
from gradwise.remedy.outside.sites import Mark

_LINES = "for _stale, _kept in zip({it}.buffers(), {x}.buffers()):\n    _stale.copy_(_kept)"


def carried(known: Known, finding: Finding) -> tuple[Edit, ...]:
    """Running statistics of the network that is trained, wherever a network of the same parts is evaluated."""
    normalised = [network for network in known.facts.networks if any("Norm" in name for name in network.mode_matters)]
    trained = [set(network.modules) for network in normalised if network.training_calls]
    idle = [network for network in normalised if network.evaluation_calls and not network.training_calls]
    return (Edit("shadow", _LINES),) if any(each <= set(one.modules) for one in idle for each in trained) else ()


class Shadows:
    """torch's call of a module is replaced, for good: the process ends with the program."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._trained: weakref.WeakSet[nn.Module] = weakref.WeakSet()
        self._depth = 0  # networks within networks

    def open(self) -> None:
        """From now on."""
        if any(self.pen.of("shadow")):
            replace(nn.Module, "__call__", self._module)

    def _module(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if not self._depth and not self.pen.busy:
                self._look(module)
            self._depth += 1
            try:
                return original(module, *args, **kwargs)
            finally:
                self._depth -= 1

        return call

    def _look(self, module: nn.Module) -> None:
        if torch.is_grad_enabled() and module.training and any(p.requires_grad for p in module.parameters()):
            self._trained.add(module)
            return
        inner = getattr(module, "module", module)  # of torch.optim.swa_utils.AveragedModel
        other = next((each for each in self._trained if _alike(inner, each)), None)
        if other is None or module in self._trained or module.training:
            return
        for number, edit in self.pen.of("shadow"):
            with torch.no_grad():
                self.pen.execute(edit.text, it=inner, x=other)
            self.pen.note(number, *self._written(edit, other, "" if inner is module else ".module"))

    def _written(self, edit: Edit, other: nn.Module, inner: str) -> list[Mark]:
        """The lines above the call."""
        site = self.pen.map.here()
        if site is None:
            return []
        named = isinstance(site.node, ast.Call) and isinstance(site.node.func, (ast.Name, ast.Attribute))
        it = site.text.of(site.node.func) + inner if isinstance(site.node, ast.Call) and named else ""
        x = next((name for each in self.pen.map.outwards(site.frame) if (name := each.name_of(other))), "")
        lines = filled(edit.text, it=it or "averaged", x=x or "model")
        known = bool(it) and site.name_of(other) == x != ""
        return [self.pen.safe(site.before(lines), site) if known else site.advice(lines)]


def _alike(one: object, other: nn.Module) -> bool:
    """Two networks of the same parts, of the same shapes."""
    if not isinstance(one, nn.Module) or one is other or type(one) is not type(other):
        return False
    ours, theirs = ([(n, b.shape) for n, b in each.state_dict(keep_vars=True).items()] for each in (one, other))
    return ours == theirs
