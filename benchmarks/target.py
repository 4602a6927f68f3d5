"""Time to 98.0 % on MNIST, from the start of the process to the test accuracy: `python benchmarks/target.py`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median, stdev
from time import perf_counter
from typing import Any

from machine import describe
from mnist import folder
from rivals.child import settle_threads

HERE = Path(__file__).resolve().parent
GOAL = 0.98
PYTHON = sys.executable


@dataclass(frozen=True)
class Program:
    """A command that trains once and prints the test accuracy.

    Filled in in its arguments are {seed} and {scratch}, a folder that outlives the process.
    The accuracy is a share, under `key` in the output, or in the last line of it that is a JSON object with such a key.
    """

    command: tuple[str, ...]
    key: str = "test_accuracy"
    slow: bool = False  # takes --slow-seeds
    rehearse: bool = False  # once before, unmeasured: it keeps compiled code for the next process


# The recipe mnist-fast, as the options of programs/jax_scan.py.
SAME = (
    *("--batch", "96", "--epochs", "1.4", "--peak", "8e-3", "--warm-up", "0.08", "--betas", "0.8", "0.98"),
    *("--inputs", "unit", "--smoothing", "0.08", "--he"),
)
PROGRAMS: dict[str, Program] = {
    "gradwise": Program(
        (PYTHON, "-m", "gradwise", "train", "mnist-fast", "seed={seed}", "--runs", "{scratch}/runs", "--json", "-")
    ),
    "plain": Program((PYTHON, "-m", "programs.plain", "--seed", "{seed}"), slow=True),
    "plain_tensors": Program((PYTHON, "-m", "programs.plain", "--seed", "{seed}", "--data", "tensors"), slow=True),
    "jax_scan": Program((PYTHON, "-m", "programs.jax_scan", "--seed", "{seed}")),
    "jax_scan_same": Program((PYTHON, "-m", "programs.jax_scan", "--seed", "{seed}", *SAME)),
    "jax_scan_same_cached": Program(
        (PYTHON, "-m", "programs.jax_scan", "--seed", "{seed}", "--cache", "{scratch}/same", *SAME), rehearse=True
    ),
    "jax_scan_cached": Program(
        (PYTHON, "-m", "programs.jax_scan", "--seed", "{seed}", "--cache", "{scratch}/jax"), rehearse=True
    ),
}


@dataclass(frozen=True)
class Run:
    program: str
    seed: int
    cpu: float  # seconds, of the process and of all that it started and waited for
    wall: float  # seconds
    memory: float  # MB at the peak
    accuracy: float


def accuracy_in(output: str, key: str) -> float:
    for text in (output, *reversed(output.splitlines())):
        try:
            values = json.loads(text)
        except ValueError:
            continue
        if isinstance(values, dict):
            values |= values.get("test", {})
            if key in values:
                return float(values[key])
    raise RuntimeError(f"neither the output nor a line of it is a JSON object with {key!r}")


def run(name: str, program: Program, seed: int, scratch: str, more: list[str]) -> Run:
    command = [part.format(seed=seed, scratch=scratch) for part in program.command] + more
    path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path})
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{name} ended with {process.returncode}: {' '.join(command)}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(name, seed, cpu, wall, usage.ru_maxrss / 1024, accuracy_in(output, program.key))


def show(runs: list[Run], names: list[str]) -> None:
    titles = f"{'mean test accuracy':>28}{'least':>8}{'CPU s':>9}{'wall s':>9}{'plain /':>9}{'MB':>7}"
    print(f"{'program':18}{'seeds':>6}{titles}")
    plain = [run.cpu for run in runs if run.program == "plain"]
    for name in names:
        mine = [run for run in runs if run.program == name]
        if not mine:
            continue
        found = [run.accuracy for run in mine]
        spread = f" ± {stdev(found):.3%}" if len(found) > 1 else ""
        cpu = median(run.cpu for run in mine)
        gain = f"{median(plain) / cpu:9.1f}" if plain else f"{'-':>9}"
        verdict = "reached" if mean(found) >= GOAL else "missed"
        print(
            f"{name:18}{len(mine):6}{f'{mean(found):.3%}{spread} {verdict}':>28}{min(found):8.2%}"
            f"{cpu:9.2f}{median(run.wall for run in mine):9.2f}{gain}{median(run.memory for run in mine):7.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--slow-seeds", type=int, help="for the programs that take a minute (as many if not given)")
    parser.add_argument("--first-seed", type=int, default=1000, help="fresh ones: no recipe was chosen on them")
    parser.add_argument("--only", nargs="+", choices=PROGRAMS, default=list(PROGRAMS), metavar="PROGRAM")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="every run")
    parser.add_argument(
        "--then", nargs=argparse.REMAINDER, default=[], help="more arguments for the programs, last of all"
    )
    options = parser.parse_args()
    folder()  # a missing data set is better known now
    machine = describe()
    for title, text in machine.items():
        print(f"{title:10} {text}")
    settle_threads(options.threads)  # the programs inherit it
    slow = options.seeds if options.slow_seeds is None else options.slow_seeds
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.only:
            if PROGRAMS[name].rehearse:
                run(name, PROGRAMS[name], options.first_seed, scratch, options.then)
        for turn in range(max(options.seeds, slow)):
            for name in options.only:
                program = PROGRAMS[name]
                if turn >= (slow if program.slow else options.seeds):
                    continue
                runs.append(run(name, program, options.first_seed + turn, scratch, options.then))
                print(f"\r{turn + 1} {name:18}", end="", file=sys.stderr)
                if options.json:
                    rows: list[dict[str, Any]] = [asdict(each) for each in runs]
                    options.json.write_text(json.dumps({**machine, "runs": rows}, indent=1) + "\n")
    print("\r" + " " * 30, end="\r", file=sys.stderr)
    print(f"\nfrom process start to test accuracy, {options.threads} thread(s); the goal is a mean of {GOAL:.1%}")
    show(runs, options.only)


if __name__ == "__main__":
    main()
