"""Run the clinic's programs under the doctor and print what it found.  python clinic/score.py second [CODE ...]

For every code: in how many of its programs it was found, in how many it was named first, and what was said of their
healthy twins. Then the healthy programs, and what the doctor cost: the whole time of programs with it over without.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from twin import cured

HERE = Path(__file__).resolve().parent
TIMEOUT = 300


@dataclass
class Run:
    """A program, and what the doctor said of it."""

    path: Path
    code: str  # the fault; "" where there is none
    kind: str  # "sick", "twin", "healthy"
    findings: list[dict[str, object]] = field(default_factory=list)
    failed: str = ""
    seconds: float = 0.0  # with the doctor
    plain: float = 0.0  # without it; 0 where that was not measured

    def alarms(self, severity: str) -> list[str]:
        return [str(f["code"]) for f in self.findings if f["severity"] == severity]


def programs(half: str, codes: list[str]) -> list[Run]:
    sick = [Run(p, p.parent.name, "sick") for p in sorted((HERE / half / "sick").glob("*/*.py"))]
    sick = [run for run in sick if not codes or run.code in codes]
    healthy = [] if codes else [Run(p, "", "healthy") for p in sorted((HERE / half / "healthy").glob("*.py"))]
    return sick + [Run(run.path, run.code, "twin") for run in sick] + healthy


def examine(run: Run, folder: Path, plain: bool) -> None:
    """Run it as somebody would, in a process of its own."""
    place = folder / run.kind / run.code
    place.mkdir(parents=True, exist_ok=True)
    program = place / run.path.name
    text = run.path.read_text()
    program.write_text(cured(text) if run.kind == "twin" else text)
    verdict = program.with_suffix(".json")
    command = [sys.executable, "-m", "gradwise", "doctor", "--json", str(verdict), str(program)]
    run.seconds, complaint = timed(command)
    try:
        run.findings = json.loads(verdict.read_text())["findings"]
    except (OSError, ValueError, KeyError):
        run.failed = complaint[-300:] or "no verdict"
    if plain:
        run.plain, _ = timed([sys.executable, str(program)])


def timed(command: list[str]) -> tuple[float, str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    begun = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return TIMEOUT, f"not done after {TIMEOUT} s"
    return time.perf_counter() - begun, done.stderr


def table(runs: list[Run]) -> None:
    by_code: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        by_code[run.code].append(run)
    print(f"{'code':<26} {'found':>7} {'first':>7}   false alarms on the healthy twins (errors, warnings)")
    for code in sorted(code for code in by_code if code):
        sick = [run for run in by_code[code] if run.kind == "sick"]
        found = [run for run in sick if code in [f["code"] for f in run.findings]]
        first = [run for run in found if run.findings[0]["code"] == code]
        alarms = [a for run in by_code[code] if run.kind == "twin" for a in run.alarms("error") + run.alarms("warning")]
        print(f"{code:<26} {len(found):>4}/{len(sick)} {len(first):>5}/{len(sick)}   {', '.join(alarms)}")
        for run in sick:
            if run not in first:
                names = ", ".join(str(f["code"]) for f in run.findings) or "nothing"
                print(f"    {run.path.name}: {names} {run.failed}")


def summary(runs: list[Run]) -> None:
    sick = [run for run in runs if run.kind == "sick"]
    well = [run for run in runs if run.kind != "sick"]
    for run in well:
        if run.kind == "healthy" and (run.failed or run.alarms("error") or run.alarms("warning")):
            print(f"    healthy/{run.path.name}: {run.alarms('error')} {run.alarms('warning')} {run.failed}")
    found = sum(run.code in [f["code"] for f in run.findings] for run in sick)
    first = sum(bool(run.findings) and run.findings[0]["code"] == run.code for run in sick)
    print(f"\n{len(sick)} sick programs: found {found / max(1, len(sick)):.1%}, first {first / max(1, len(sick)):.1%}")
    if well:
        errors, warnings = (sum(bool(run.alarms(s)) for run in well) for s in ("error", "warning"))
        print(f"{len(well)} healthy programs: {errors} with an error, {warnings} with a warning", end="")
        print(f" ({warnings / len(well):.1%})")
    ratios = [run.seconds / run.plain for run in runs if run.plain]
    extra = [run.seconds - run.plain for run in runs if run.plain]
    if ratios:
        print(f"whole time with the doctor: median {statistics.median(ratios):.2f} of that without it", end="")
        print(f" (median {statistics.median(extra):+.2f} s, most {max(extra):+.2f} s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("half", choices=["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "hard"])
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 1)))
    parser.add_argument("--plain", action="store_true", help="also run the healthy ones without the doctor")
    arguments = parser.parse_args()
    runs = programs(arguments.half, arguments.codes)
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(arguments.jobs) as pool:
        for _ in pool.map(lambda run: examine(run, Path(name), arguments.plain and run.kind == "healthy"), runs):
            pass
    table(runs)
    summary(runs)
    silent = [run for run in runs if run.failed]
    if silent:  # silence of theirs would count as health
        raise SystemExit(
            f"{len(silent)} programs gave no verdict, the first: {silent[0].path.name}: {silent[0].failed}"
        )


if __name__ == "__main__":
    main()
