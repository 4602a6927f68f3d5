"""Where a program broke: the frames of its traceback, the layer and the tensors that were at hand."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from torch import Tensor, nn

from gradwise.doctor.sources import Sources


class Scene:
    """The frames of a traceback, outermost first. Nothing of it may be kept: frames hold on to all their variables."""

    def __init__(self, trace: TracebackType | None, sources: Sources) -> None:
        self.frames: list[tuple[FrameType, int]] = []
        while trace is not None:
            self.frames.append((trace.tb_frame, trace.tb_lineno))
            trace = trace.tb_next
        own = [(frame, line, sources.name(frame.f_code.co_filename)) for frame, line in self.frames]
        self.own = [(frame, line, name) for frame, line, name in own if name]

    @property
    def source(self) -> str:
        """The last line of the program's own: "train.py:31"."""
        return f"{self.own[-1][2]}:{self.own[-1][1]}" if self.own else ""

    @property
    def text(self) -> str:
        """What stands there."""
        return linecache.getline(self.own[-1][0].f_code.co_filename, self.own[-1][1]).strip() if self.own else ""

    def variable(self, *names: str) -> Any:
        """What the innermost frame that has a variable of one of these names holds in it; None where there is none."""
        for frame, _ in reversed(self.frames):
            for name in names:
                if frame.f_locals.get(name) is not None:
                    return frame.f_locals[name]
        return None

    def any(self, fits: Callable[[Any], bool]) -> Any:
        """A variable of the program's innermost frame that fits; None where there is none."""
        scope = self.own[-1][0] if self.own else None
        found = [*scope.f_locals.values(), *scope.f_globals.values()] if scope is not None else []
        return next((value for value in found if fits(value)), None)

    def within(self, function: str, name: str) -> Any:
        """A variable of the innermost frame of a function."""
        for frame, _ in reversed(self.frames):
            if frame.f_code.co_name == function and name in frame.f_locals:
                return frame.f_locals[name]
        return None

    def loss(self) -> tuple[Any, Any]:
        """The prediction and the target that a loss function of torch's was called with."""
        for frame, _ in reversed(self.frames):
            scope = frame.f_locals
            if "target" in scope and "input" in scope and "torch" in frame.f_code.co_filename:
                return scope["input"], scope["target"]
        return None, None

    def layer(self) -> tuple[str, nn.Module | None]:
        """The innermost layer that was running, as its author would name it: "fc1 = Linear(64, 10)"."""
        modules = [frame.f_locals.get("self") for frame, _ in self.frames]
        running = [module for module in modules if isinstance(module, nn.Module)]
        if not running:
            return "", None
        last = running[-1]
        for root in running:
            for path, module in root.named_modules():
                if module is last and path:
                    return f"{path} = {brief(last)}", last
        return brief(last), last

    def holding(self, kind: type) -> str:
        """The name of a variable of the program's that holds an object of that class; "" where there is none."""
        for frame, _, _ in reversed(self.own):
            for scope in (frame.f_locals, frame.f_globals):
                for name, value in list(scope.items()):
                    if isinstance(value, kind) and not name.startswith("_"):
                        return name
        return ""


def brief(module: nn.Module) -> str:
    """A layer in a few characters: Linear(64, 10)."""
    sizes = [("in_features", "out_features"), ("in_channels", "out_channels"), ("input_size", "hidden_size")]
    sizes += [("num_embeddings", "embedding_dim"), ("num_features",), ("normalized_shape",)]
    for names in sizes:
        if all(hasattr(module, name) for name in names):
            return f"{type(module).__name__}({', '.join(str(getattr(module, name)) for name in names)})"
    return type(module).__name__


def shape(thing: Any) -> str:
    """ "(32, 10)" for a tensor, else its class."""
    return str(tuple(thing.shape)) if isinstance(thing, Tensor) else type(thing).__name__


def span(thing: Any) -> str:
    """ "[-3, 4.2]", the range of a tensor's values; "" where it has none."""
    if not isinstance(thing, Tensor) or not thing.numel() or thing.is_complex():
        return ""
    values = thing.detach().double()
    return f"[{float(values.min()):.3g}, {float(values.max()):.3g}]"
