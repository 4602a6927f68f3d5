"""One run per child process, forked from this one, which has imported torch already: a start costs milliseconds."""

from __future__ import annotations

import ctypes
import itertools
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sklearn.datasets  # noqa: F401  what a run imports late is imported before the fork
import torch._dynamo  # noqa: F401

from gradwise import recipefile, runs
from gradwise.errors import GradwiseError
from gradwise.events import Finished, Started
from gradwise.kernels import library
from gradwise.train import Training, reopen

from .recipes import ALLOW, RECIPES

_DEATH_SIGNAL, _SUBREAPER = 1, 36  # of prctl
_MOST_SECONDS = 120.0
LATEST_DELAY = 0.015  # seconds after a write has begun


def prepare() -> None:
    """Let the workers of a killed run become our children, so that `left_over` sees them."""
    library()  # the same kernels for all, also where their source is changed meanwhile
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)


def left_over(patience: float = 20.0) -> int:
    """How many processes still live, `patience` seconds after the last run: a killed run's workers should end."""
    end = time.monotonic() + patience
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0
        if pid == 0:
            if time.monotonic() > end:
                return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())
            time.sleep(0.1)


@dataclass
class Life:
    """What one process did, as its notes tell, and how it ended."""

    code: int = 0  # as waitpid gives it: minus the signal's number after a signal
    seconds: float = 0.0
    resumed_at: int | None = None
    saved: list[int] = field(default_factory=list[int])  # steps whose save had returned: acknowledged
    finished: dict[str, Any] | None = None
    error: str = ""

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


def live(
    folder: Path,
    recipe: str,
    notes: Path,
    *,
    fresh: bool,
    kill: Callable[[int, float], bool] | None = None,
    last_save: int = 0,
) -> Life:
    """Train or resume in a child until it ends or `kill(pid, seconds)`, asked again and again, says that it is dead.

    last_save: it kills itself when so many saves have returned, before anything else can happen; 0 for never.
    """
    notes.unlink(missing_ok=True)
    began = time.perf_counter()
    pid = _fork(folder, recipe, notes, fresh, last_save)
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        seconds = time.perf_counter() - began
        if done:
            break
        if seconds > _MOST_SECONDS:
            os.kill(pid, signal.SIGABRT)
        if kill is not None and kill(pid, seconds):
            _, status = os.waitpid(pid, 0)
            break
        if kill is None:
            time.sleep(0.005)
    life = Life(os.waitstatus_to_exitcode(status), time.perf_counter() - began)
    for line in notes.read_text().splitlines() if notes.exists() else ():
        kind, value = json.loads(line)
        if kind == "saved":
            life.saved.append(value)
        else:
            setattr(life, kind, value)
    return life


def _fork(folder: Path, recipe: str, notes: Path, fresh: bool, last_save: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # torch's workers complain there of their parent's death
        code = _train(folder, recipe, _Notes(notes), fresh, last_save)
    except BaseException:
        _Notes(notes)("error", traceback.format_exc())
    finally:
        os._exit(code)


class _Notes:
    """Lines that are there whatever happens to the process next."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, kind: str, value: Any) -> None:
        os.write(self.descriptor, (json.dumps([kind, value]) + "\n").encode())


def _train(folder: Path, recipe: str, note: _Notes, fresh: bool, last_save: int = 0) -> int:
    save, saves = runs.save, itertools.count(1)

    def acknowledged(root: Path, step: int, *rest: Any, **options: Any) -> Path:
        path = save(root, step, *rest, **options)
        note("saved", step)
        if next(saves) == last_save:
            os.kill(os.getpid(), signal.SIGKILL)
        return path

    runs.save = acknowledged
    try:
        if fresh:
            made = recipefile.from_dict(recipefile.read(RECIPES[recipe], recipe), ALLOW)
            training = Training(made, runs.RunFolder.create_at(folder))
        else:
            training = reopen(folder, allow=ALLOW)
        for event in training.events():
            if isinstance(event, Started):
                note("resumed_at", event.resumed_at)
            if isinstance(event, Finished):
                kept = {"reason": event.reason, "steps": event.steps, "best": event.best, "test": event.test}
                note("finished", kept | {"best_epoch": event.best_epoch})
    except GradwiseError as error:
        note("error", str(error))
        return error.exit_code
    return 0
