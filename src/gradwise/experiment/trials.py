"""One trial: a recipe trained with one seed, and what came of it. Many of them: in processes of their own, resumable.

A trial's outcome is a line of `results.jsonl`, found again by the recipe's text and seed: what is done is not done
again, and a recipe that was changed is. A trial that was cut off goes on from its own checkpoint.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import pickle
import resource
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from gradwise import recipefile
from gradwise.errors import GradwiseError, NonFinite, RunError
from gradwise.events import Event
from gradwise.recipe import Recipe, replaced
from gradwise.runs import RunFolder, is_run_folder
from gradwise.train import reopen
from gradwise.training import Training


@dataclass(frozen=True)
class Trial:
    """A recipe under the name that it goes by in the experiment. Its seed is the recipe's own."""

    label: str
    recipe: Recipe

    @property
    def key(self) -> str:
        """What tells it from every other: the recipe with its seed, and the versions that it runs under."""
        try:
            text = recipefile.to_text(replaced(self.recipe, name=""))
        except GradwiseError:  # it holds what cannot be written: data in hand, a function
            text = f"{self.label} {self.recipe.seed}"
        return hashlib.sha256(f"{text}\n{torch.__version__}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Outcome:
    """What came of a trial."""

    label: str
    seed: int
    key: str
    figures: dict[str, float] = field(default_factory=dict[str, float])  # test_accuracy, valid_loss, ...
    steps: int = 0
    cpu: float = 0.0  # seconds of all threads: what a busy machine changes least
    seconds: float = 0.0
    memory: float = 0.0  # MiB at its peak, of the process or the GPU
    failed: str = ""  # the first line of the error: a run that diverged is a result too
    how: str = ""  # with how many others it was trained, or why it was trained by itself


def perform(
    trials: Iterable[Trial], folder: Path | None = None, jobs: int = 1, together: bool = True
) -> Iterator[Outcome]:
    """Run those that are not done yet, and give every outcome as it is known. Ctrl-C leaves what is done on disk.

    folder: where results and runs are kept; None keeps nothing. jobs: processes at a time, 1 for this one. together:
    train in one program what suits, such as one small network with several seeds (`vectorised.py`).
    """
    store = Store(folder) if folder is not None else None
    known = store.read() if store is not None else {}
    waiting: list[Trial] = []
    for trial in trials:
        if trial.key in known:
            yield replace(known[trial.key], label=trial.label)  # the name may be another now
        else:
            waiting.append(trial)
    for outcome in _run_all(_units(waiting, folder, together), folder, jobs):
        if store is not None:
            store.add(outcome)
        yield outcome


def run(trial: Trial, folder: Path | None = None, how: str = "") -> Outcome:
    """Train it by itself; how: why so.

    Only what is not finite is an outcome; any other error is the user's to mend, and raised. A signal is raised too,
    once what is done is kept.
    """
    runs = _run_folder(trial, folder)
    training = _training(trial.recipe, runs)
    reset_peak()
    begun, cpu = time.perf_counter(), time.process_time()
    figures: dict[str, float] = {}
    failed = ""
    try:
        for event in training.events():
            last_figures(event, figures)
    except GradwiseError as error:
        if not isinstance(error, NonFinite):  # the recipe is wrong, not the technique
            raise
        failed = str(error).partition("\n")[0]
    done = training.finished
    if done is not None:
        if done.exit_code:
            training.signals.raise_caught()
        figures |= done.test | ({done.metric: done.best} if done.best is not None else {})
    if runs is not None:
        shutil.rmtree(runs / "checkpoints", ignore_errors=True)  # the records stay
    spent = time.process_time() - cpu, time.perf_counter() - begun, peak()
    outcome = Outcome(trial.label, trial.recipe.seed, trial.key, figures, training.step, *spent, failed, how)
    if training.signals.caught is not None and folder is not None:  # as the last epoch was evaluated: it is whole
        Store(folder).add(outcome)
    training.signals.raise_caught()
    return outcome


def _run_folder(trial: Trial, folder: Path | None) -> Path | None:
    return folder / "runs" / f"{trial.label}-{trial.recipe.seed}-{trial.key[:6]}" if folder is not None else None


def _training(recipe: Recipe, runs: Path | None) -> Training:
    """New, or where it was cut off."""
    if runs is None:
        return Training(recipe)
    if is_run_folder(runs):
        with contextlib.suppress(RunError):
            return reopen(runs, recipe)
        shutil.rmtree(runs, ignore_errors=True)
    return Training(recipe, RunFolder.create_at(runs))


def last_figures(event: Event, figures: dict[str, float]) -> None:
    """What the end of an epoch tells, in the place of what the one before told."""
    row: dict[str, float] = getattr(event, "row", {})
    figures |= {name: value for name, value in row.items() if name != "lr"}


class Store:
    """The outcomes of an experiment on disk: a line each, only ever added to."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "results.jsonl"

    def read(self) -> dict[str, Outcome]:
        """By key; a line that is not whole is none."""
        found: dict[str, Outcome] = {}
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):
                outcome = Outcome(**json.loads(line))
                found[outcome.key] = outcome
        return found

    def add(self, outcome: Outcome) -> None:
        """Add it for good."""
        torn = self.path.exists() and self.path.stat().st_size and not self.path.read_bytes().endswith(b"\n")
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" * bool(torn) + json.dumps(asdict(outcome)) + "\n")
            file.flush()
            os.fsync(file.fileno())


# What is trained together, and processes.

Unit = tuple[list[Trial], str]  # several that are trained together, or one and why it is by itself


def _units(trials: list[Trial], folder: Path | None, together: bool) -> list[Unit]:
    from gradwise.experiment.vectorised import grouped

    if not together:
        return [([trial], "as asked") for trial in trials]
    units: list[Unit] = []
    fresh: list[Trial] = []
    for trial in trials:
        runs = _run_folder(trial, folder)
        if runs is not None and is_run_folder(runs):
            units.append(([trial], "it goes on where it was cut off"))
        else:
            fresh.append(trial)
    return [*units, *grouped(fresh)]


def _do(unit: Unit, folder: Path | None) -> list[Outcome]:
    from gradwise.experiment.vectorised import run_together

    trials, why = unit
    return run_together(trials) if len(trials) > 1 else [run(trials[0], folder, why)]


def _run_all(units: list[Unit], folder: Path | None, jobs: int) -> Iterator[Outcome]:
    if jobs <= 1 or len(units) < 2 or not _can_be_sent(units):
        for unit in units:
            yield from _do(unit, folder)
        return
    with pool(min(jobs, len(units))) as workers:
        waiting: list[Future[list[Outcome]]] = [workers.submit(_do, unit, folder) for unit in units]
        try:
            for done in as_completed(waiting):
                yield from done.result()
        finally:
            workers.shutdown(wait=True, cancel_futures=True)


def pool(jobs: int) -> ProcessPoolExecutor:
    """Processes of one thread each, forked from one that has imported torch and done nothing else, where that goes.

    That one stays, so that the next pool costs nothing. With a GPU, each process starts from nothing.
    """
    forks = "forkserver" in multiprocessing.get_all_start_methods() and not torch.cuda.is_available()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload(["gradwise.experiment.vectorised"])
    return ProcessPoolExecutor(jobs, context, _begin, (dict(os.environ),))


def _begin(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)  # as it is now: the process that was forked from has that of the first trials
    torch.set_num_threads(1)  # processes share the processor, threads would fight over it


def _can_be_sent(units: list[Unit]) -> bool:
    try:
        pickle.dumps(units)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def processes() -> int:
    """How many trials at a time: one per core, one where there is a GPU."""
    return 1 if torch.cuda.is_available() else max(1, len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1)


# Memory.


def reset_peak() -> None:
    """From here on counts `peak`."""
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """MiB of this process at its peak since `reset_peak`; of the GPU where there is one."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() / 2**20
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return float(status.split("VmHWM:")[1].split()[0]) / 1024
    peak: Any = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)
