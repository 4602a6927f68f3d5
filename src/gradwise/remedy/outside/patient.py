"""Somebody else's program under treatment: run again and again, each time in a process of its own."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gradwise.doctor import program as programs
from gradwise.doctor.program import Program
from gradwise.errors import GradwiseError, RunError
from gradwise.experiment import Comparison, Outcome
from gradwise.experiment.compare import judge
from gradwise.experiment.trials import processes
from gradwise.remedy.outside.catalogue import beyond, changes_loss
from gradwise.remedy.outside.child import Job, Ran, perform, read
from gradwise.remedy.outside.figure import Figure, choose, held_out_losses, lossless
from gradwise.remedy.outside.known import Known
from gradwise.remedy.outside.order import Order, blind, onto, order, randomly, strengths, together
from gradwise.remedy.outside.written import Written, write_down
from gradwise.remedy.proof import signed, told
from gradwise.remedy.treat import Treatment, check_size, silent, treated
from gradwise.remedy.trying import NOTHING, Tried

SLOWER = 4  # times as long as the program itself: then a run is given up
SPARE = 60.0  # seconds more
_NO_FIGURE = "it changes the loss, and the program gives no other figure"


@dataclass(frozen=True)
class Asked:
    """What a user asks for."""

    program: Program
    seeds: int = 5
    budget: int = 12
    figure: str = ""
    higher: bool | None = None


@dataclass(frozen=True)
class Proved:
    """A treatment, and what it is in the program's own text."""

    treatment: Treatment[Order]
    written: Written | None = None  # None where nothing has won
    same: bool | None = None  # the patched program gives the same figures to the bit; None: not tried


def treat_program(
    asked: Asked, folder: Path | None = None, jobs: int = 0, show: Callable[[str], None] | None = None
) -> Proved:
    """Find what is wrong with a program's training, and the change that mends it, proved; nothing is written.

    folder: keeps every run, and a second call goes on from there; jobs: runs at a time, 0 for one per core.
    Raises RecipeError for too few seeds, RunError for a program that gives no figure, GradwiseError for none at all.
    """
    check_size(asked.seeds, asked.budget)
    programs.check(asked.program)
    say = show or silent
    if asked.program.module:
        raise RunError("A treatment needs a script: its text is what is changed.", fix="gradwise treat FILE.py ARGS")
    with tempfile.TemporaryDirectory() as scratch:
        runs = Runs(asked.program, folder or Path(scratch), jobs or processes())
        say(f"examining {asked.program} as it is")
        first = next(runs([Job(asked.program, diagnose=True)]))
        if first.facts is None:
            raise RunError(f"{asked.program} trains nothing that could be seen.", why=first.says or "no torch in it.")
        patient = ProgramPatient(asked, runs, first, say)
        options = order(first.findings, patient.known)
        found = treated(patient, first.findings, beyond, options, (asked.seeds, asked.budget), say)
        if found.winner is None:
            return Proved(found)
        say("the change as a patch: is it the same?")
        return patient.as_text(found)


class Runs:
    """Runs of a program, each kept in a folder of its own, so that none is done twice."""

    def __init__(self, program: Program, folder: Path, jobs: int) -> None:
        self.program, self.folder, self.jobs = program, folder.absolute(), jobs
        self.source = Path(program.name).read_bytes()

    def __call__(self, jobs: Sequence[Job]) -> Iterator[Ran]:
        """In the order given, as they end."""
        with ThreadPoolExecutor(self.jobs) as pool:
            yield from pool.map(self._one, jobs)

    def _one(self, job: Job) -> Ran:
        key = hashlib.sha256(self.source + repr((job.program, job.edits, job.seed, job.diagnose, job.text)).encode())
        place = self.folder / "runs" / key.hexdigest()[:16]
        if (place / "ran.json").exists():
            return read(json.loads((place / "ran.json").read_text()))
        return perform(job, place)


class ProgramPatient:
    """The program. `known` is what its examination showed."""

    def __init__(self, asked: Asked, runs: Runs, first: Ran, say: Callable[[str], None]) -> None:
        assert first.facts is not None
        self.asked, self.runs, self.first, self.say = asked, runs, first, say
        self.name = Path(asked.program.name).stem
        self.seconds = SLOWER * first.seconds + SPARE
        self.figure: Figure | None = None
        balanced = any(finding.code == "class-imbalance" for finding in first.findings)
        self._balanced = balanced
        maximizes = any(optimizer.maximize for optimizer in first.facts.optimizers)
        self._uphill = not maximizes and any(finding.code == "gradient-ascent" for finding in first.findings)
        likeliest = [finding.code for finding in first.findings[:1]]
        self._other_loss = any(changes_loss(code) for code in likeliest)
        self._overfits = "overfitting" in likeliest
        if not first.failed:
            self.figure = self.choose(first)
        self.known = self._known(first)

    @property
    def metric(self) -> str:
        """By which tries are judged."""
        return self.figure.metric if self.figure is not None else ""

    def choose(self, ran: Ran) -> Figure:
        """What it is judged by. Where the steps go uphill, what the program calls its loss is no measure of success,
        and where another loss function is tried none of its figures of the loss; overfitting shows in held-out ones."""
        series = ran.series
        if self._uphill and not self.asked.figure:
            series = {name: v for name, v in series.items() if not {"loss", "objective"} & set(name.split())}
        elif self._other_loss and not self.asked.figure:
            series = lossless(series)
        elif self._overfits and not self.asked.figure:
            series = held_out_losses(series)
        return choose(series, self.asked.figure, self.asked.higher, self._balanced)

    def _known(self, ran: Ran) -> Known:
        assert ran.facts is not None
        path = str(Path(self.asked.program.name).absolute())
        return Known(path, self.runs.source, ran.facts, ran.inputs, self._best(ran))

    def _best(self, ran: Ran) -> float:
        """The share of the run after which its figure was best."""
        series = ran.series.get(self.figure.name, []) if self.figure is not None else []
        if len(series) < 3 or not all(map(math.isfinite, series)) or self.figure is None:
            return 1.0
        best = (max if self.figure.higher else min)(range(len(series)), key=lambda i: series[i])
        return (best + 1) / len(series)

    def nothing(self, codes: tuple[str, ...]) -> Order:
        """As it is."""
        return Order(codes, NOTHING, (), "")

    def tried(self, options: Sequence[Order]) -> list[Tried[Order]]:
        """Each on the program's own seeds."""
        tries: list[Tried[Order]] = []
        runs = self.runs([self._job(option) for option in options])
        for option, ran in zip(options, runs, strict=True):
            if self.figure is None and not ran.failed:
                self.figure = self.choose(ran)
            each = self._tried(option, ran)
            self.say(f"tried {option.label}: {each.note or told(self.metric, each.score)}")
            tries.append(each)
        return tries

    def _tried(self, option: Order, ran: Ran) -> Tried[Order]:
        note = ran.failed
        if option.edits and not ran.done:
            note = "it has no place there"
        figures = self._figures(option, ran)
        if not note and not figures:
            note = _NO_FIGURE if option.loss else "it gives no figure"
        value = next(iter(figures.values()), math.nan)
        score = signed(self.metric, value)
        return Tried(option, math.nan if note or not math.isfinite(score) else score, note, ran=True)

    def _figures(self, option: Order, ran: Ran) -> dict[str, float]:
        if self.figure is None or (option.loss and self.figure.loss and not self.first.failed):
            return {}
        return self.figure.of({name: series[-1] for name, series in ran.series.items()})

    def _job(self, option: Order, seed: int = 0, diagnose: bool = False) -> Job:
        return Job(self.asked.program, option.edits, seed, diagnose, seconds=self.seconds)

    def examined(self, option: Order, notes: bool) -> set[str]:
        """What is wrong with it."""
        ran = next(self.runs([self._job(option, diagnose=True)]))
        codes = {finding.code for finding in ran.findings if notes or finding.severity != "note"}
        return codes | ({"non-finite"} if ran.failed else set[str]())

    def further(self, option: Order) -> list[Order]:
        """On top of it, what treats what is still wrong; and other strengths of it."""
        ran = next(self.runs([self._job(option, diagnose=True)]))
        left = [finding for finding in ran.findings if finding.severity != "note"]
        more = order(left, self._known(ran)) if left and ran.facts is not None and not ran.failed else []
        both = [joined for each in more if (joined := onto(option, each)) is not None]
        return [*both, *strengths(option, self.first.findings, self.known)]

    def together(self, one: Order, other: Order) -> Order | None:
        """Both, where they change different places."""
        return together(one, other)

    def blind(self, codes: tuple[str, ...]) -> Order:
        """Adam and clipping."""
        return blind(self.known, codes)

    def randomly(self, codes: tuple[str, ...], number: int) -> list[Order]:
        """Draws of rate, optimizer and clipping."""
        return randomly(self.known, codes, number)

    def proved(self, options: Sequence[Order], seeds: int) -> Comparison:
        """Seeds that are raised by 1, 2 and so on: the program's own ones chose."""
        pairs = [(option, seed) for seed in range(1, seeds + 1) for option in options]
        outcomes: list[Outcome] = []
        runs = self.runs([self._job(option, seed) for option, seed in pairs])
        for (option, seed), ran in zip(pairs, runs, strict=True):
            figures = self._figures(option, ran)
            failed = ran.failed or (
                "" if figures and all(map(math.isfinite, figures.values())) else "it gives no figure"
            )
            outcomes.append(
                Outcome(option.label, seed, "", figures, ran.steps, ran.cpu, ran.seconds, ran.memory, failed)
            )
            self.say(f"proof {len(outcomes)}/{len(pairs)}: {option.label}, seed {seed} {failed}".rstrip())
        return judge(outcomes, [option.label for option in options], seeds, self.metric, exact=True)

    def as_text(self, found: Treatment[Order]) -> Proved:
        """The winner in the program's own text, and whether that gives the same figures as the change from outside."""
        assert found.winner is not None
        job = self._job(found.winner)
        ran = next(self.runs([job]))
        written = write_down(ran.marks, self.asked.program.home)
        same = None
        if list(written.texts) == [self.known.path] and not written.advice:
            again = next(self.runs([Job(job.program, (), 0, False, written.texts[self.known.path], job.seconds)]))
            same = not again.failed and repr(again.series) == repr(ran.series)
        return Proved(found, written, same)


def patched(proved: Proved, folder: Path, home: Path) -> Path:
    """Write FOLDER/treated.patch. Raises GradwiseError where nothing has won or no line can be written safely."""
    if proved.written is None or not proved.written.texts:
        raise GradwiseError("There is no patch to write.", why=proved.treatment.says)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "treated.patch"
    path.write_text(proved.written.diff(home), encoding="utf-8")
    return path
