"""Treat the clinic's sick programs from outside, and see who reaches the healthy twin.  python clinic/repair.py third

For every program whose fault a change from outside can reach: the share of those where the treatment, doing nothing,
the blind recipe (Adam at 1e-3, the gradient clipped at 1) and a random search of as many runs give the healthy twin's
own final figure, within 2 points of a share (an accuracy, a recall), on at least 4 of 5 paired seeds. Of another figure the points are
hundredths of the way from where the sick program ends (begins, where it ends worse than it began) to where the twin
ends, or of the range that the twin's figure runs through where that is more. A treatment counts only where the doctor
does not find the fault any more.

Programs come in the order of their names' digests, so that however far it gets the ones done are a draw at random that
nobody chose. What is done is kept in FOLDER and not done again.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import math
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from twin import cured

from gradwise.doctor.program import Program
from gradwise.errors import GradwiseError
from gradwise.remedy.outside.catalogue import BEYOND
from gradwise.remedy.outside.child import PRELOADED, Job, Ran
from gradwise.remedy.outside.figure import Figure, choose
from gradwise.remedy.outside.patient import Asked, ProgramPatient, Runs, treat_program
from gradwise.remedy.rivals import BLIND, RANDOM
from gradwise.remedy.trying import NOTHING

HERE = Path(__file__).resolve().parent
POINTS, SHARE, ENOUGH = 0.02, 0.02, 0.8
TREATED = "treated"
ARMS = (TREATED, NOTHING, BLIND, RANDOM)


def programs(half: str) -> list[Path]:
    """Those that a change from outside can reach, in an order that nobody chose."""
    found = [p for p in (HERE / half / "sick").glob("*/*.py") if p.parent.name not in BEYOND]
    return sorted(found, key=lambda path: hashlib.sha256(path.stem.encode()).hexdigest())


def repair(path: Path, folder: Path, seeds: int, budget: int) -> dict[str, Any]:
    """Treat one, and compare all arms with its twin."""
    code, begun = path.parent.name, time.perf_counter()
    place = folder / path.stem
    place.mkdir(parents=True, exist_ok=True)
    script = place / path.name
    script.write_text(path.read_text())
    program = Program(str(script))
    runs = Runs(program, place, 1)
    row: dict[str, Any] = {"program": path.stem, "code": code}
    try:
        first = next(runs([Job(program, diagnose=True)]))
        # plain accuracy rewards the constant answer
        fair = choose(first.series, balanced=True) if code == "class-imbalance" else None
        asked = Asked(program, seeds, budget, *((fair.name, fair.higher) if fair is not None else ()))
        found = treat_program(asked, place, 1, lambda line: print("   ", line, flush=True))
    except GradwiseError as error:
        return {**row, "word": "error", "says": str(error).partition("\n")[0], "reached": {}}
    treatment, winner = found.treatment, found.treatment.winner
    patient = ProgramPatient(asked, runs, first, lambda line: print("   ", line, flush=True))
    twins = list(runs([Job(asked.program, seed=seed, text=cured(path.read_text())) for seed in range(1, seeds + 1)]))
    if patient.figure is None:
        patient.figure = next((patient.choose(twin) for twin in twins if not twin.failed), None)
    proof = treatment.proof
    if proof is None:  # nothing was found: the rivals run all the same
        nothing = patient.nothing((code,))
        draws = patient.tried(patient.randomly((code,), budget))
        best = max(draws, key=lambda each: each.rank).prescription
        proof = patient.proved([nothing, patient.blind((code,)), best], seeds)
        label = best.label
    else:
        label = RANDOM
    values = {arm: proof.outcomes.get(label if arm == RANDOM else arm, {}) for arm in ARMS[1:]}
    values[TREATED] = proof.outcomes[winner.label] if winner is not None else {}
    metric = proof.metric
    assert patient.figure is not None
    shown = measured(patient.figure, first)
    near: dict[str, list[bool]] = {arm: [] for arm in ARMS}
    figures: dict[str, list[float]] = {arm: [] for arm in (*ARMS, "twin")}
    for seed, twin in enumerate(twins, 1):
        reference = patient.figure.of({name: s[-1] for name, s in twin.series.items()}).get(metric, math.nan)
        figures["twin"].append(reference)
        limit = allowed(patient.figure, shown, measured(patient.figure, twin))
        sign = 1 if patient.figure.share else -1
        for arm in ARMS:
            outcome = values[arm].get(seed)
            value = outcome.figures.get(metric, math.nan) if outcome is not None else math.nan
            figures[arm].append(value)
            near[arm].append(math.isfinite(value) and sign * (reference - value) <= limit)
    reached = {arm: sum(hits) >= math.ceil(ENOUGH * seeds) for arm, hits in near.items()}
    return {
        **row,
        "word": treatment.word,
        "found": [f.code for f in treatment.findings if f.severity != "note"],
        "winner": winner.label if winner is not None else "",
        "same": found.same,
        "metric": metric,
        "figures": figures,
        "reached": reached,
        "minutes": round((time.perf_counter() - begun) / 60, 1),
    }


def measured(figure: Figure, ran: Ran) -> list[float]:
    """The figure in time, as the statistics take it: of a share the more the better, of anything else the less."""
    taken = (figure.of({figure.name: value}) for value in ran.series.get(figure.name, []))
    return [value for each in taken for value in each.values() if math.isfinite(value)]


def allowed(figure: Figure, sick: Sequence[float], twin: Sequence[float]) -> float:
    """How much worse than its twin's last figure a program may be, of figures in time."""
    within = all(0 <= (value if figure.explained else -value) <= 1 for value in (*sick, *twin))
    if figure.share or (figure.higher and within):
        return POINTS
    if not twin:
        return 0.0
    way = min(sick[0], sick[-1]) - twin[-1] if sick else 0.0
    return SHARE * max(way, max(twin) - min(twin))


def table(rows: Sequence[dict[str, Any]]) -> None:
    """Print it."""
    print(f"\n{'program':<28}{'code':<26}{'verdict':<9}{'winner':<34}" + "".join(f"{arm:>15}" for arm in ARMS))
    for row in rows:
        marks = "".join(f"{'yes' if row['reached'].get(arm) else '-':>15}" for arm in ARMS)
        print(f"{row['program']:<28}{row['code']:<26}{row['word']:<9}{row.get('winner', ''):<34}{marks}")
    n = max(1, len(rows))
    print(f"\n{len(rows)} programs reach the healthy twin's figure on 4 of 5 seeds:")
    for arm in ARMS:
        count = sum(bool(row["reached"].get(arm)) for row in rows)
        print(f"  {arm:<16}{count:>4}  {count / n:.0%}")


def main() -> None:
    """Treat them one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("half", choices=["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"])
    parser.add_argument("names", nargs="*", help="only these, e.g. iris_by_hand")
    parser.add_argument("--out", type=Path, default=Path("repairs"), help="where it is kept")
    parser.add_argument("--most", type=int, default=0, help="programs, 0 for all")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budget", type=int, default=12, help="tries, as many as gradwise treat makes itself")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    PRELOADED.append("sklearn.datasets")  # half of the programs import it, which takes longer than they do
    chosen = [p for p in programs(options.half) if not options.names or p.stem in options.names]
    rows: list[dict[str, Any]] = []
    options.out.mkdir(parents=True, exist_ok=True)
    kept = options.out / f"{options.half}.jsonl"
    done = {}
    if kept.exists():
        done = {(row["code"], row["program"]): row for row in map(json.loads, kept.read_text().splitlines())}
    for path in chosen[: options.most or None]:
        key = (path.parent.name, path.stem)  # two codes may have a program of the same name
        if key not in done:
            print(f"{path.parent.name}/{path.stem}", flush=True)
            row = repair(path, options.out / options.half, options.seeds, options.budget)
            print("   ", row["word"], row["reached"], row.get("minutes"), flush=True)
            with kept.open("a") as file:
                file.write(json.dumps(row) + "\n")
            done[key] = row
            with contextlib.suppress(OSError):
                shutil.rmtree(options.out / options.half / path.stem / "runs")
        rows.append(done[key])
    table(rows)


if __name__ == "__main__":
    main()
