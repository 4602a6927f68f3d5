"""Where in a program's own text something happens: the call as it is written, its statement, the names of things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

from torch import nn

from gradwise.doctor.sources import Sources

Position = tuple[int | None, ...]
_COMPOUND = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.FunctionDef, ast.ClassDef)


class Text:
    """A file of the program's, parsed. Offsets count bytes, as Python's positions do."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source = path, source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.nodes: dict[Position, ast.expr] = {}
        self.statements: dict[ast.AST, ast.stmt] = {}
        self.tree = ast.parse(source)
        for statement in ast.walk(self.tree):
            if isinstance(statement, ast.stmt):
                self._note(statement, statement)

    def _note(self, node: ast.AST, statement: ast.stmt) -> None:
        self.statements.setdefault(node, statement)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                continue
            if isinstance(child, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Attribute)):
                self.nodes.setdefault((child.lineno, child.end_lineno, child.col_offset, child.end_col_offset), child)
            self._note(child, statement)

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """Its first byte, and the one behind it."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr) -> str:
        """A part of the program, as it is written."""
        start, end = self.span(node)
        return self.source[start:end].decode()


@dataclass(frozen=True)
class Mark:
    """A change of a file: the bytes from `start` to `end` become `new`. Where it is not safe, it is advice only."""

    path: str
    line: int
    start: int
    end: int
    new: str
    safe: bool = True
    says: str = ""  # the lines to write, where it is not


@dataclass(frozen=True)
class Site:
    """A call (or a difference) of the program's, at the moment when it happens."""

    text: Text
    node: ast.expr
    frame: FrameType

    @property
    def statement(self) -> ast.stmt:
        """The statement that it stands in."""
        return self.text.statements[self.node]

    @property
    def calls(self) -> str:
        """The last part of what is called, as it is written: "Adam" of torch.optim.Adam(...)."""
        function = self.node.func if isinstance(self.node, ast.Call) else None
        return getattr(function, "attr", getattr(function, "id", ""))

    def knows(self, name: str) -> bool:
        """Whether this name is known there."""
        return name in self.frame.f_locals or name in self.frame.f_globals

    def operands(self) -> list[ast.expr]:
        """What is calculated with: x.sqrt() -> x; f(x, y) -> x, y; x - y -> x, y."""
        node = self.node
        if isinstance(node, ast.BinOp):
            return [node.left, node.right]
        if not isinstance(node, ast.Call) or any(isinstance(a, ast.Starred) for a in node.args):
            return []
        named = {word.arg: word.value for word in node.keywords}
        given = [*node.args, *(named[name] for name in ("input", "target") if name in named)]
        if isinstance(node.func, ast.Attribute) and not given:
            return [node.func.value]
        return given

    def target(self) -> str:
        """The name that the value of this call is given by its statement; "" where there is none."""
        statement = self.statement
        if isinstance(statement, ast.AnnAssign) and statement.value is self.node:
            return self.text.of(statement.target)
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return ""
        target, value = statement.targets[0], statement.value
        if value is self.node:
            return "" if isinstance(target, (ast.Tuple, ast.List)) else self.text.of(target)
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and self.node in value.elts:
            return self.text.of(target.elts[value.elts.index(self.node)])
        return ""

    # Changes.

    def instead(self, node: ast.expr | ast.keyword, new: str, says: str = "") -> Mark:
        """Another expression in the place of a part of it."""
        start, end = self.text.span(node)
        return Mark(self.text.path, node.lineno, start, end, new, True, says or new)

    def before(self, lines: str) -> Mark:
        """Lines above its statement."""
        statement = self.statement
        start = self.text.starts[statement.lineno - 1]
        indent = self.text.source[start : start + statement.col_offset].decode()
        safe = not indent.strip() and not isinstance(statement, ast.While)
        return Mark(self.text.path, statement.lineno, start, start, indented(lines, indent), safe, lines)

    def after(self, lines: str) -> Mark:
        """Lines below its statement."""
        statement, text = self.statement, self.text
        assert statement.end_lineno is not None
        start, end = text.starts[statement.lineno - 1], text.starts[statement.end_lineno]
        indent = text.source[start : start + statement.col_offset].decode()
        rest = text.source[text.span(statement)[1] : end].decode().strip()
        safe = not indent.strip() and (not rest or rest.startswith("#")) and not isinstance(statement, _COMPOUND)
        safe = safe and not isinstance(statement, ast.Return)
        new = indented(lines, indent)
        if not text.source[:end].endswith(b"\n"):
            new = "\n" + new
        return Mark(text.path, statement.end_lineno, end, end, new, safe, lines)

    def added(self, call: ast.Call, argument: str) -> Mark:
        """One more argument of a call."""
        end = self.text.span(call)[1] - 1
        comma = "" if self.text.source[:end].rstrip().endswith((b",", b"(")) else ", "
        return Mark(self.text.path, call.lineno, end, end, comma + argument, True, argument)

    def advice(self, says: str) -> Mark:
        """What to write, where no line can be written safely."""
        start = self.text.starts[self.node.lineno - 1]
        return Mark(self.text.path, self.node.lineno, start, start, "", False, says)

    # Names.

    def name_of(self, thing: object) -> str:
        """An expression that gives this thing there; "" where none is found."""
        return next((name for name, value in self.names() if value is thing), "")

    def names(self) -> Iterator[tuple[str, Any]]:
        """What has a name there: variables, and what the objects among them hold as attributes."""
        scopes = [self.frame.f_locals]
        if self.frame.f_globals is not self.frame.f_locals:
            scopes.append(self.frame.f_globals)
        for scope in scopes:
            variables = [(k, v) for k, v in list(scope.items()) if not k.startswith("__")]
            yield from variables
            for name, value in variables:
                inside = getattr(value, "__dict__", None)
                if isinstance(inside, dict) and not isinstance(value, (type, nn.Module)) and not callable(value):
                    yield from ((f"{name}.{key}", each) for key, each in islice(inside.items(), 200))
                elif name == "self" and isinstance(value, nn.Module):
                    yield from ((f"self.{key}", each) for key, each in value.named_children())

    def networks(self) -> list[tuple[str, nn.Module]]:
        """The networks that have a name there, none that lies within another one."""
        found: dict[int, tuple[str, nn.Module]] = {}
        for name, value in self.names():
            if isinstance(value, nn.Module) and any(p.requires_grad for p in value.parameters()):
                found.setdefault(id(value), (name, value))
        within = {id(part) for _, module in found.values() for part in list(module.modules())[1:]}
        return [pair for key, pair in found.items() if key not in within]


@dataclass
class Map:
    """Finds sites. `changed`: the text of files that run otherwise than they are written."""

    sources: Sources
    changed: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _texts: dict[str, Text | None] = field(default_factory=dict[str, "Text | None"])

    def here(self, depth: int = 1) -> Site | None:
        """The innermost call of the program's own on the stack."""
        return self.at(self.sources.frame(depth + 1))

    def at(self, frame: FrameType | None) -> Site | None:
        """The call that a frame is in; None where its text is not known."""
        text = self._text(frame) if frame is not None else None
        if frame is None or text is None:
            return None
        position = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), None)
        node = text.nodes.get(tuple(position)) if position else None
        return Site(text, node, frame) if node is not None else None

    def outwards(self, frame: FrameType | None) -> Iterator[Site]:
        """From a frame of the program's to its callers."""
        while frame is not None:
            site = self.at(frame) if self.sources.name(frame.f_code.co_filename) else None
            if site is not None:
                yield site
            frame = frame.f_back

    def _text(self, frame: FrameType) -> Text | None:
        path = frame.f_code.co_filename
        if path not in self._texts:
            try:
                self._texts[path] = Text(path, self.changed.get(path) or Path(path).read_bytes())
            except (OSError, SyntaxError, ValueError):
                self._texts[path] = None
        return self._texts[path]


def indented(lines: str, indent: str) -> str:
    """Lines at the depth of a statement."""
    return "".join(f"{indent}{line}\n" for line in lines.splitlines())
