"""Changes round optimizers, their steps, schedules and backward passes."""

from __future__ import annotations

import ast
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer, lr_scheduler
from torch.optim.optimizer import (
    _global_optimizer_pre_hooks,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from gradwise.doctor.replacing import replace
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.pen import Pen, bracketed
from gradwise.remedy.outside.sites import Mark, Site


class Loop:
    """Torch's functions are replaced, as under the doctor, but for good: the process ends with the program."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._treated: weakref.WeakSet[nn.Module] = weakref.WeakSet()
        self._made: list[Optimizer] = []

    def open(self) -> None:
        """From now on."""
        kinds = {edit.at for edit in self.pen.edits}
        if kinds & {"optimizer", "network", "make", "after-backward"}:
            replace(Optimizer, "__init__", self._optimizer)
        if "make" in kinds:
            Optimizer.__new__ = self._new()  # pyright: ignore[reportAttributeAccessIssue]
        if "schedule" in kinds:
            replace(lr_scheduler.LRScheduler, "__init__", self._schedule)
            replace(lr_scheduler.ReduceLROnPlateau, "__init__", self._schedule)
        if "before-step" in kinds:  # before whoever else looks at the gradient there
            hook = register_optimizer_step_pre_hook(self._before_step)
            hooks: Any = _global_optimizer_pre_hooks  # in order
            hooks.move_to_end(hook.id, last=False)
        if "after-step" in kinds:
            register_optimizer_step_post_hook(self._after_step)
        if kinds & {"backward", "before-backward", "after-backward"}:
            replace(torch.autograd, "backward", self._backward)

    # Optimizers and schedules.

    def _optimizer(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def init(optimizer: Optimizer, params: Any, *args: Any, **kwargs: Any) -> None:
            if getattr(optimizer, "made_outside", False):  # in the place of one of its own class
                return
            site = self.pen.map.here()
            if not self.pen.busy:
                self._networks()
            original(optimizer, params, *args, **kwargs)
            self._made.append(optimizer)
            if not self.pen.busy:
                for number, edit in self.pen.of("optimizer"):
                    self._below(number, edit, optimizer, site)

        return init

    def _schedule(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def init(schedule: Any, *args: Any, **kwargs: Any) -> None:
            site = self.pen.map.here()
            original(schedule, *args, **kwargs)
            if not self.pen.busy:  # a change may make another schedule
                for number, edit in self.pen.of("schedule"):
                    self._below(number, edit, schedule, site)

        return init

    def _below(self, number: int, edit: Edit, thing: object, site: Site | None) -> None:
        """Lines below the making of a thing."""
        self.pen.execute(edit.text, it=thing)
        if site is None:
            self.pen.note(number)
            return
        name = site.target() or site.name_of(thing)
        mark = site.after(filled(edit.text, it=name)) if name else site.advice(filled(edit.text, it="optimizer"))
        self.pen.note(number, self.pen.safe(mark, site))

    def _new(self) -> Callable[..., Any]:
        def new(cls: type, *args: Any, **kwargs: Any) -> Any:
            found = next(self.pen.of("make"), None)
            params = kwargs["params"] if "params" in kwargs else args[0] if args else None
            if found is None or self.pen.busy or params is None:
                return object.__new__(cls)
            number, edit = found
            self._networks()
            groups = [
                {k: v for k, v in g.items() if k in ("params", "name")} if isinstance(g, dict) else g for g in params
            ]
            made = self.pen.evaluate(edit.text, params=groups)
            made.made_outside = True
            site = self.pen.map.here()
            if site is not None and isinstance(site.node, ast.Call) and site.calls == cls.__name__:
                given = [*site.node.args, *(word.value for word in site.node.keywords if word.arg == "params")][:1]
                new = filled(edit.text, params=site.text.of(given[0]) if given else "params")
                self.pen.note(number, self.pen.safe(site.instead(site.node, new), site))
            else:
                self.pen.note(number, *([site.advice(filled(edit.text, params="..."))] if site is not None else []))
            return made

        return new

    def _networks(self) -> None:
        """Lines above the making of an optimizer, for networks that have a name there and no optimizer yet."""
        edits = list(self.pen.of("network"))
        frame = self.pen.sources.frame(2) if edits else None
        held = {id(p) for o in self._made for group in o.param_groups for p in group["params"]}
        for site in self.pen.map.outwards(frame):
            fresh = [(n, m) for n, m in site.networks() if m not in self._treated and not _holds(m, held)]
            for number, edit in edits:
                for name, module in fresh:
                    if not edit.names or type(module).__name__ in edit.names:
                        self.pen.execute(edit.text, it=module)
                        self.pen.note(number, self.pen.safe(site.before(filled(edit.text, it=name)), site))
            self._treated.update(module for _, module in fresh)
            if fresh:
                return

    # Steps.

    def _before_step(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        self._round_step("before-step", optimizer)

    def _after_step(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        self._round_step("after-step", optimizer)

    def _round_step(self, kind: str, optimizer: Optimizer) -> None:
        for number, edit in self.pen.of(kind):
            self.pen.execute(edit.text, it=optimizer)
            site = self.pen.map.here()
            if number in self.pen.done or site is None:
                continue
            name = site.name_of(optimizer)
            lines = filled(edit.text, it=name or "optimizer")
            mark = site.advice(lines)
            if name and site.calls == "step":
                mark = self.pen.safe(site.before(lines) if kind == "before-step" else site.after(lines), site)
            self.pen.note(number, mark)

    # Backward.

    def _backward(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            if self.pen.busy or not isinstance(tensors, Tensor):
                return original(tensors, *args, **kwargs)
            site = self.pen.map.here()
            for number, edit in self.pen.of("backward", "before-backward"):
                if not self.pen.wants(edit, site):
                    continue
                if edit.at == "backward":
                    tensors = self.pen.evaluate(edit.x, x=tensors)
                    self.pen.note(number, *self._instead_of(site, edit))
                else:
                    leaves = _leaves(tensors)
                    self.pen.execute(edit.text, leaves=leaves)
                    self.pen.note(number, *self._beside(site, edit, leaves=_named(site, leaves)))
            after = list(self.pen.of("after-backward"))
            leaves = _leaves(tensors) if after else []
            result = original(tensors, *args, **kwargs)
            for number, edit in after:
                parts = {"leaves": _named(site, leaves)} if "{leaves}" in edit.text else {}
                given: dict[str, Any] = {"leaves": leaves}
                if "{it}" in edit.text:
                    it = self._stepping(leaves)
                    if it is None:
                        continue
                    given["it"] = it
                    parts["it"] = next((n for s in self._around(site) if (n := s.name_of(it))), "")
                self.pen.execute(edit.text, **given)
                self.pen.note(number, *self._beside(site, edit, **parts))
            return result

        return backward

    def _stepping(self, leaves: Sequence[Tensor]) -> Optimizer | None:
        """The optimizer that these weights are for, the last of several that hold them; None for one that is not made,
        and where each has a part of them, as the two of a game."""
        wanted = {id(leaf) for leaf in leaves}
        held = [wanted & {id(p) for group in each.param_groups for p in group["params"]} for each in self._made]
        if len(self._made) < 2:
            return self._made[0] if self._made else None
        most = max(range(len(held)), key=lambda place: (len(held[place]), place))
        return self._made[most] if held[most] and held[most] == set[int]().union(*held) else None

    def _instead_of(self, site: Site | None, edit: Edit) -> list[Mark]:
        if site is None:
            return []
        of = site.node.func if isinstance(site.node, ast.Call) else None
        if site.calls != "backward" or not isinstance(of, ast.Attribute):
            return [site.advice(filled(edit.x, x="loss") + ".backward()")]
        return [self.pen.safe(site.instead(of.value, filled(edit.x, x=bracketed(site, of.value))), site)]

    def _beside(self, site: Site | None, edit: Edit, **parts: str) -> list[Mark]:
        if site is None:
            return []
        lines = filled(edit.text, **{place: name or "..." for place, name in parts.items()})
        if not all(parts.values()) or site.calls != "backward":
            return [site.advice(lines)]
        return [self.pen.safe(site.before(lines) if edit.at == "before-backward" else site.after(lines), site)]

    def _around(self, site: Site | None) -> Iterator[Site]:
        return self.pen.map.outwards(site.frame) if site is not None else iter(())


def _holds(module: nn.Module, held: set[int]) -> bool:
    return any(id(p) in held for p in module.parameters())


def _leaves(root: Tensor) -> list[Tensor]:
    """The weights that a loss reaches."""
    found: list[Tensor] = []
    seen: set[Any] = set()
    waiting = [root.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        leaf = getattr(node, "variable", None)
        if isinstance(leaf, Tensor):
            found.append(leaf)
        waiting += [below for below, _ in node.next_functions]
    return found


def _named(site: Site | None, leaves: Sequence[Tensor]) -> str:
    """An expression for all of these weights; "" where there is none."""
    if site is None or not leaves:
        return ""
    wanted = {id(leaf) for leaf in leaves}
    single: dict[int, str] = {}
    for name, value in site.names():
        if isinstance(value, Tensor):
            single.setdefault(id(value), name)
        inside: list[Any] = []
        if isinstance(value, (list, tuple)):
            inside = list(value)
        elif isinstance(value, dict):
            inside, name = list(value.values()), f"{name}.values()"
        elif isinstance(value, nn.Module):
            inside, name = list(value.parameters()), f"{name}.parameters()"
        if inside and all(isinstance(each, Tensor) for each in inside) and wanted <= {id(each) for each in inside}:
            return name
    if wanted <= set(single):
        return f"({', '.join(single[id(leaf)] for leaf in leaves)},)"
    return ""
