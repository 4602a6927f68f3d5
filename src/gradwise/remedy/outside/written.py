"""Marks as a patch: the program's new text, a unified diff, the lines to write where none can be written safely."""

from __future__ import annotations

import ast
import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradwise.errors import RunError
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.sites import Mark, Text


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
        for mark in sorted((m for m in marks if m.safe and m.path == path), key=lambda m: m.start):
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
    """Those of numbers that are written otherwise."""
    marks: list[Mark] = []
    for edit in edits:
        if edit.at == "source":
            path, start, end = edit.names
            line = Path(path).read_bytes()[: int(start)].count(b"\n") + 1
            marks.append(Mark(path, line, int(start), int(end), edit.text, True, edit.text))
    return marks


def compiled(path: str, edits: Iterable[Edit]) -> ast.Module:
    """A program whose numbers are others, all positions being what they were."""
    source = Path(path).read_bytes()
    tree, text = ast.parse(source), Text(path, source)
    wanted = {(int(e.names[1]), int(e.names[2])): e.text for e in edits if e.at == "source"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and text.span(node) in wanted:
            node.value = ast.literal_eval(wanted[text.span(node)])
    return tree


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
