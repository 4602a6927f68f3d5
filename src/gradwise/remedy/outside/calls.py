"""Changes of calls: of networks in the wrong mode, of functions with what they are given, of constructors."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader

from gradwise.doctor.replacing import replace
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.pen import Pen, bracketed
from gradwise.remedy.outside.sites import Mark, Site

OWNERS = {"F": F, "torch": torch, "Tensor": Tensor}
CLASSES: dict[str, type] = {"DataLoader": DataLoader}
PLACES = {"DataLoader": {"batch_size": 1, "shuffle": 2}}  # of arguments that are given by place
_CONTEXT = 'type("Context", (), {"save_for_backward": lambda *_: None})()'
Make = Callable[[Callable[..., Any]], Callable[..., Any]]


class Calls:
    """Torch's functions are replaced, as under the doctor, but for good: the process ends with the program."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self._depth = 0  # networks within networks

    def open(self) -> None:
        """From now on."""
        edits = self.pen.edits
        if {edit.at for edit in edits} & {"train-mode", "eval-mode", "call"}:
            replace(nn.Module, "__call__", self._module)
        for name in dict.fromkeys(name for edit in edits if edit.at == "call" for name in edit.names):
            owner, _, attribute = name.partition(".")
            if hasattr(OWNERS[owner], attribute):
                replace(OWNERS[owner], attribute, self._call(name))
        if any(edit.at == "derived" for edit in edits):
            replace(torch.autograd.Function, "apply", self._derived)
        for name in dict.fromkeys(edit.names[0] for edit in edits if edit.at == "keyword"):
            replace(CLASSES[name], "__init__", self._keyword(name))

    def _module(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            turn = self._mode(module) if not self._depth else None
            self._depth += 1
            try:
                return original(module, *args, **kwargs)
            finally:
                self._depth -= 1
                if turn is not None:
                    module.train(turn)

        return call

    def _mode(self, module: nn.Module) -> bool | None:
        """Put a network into the mode that is meant; what to put it back to."""
        wanted = torch.is_grad_enabled()
        kind = "train-mode" if wanted else "eval-mode"
        edits = list(self.pen.of(kind))
        if not edits or module.training == wanted or not any(p.requires_grad for p in module.parameters()):
            return None
        site = self.pen.map.here()
        module.train(wanted)
        for number, _ in edits:
            if site is None or not isinstance(site.node, ast.Call):
                self.pen.note(number)
                continue
            name = site.text.of(site.node.func)
            marks = [site.before(f"{name}.{'train' if wanted else 'eval'}()")]
            marks += [] if wanted else [site.after(f"{name}.train()")]
            whole = all(mark.safe for mark in marks)
            self.pen.note(number, *(marks if whole else [site.advice("\n".join(m.says for m in marks))]))
        return None if wanted else True

    def _call(self, name: str) -> Make:
        edits = [(i, edit) for i, edit in self.pen.of("call") if name in edit.names]

        def make(original: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                if self.pen.busy or not args or not isinstance(args[0], Tensor):
                    return original(*args, **kwargs)
                site = self._directly()
                if site is None:
                    return original(*args, **kwargs)
                given = list(args)
                for number, edit in edits:
                    if not self.pen.wants(edit, site) or (edit.within and not self._depth):
                        continue
                    y = given[1] if len(given) > 1 else kwargs.get("target")
                    if edit.when and not self.pen.evaluate(edit.when, x=given[0], y=y):
                        continue
                    self.pen.note(number, *self._rewritten(site, edit))
                    if edit.text:
                        return self.pen.evaluate(edit.text, x=given[0], y=y)
                    new = [self.pen.evaluate(each, x=given[0], y=y) if each else None for each in (edit.x, edit.y)]
                    given[0] = new[0] if edit.x else given[0]
                    if edit.y and len(given) > 1:
                        given[1] = new[1]
                    elif edit.y:
                        kwargs["target"] = new[1]
                return self._original(original, given, kwargs)

            return call

        return make

    def _original(self, original: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        self.pen.busy = True  # one function of torch's may call another one that is changed
        try:
            return original(*args, **kwargs)
        finally:
            self.pen.busy = False

    def _directly(self) -> Site | None:
        """The program's own call of this function, or of a module that is nothing but it."""
        frame, modules = sys._getframe(2), 0
        while frame is not None and not self.pen.sources.name(frame.f_code.co_filename):
            modules += frame.f_code.co_name == "_call_impl"
            if modules > 1 or "torch/optim" in frame.f_code.co_filename:
                return None
            frame = frame.f_back
        return self.pen.map.at(frame)

    def _rewritten(self, site: Site, edit: Edit) -> list[Mark]:
        operands = site.operands()
        parts = {name: bracketed(site, node) for name, node in zip("xy", operands, strict=False)}
        wanted = edit.text + edit.x + edit.y + (edit.x and "{x}") + (edit.y and "{y}")
        missing = [name for name in "xy" if "{" + name + "}" in wanted and name not in parts]
        says = filled(edit.text or edit.x or edit.y, x=parts.get("x", "x"), y=parts.get("y", "y"))
        if missing:
            return [site.advice(says)]
        if edit.text:
            return [self.pen.safe(site.instead(site.node, filled(edit.text, **parts)), site)]
        return [
            self.pen.safe(site.instead(node, filled(new, **parts)), site)
            for node, new in zip(operands, (edit.x, edit.y), strict=False)
            if new
        ]

    def _derived(self, original: Any) -> Any:
        inner = original.__func__

        def apply(cls: Any, *args: Any, **kwargs: Any) -> Any:
            site = self._directly()
            if site is None or cls.__module__.startswith("torch.") or "setup_context" in vars(cls):
                return inner(cls, *args, **kwargs)
            marks = [site.advice(f"{cls.__name__}.forward({_CONTEXT}, ...)")]
            if isinstance(site.node, ast.Call) and isinstance(site.node.func, ast.Attribute) and site.node.args:
                of = site.text.of(site.node.func.value)
                first = site.node.args[0]
                marks = [site.instead(site.node.func, f"{of}.forward")]
                marks.append(site.instead(first, f"{_CONTEXT}, {site.text.of(first)}"))
            for number, _ in self.pen.of("derived"):
                self.pen.note(number, *marks)
            return cls.forward(self.pen.evaluate(_CONTEXT), *args, **kwargs)

        functools.update_wrapper(apply, inner)
        return classmethod(apply)

    def _keyword(self, name: str) -> Make:
        edits = [(i, edit) for i, edit in self.pen.of("keyword") if edit.names[0] == name]

        def make(original: Callable[..., Any]) -> Callable[..., Any]:
            def init(thing: object, *args: Any, **kwargs: Any) -> None:
                site, given = self._directly(), list(args)
                for number, edit in edits:
                    key = edit.names[1]
                    place = PLACES[name][key] if name in PLACES else 99
                    by_place = place < len(given)
                    was = given[place] if by_place else kwargs.get(key, 1)
                    if not self.pen.wants(edit, site) or (key == "shuffle" and kwargs.get("sampler") is not None):
                        continue
                    new = self.pen.evaluate(edit.text, was=was)
                    if by_place:
                        given[place] = new
                    else:
                        kwargs[key] = new
                    self.pen.note(number, *self._rewritten_keyword(site, edit, place))
                original(thing, *given, **kwargs)

            return init

        return make

    def _rewritten_keyword(self, site: Site | None, edit: Edit, place: int) -> list[Mark]:
        if site is None or not isinstance(site.node, ast.Call):
            return []
        call, key = site.node, edit.names[1]
        there = next((word.value for word in call.keywords if word.arg == key), None)
        if there is None and place < len(call.args):
            there = call.args[place]
        if there is not None:
            return [site.instead(there, filled(edit.text, was=bracketed(site, there)))]
        if any(word.arg is None for word in call.keywords) or any(isinstance(a, ast.Starred) for a in call.args):
            return [site.advice(f"{key}={filled(edit.text, was='1')}")]
        return [site.added(call, f"{key}={filled(edit.text, was='1')}")]
