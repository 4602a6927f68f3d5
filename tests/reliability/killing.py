"""Trials: start a run, kill it, resume it, perhaps kill it again, until it ends; then compare it with the reference."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradwise import recipefile, runs
from gradwise.report import verdict
from gradwise.watch import Trace

from .children import LATEST_DELAY, Life, left_over, live, prepare
from .recipes import RECIPES
from .same import differences

IN_WRITE, AGAIN, MOST = 0.2, 0.3, 50  # share placed in a checkpoint's write; chance of one more kill; kills of one run


@dataclass
class Reference:
    """The uninterrupted run."""

    folder: Path
    seconds: float
    saves: int
    finished: dict[str, Any]


@dataclass
class Tally:
    """What came of it all."""

    kills: int = 0
    runs: int = 0
    identical: int = 0
    steps_lost: int = 0  # beyond the last save that had returned
    unreadable: int = 0
    in_write_placed: int = 0
    in_write_met: int = 0  # a half-written checkpoint was left
    unborn: int = 0  # killed before the recipe was kept: started again in a fresh folder
    before_first_save: int = 0
    too_late: int = 0  # the run had ended before its kill
    longest_chain: int = 0
    processes_left: int = 0
    seconds: float = 0.0
    by_recipe: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])

    @property
    def perfect(self) -> bool:
        spotless = self.steps_lost == self.unreadable == self.processes_left == 0 and not self.failures
        return spotless and self.identical == self.runs

    def line(self) -> str:
        """The summary."""
        return (
            f"{self.kills} kills in {self.runs} runs: {self.identical} of {self.runs} ends identical to the bit, "
            f"{self.steps_lost} steps lost beyond the last save, {self.unreadable} unreadable folders "
            f"({self.in_write_met} kills met a checkpoint half-written, {self.before_first_save} came before the "
            f"first save, {self.unborn} before anything was recorded; at most {self.longest_chain} kills in one run; "
            f"{self.seconds:.0f} s)"
        )


def references(root: Path, recipes: Iterator[str] | list[str]) -> dict[str, Reference]:
    """One uninterrupted run of each recipe."""
    prepare()
    made: dict[str, Reference] = {}
    for recipe in recipes:
        folder = root / f"reference-{recipe}"
        shutil.rmtree(folder, ignore_errors=True)
        life = live(folder, recipe, root / "notes", fresh=True)
        if life.code or life.finished is None or not life.saved:
            raise SystemExit(f"the reference of {recipe} failed with {life.code}:\n{life.error}")
        made[recipe] = Reference(folder, life.seconds, len(life.saved), life.finished)
    return made


def kill_many(root: Path, kills: int, seed: int = 0, recipes: tuple[str, ...] = tuple(RECIPES), chain: float = AGAIN,
              show: Callable[[str], None] = lambda line: None) -> Tally:  # fmt: skip
    """Kill until `kills` are done; a run in which somebody was killed is followed to its end."""
    began, tally, dice = time.perf_counter(), Tally(), random.Random(seed)
    known = references(root, list(recipes))
    for name, reference in known.items():
        show(
            f"reference {name}: {reference.finished['steps']} steps, {reference.saves} saves, {reference.seconds:.2f} s"
        )
    while tally.kills < kills:
        recipe = recipes[tally.runs % len(recipes)]
        before = tally.kills
        folder = root / f"run-{tally.runs}-{recipe}"
        _trial(folder, recipe, known[recipe], tally, dice, kills, chain)
        tally.by_recipe[recipe] += tally.kills - before
        if not any(line.startswith(f"{folder.name}:") for line in tally.failures):
            shutil.rmtree(folder)
        show(f"{folder.name}: {tally.kills} kills, {tally.identical} of {tally.runs} identical")
        if tally.too_late > 3 * kills + 20:
            tally.failures.append("most kills came too late: the machine's speed changed")
            break
    tally.processes_left = left_over()
    tally.seconds = time.perf_counter() - began
    return tally


def kill_after_every_save(root: Path, recipe: str) -> Tally:
    """One run for every save of a recipe, killed as soon as that save has returned: every place to resume from."""
    began, tally = time.perf_counter(), Tally()
    reference, notes = references(root, [recipe])[recipe], root / "notes"
    for number in range(1, reference.saves + 1):
        folder = root / f"save-{number}-{recipe}"
        killed = live(folder, recipe, notes, fresh=True, last_save=number)
        assert killed.killed, killed
        tally.kills += 1
        tally.unreadable += _unreadable(folder, tally)
        life = live(folder, recipe, notes, fresh=False)
        tally.steps_lost += killed.saved[-1] - (life.resumed_at or 0)
        tally.runs += 1
        _judge(folder, life, reference, tally)
    tally.seconds = time.perf_counter() - began
    return tally


def _trial(folder: Path, recipe: str, reference: Reference, tally: Tally, dice: random.Random, kills: int,
           chain: float) -> None:  # fmt: skip
    fresh, acknowledged, chained = True, 0, 0
    notes = folder.with_name("notes")
    while True:
        wanted = tally.kills < kills and chained < MOST and (chained == 0 or dice.random() < chain)
        plan = _plan(folder, reference, dice, tally, chained) if wanted else None
        life = live(folder, recipe, notes, fresh=fresh, kill=plan)
        if not fresh and life.resumed_at is not None:
            tally.steps_lost += max(0, acknowledged - life.resumed_at)
        acknowledged = max([acknowledged, *life.saved])
        if not life.killed:
            break
        tally.kills += 1
        chained += 1
        tally.in_write_met += _half_written(folder)
        if (folder / "config.yaml").is_file():
            fresh = False
            tally.before_first_save += not acknowledged
            tally.unreadable += _unreadable(folder, tally)
        else:  # nothing was recorded: resume says so, and the run is started again
            tally.unborn += 1
            tally.unreadable += not _refused(folder, recipe, notes)
            shutil.rmtree(folder, ignore_errors=True)
            fresh = True
    tally.too_late += plan is not None
    tally.runs += 1
    tally.longest_chain = max(tally.longest_chain, chained)
    _judge(folder, life, reference, tally)


def _judge(folder: Path, life: Life, reference: Reference, tally: Tally) -> None:
    if life.code or life.finished is None:
        tally.unreadable += life.code == 2
        tally.failures.append(f"{folder.name}: left with {life.code}: {life.error}")
        return
    unlike = differences(reference.folder, folder)
    if life.finished != reference.finished:
        unlike.append(f"the verdict {life.finished}")
    tally.identical += not unlike
    tally.failures += [f"{folder.name}: differs in {line}" for line in unlike]


def _plan(
    folder: Path, reference: Reference, dice: random.Random, tally: Tally, chained: int
) -> Callable[[int, float], bool]:
    """A kill at an instant, or in the middle of writing a checkpoint."""
    if dice.random() < IN_WRITE:
        tally.in_write_placed += 1
        delay = dice.choice([0, dice.uniform(0, LATEST_DELAY)])
        return _In(folder / "checkpoints", dice.randrange(-(-reference.saves // (4 if chained else 1))), delay)
    instant = dice.uniform(0, reference.seconds / (3 if chained else 1))  # what a resumed run has left is shorter

    def at(pid: int, seconds: float) -> bool:
        time.sleep(max(0.0, min(0.005, instant - seconds)))
        if seconds < instant:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    return at


class _In:
    """Strike `delay` seconds after the write number `number` (from 0) has begun."""

    def __init__(self, root: Path, number: int, delay: float) -> None:
        self.root, self.number, self.delay = root, number, delay
        self.seen: set[str] = set()

    def __call__(self, pid: int, seconds: float) -> bool:
        try:
            names = os.listdir(self.root)
        except FileNotFoundError:
            return False
        self.seen.update(name for name in names if name.startswith(".writing-") and "-step-" in name)
        if len(self.seen) <= self.number:
            time.sleep(0.0002)
            return False
        time.sleep(self.delay)
        os.kill(pid, signal.SIGKILL)
        return True


def _half_written(folder: Path) -> bool:
    return any(folder.glob("checkpoints/.writing-*-step-*"))


def _unreadable(folder: Path, tally: Tally) -> bool:
    """Whether what a kill left cannot be read by those who only look: the list of runs, the trace, the recipe."""
    try:
        recipefile.read(runs.read_config(folder), folder.name)
        verdict.state(folder)
        if (folder / "trace.json").exists():
            Trace.read(folder)
        checkpoint, problems = runs.newest(folder / "checkpoints")
        assert not problems, problems
        assert checkpoint is None or checkpoint.step > 0
    except Exception as error:  # whatever it is
        tally.failures.append(f"{folder.name}: unreadable: {type(error).__name__}: {error}")
        return True
    return False


def _refused(folder: Path, recipe: str, notes: Path) -> bool:
    """Whether `resume` of a folder in which nothing was recorded is answered in at most five lines."""
    life = live(folder, recipe, notes, fresh=False)
    clear = life.code == 2 and len(life.error.splitlines()) <= 5 and "Traceback" not in life.error
    return clear and any(word in life.error for word in ("no run folder", "not a run folder", "before its first step"))
