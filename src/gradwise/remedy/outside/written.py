"""Marks as a patch: the program's new text, a unified diff, the lines to write where none can be written safely."""

from __future__ import annotations

import ast
import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradwise.errors import RunError
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.sites import Mark, Text

_WAS = "__what_was_there__"


@dataclass(frozen=True)
class Written:
    """A treatment in the program's own text."""

    texts: dict[str, str]  # path -> the whole file, changed
    advice: tuple[str, ...] = ()  # "train.py:31: lines to write"

    def diff(self, home: Path) -> str:
        """For `patch -p1` or `git apply` in `home`."""
        parts: list[str] = []
        for path, new in self.texts.items():
            name, old = os.path.relpath(path, home), Path(path).read_text(encoding="utf-8")
            lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}")
            parts += [each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n" for each in lines]
        return "".join(parts)

    def write(self) -> list[Path]:
        """Change the files; the backups that are left. Raises RunError where one could not be made."""
        backups: list[Path] = []
        for path, new in self.texts.items():
            backup = _free(Path(path + ".orig"))
            try:
                backup.write_bytes(Path(path).read_bytes())
                Path(path).write_text(new, encoding="utf-8", newline="")
            except OSError as error:
                raise RunError(f"{path} could not be changed: {error.strerror}.", fix="apply the patch.") from None
            backups.append(backup)
        return backups


def write_down(marks: Sequence[Mark], home: Path) -> Written:
    """All that is safe as changed texts, where none overlap; the rest as advice."""
    texts: dict[str, str] = {}
    advice = [_told(mark, home) for mark in marks if not mark.safe]
    for path in dict.fromkeys(mark.path for mark in marks if mark.safe):
        source, kept = Path(path).read_bytes(), list[Mark]()
        end = 0
        for mark in sorted((m for m in marks if m.safe and m.path == path), key=lambda m: (m.start, m.end)):
            if mark.start < end:
                advice.append(_told(mark, home))
                continue
            end = mark.end
            kept.append(mark)
        for mark in reversed(kept):
            source = source[: mark.start] + mark.new.encode() + source[mark.end :]
        try:
            ast.parse(source)
        except SyntaxError:
            advice += [_told(mark, home) for mark in kept]
        else:
            texts[path] = source.decode()
    return Written(texts, tuple(dict.fromkeys(advice)))


def source_marks(edits: Iterable[Edit]) -> list[Mark]:
    """Those of expressions that are written otherwise; what lies round another one begins before it and ends behind."""
    marks: list[Mark] = []
    ends: list[Mark] = []
    inside = [(edit, edit.names[0], int(edit.names[1]), int(edit.names[2])) for edit in edits if edit.at == "source"]
    for edit, path, start, end in sorted(inside, key=lambda each: each[2] - each[3]):  # the longest first
        source = Path(path).read_bytes()
        line, says = source[:start].count(b"\n") + 1, filled(edit.text, x=source[start:end].decode())
        before, *behind = edit.text.split("{x}")
        if len(behind) == 1:
            marks.append(Mark(path, line, start, start, before, True, says))
            ends.append(Mark(path, line, end, end, behind[0], True, says))
        else:
            marks.append(Mark(path, line, start, end, says, True, says))
    return [*marks, *reversed(ends)]


def compiled(path: str, edits: Iterable[Edit]) -> ast.Module:
    """A program with other expressions, all positions being what they were."""
    source = Path(path).read_bytes()
    wanted = {(int(e.names[1]), int(e.names[2])): e.text for e in edits if e.at == "source"}
    text = Text(path, source)
    _Otherwise(text, wanted).visit(text.tree)
    return text.tree


class _Otherwise(ast.NodeTransformer):
    """Puts expressions in the place of those that lie at the spans wanted; {x} is what lay there."""

    def __init__(self, text: Text, wanted: dict[tuple[int, int], str]) -> None:
        self.text, self.wanted = text, wanted

    def visit(self, node: ast.AST) -> ast.AST:
        """Whole, where it is wanted; else what is in it."""
        new = self.wanted.get(self.text.span(node)) if isinstance(node, ast.expr) else None
        node = self.generic_visit(node)
        if new is None:
            return node
        tree = ast.parse(filled(new, x=_WAS), mode="eval").body
        for part in ast.walk(tree):
            ast.copy_location(part, node)
        return _Put(node).visit(tree)


class _Put(ast.NodeTransformer):
    """Puts what was there back where its name stands."""

    def __init__(self, was: ast.AST) -> None:
        self.was = was

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """It, or another name."""
        return self.was if node.id == _WAS else node


def _told(mark: Mark, home: Path) -> str:
    return f"{os.path.relpath(mark.path, home)}:{mark.line}: {mark.says}"


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _free(path: Path) -> Path:
    """A name that nothing has yet."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}{number}")
    return free
