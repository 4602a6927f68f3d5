"""The rows of the vanishing-gradient study, and what they say: each technique against the same network without it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from deep_cases import NAMED, Technique

from gradwise.experiment.compare import judged
from gradwise.experiment.statistics import Paired, holm, paired
from gradwise.runs import write_atomic

FILE = Path(__file__).resolve().parent.parent / "docs" / "vanishing-gradient.jsonl"
LEARNS = 0.8  # mean test accuracy from which on a network has learnt; chance gives 0.1, two layers 0.9
WORTH = 0.05  # a smaller gain is none: what guesses one digit for all has 9.7 to 11.4 %, whichever it guesses


@dataclass(frozen=True)
class Row:
    """A technique at one activation and depth."""

    technique: str
    activation: str
    depth: int
    rate: float
    grid: dict[str, float | None]  # rate -> accuracy on the validation set
    accuracy: list[float | None]  # on the test set, by seed; None: NaN was met
    gradient: list[float]  # at the start, by matrix, first to last
    share_at_end: float | None  # of the gradient: the first hidden matrix' over the last one's
    found: list[list[str]]  # by the doctor's rules, by seed
    cpu: float  # seconds of a run

    @property
    def mean(self) -> float:
        """Accuracy; what met NaN has learnt nothing."""
        return fmean(0.1 if value is None else value for value in self.accuracy)

    @property
    def share(self) -> float:
        """At the start: of the gradient at the last hidden matrix, what is left at the first."""
        hidden = self.gradient[1:-1]
        return hidden[0] / hidden[-1] if hidden and hidden[-1] else math.nan

    def named(self, code: str) -> int:
        """In how many of the seeds."""
        return sum(any(found.split(":")[0] == code for found in seed) for seed in self.found)


@dataclass(frozen=True)
class Judged:
    """What a row says beside the plain network of its activation and depth."""

    row: Row
    word: str  # "treats", "eases", "no", "worse", "learns anyway", "" where it is the plain network
    gain: Paired | None
    p: float  # corrected (Holm) for all techniques at this activation and depth

    @property
    def unclear(self) -> bool:
        """Better on average, and five seeds do not prove it."""
        return self.word == "no" and self.gain is not None and self.gain.mean >= WORTH


def read(file: Path = FILE) -> list[Row]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [Row(**json.loads(line)) for line in lines]


def keep(row: Row, file: Path = FILE) -> None:
    """Put it in the place of an earlier one; rows stay in the order of the table."""

    def key(row: Row) -> tuple[str, int, int]:
        return row.activation, row.depth, [*NAMED].index(row.technique)

    rows = {key(old): old for old in read(file)} | {key(row): row}
    write_atomic(file, "".join(json.dumps(asdict(rows[k])) + "\n" for k in sorted(rows)).encode())


def goes_on(technique: Technique, activation: str, depth: int, rows: Sequence[Row]) -> str:
    """Is there anything to be tried? "", or why not: it is done, or it failed with fewer layers."""
    known = {(row.technique, row.depth): row.mean for row in rows if row.activation == activation}
    if (technique.name, depth) in known:
        return "done"
    if technique.name == "plain" or depth <= 10:
        return ""
    fewer = 10 if depth <= 30 else 30
    if (technique.name, fewer) not in known:
        return f"not known with {fewer} layers"
    return "" if known[technique.name, fewer] >= LEARNS else f"failed with {fewer} layers"


def judge(rows: Sequence[Row]) -> list[Judged]:
    """All of them, corrected within each activation and depth."""
    found: list[Judged] = []
    for cell in dict.fromkeys((row.activation, row.depth) for row in rows):
        here = [row for row in rows if (row.activation, row.depth) == cell]
        base = next(row for row in here if row.technique == "plain")
        others = [row for row in here if row is not base]
        gains = [gain_of(base, row) for row in others]
        corrected = holm([gain.p if gain is not None else math.nan for gain in gains])
        found.append(Judged(base, "", None, math.nan))
        found += [
            Judged(row, word_of(base, row, gain, p), gain, p)
            for row, gain, p in zip(others, gains, corrected, strict=True)
        ]
    return found


def gain_of(base: Row, row: Row) -> Paired | None:
    """Paired by seed, without those that met NaN; None where fewer than two are left."""
    pairs = [(a, b) for a, b in zip(base.accuracy, row.accuracy, strict=True) if a is not None and b is not None]
    return paired([b - a for a, b in pairs]) if len(pairs) > 1 else None


def word_of(base: Row, row: Row, gain: Paired | None, p: float) -> str:
    """treats: better, and it learns; eases: better, and it does not; a gain below WORTH is none."""
    failed = sum(value is None for value in row.accuracy)
    word, _ = judged(gain, p, WORTH, "test_accuracy", failed, len(row.accuracy))
    if word in ("worse", "failed"):
        return "no" if word == "worse" and gain is not None and gain.mean > -WORTH else "worse"
    if word == "better" and gain is not None and gain.mean >= WORTH:
        return "treats" if row.mean >= LEARNS else "eases"
    return "learns anyway" if min(base.mean, row.mean) >= LEARNS else "no"


def reach(technique: str, activation: str, found: Sequence[Judged], word: str = "treats") -> int:
    """How deep it treats: the last of the depths, from the least on, at which it does so without a gap; 0 for none."""
    here = [j for j in found if (j.row.technique, j.row.activation) == (technique, activation)]
    deepest = 0
    for judged_ in sorted(here, key=lambda j: j.row.depth):
        if judged_.word != word:
            break
        deepest = judged_.row.depth
    return deepest


def claim(technique: str, found: Sequence[Judged], full: int) -> str:
    """Is it true that it treats the vanishing gradient? full: the depth up to which it is to do so."""
    reaches = {a: reach(technique, a, found) for a in NAMED[technique].stages}
    if not any(reaches.values()):
        here = {a: [j for j in found if _is(j, technique, a)] for a in reaches}
        eased = [a for a in here if any(j.word == "eases" for j in here[a])]
        unclear = [a for a in here if a not in eased and any(j.unclear for j in here[a])]
        parts = [f"eases {_listed(eased)}"] * bool(eased) + [f"{_listed(unclear)} unclear"] * bool(unclear)
        return f"false ({'; '.join(parts)})" if parts else "false"
    if min(reaches.values()) >= full:
        return "true"
    parts = [
        f"{_listed([a for a in reaches if reaches[a] == depth])} to {depth} layers"
        for depth in sorted({depth for depth in reaches.values() if depth}, reverse=True)
    ]
    return "in part: " + ", ".join(parts)


def _is(found: Judged, technique: str, activation: str) -> bool:
    return (found.row.technique, found.row.activation) == (technique, activation)


def _listed(names: Sequence[str]) -> str:
    told = ["ReLU" if name == "relu" else name for name in names]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
