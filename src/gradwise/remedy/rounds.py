"""More than one remedy: what is still wrong under the best one is treated too, and its strength is tried anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from gradwise.experiment import Comparison
from gradwise.experiment.compare import WORTH_POINTS, WORTH_SHARE
from gradwise.remedy.trying import P, Tried

ROUNDS = 3
AGAIN = 3  # remedies that are examined again before they are given up
RESERVE = 4  # of the budget one part in so many is kept for further rounds


class Patient(Protocol[P]):
    """What is treated, and how it is run with a change. A recipe, or somebody else's program."""

    @property
    def name(self) -> str:
        """Of the recipe or program."""
        ...

    @property
    def metric(self) -> str:
        """By which tries are judged."""
        ...

    def tried(self, options: Sequence[P]) -> list[Tried[P]]:
        """Each on the first seed."""
        ...

    def examined(self, option: P, notes: bool) -> set[str]:
        """What is wrong with it; whether notes count; "non-finite" too where it fails."""
        ...

    def further(self, option: P) -> list[P]:
        """What to try on top of it, or in its place: against what is still wrong, and other strengths of it."""
        ...

    def together(self, one: P, other: P) -> P | None:
        """Both; None where the one takes the other's place."""
        ...

    def nothing(self, codes: tuple[str, ...]) -> P:
        """As it is."""
        ...

    def blind(self, codes: tuple[str, ...]) -> P:
        """What is tried by those who look at nothing."""
        ...

    def randomly(self, codes: tuple[str, ...], number: int) -> list[P]:
        """So many draws."""
        ...

    def proved(self, options: Sequence[P], seeds: int) -> Comparison:
        """All of them on fresh seeds, against the first."""
        ...


def rounds(
    patient: Patient[P],
    tried: Sequence[Tried[P]],
    best: Tried[P],
    spare: Sequence[P],
    left: int,
    removes: Callable[[P], bool],
) -> tuple[P, list[Tried[P]]]:
    """Up to three rounds from the best one on; the last one that earned its place, and all that was tried on the way.

    spare: remedies that the first round had no run for; left: runs; removes: whether it removes its cause.
    """
    more: list[Tried[P]] = []
    accuracy = patient.metric.endswith("accuracy")
    for _ in range(ROUNDS if left else 0):
        worth = WORTH_POINTS if accuracy else WORTH_SHARE * abs(best.score)
        if accuracy and best.rank + worth >= 1:  # nothing can be better by so much
            break
        seen = {each.prescription.label for each in (*tried, *more)}
        options = {option.label: option for option in (*patient.further(best.prescription), *spare)}
        fresh = [option for label, option in options.items() if label not in seen][: left - len(more)]
        found: list[Tried[P]] = patient.tried(fresh) if fresh else []
        more += found
        better = sorted((each for each in found if each.rank > best.rank + worth), key=lambda each: -each.rank)
        won = next((each for each in better[:AGAIN] if removes(each.prescription)), None)
        if won is None:
            break
        best = won
    return best.prescription, more
