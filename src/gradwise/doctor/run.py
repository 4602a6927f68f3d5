"""A program under the doctor, from its first line to its last, whatever ends it.

torch is not imported here: the moment the program imports it, it comes under watch. So a program sets its environment
before torch reads it, as without us, and one that never imports torch is not kept waiting for it.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from types import CodeType
from typing import TYPE_CHECKING

from gradwise.doctor import around
from gradwise.doctor import program as programs
from gradwise.doctor.defect import defect
from gradwise.doctor.program import Program
from gradwise.signals import sigterm_raises

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradwise.doctor.observer import Observer
    from gradwise.watch.facts import Crash
    from gradwise.watch.trace import Trace


@dataclass
class Ended:
    """How a program ended, and what was seen of it."""

    exit: int
    trace: Trace | None = None  # None where it never imported torch, or could not be watched
    seconds: float = 0.0  # in all
    spent: float = 0.0  # of these, in the doctor
    stopped: str = ""  # by us or by SIGTERM: "stopped at step 50"
    not_seen: dict[str, str] = field(default_factory=dict[str, str])
    report: bool = True  # not in a process that the program forked, nor in any but the first of several ranks


def run(
    program: Program,
    budget: float = 0.05,
    steps: int = 0,
    seconds: float = 0.0,
    begin: Callable[[CodeType], CodeType] | None = None,
) -> Ended:
    """Run a program to its end, or for so many steps or seconds. Raises GradwiseError where there is none.

    budget: share of its time that watching may take, 0 for not watching; begin: is handed the program's code before its
    first line, and gives what is run.
    """
    programs.check(program)
    home, begun = os.getpid(), time.perf_counter()
    doctor = _Doctor(program, budget, steps, seconds)
    error: BaseException | None = None
    with ExitStack() as stack:
        stack.enter_context(around.session())
        stack.enter_context(sigterm_raises(around.Terminated))
        stack.enter_context(around.processes(doctor.not_seen))
        if budget:
            stack.enter_context(around.imported("torch", doctor.open))
        try:
            code, module = programs.main_module(program)
            exec(begin(code) if begin is not None else code, module.__dict__)
        except programs.UnknownModuleError:
            raise
        except BaseException as raised:
            error = raised
        if os.getpid() != home:  # a child of the program's own fork: it ends as it would without us
            return Ended(_exit(error), report=False)
        return doctor.finish(error, begun)


class _Doctor:
    """An observer that opens its eyes when torch is there."""

    def __init__(self, program: Program, budget: float, steps: int, seconds: float) -> None:
        self.home, self.given = program.home, (budget, steps, seconds)
        self.observer: Observer | None = None
        self.not_seen: dict[str, str] = {}
        self.start = 0.0  # seconds that opening took
        self._process = os.getpid()

    def open(self) -> None:
        """torch is there: watch it. What goes wrong here is ours, and the program goes on without us."""
        if os.getpid() != self._process:
            return
        begun = time.perf_counter()
        try:
            from gradwise.doctor.observer import Observer

            observer = Observer(self.home, *self.given)
            observer.__enter__()
            self.observer = observer
        except Exception as error:
            self.not_seen["all"] = defect("the doctor could not start", error)
        self.start = time.perf_counter() - begun

    def finish(self, error: BaseException | None, begun: float) -> Ended:
        """What the program left. A program that was stopped by us has ended well, whatever it made of that."""
        observer = self.observer
        stopped = error is not None and _enough(error)
        code = 0 if stopped else _exit(error)
        _flush()
        rank = os.environ.get("RANK") or "0"
        if observer is None or rank != "0":
            if observer is not None:
                observer.__exit__(None, None, None)
            spent = time.perf_counter() - begun
            return Ended(code, None, spent, self.start, "", self.not_seen, report=rank == "0")
        spent, last = observer.pace.spent, time.perf_counter()
        trace = self._last_look(observer, error, stopped)
        self.not_seen |= around.other_ranks()
        trace.facts.not_seen |= self.not_seen
        now = time.perf_counter()
        told = f"stopped at step {observer.step:,}" if stopped else "stopped by SIGTERM" if code == 143 else ""
        return Ended(code, trace, now - begun, self.start + spent + now - last, told, self.not_seen)

    def _last_look(self, observer: Observer, error: BaseException | None, stopped: bool) -> Trace:
        observer.__exit__(None, None, None)
        try:
            crash = self._explained(observer, error) if isinstance(error, Exception) and not stopped else None
            observer.finish(crash, finished=error is None or isinstance(error, SystemExit))
        except Exception as wrong:
            self.not_seen["the end"] = defect("the last look failed", wrong)
        except (KeyboardInterrupt, around.Terminated):  # what was found before is still told
            self.not_seen["the end"] = "the last look was interrupted"
        return observer.trace

    def _explained(self, observer: Observer, error: Exception) -> Crash | None:
        from gradwise.watch.facts import Crash

        try:
            from gradwise.doctor.crash import explain

            return explain(error, error.__traceback__, observer.facts, observer.sources)
        except Exception as wrong:
            self.not_seen["the crash"] = defect("it could not be explained", wrong)
            return Crash(type(error).__name__, str(error), "")


def _exit(error: BaseException | None) -> int:
    if isinstance(error, around.Terminated):
        return 143
    return 0 if error is None else programs.exit_code(error)


def _enough(error: BaseException) -> bool:
    """Whether we stopped it: also where the program turned that into something else, sys.exit(1) for example."""
    pace = sys.modules.get("gradwise.doctor.pace")
    return pace is not None and any(isinstance(each, pace.Enough) for each in programs.chain(error))


def _flush() -> None:
    """What the program printed comes before what we print."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # it was closed, or is none
            stream.flush()
