"""What each technique does, measured: the same recipe with it and without, over paired seeds, on two problems or more.

    python benchmarks/effects.py                  # all of them, which takes a while
    python benchmarks/effects.py ClipNorm EMA     # these
    python benchmarks/effects.py --list           # how each is put into its problems

Rows go into src/gradwise/effects.json, where `gradwise techniques NAME` finds them. Runs are kept in --folder and not
made again. The table of problems and settings is effect_cases.py. Optimizers are measured against SGD with momentum,
whatever is measured otherwise against the same recipe without it. Settings are usual ones and were not searched for: a
technique may do better with others, and on larger problems.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from effect_cases import CASES, Case
from effect_problems import DESCRIPTIONS, PROBLEMS, Stages, placed, prepare
from machine import versions

from gradwise import recipefile
from gradwise.effects import Effect, command
from gradwise.errors import did_you_mean
from gradwise.experiment import Verdict, compare
from gradwise.recipe import LISTS
from gradwise.runs import write_atomic

HERE = Path(__file__).resolve().parent
FILE = HERE.parent / "src" / "gradwise" / "effects.json"
SEEDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="techniques, by default all of the table")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--folder", type=Path, default=Path("comparisons/effects"))
    parser.add_argument("--missing", action="store_true", help="only what has not been measured yet")
    parser.add_argument("--list", action="store_true", help="print what would be compared, and run nothing")
    given = parser.parse_args()
    for name in given.names:
        if name not in CASES:
            parser.error(f"no case for {name!r}: {did_you_mean(name, CASES)}")
    measured = read()["techniques"] if given.missing else {}
    torch.set_num_threads(1)  # one run at a time, on one core: its processor time is what is compared
    for name in [name for name in given.names or CASES if name not in measured]:
        effects = []
        for case in CASES[name]:
            if given.list:
                print(f"{name:24} {case.problem:14} {change_of(name, case)} against {against_of(name, case)}")
                continue
            effects.append(measure(name, case, given.seeds, given.folder))
            show(name, effects[-1])
        if effects:
            keep(name, effects)


def measure(name: str, case: Case, seeds: int, folder: Path) -> Effect:
    """Train both with each seed, and compare."""
    prepare(folder)
    written = without(case), with_it(name, case)
    first, second = (recipefile.from_dict(placed(stages, folder)) for stages in written)
    place, each = folder / case.problem, {"without": first, name: second}
    found = compare(each, seeds, folder=place, metric=case.metric, jobs=1, together=False)  # for the sake of the times
    return effect_of(found.verdicts[0], found.metric, name, case, seeds)


def effect_of(verdict: Verdict, metric: str, name: str, case: Case, seeds: int) -> Effect:
    """The verdict as a row: differences as the metric reads, not as gain and loss."""
    gain, sign = verdict.gain, 1 if metric.endswith("accuracy") else -1
    known = gain is not None and gain.n > 1
    low, high = sorted((sign * gain.low, sign * gain.high)) if gain is not None else (math.nan, math.nan)
    return Effect(
        problem=case.problem,
        change=change_of(name, case),
        against=against_of(name, case),
        metric=metric,
        seeds=gain.n if gain is not None else 0,
        difference=round(sign * gain.mean, 6) if gain is not None and known else None,
        low=round(low, 6) if known and math.isfinite(low) else None,
        high=round(high, 6) if known and math.isfinite(high) else None,
        verdict=verdict.word,
        says=verdict.says,
        time=round(verdict.time, 3) if math.isfinite(verdict.time) else None,
        command=command(name) + (f" --seeds {seeds}" if seeds != SEEDS else ""),
    )


# Recipes.


def without(case: Case) -> Stages:
    return PROBLEMS[case.problem] | case.beside | case.against


def with_it(name: str, case: Case) -> Stages:
    stage, stages = stage_of(name), PROBLEMS[case.problem] | case.beside | case.along
    entry = {"name": name, **case.settings}
    return stages | {stage: [*stages.get(stage, []), entry] if stage in LISTS else entry}


def stage_of(name: str) -> str:
    return next(stage for stage, members in recipefile.techniques().items() if name in members)


def change_of(name: str, case: Case) -> str:
    """ClipNorm(max_norm=1.0), and what came with it."""
    parts = [described({"name": name, **case.settings})]
    parts += [f"{stage} {described(entry)}" for stage, entry in case.along.items()]
    parts += [f"both with {stage} {described(entry)}" for stage, entry in case.beside.items()]
    return ", ".join(parts)


def against_of(name: str, case: Case) -> str:
    """What stands there without it."""
    stage, before = stage_of(name), without(case)
    here = "the same without it" if stage in LISTS else described(before[stage])
    return ", ".join([here, *(f"{other} {described(before[other])}" for other in case.along if other != stage)])


def described(entry: Any) -> str:
    """A stage as a recipe has it, as one would write it in Python."""
    if isinstance(entry, list):
        return "[" + ", ".join(map(described, entry)) + "]"
    if isinstance(entry, dict) and "name" in entry:
        settings = ", ".join(f"{key}={described(value)}" for key, value in entry.items() if key != "name")
        return f"{entry['name']}({settings})" if settings else entry["name"]
    return Path(entry).name if isinstance(entry, str) else str(entry)


# What comes out.


def read() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def keep(name: str, effects: list[Effect]) -> None:
    """Put the rows in the place of this technique's earlier ones."""
    written = read()
    written["techniques"][name] = [asdict(effect) for effect in effects]
    written["techniques"] = dict(sorted(written["techniques"].items()))
    written["problems"], written["versions"] = DESCRIPTIONS, versions()
    write_atomic(FILE, (json.dumps(written, indent=1, ensure_ascii=False) + "\n").encode())


def show(name: str, effect: Effect) -> None:
    unit = 100 if effect.metric.endswith("accuracy") else 1
    ends = [math.nan if end is None else unit * end for end in (effect.difference, effect.low, effect.high)]
    time = math.nan if effect.time is None else effect.time
    print(
        f"{name:24} {effect.problem:14} {effect.metric:20} {ends[0]:+8.3f}  [{ends[1]:+8.3f}, {ends[2]:+8.3f}]  "
        f"{effect.verdict:10} time {time:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
