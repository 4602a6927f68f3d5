"""One run of a program with changes made from outside, in a process of its own.

The process is forked from one that has torch already (multiprocessing's fork server), so that a run costs no import.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from gradwise.diagnose import Finding
from gradwise.diagnose.finding import Remedy
from gradwise.doctor.program import Program
from gradwise.doctor.replacing import replace
from gradwise.doctor.run import run
from gradwise.doctor.sources import Sources
from gradwise.doctor.verdict import _plain, judge
from gradwise.remedy.outside.calls import Calls
from gradwise.remedy.outside.edit import Edit
from gradwise.remedy.outside.figure import Seen, merged, printed
from gradwise.remedy.outside.loop import Loop
from gradwise.remedy.outside.pen import Pen
from gradwise.remedy.outside.samplers import Samplers
from gradwise.remedy.outside.seeds import seeded
from gradwise.remedy.outside.shadows import Shadows
from gradwise.remedy.outside.sites import Mark
from gradwise.remedy.outside.written import compiled, source_marks
from gradwise.watch.facts import Facts

FEATURES = 64  # whose means and spreads are told one by one
INPUTS = 200  # batches that they are taken from
PRELOADED = ["gradwise.remedy.outside.warm"]  # before the first run, once for all of them
_STARTING = threading.Lock()


@dataclass(frozen=True)
class Job:
    """What is to be run."""

    program: Program
    edits: tuple[Edit, ...] = ()
    seed: int = 0  # is added to every seed that the program sets
    diagnose: bool = False
    text: str | None = None  # of the program, where it is not the file's
    seconds: float = 0.0  # at most; 0: as long as it takes


@dataclass
class Ran:
    """What came of it."""

    exit: int = 1
    says: str = ""  # the last line of its errors
    seconds: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0  # MiB
    steps: int = 0
    series: dict[str, list[float]] = field(default_factory=dict[str, list[float]])  # its figures, in time
    marks: tuple[Mark, ...] = ()
    done: tuple[int, ...] = ()  # numbers of the edits that had a place
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])  # of its first network: see `Inputs`
    findings: tuple[Finding, ...] = ()
    facts: Facts | None = None

    @property
    def failed(self) -> str:
        """Why it gave nothing."""
        return "" if self.exit == 0 else self.says or f"it ended with {self.exit}"


def perform(job: Job, folder: Path) -> Ran:
    """Run it and wait. What it prints lies in `folder` afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_run, args=(job, str(folder), os.getcwd(), dict(os.environ)))
    begun = time.perf_counter()
    _start(process)
    process.join(job.seconds or None)
    if process.is_alive():
        process.kill()
        process.join()
        return Ran(124, f"it was not done after {job.seconds:.0f} s", job.seconds)
    if not (folder / "ran.json").exists():
        return Ran(process.exitcode or 1, f"its process ended with {process.exitcode}", time.perf_counter() - begun)
    return read(json.loads((folder / "ran.json").read_text()))


def _start(process: BaseProcess) -> None:
    """Without what multiprocessing would import there first, our own program's main module: it is not needed."""
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main


def read(written: dict[str, Any]) -> Ran:
    """What a run left."""
    written["findings"] = tuple(_finding(each) for each in written["findings"])
    written["facts"] = Facts.from_json(written["facts"]) if written["facts"] else None
    written["marks"] = tuple(Mark(**mark) for mark in written["marks"])
    written["done"] = tuple(written["done"])
    return Ran(**written)


def _finding(written: dict[str, Any]) -> Finding:
    remedies = tuple(Remedy(**each) for each in written.pop("remedies"))
    parts: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in written.items()}
    parts["remedies"] = remedies
    return Finding(**parts)


def _run(job: Job, folder: str, where: str, environment: dict[str, str]) -> None:
    place = Path(folder).absolute()
    for number, name in ((1, "out.txt"), (2, "errors.txt")):
        os.dup2(os.open(place / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(where)
    torch.set_num_threads(int(environment.get("OMP_NUM_THREADS") or torch.get_num_threads()))
    sources = Sources(job.program.home)
    changed = {os.path.abspath(job.program.name): job.text.encode()} if job.text is not None else {}
    pen, seen, inputs = Pen(job.edits, sources, changed), Seen(sources), Inputs()

    def begin(code: CodeType) -> CodeType:
        seeded(job.seed, sources, any(edit.at == "seed" for edit in job.edits))
        seen.open()
        Loop(pen).open()
        Calls(pen).open()
        Samplers(pen).open()
        Shadows(pen).open()
        if job.diagnose:
            inputs.open()
        if job.text is not None:
            return compile(job.text, code.co_filename, "exec", dont_inherit=True)
        if any(edit.at == "source" for edit in job.edits):
            return compile(compiled(code.co_filename, job.edits), code.co_filename, "exec", dont_inherit=True)
        return code

    cpu, begun = time.process_time(), time.perf_counter()
    ended = run(job.program, 0.05 if job.diagnose else 0.0, begin=begin)
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - begun
    seen.close()
    verdict = judge(job.program, ended)
    sys.stdout.flush()
    sys.stderr.flush()
    out, errors = ((place / name).read_text(errors="replace") for name in ("out.txt", "errors.txt"))
    says = next((line for line in reversed(errors.splitlines()) if line.strip()), "") if ended.exit else ""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
    marks = (*pen.marks, *source_marks(job.edits))
    always = [i for i, edit in enumerate(job.edits) if edit.at in ("seed", "source")]
    series, told = merged([printed(out), seen.series]), inputs.told()
    done = (*sorted(pen.done), *always)
    ran = Ran(ended.exit, says, seconds, cpu, memory, verdict.steps, series, marks, done, told, tuple(verdict.findings))
    written = {**asdict(ran), "facts": verdict.facts.as_json() if verdict.facts is not None else None}
    (place / "ran.tmp").write_text(json.dumps({**written, "findings": _plain(written["findings"])}))
    (place / "ran.tmp").rename(place / "ran.json")  # whole or not at all
    os._exit(0)  # what the program does at its exit is nobody's business here


class Inputs:
    """Mean and spread of what the first network that is trained is given, feature by feature where they are few."""

    def __init__(self) -> None:
        self.network, self.shape, self.count = "", (), 0
        self.total = self.squares = torch.zeros(1)
        self._depth = 0

    def open(self) -> None:
        """From now on."""
        replace(nn.Module, "__call__", self._called)

    def _called(self, original: Any) -> Any:
        def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if not self._depth and self.count < INPUTS and torch.is_grad_enabled() and args:
                self._look(module, args[0])
            self._depth += 1
            try:
                return original(module, *args, **kwargs)
            finally:
                self._depth -= 1

        return call

    def _look(self, module: nn.Module, x: object) -> None:
        name = type(module).__name__
        if not isinstance(x, Tensor) or not x.is_floating_point() or x.dim() < 2 or (self.network or name) != name:
            return
        if not any(p.requires_grad for p in module.parameters()) or (self.shape and x.shape[1:] != self.shape):
            return
        with torch.no_grad():
            rows = x.detach().double().reshape(-1, x.shape[-1]) if x.dim() < 4 and x.shape[-1] <= FEATURES else None
            rows = x.detach().double().reshape(-1, 1) if rows is None else rows
            self.total = self.total + rows.mean(0)
            self.squares = self.squares + rows.square().mean(0)
        self.network, self.shape, self.count = name, x.shape[1:], self.count + 1

    def told(self) -> dict[str, Any]:
        """The network's class, the shape of a sample, means and spreads; nothing where none was seen."""
        if not self.count:
            return {}
        mean = self.total / self.count
        spread = (self.squares / self.count - mean.square()).clamp_min(0).sqrt()
        spread = torch.where(spread > 1e-8, spread, 1.0)
        rounded = ([float(f"{value:.4g}") for value in each.tolist()] for each in (mean, spread))
        return {
            "network": self.network,
            "shape": list(self.shape),
            **dict(zip(("mean", "spread"), rounded, strict=True)),
        }
