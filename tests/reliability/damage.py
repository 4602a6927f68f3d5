"""Damage the newest checkpoint of an interrupted run: it must be noticed, and the one before it be used."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gradwise import runs

from .children import live
from .killing import Reference, references
from .recipes import RECIPES
from .same import differences

KINDS = ("flip", "flip", "flip", "flip", "flip", "flip", "cut", "cut", "zeros", "longer", "gone")


@dataclass
class Harm:
    """What came of the damages."""

    damages: int = 0
    detected: int = 0
    resumes: int = 0
    identical: int = 0
    seconds: float = 0.0
    by_kind: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])

    @property
    def perfect(self) -> bool:
        return self.detected == self.damages and self.identical == self.resumes and not self.failures

    def line(self) -> str:
        """The summary."""
        return (
            f"{self.damages} damages to the newest checkpoint: {self.detected} detected, the one before it used; "
            f"{self.identical} of {self.resumes} resumed runs identical to the bit ({self.seconds:.0f} s)"
        )


def damage_many(root: Path, damages: int, resumes: int, seed: int = 0, recipes: tuple[str, ...] = tuple(RECIPES),
                show: Callable[[str], None] = lambda line: None) -> Harm:  # fmt: skip
    """Damage `damages` times, evenly over the recipes; resume the first `resumes` of them to their end."""
    began, harm, dice = time.perf_counter(), Harm(), random.Random(seed)
    known = references(root, list(recipes))
    stopped = {recipe: _interrupt(root, recipe, known[recipe]) for recipe in recipes}
    for number in range(damages):
        recipe = recipes[number % len(recipes)]
        reference, folder = stopped[recipe]
        target = root / f"damaged-{number}-{recipe}"
        if number < resumes:
            shutil.copytree(folder, target)
            _damage_once(target, harm, dice)
            if _resume(target, recipe, reference, harm):
                shutil.rmtree(target)
        else:
            _damage_once(folder, harm, dice, mend=True)
        if number % 100 == 99:
            show(f"{number + 1} damages, {harm.detected} detected")
    harm.seconds = time.perf_counter() - began
    return harm


def _interrupt(root: Path, recipe: str, reference: Reference) -> tuple[Reference, Path]:
    """A run that was killed about two thirds on its way, with two checkpoints at least."""
    folder, notes = root / f"interrupted-{recipe}", root / "notes-interrupted"
    for share in (0.7, 0.5, 0.8, 0.6, 0.9):
        shutil.rmtree(folder, ignore_errors=True)

        def kill(pid: int, seconds: float, share: float = share) -> bool:
            time.sleep(0.002)
            saved = notes.read_text().count("saved") if notes.exists() else 0
            if saved < share * reference.saves:
                return False
            os.kill(pid, signal.SIGKILL)
            return True

        life = live(folder, recipe, notes, fresh=True, kill=kill)
        if life.killed and len(runs.checkpoints(folder / "checkpoints")) > 1:
            return reference, folder
    raise SystemExit(f"{recipe} could not be interrupted")


def _damage_once(folder: Path, harm: Harm, dice: random.Random, mend: bool = False) -> None:
    root = folder / "checkpoints"
    newest, before = (named.path for named in runs.checkpoints(root)[:2])
    target = dice.choice(sorted(path for path in newest.iterdir()))
    kept, kind = target.read_bytes(), dice.choice(KINDS)
    what = _damage(target, kept, kind, dice)
    found, problems = runs.newest(root)
    seen = found is not None and found.path == before and len(problems) == 1 and newest.name in problems[0]
    harm.damages += 1
    harm.by_kind[kind] += 1
    harm.detected += seen
    if not seen:
        harm.failures.append(f"{folder.name}: {what}: {found and found.path.name} was used; {problems}")
    if mend:
        target.write_bytes(kept)


def _damage(target: Path, content: bytes, kind: str, dice: random.Random) -> str:
    """Do it; what it was, in words."""
    size, place = len(content), dice.randrange(len(content))
    if kind == "flip":
        bit = 1 << dice.randrange(8)
        target.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
    elif kind == "cut":
        target.write_bytes(content[:place])
    elif kind == "zeros":  # what a power cut leaves: the length, not the content
        start = place - place % 4096
        zeroed = content[:start] + bytes(min(4096, size - start)) + content[start + 4096 :]
        if zeroed == content:  # this block held nothing else
            zeroed = bytes(size)
        target.write_bytes(zeroed)
    elif kind == "longer":
        target.write_bytes(content + dice.randbytes(dice.randrange(1, 5000)))
    else:
        target.unlink()
    return f"{kind} at {place:,} of {size:,} in {target.name}"


def _resume(folder: Path, recipe: str, reference: Reference, harm: Harm) -> bool:
    life = live(folder, recipe, folder.with_name("notes"), fresh=False)
    unlike = differences(reference.folder, folder) if life.code == 0 else [f"left with {life.code}: {life.error}"]
    if life.finished != reference.finished:
        unlike.append(f"the verdict {life.finished}")
    harm.resumes += 1
    harm.identical += not unlike
    harm.failures += [f"{folder.name}: {line}" for line in unlike]
    return not unlike
