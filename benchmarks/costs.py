"""What each technique costs a step: processor time of the same training with it over that without it.

    python benchmarks/costs.py                  # all of them
    python benchmarks/costs.py ClipNorm SAM     # these

Both stand ready and take turns of some steps each, so that a busy machine slows them alike; the ratio is the median
over the turns. Each is put into the first problem of effect_cases.py: small networks, where what a technique costs
beside the network's own arithmetic shows most. Results go into src/gradwise/effects.json, where `gradwise techniques
NAME` finds them. Without evaluations, checkpoints and watching; what is done once, at the start, does not count. Both
by autograd: where our written-out back-propagation would do (plain stacks on a CPU), a step without the technique is
two to three times as fast, and whatever needs autograd costs that on top.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import torch
from effect_cases import CASES
from effect_problems import placed, prepare
from effects import FILE, read, with_it, without
from machine import versions

from gradwise import recipefile
from gradwise.runs import write_atomic
from gradwise.training import Training

STEPS, TURNS = 20, 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="by default all of the table")
    parser.add_argument("--folder", type=Path, default=Path("comparisons/effects"))
    parser.add_argument("--missing", action="store_true", help="only what has not been measured yet")
    given = parser.parse_args()
    torch.set_num_threads(1)
    prepare(given.folder)
    known = read().get("costs", {}) if given.missing else {}
    for name in [name for name in given.names or CASES if name not in known]:
        found = cost(name, given.folder)
        print(
            f"{name:24} {found['problem']:14} {found['ratio']:6.2f} [{found['low']:.2f}, {found['high']:.2f}]",
            flush=True,
        )
        keep(name, found)


def cost(name: str, folder: Path) -> dict[str, Any]:
    """The ratio with its quartiles, and the milliseconds of a step without it."""
    case = CASES[name][0]
    runs = [ready(by_autograd(placed(stages, folder))) for stages in (without(case), with_it(name, case))]
    ratios: list[float] = []
    plain: list[float] = []
    for turn in range(TURNS + 1):
        first, second = (spent(run) for run in runs)
        if turn:  # the first turn makes what is made once
            ratios.append(second / first)
            plain.append(1000 * first / STEPS)
    low, middle, high = statistics.quantiles(ratios, n=4)
    return {
        "problem": case.problem,
        "ratio": round(middle, 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "milliseconds": round(statistics.median(plain), 4),
        "command": f"python benchmarks/costs.py {name}",
    }


def by_autograd(written: dict[str, Any]) -> dict[str, Any]:
    """In one part: autograd, which `Backprop` alone would leave for the written-out pass."""
    plain = written["backward"] == {"name": "Backprop"}
    return written | ({"backward": {"name": "Accumulate", "parts": 1}} if plain else {})


def ready(written: dict[str, Any]) -> Training:
    """A training at its first step; its epochs never end."""
    training = Training(recipefile.from_dict(written | {"epochs": 1000, "stop": written.get("stop", [])}))
    for _ in training.set_up():
        pass
    return training


def spent(training: Training) -> float:
    """Seconds of processor time for some more steps."""
    begun = time.process_time()
    training.advance(STEPS)
    return time.process_time() - begun


def keep(name: str, found: dict[str, Any]) -> None:
    written = read()
    written["costs"] = dict(sorted((written.get("costs", {}) | {name: found}).items()))
    written["versions"] = versions()
    write_atomic(FILE, (json.dumps(written, indent=1, ensure_ascii=False) + "\n").encode())


if __name__ == "__main__":
    main()
