"""Findings -> what to try, the first finding's remedies first, consequences' last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gradwise import recipefile
from gradwise.diagnose.finding import Finding
from gradwise.errors import GradwiseError
from gradwise.recipe import Recipe, replaced
from gradwise.remedy.catalogue import CATALOGUE
from gradwise.remedy.edits import Changes

_STUBS = {"data": "XOR", "model": {"name": "MLP", "widths": [1, 1]}}  # what is not changed may be code of your own


class Option(Protocol):
    """What can be tried: an edit of a recipe, or of a program."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The problems that it is to treat."""
        ...

    @property
    def label(self) -> str:
        """What it goes by."""
        ...

    @property
    def changes(self) -> tuple[str, ...]:
        """What it changes, as people read it."""
        ...

    @property
    def why(self) -> str:
        """Its reason."""
        ...

    @property
    def hides(self) -> bool:
        """It may hide the cause instead of removing it."""
        ...


@dataclass(frozen=True)
class Prescription:
    """A remedy for this recipe."""

    codes: tuple[str, ...]  # the problems that it is to treat
    label: str
    changes: Changes  # "optimizer.lr=0.001", as behind `gradwise train RECIPE`
    recipe: Recipe  # with them made
    why: str
    hides: bool = False  # it may hide the cause instead of removing it
    cost: float = 1.0


def sick(findings: Iterable[Finding]) -> list[Finding]:
    """Those that are worth a treatment: errors and warnings; notes where there is nothing else."""
    found = list(findings)
    return [finding for finding in found if finding.severity != "note"] or found


def prescribe(findings: Sequence[Finding], recipe: Recipe, allow: Sequence[str] = ()) -> list[Prescription]:
    """The remedies of the catalogue that have a place in this recipe, each once.

    allow: packages whose code the recipe may name, where a changed stage holds some.
    """
    written = recipefile.to_dict(recipe)
    found: dict[Changes, Prescription] = {}
    for finding in sorted(sick(findings), key=lambda finding: bool(finding.consequence_of)):  # stable
        for remedy in CATALOGUE.get(finding.code, ()):
            changes = remedy.edit(written)
            if not changes or changes in found:
                continue
            try:
                made = edited(recipe, changes, allow)
            except GradwiseError:  # beyond a setting's domain, or a stage that cannot be written
                continue
            codes = tuple(dict.fromkeys(filter(None, (finding.code, finding.consequence_of))))
            found[changes] = Prescription(codes, remedy.technique, changes, made, remedy.why, remedy.hides, remedy.cost)
    return list(found.values())


def together(one: Prescription, other: Prescription, allow: Sequence[str] = ()) -> Prescription | None:
    """Both; None where the one takes the other's place."""
    if {_stage(change) for change in one.changes} & {_stage(change) for change in other.changes}:
        return None
    changes = one.changes + other.changes
    return Prescription(
        tuple(dict.fromkeys(one.codes + other.codes)),
        f"{one.label} and {other.label}",
        changes,
        edited(one.recipe, other.changes, allow),
        f"{one.why}; {other.why}",
        one.hides or other.hides,
        one.cost * other.cost,
    )


def onto(one: Prescription, other: Prescription) -> Prescription:
    """Both, the other one being made for the recipe as the first one left it."""
    codes = tuple(dict.fromkeys(one.codes + other.codes))
    label, why = f"{one.label} and {other.label}", f"{one.why}; {other.why}"
    changes, hides = one.changes + other.changes, one.hides or other.hides
    return Prescription(codes, label, changes, other.recipe, why, hides, one.cost * other.cost)


def edited(recipe: Recipe, changes: Changes, allow: Sequence[str] = ()) -> Recipe:
    """The recipe with the changes made; stages that they do not touch stay the things that they are."""
    written = recipefile.to_dict(recipe)
    for change in changes:
        recipefile.change_in(written, change)
    stages = list(dict.fromkeys(_stage(change) for change in changes))
    made = recipefile.from_dict(_STUBS | {stage: written[stage] for stage in stages}, allow)
    return replaced(recipe, **{stage: getattr(made, stage) for stage in stages})


def _stage(change: str) -> str:
    return change.partition("=")[0].partition(".")[0]
