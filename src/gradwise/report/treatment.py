"""A treatment on the terminal: what was found, what was tried, the proof, the verdict in words; and as JSON."""

from __future__ import annotations

import contextlib
import json
import math
import shlex
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from gradwise.report import comparison
from gradwise.report.figures import count, figure
from gradwise.report.terminal import make_console

if TYPE_CHECKING:
    from rich.console import Console

    from gradwise.recipe import Recipe
    from gradwise.remedy import Prescription, Treatment
    from gradwise.remedy.outside.patient import Proved
    from gradwise.remedy.trying import P, Tried

SCHEMA = 1
NOTHING = "doing nothing"  # as the treatment calls it, whose module imports torch
_COLOURS = {"healthy": "bold green", "cured": "bold green", "hidden": "bold red", "beyond": "yellow"}
_SEVERITIES = {"error": "bold red", "warning": "yellow"}


@contextlib.contextmanager
def progress(console: Console) -> Generator[Callable[[str], None]]:
    """A line for each step: in a pipe all of them, on a terminal the last."""
    if not console.is_interactive:
        yield lambda line: console.print(line, soft_wrap=True)
        return
    with console.status("getting ready ...") as status:
        yield status.update


def show(treatment: Treatment[Prescription], path: Path | None = None, console: Console | None = None) -> None:
    """Print it. path: where the treated recipe was written."""
    console = console or make_console()
    show_course(treatment, console)
    if path is not None:
        console.print(
            Text(f"{path} is the treated recipe. Next: gradwise train {shlex.quote(str(path))}"), soft_wrap=True
        )


def show_program(proved: Proved, patch: Path | None, backups: Sequence[Path], console: Console) -> None:
    """Print the treatment of a program. patch: where it was written; backups: of the files that were changed."""
    show_course(proved.treatment, console)
    if proved.written is None:
        return
    if patch is not None:
        console.print()
        console.print(Text(patch.read_text(encoding="utf-8").rstrip("\n"), "dim"), soft_wrap=True)
    for line in proved.written.advice:
        console.print(Text(f"to write by hand: {line}"), soft_wrap=True)
    if proved.same is not None:
        says = "the same figures, to the bit" if proved.same else "other figures than the change from outside"
        console.print(Text(f"with the patch the program gives {says}", "green" if proved.same else "yellow"))
    if backups:
        console.print(Text(f"written; as it was: {', '.join(map(str, backups))}"), soft_wrap=True)
    elif patch is not None:
        next_ = f"patch -p1 < {shlex.quote(str(patch))}"
        console.print(Text(f"nothing is changed. Next: {next_}, or --write before the script"), soft_wrap=True)


def show_course(treatment: Treatment[P], console: Console) -> None:
    """What was found, tried and proved."""
    for finding in treatment.findings:
        if finding.severity != "note":
            told = Text(f"{finding.code}: ", _SEVERITIES[finding.severity]).append(finding.says, "")
            console.print(told, soft_wrap=True)
    for code, what in treatment.advice.items():
        console.print(Text(f"{code}: no change reaches it: {what}", "yellow"), soft_wrap=True)
    if treatment.tried:
        console.print()
        console.print(_table(treatment))
    if treatment.proof is not None:
        console.print()
        comparison.show(treatment.proof, console)
    console.print()
    console.print(Text(treatment.says, _COLOURS.get(treatment.word, "yellow")), soft_wrap=True)


def as_json(treatment: Treatment[Prescription], recipe: Recipe, path: Path | None) -> str:
    """All of it as one JSON object."""
    proof, winner = treatment.proof, treatment.winner
    proved = {NOTHING: recipe, **({winner.label: winner.recipe} if winner is not None else {})}
    compared = json.loads(comparison.as_json(proof, proved)) if proof is not None else None
    return _text({**_course(treatment), "treated": str(path) if path is not None else None, "proof": compared})


def program_as_json(proved: Proved, patch: Path | None, backups: Sequence[Path]) -> str:
    """The same of a program: with its patch, and what is to be written by hand."""
    course, written = _course(proved.treatment), proved.written
    proof = proved.treatment.proof
    added = {
        "program": course.pop("recipe"),
        "patch": patch.read_text(encoding="utf-8") if patch is not None else None,
        "by_hand": list(written.advice) if written is not None else [],
        "same": proved.same,
        "backups": [str(each) for each in backups],
        "proof": json.loads(comparison.as_json(proof, {})) if proof is not None else None,
    }
    return _text({**course, **added})


def _course(treatment: Treatment[P]) -> dict[str, Any]:
    winner = treatment.winner
    return {
        "schema": SCHEMA,
        "recipe": treatment.recipe,
        "verdict": treatment.word,
        "says": treatment.says,
        "findings": [finding.as_json() for finding in treatment.findings],
        "advice": treatment.advice,
        "metric": treatment.metric,
        "tried": [_entry(each) for each in treatment.tried],
        "stands": treatment.stands,
        "winner": winner.label if winner is not None else None,
        "changes": winner.changes if winner is not None else [],
    }


def _text(written: dict[str, Any]) -> str:
    return json.dumps(_finite(written), indent=2, default=str) + "\n"


def default_folder(name: str) -> Path:
    """Where a treatment is kept."""
    return Path("treatments") / name


def _entry(tried: Tried[P]) -> dict[str, object]:
    p = tried.prescription
    score = None if math.isnan(tried.score) else abs(tried.score)
    return {"label": p.label, "treats": p.codes, "changes": p.changes, "why": p.why, "score": score, "note": tried.note}


def _table(treatment: Treatment[P]) -> Table:
    """A row for each remedy; of the random search the best draw alone."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("tried on one seed", no_wrap=True)
    table.add_column(treatment.metric, justify="right", no_wrap=True)
    table.add_column("cause", no_wrap=True)
    table.add_column("changes", overflow="fold")
    draws = [each for each in treatment.tried if each.prescription.label.startswith("random ")]
    for each in treatment.tried:
        if each not in draws:
            p = each.prescription
            table.add_row(p.label, _score(each, treatment.metric), _cause(treatment, p.label), _changes(each))
    if draws:
        best = max(draws, key=lambda each: each.rank)
        label = f"random search, best of {count(len(draws), 'draw')}"
        table.add_row(label, _score(best, treatment.metric), _cause(treatment, "random search"), _changes(best))
    return table


def _changes(tried: Tried[P]) -> str:
    return tried.note or " ".join(tried.prescription.changes)


def _score(tried: Tried[P], metric: str) -> str:
    return "-" if math.isnan(tried.score) else figure(metric, abs(tried.score))


def _cause(treatment: Treatment[P], label: str) -> str:
    codes: Sequence[str] | None = treatment.stands.get(label)
    if codes is None:
        return ""
    return "hides" if codes else "gone"


def _finite(thing: Any) -> Any:
    """JSON knows no infinity."""
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else None
    if isinstance(thing, dict):
        return {str(key): _finite(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_finite(value) for value in thing]
    return thing
