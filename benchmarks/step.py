"""What one training step costs: `python benchmarks/step.py`. The README beside it says how it is measured."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from machine import busy_seconds, describe
from mnist import TRAIN, folder
from rivals import RIVALS

HERE = Path(__file__).resolve().parent
CLOCKS = {"cpu1": ("cpu", 1, "CPU seconds, one thread"), "wall2": ("wall", 2, "wall seconds, two threads")}
REFERENCES = ("hand_tuned", "jax_scan")


class Child:
    """A rival in its own process, which stays alive between two rounds."""

    def __init__(self, name: str, batch: int, threads: int) -> None:
        self.name, self.log = name, tempfile.TemporaryFile("w+")  # noqa: SIM115, closed in close()
        path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rivals.child", name, str(batch), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        self.start = self.answer()

    def answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            self.log.seek(0)
            raise RuntimeError(f"{self.name} has ended. Its last words:\n{self.log.read()[-2000:]}")
        return json.loads(line)

    def train(self, steps: int) -> dict[str, float]:
        assert self.process.stdin is not None
        print(json.dumps({"steps": steps}), file=self.process.stdin, flush=True)
        return self.answer()

    def close(self) -> None:
        self.process.communicate()  # closes its stdin: it ends
        self.log.close()


def measure(names: list[str], batch: int, clock: str, rounds: int, warm_up: int) -> list[dict[str, Any]]:
    """One row per rival. The rounds are interleaved: A B C, A B C, … an epoch each."""
    kind, threads, _ = CLOCKS[clock]
    steps = TRAIN // batch
    children: list[Child] = []
    seconds: dict[str, list[float]] = {name: [] for name in names}
    losses: dict[str, float] = {}
    foreign, elapsed = 0.0, 0.0
    try:
        for name in names:
            try:
                children.append(Child(name, batch, threads))
            except RuntimeError as error:
                print(f"skipped {error}", file=sys.stderr)
        for turn in range(warm_up + rounds):
            for child in children:
                before = busy_seconds()
                result = child.train(steps)
                after = busy_seconds()
                foreign += max(0.0, after - before - result["cpu"]) if before is not None and after is not None else 0
                elapsed += result["wall"]
                losses[child.name] = result["loss"]
                if turn >= warm_up:
                    seconds[child.name].append(result[kind])
                print(
                    f"\r{clock} batch {batch} round {turn + 1}/{warm_up + rounds} {child.name:16}",
                    end="",
                    file=sys.stderr,
                )
    finally:
        print("\r" + " " * 79, end="\r", file=sys.stderr)
        for child in children:
            child.close()
    print(f"meanwhile other processes kept {foreign / max(elapsed, 1e-9):.2f} CPUs busy", end="")
    print(": the machine is not idle, read wall times with care" if foreign > 0.1 * elapsed else "")
    return [
        {
            "rival": child.name,
            "batch": batch,
            "clock": clock,
            "microseconds_per_step": median(seconds[child.name]) / steps * 1e6,
            "seconds_per_epoch": median(seconds[child.name]),
            "ready": child.start["importing"][kind] + child.start["setup"][kind],
            "first_step": child.start["first"][kind],
            "loss": losses[child.name],
            "note": child.start["note"],
            "rounds": seconds[child.name],
        }
        for child in children
    ]


def ratio(row: dict[str, Any], rows: list[dict[str, Any]], reference: str) -> tuple[float, float, float] | None:
    """Median, least and greatest of the ratios within each round."""
    others = [other["rounds"] for other in rows if other["rival"] == reference]
    if not others:
        return None
    pairs = sorted(mine / other for mine, other in zip(row["rounds"], others[0], strict=True))
    return median(pairs), pairs[0], pairs[-1]


def show(rows: list[dict[str, Any]]) -> None:
    titles = ("rival", "us/step", "s/epoch", *(f"x {name}" for name in REFERENCES), "ready s", "first step s")
    print(f"{titles[0]:18}{titles[1]:>9}{titles[2]:>9}{titles[3]:>22}{titles[4]:>22}{titles[5]:>9}{titles[6]:>14}")
    for row in sorted(rows, key=lambda row: row["seconds_per_epoch"]):
        cells = ""
        for reference in REFERENCES:
            found = ratio(row, rows, reference)
            cells += f"{found[0]:>9.2f} ({found[1]:.2f}-{found[2]:.2f})".rjust(22) if found else f"{'-':>22}"
        print(
            f"{row['rival']:18}{row['microseconds_per_step']:9.0f}{row['seconds_per_epoch']:9.3f}{cells}"
            f"{row['ready']:9.2f}{row['first_step']:14.3f}"
        )
    for row in rows:
        if row["note"]:
            print(f"  {row['rival']}: {row['note']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, nargs="+", default=[64, 128, 512], metavar="SAMPLES")
    parser.add_argument("--clock", nargs="+", choices=CLOCKS, default=list(CLOCKS))
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds, one epoch of each rival per round")
    parser.add_argument("--warm-up", type=int, default=1, help="rounds before them that are not counted")
    parser.add_argument("--only", nargs="+", choices=RIVALS, default=list(RIVALS), metavar="RIVAL")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every round of every rival")
    options = parser.parse_args()
    folder()  # a missing data set is better known now
    names = []
    for name in options.only:
        if lacking := RIVALS[name].missing():
            print(f"skipped {name}: not installed: {', '.join(lacking)}")
        else:
            names.append(name)
    machine = describe()
    for title, text in machine.items():
        print(f"{title:10} {text}")
    rows: list[dict[str, Any]] = []
    for clock in options.clock:
        for batch in options.batch:
            print(f"\nbatch {batch}, {CLOCKS[clock][2]}, medians of {options.rounds} interleaved rounds, paired ratios")
            part = measure(names, batch, clock, options.rounds, options.warm_up)
            show(part)
            rows += part
            if options.json:
                options.json.write_text(json.dumps({**machine, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
