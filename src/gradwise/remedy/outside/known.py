"""What the examination of a program showed, and what a change is: a function of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradwise.diagnose import Finding
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.sites import Text
from gradwise.watch.facts import Facts


@dataclass(frozen=True)
class Known:
    """What the examination of a program showed, for changes that need it."""

    path: str  # of its script
    source: bytes
    facts: Facts
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    best: float = 1.0  # the share of the run after which its figure was best

    @cached_property
    def text(self) -> Text:
        """Its script, parsed."""
        return Text(self.path, self.source)

    @property
    def by_hand(self) -> bool:
        """It changes its weights without an optimizer of torch's."""
        return not any(o.kind != "by hand" for o in self.facts.optimizers)


Change = Callable[[Known, Finding], tuple[Edit, ...]]  # none where it has no place


def plain(*edits: Edit) -> Change:
    """The same for every program."""
    return lambda known, finding: edits


def both(*changes: Change) -> Change:
    """Several at once; none where one of them has no place."""

    def change(known: Known, finding: Finding) -> tuple[Edit, ...]:
        found = [each(known, finding) for each in changes]
        return tuple(edit for edits in found for edit in edits) if all(found) else ()

    return change
