"""A visit to the doctor, from the command line: run the program, judge, show and write what was found."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gradwise.errors import GradwiseError, RunError
from gradwise.report.follow import check_json, write_json

if TYPE_CHECKING:
    from gradwise.doctor.program import Program

SICK = 3  # the exit code of --strict
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def visit(program: Program, json: str, budget: float, steps: int, seconds: float, strict: bool, trace: str = "") -> int:
    """Run the program and report; the exit code is the program's own, or SICK where that was asked for.

    trace: a folder that statistics of the run are written to, "" for none.
    """
    from gradwise.doctor.run import run

    check_json(json)
    kept = _new_folder(trace) if trace else None
    target = json if json in ("", "-") else str(Path(json).absolute())  # the program may change its folder
    stderr = sys.stderr  # and its standard error
    ended = run(program, budget, steps, seconds)
    if not ended.report:
        return ended.exit
    stream = random.getstate()  # rich draws from it, and what the program does at its exit may, too
    from gradwise.doctor.verdict import judge
    from gradwise.report import findings

    verdict = judge(program, ended)
    if not stderr.closed:
        findings.show(verdict, stderr)
    write_json(target, verdict.as_json())
    if kept is not None and ended.trace is not None:
        ended.trace.save(kept)
    random.setstate(stream)
    return SICK if strict and verdict.sick and ended.exit == 0 else ended.exit


def _new_folder(trace: str) -> Path:
    """Raises RunError before the work, where the trace could not be written or would replace something else."""
    folder = Path(trace).absolute()
    there = folder.exists() or folder.is_symlink()
    if there and not (folder.is_dir() and (not any(folder.iterdir()) or (folder / "trace.json").exists())):
        raise RunError(f"--trace {trace} is there already, and holds no trace.", fix="name a folder that is new.")
    if not folder.parent.is_dir():
        raise RunError(f"There is no folder {folder.parent} for --trace {trace}.", fix="make it, or name another.")
    return folder


def read(folder: Path, json: str, strict: bool) -> int:
    """Judge a trace that was saved, or a run's, and report; the exit code."""
    from gradwise.diagnose import diagnose
    from gradwise.doctor.verdict import Verdict
    from gradwise.report import findings
    from gradwise.watch.trace import Trace

    check_json(json)
    if not (folder / "trace.json").exists():
        fix = "a run folder, or what trace.save(folder) or gradwise doctor --trace FOLDER SCRIPT wrote"
        raise RunError(f"{folder} holds no trace: there is no trace.json in it.", fix=fix)
    trace = Trace.read(folder)
    found, facts = diagnose(trace), trace.facts
    steps = facts.steps or (int(trace.matrix()[0][-1]) + 1 if len(trace) else 0)
    verdict = Verdict(str(folder), 0, steps, 0.0, found.findings, found.not_checked, "", facts)
    findings.show(verdict)
    write_json(json, verdict.as_json())
    return SICK if strict and verdict.sick else 0


def share_of(text: str) -> float:
    """5% as 0.05. Raises GradwiseError for what is no share of time."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)(%?)", text.strip())
    share = float(match[1]) / (100 if match[2] else 1) if match else 0.0
    if not 0 < share <= 1:
        raise GradwiseError(f"--budget is a share of the program's time, got {text!r}.", fix="--budget 5%")
    return share


def time_of(text: str) -> float:
    """2m as 120 seconds, nothing as 0. Raises GradwiseError for what is no time."""
    match = re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*([smh]?)", text.strip())
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if text and seconds <= 0:
        raise GradwiseError(f"--for is a time, got {text!r}.", fix="--for 30s, --for 2m or --for 1h")
    return seconds
