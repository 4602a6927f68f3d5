"""Makes changes where they belong, and notes what each is in the program's own text.

The text of a change is the same in both: it is executed here with the thing itself under a name of ours, and written
there with the program's name for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from gradwise.doctor.sources import Sources
from gradwise.remedy.outside.edit import Edit, filled
from gradwise.remedy.outside.sites import Map, Mark, Site


class Pen:
    """`marks`: what the changes are in the program's text; `done`: the numbers of those that had a place."""

    def __init__(self, edits: Sequence[Edit], sources: Sources, changed: dict[str, bytes] | None = None) -> None:
        self.edits, self.sources, self.map = edits, sources, Map(sources, changed or {})
        self.marks: list[Mark] = []
        self.done: set[int] = set()
        self.busy = False  # within a change, or a function that is changed

    def of(self, *kinds: str) -> Iterator[tuple[int, Edit]]:
        """The changes of these kinds, with their numbers."""
        return ((i, edit) for i, edit in enumerate(self.edits) if edit.at in kinds)

    def note(self, number: int, *marks: Mark) -> None:
        """A change had its place, and this is what it is there."""
        self.done.add(number)
        self.marks += [mark for mark in marks if mark not in self.marks]

    def wants(self, edit: Edit, site: Site | None) -> bool:
        """Whether a change is meant for this place."""
        if not edit.sources:
            return True
        return site is not None and self.line(site) in edit.sources

    def line(self, site: Site) -> str:
        """As findings name it: "train.py:31"."""
        return f"{self.sources.name(site.text.path)}:{site.node.lineno}"

    def execute(self, lines: str, **things: Any) -> dict[str, Any]:
        """Lines of a change, with the things that they name; all that has a name behind them."""
        self.busy, before = True, self.busy
        names = {"torch": torch, **things}
        try:
            exec(filled(lines, **{name: name for name in things}), names)
        finally:
            self.busy = before
        return names

    def evaluate(self, expression: str, **things: Any) -> Any:
        """An expression of a change."""
        self.busy, before = True, self.busy
        try:
            return eval(filled(expression, **{name: name for name in things}), {"torch": torch, **things})
        finally:
            self.busy = before

    def safe(self, mark: Mark, site: Site) -> Mark:
        """As it is, where the names that it needs are known there."""
        if mark.safe and ("torch." not in mark.new or site.knows("torch")):
            return mark
        return Mark(mark.path, mark.line, mark.start, mark.end, "", False, mark.says)


def bracketed(site: Site, node: ast.expr) -> str:
    """A part of the program that can stand anywhere."""
    text = site.text.of(node)
    plain = isinstance(node, (ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.Constant))
    return text if plain else f"({text})"
