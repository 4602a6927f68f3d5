"""A treatment written down: the recipe that won, its reason and its proof above it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from gradwise import recipefile
from gradwise.errors import RecipeError
from gradwise.experiment import Comparison, Verdict
from gradwise.experiment.compare import amount
from gradwise.recipe import replaced
from gradwise.remedy.prescribe import Prescription
from gradwise.remedy.proof import level, rescued, told
from gradwise.remedy.treat import Treatment
from gradwise.runs import write_atomic

_WIDTH = 100


def record(treatment: Treatment[Prescription], folder: str | Path) -> Path:
    """Write FOLDER/treated.yaml. Raises RecipeError where nothing has won."""
    winner = treatment.winner
    if winner is None or treatment.proof is None:
        raise RecipeError("There is no treated recipe to write.", why=treatment.says)
    path = Path(folder) / "treated.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = recipefile.to_text(replaced(winner.recipe, name=f"{treatment.recipe}-treated"))
    above = "".join(f"# {line}\n" for line in _lines(treatment))
    write_atomic(path, (above + text).encode())
    return path


def _lines(treatment: Treatment[Prescription]) -> Iterator[str]:
    winner, proof = treatment.winner, treatment.proof
    assert winner is not None
    assert proof is not None
    yield f"{treatment.recipe}, treated."
    for finding in treatment.findings:
        if finding.severity != "note":
            yield from _wrapped("found", f"{finding.code}: {finding.says}")
    yield from _wrapped("remedy", f"{winner.label}: {' '.join(winner.changes)}")
    yield from _wrapped("why", winner.why)
    for verdict in proof.verdicts:
        yield from _wrapped("proof" if verdict.label == winner.label else "beside", proved(verdict, proof))
    yield from _wrapped("cause", "diagnosed again, it is not found any more")


def proved(verdict: Verdict, proof: Comparison) -> str:
    """A verdict with its figures."""
    gain, n = verdict.gain, len(proof.outcomes[verdict.label])
    says = f"{verdict.label}: {rescued(verdict, proof) or verdict.says}"
    if proof.values(verdict.label):
        says += f"; {told(proof.metric, level(proof, verdict.label))}"
    if gain is not None and gain.n > 1:
        low, high = (amount(end, proof.metric, gain.decades) for end in (gain.low, gain.high))
        says += f", gain {amount(gain.mean, proof.metric, gain.decades)}, 95 % [{low}, {high}], p = {verdict.p:.2g}"
    return f"{says}; {n} seeds, {verdict.time:.2f} times the time"


def _wrapped(label: str, text: str) -> Iterator[str]:
    yield from wrap(f"{label}: {text}", _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
