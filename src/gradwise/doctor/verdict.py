"""What is told of a program: the findings, and what could not be checked. As a JSON document for other programs."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gradwise.doctor.defect import defect
from gradwise.doctor.program import Program
from gradwise.doctor.run import Ended

if TYPE_CHECKING:
    from gradwise.diagnose.finding import Finding
    from gradwise.watch.facts import Facts

SCHEMA = 1
_KEYS = ("code", "severity", "certainty", "where", "source", "steps", "evidence", "says", "remedies")


@dataclass
class Verdict:
    """All that the doctor says of a program."""

    program: str  # "train.py", "-m package.train"
    exit: int
    steps: int = 0
    overhead: float = 0.0  # seconds in the doctor, its start and its end included, over those of the program itself
    findings: list[Finding] = field(default_factory=list["Finding"])
    not_checked: dict[str, str] = field(default_factory=dict[str, str])
    stopped: str = ""
    facts: Facts | None = None  # None where the program never imported torch

    @property
    def sick(self) -> bool:
        """Whether a finding of severity error stands."""
        return any(finding.severity == "error" for finding in self.findings)

    def as_json(self) -> str:
        """The document. Fields are added under the same schema; one that changes raises it."""
        document = {
            "schema": SCHEMA,
            "program": self.program,
            "exit": self.exit,
            "steps": self.steps,
            "overhead": round(self.overhead, 4),
            "findings": [_entry(finding.as_json()) for finding in self.findings],
            "not_checked": [{"code": code, "why": why} for code, why in self.not_checked.items()],
        }
        return json.dumps(_plain(document), indent=2, allow_nan=False) + "\n"


def judge(program: Program, ended: Ended) -> Verdict:
    """Apply the rules to what was seen. A rule that fails is our defect, and not the end of the report."""
    if ended.trace is None:
        not_checked = {"all": "the program never imported torch", **ended.not_seen}
        return Verdict(str(program), ended.exit, overhead=_share(ended.spent, ended.seconds), not_checked=not_checked)
    begun = time.perf_counter()
    facts = ended.trace.facts
    facts.program = str(program)
    findings: list[Finding] = []
    not_checked = dict(facts.not_seen)
    try:
        from gradwise.diagnose.rules import diagnose

        diagnosis = diagnose(ended.trace)
        findings, not_checked = diagnosis.findings, diagnosis.not_checked
    except Exception as error:
        not_checked["all"] = defect("the rules could not be applied", error)
    judging = time.perf_counter() - begun
    overhead = _share(ended.spent + judging, ended.seconds + judging)
    return Verdict(str(program), ended.exit, facts.steps, overhead, findings, not_checked, ended.stopped, facts)


def _share(spent: float, seconds: float) -> float:
    """What the doctor adds to the program's own time."""
    own = seconds - spent
    return spent / own if own > 0 else 0.0


def _entry(finding: dict[str, Any]) -> dict[str, Any]:
    entry = {key: finding[key] for key in _KEYS}
    return {**entry, "consequence_of": finding["consequence_of"]}


def _plain(value: Any) -> Any:
    """For JSON, which has no NaN and no NumPy: what is not finite is written as text, "nan" or "inf"."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        return _plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
