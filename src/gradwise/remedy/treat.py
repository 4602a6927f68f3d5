"""Treat a recipe or a program: examine, prescribe, try, examine again, prove beside those who look at nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, Literal

from gradwise.diagnose import Finding
from gradwise.errors import RecipeError
from gradwise.experiment import Comparison, Outcome, compare
from gradwise.experiment.trials import processes
from gradwise.recipe import Recipe, Watching, replaced
from gradwise.remedy.catalogue import beyond
from gradwise.remedy.patient import Examination, examine
from gradwise.remedy.prescribe import Prescription, onto, prescribe, sick, together
from gradwise.remedy.proof import beats, cures_nothing, level, promises, rescued
from gradwise.remedy.rivals import RANDOM, blind, randomly
from gradwise.remedy.rounds import AGAIN, RESERVE, Patient, rounds
from gradwise.remedy.trying import NOTHING, P, Tried, Trying

Word = Literal["healthy", "beyond", "cured", "hidden", "uncured"]


@dataclass(frozen=True)
class Treatment(Generic[P]):
    """What was found, tried and proved."""

    recipe: str  # or program
    word: Word
    says: str
    findings: tuple[Finding, ...] = ()
    advice: dict[str, str] = field(default_factory=dict[str, str])  # of problems that no edit reaches
    metric: str = ""  # of what was tried
    tried: tuple[Tried[P], ...] = ()  # doing nothing first
    stands: dict[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )  # examined again: still found
    proof: Comparison | None = None
    winner: P | None = None


def treat(
    recipe: Recipe,
    seeds: int = 5,
    *,
    budget: int = 12,
    folder: str | Path | None = None,
    jobs: int = 0,
    allow: Sequence[str] = (),
    show: Callable[[str], None] | None = None,
) -> Treatment[Prescription]:
    """Find what is wrong with a recipe's training, and the edit that mends it, proved.

    seeds: of the proof, fresh ones, 5 at least for one that convinces, twice as many where these do not decide;
    budget: remedies that are tried in short form, and as many draws of the random search; folder: keeps every run, so
    that a second call goes on from there; jobs: processes, 0 for one per core; allow: packages whose code the recipe
    may name; show: handed a line of progress.
    Raises RecipeError for fewer than two seeds or no budget, and what training raises for a recipe that cannot begin.
    """
    check_size(seeds, budget)
    say = show or silent
    say(f"examining {recipe.name} as it is")
    seen = examine(recipe)
    options = prescribe(sick(seen.findings), recipe, allow)
    place = Path(folder) if folder is not None else None
    patient = RecipePatient(recipe, place, jobs or processes(), tuple(allow), say)
    return treated(patient, seen.findings, beyond, options, (seeds, budget), say)


def check_size(seeds: int, budget: int) -> None:
    """Raises RecipeError for a treatment that would show nothing."""
    if seeds < 2 or budget < 1:
        what = f"2 seeds, got {seeds}" if seeds < 2 else f"a budget of 1 remedy, got {budget}"
        raise RecipeError(f"A treatment needs at least {what}.", fix="5 seeds and 12 remedies are usual.")


def treated(
    patient: Patient[P],
    findings: Sequence[Finding],
    beyond: Callable[[str], str],
    options: Sequence[P],
    size: tuple[int, int],
    say: Callable[[str], None],
) -> Treatment[P]:
    """The treatment of a patient that was examined. beyond: advice for a code that no option reaches; size: seeds of
    the proof, and remedies that may be tried."""
    ill = sick(findings)
    advice = {finding.code: beyond(finding.code) for finding in ill if beyond(finding.code)}
    if not ill:
        says = "nothing to treat: no rule finds anything"
        return Treatment(patient.name, "healthy", says, tuple(findings))
    if not options:
        return Treatment(patient.name, "beyond", "no edit reaches what is wrong", tuple(findings), advice)
    return _Treating(patient, findings, say).run(options, advice, *size)


class RecipePatient:
    """A recipe under treatment."""

    def __init__(
        self, recipe: Recipe, folder: Path | None, jobs: int, allow: tuple[str, ...], say: Callable[[str], None]
    ) -> None:
        self.recipe, self.folder, self.jobs, self.allow, self.say = recipe, folder, jobs, allow, say
        self.name = recipe.name
        self._examined: dict[str, Examination] = {}
        self._trying: Trying | None = None

    @property
    def metric(self) -> str:
        """By which tries are judged."""
        return self._trying.metric if self._trying is not None else ""

    def nothing(self, codes: tuple[str, ...]) -> Prescription:
        """As it is."""
        return Prescription(codes, NOTHING, (), self.recipe, "")

    def tried(self, options: Sequence[Prescription]) -> list[Tried[Prescription]]:
        """Each in short form, on the recipe's own seed. The first call settles for which problems that is."""
        if self._trying is None:
            self._trying = Trying(options[0].codes, self.folder and self.folder / "tried", self.jobs, self.say)
        return self._trying(options)

    def examined(self, option: Prescription, notes: bool) -> set[str]:
        """What is wrong with a full run of it."""
        again = self._examined[option.label] = examine(option.recipe)
        return again.codes(notes) | ({"non-finite"} if again.failed else set[str]())

    def further(self, option: Prescription) -> list[Prescription]:
        """On top of it, what treats what is still wrong."""
        left = [finding for finding in self._examined[option.label].findings if finding.severity != "note"]
        return [onto(option, each) for each in prescribe(left, option.recipe, self.allow)]

    def together(self, one: Prescription, other: Prescription) -> Prescription | None:
        """Both, where they change different stages."""
        return together(one, other, self.allow)

    def blind(self, codes: tuple[str, ...]) -> Prescription:
        """Adam, clipping, four times the epochs."""
        return blind(self.recipe, codes, self.allow)

    def randomly(self, codes: tuple[str, ...], number: int) -> list[Prescription]:
        """Draws of rate, optimizer and clipping."""
        return list(randomly(self.recipe, codes, number, self.allow))

    def proved(self, options: Sequence[Prescription], seeds: int) -> Comparison:
        """Fresh seeds: the ones after that which chose."""
        first = self.recipe.seed + 1
        recipes = {p.label: replaced(p.recipe, seed=first, watch=Watching(on=False)) for p in options}

        def show(outcome: Outcome, done: int, most: int) -> None:
            self.say(f"proof {done}/{most}: {outcome.label}, seed {outcome.seed} {outcome.failed}".rstrip())

        return compare(recipes, seeds, folder=self.folder and self.folder / "proof", jobs=self.jobs, show=show)


def silent(_: str) -> None:
    """Nobody looks."""


class _Treating(Generic[P]):
    """The steps of one treatment."""

    def __init__(self, patient: Patient[P], findings: Sequence[Finding], say: Callable[[str], None]) -> None:
        self.patient, self.findings, self.say = patient, tuple(findings), say
        self.roots = tuple(dict.fromkeys(f.code for f in sick(findings) if not f.consequence_of))
        self.noted = all(finding.severity == "note" for finding in findings)  # there is nothing but notes
        self.stands: dict[str, tuple[str, ...]] = {}

    def run(self, options: Sequence[P], advice: dict[str, str], seeds: int, budget: int) -> Treatment[P]:
        """Try, examine again, prove, judge."""
        patient = self.patient
        nothing = patient.nothing(self.roots)
        first = budget - budget // RESERVE
        tried = patient.tried([nothing, *options[:first]])
        tried += self._together(tried)
        best = self._chosen(tried)
        if best is None and options[first:budget]:
            tried += patient.tried(options[first:budget])
            best, first = self._chosen(tried), budget
        chosen = best.prescription if best is not None else None
        if best is not None:
            left = budget - min(first, len(options))
            spare = options[first:budget]
            chosen, more = rounds(patient, tried, best, spare, left, lambda each: not self._examined(each))
            tried += more
        spent = max(1, sum(each.ran for each in tried[1:]))
        draws = patient.tried(patient.randomly(self.roots, spent))
        search = renamed(max(draws, key=lambda each: each.rank).prescription, RANDOM, f"the best of {len(draws)} draws")
        proved = [*([chosen] if chosen is not None else []), patient.blind(self.roots), search]
        proof = patient.proved([nothing, *proved], seeds)
        if chosen is not None and not self.stands.get(chosen.label) and promises(proof.verdicts[0], proof):
            self.say(f"{seeds} seeds do not decide about {chosen.label}: as many again")
            proof = patient.proved([nothing, *proved], 2 * seeds)
        winner = self._winner(proved, proof)
        word, says = self._judged(chosen, winner, proof)
        return Treatment(
            patient.name, word, says, self.findings, advice, patient.metric, (*tried, *draws), self.stands,
            proof, winner,
        )  # fmt: skip

    def _together(self, tried: Sequence[Tried[P]]) -> list[Tried[P]]:
        """The best with the next best that touches another place, where both did better than nothing."""
        better = [each.prescription for each in _better(tried)]
        pairs = (self.patient.together(better[0], other) for other in better[1:])
        both = next((pair for pair in pairs if pair is not None), None)
        return self.patient.tried([both]) if both is not None else []

    def _chosen(self, tried: Sequence[Tried[P]]) -> Tried[P] | None:
        """The best that removes its cause; else the best one; None where none did better than nothing."""
        better = _better(tried)
        for each in better[:AGAIN]:
            if not self._examined(each.prescription):
                return each
        return better[0] if better else None

    def _examined(self, prescription: P) -> tuple[str, ...]:
        """What it was to treat and is still found."""
        self.say(f"examining {self.patient.name} with {prescription.label}")
        codes = self.patient.examined(prescription, self.noted)
        wanted = dict.fromkeys((*prescription.codes, "non-finite"))
        self.stands[prescription.label] = tuple(code for code in wanted if code in codes)
        return self.stands[prescription.label]

    def _winner(self, prescriptions: Sequence[P], proof: Comparison) -> P | None:
        """Of those that are better and leave no cause behind the one with a reason, unless a rival is proved better."""
        verdicts = {verdict.label: verdict for verdict in proof.verdicts}
        cures: list[P] = []
        for prescription in prescriptions:
            if not cures_nothing(verdicts[prescription.label], proof):
                stands = self.stands.get(prescription.label)
                if not (self._examined(prescription) if stands is None else stands):
                    cures.append(prescription)
        if not cures:
            return None
        better = [rival for rival in cures[1:] if beats(proof, rival.label, cures[0].label)]
        return max(better, key=lambda cure: level(proof, cure.label), default=cures[0])

    def _judged(self, chosen: P | None, winner: P | None, proof: Comparison) -> tuple[Word, str]:
        cause = " and ".join(self.roots)
        if winner is not None:
            verdict = next(verdict for verdict in proof.verdicts if verdict.label == winner.label)
            how = rescued(verdict, proof) or verdict.says
            but = ", though its kind can hide one" if winner.hides else ""
            return "cured", f"{winner.label} treats {cause}: {how}, and the cause is not found any more{but}"
        hiding = [label for label, codes in self.stands.items() if codes]
        helped = [v.label for v in proof.verdicts if v.label in hiding and not cures_nothing(v, proof)]
        if helped:
            left = " and ".join(self.stands[helped[0]])
            return "hidden", f"{helped[0]} helps, but only hides the fault: {left} is still found; this is no cure"
        if self.noted:
            return "healthy", f"nothing but a note ({cause}), and no remedy for it is better than doing nothing"
        if chosen is None:
            return "uncured", f"none of the remedies for {cause} did better than doing nothing"
        return "uncured", f"no remedy for {cause} is better than doing nothing on fresh seeds"


def renamed(option: P, label: str, why: str) -> P:
    """The same, told otherwise."""
    return replace(option, label=label, why=why, hides=True)  # type: ignore[type-var]


def _better(tried: Sequence[Tried[P]]) -> list[Tried[P]]:
    """Those that did better than nothing, the best first."""
    nothing, *others = tried
    floor = -math.inf if math.isnan(nothing.score) else nothing.score
    return sorted((each for each in others if each.rank > floor), key=lambda each: -each.rank)
