"""Which samples were seen where: the places that evaluate, the networks that are trained, and what they share."""

from __future__ import annotations

import linecache
import re
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradwise.doctor.senses.pools import Pool
from gradwise.doctor.senses.reached import line
from gradwise.watch.facts import Overlap

_ROWS = 100_000  # fingerprints kept of a network, or of a place
_SETS = 8  # sets that one place evaluates
_HELD_OUT = re.compile(r"(?<![a-z])(val|valid|validation|test|dev|held_?out|holdout)(?![a-z])")
RECENT = 64  # steps
SPARED = 0.05  # of a pass's samples are trained on since the pass before, where half of all are
TWINS = 0.3  # share of its samples that may be whole numbers which came before by chance, as some do within a batch


class Evaluated:
    """A place that calls a network without training it. Sets are kept apart where they can be: by their loader, or by
    the number of samples given at once."""

    def __init__(self, chain: tuple[str, ...], training: bool, gradient: bool) -> None:
        self.chain, self.training, self.gradient = chain, training, gradient
        self.calls = self.fingerprinted = self.turns = 0
        self.doubtful = False  # whole numbers, and the same sample twice at once: chance
        self.whole = False  # whole numbers
        self.sizes: Counter[int] = Counter()
        self.sets: dict[Any, dict[int, int]] = {}  # fingerprint -> when it was evaluated last
        self.passes: dict[Any, _Passes] = {}
        self.network = 0  # the id of the one that is called
        self._step = -1
        self._span = (2**62, 0)  # turns of the training, at the first call and at the last

    def count(self, step: int, trained: int) -> None:
        """A call, after so many turns that were seen to train."""
        self.calls += 1
        self.turns += step != self._step
        self._step = step
        self._span = (min(self._span[0], trained), trained)

    def add(self, kept_apart: Any, clock: int, integer: bool, trained: Trained | None, rows: list[int]) -> None:
        """The fingerprints of a call, of a network that is trained or not."""
        self.sizes[len(rows)] += 1
        if kept_apart not in self.sets and len(self.sets) >= _SETS:
            kept_apart = next(iter(self.sets))
        last = self.sets.setdefault(kept_apart, {})
        if len(last) < _ROWS:
            last.update(dict.fromkeys(rows, clock))
        size = kept_apart[0] if isinstance(kept_apart, tuple) and kept_apart else None
        if trained is not None and isinstance(size, int):
            passes = self.passes.setdefault(kept_apart, _Passes())
            passes.add(rows, clock, trained, len(last) > size)
        self.whole = self.whole or integer
        self.doubtful = self.doubtful or (integer and len(set(rows)) < len(rows))

    def within(self, trained: Sequence[Trained]) -> bool:
        """Whether it is a part of the training itself: a target network or a teacher, called on batches of the same
        size in nearly every turn while it is called."""
        usual = self.sizes.most_common(1)[0][0] if self.sizes else 0
        often = self.turns >= max(6, 0.8 * (self._span[1] - self._span[0] + 1)) and self.calls <= 2 * self.turns
        return often and any(usual == network.size for network in trained)


class Trained:
    """A network that is trained, and its samples."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.rows: dict[int, int] = {}  # fingerprint -> when it was trained on first
        self.latest: dict[int, int] = {}  # and when it was last
        self.batches: set[int] = set()
        self.recent: deque[tuple[int, int]] = deque(maxlen=RECENT)  # the last of them, with their sizes
        self.calls = self.total = self.fingerprinted = self.steps = self.size = 0
        self.pool: Pool | None = None
        self.asked = 0  # how often the pool was looked for
        self.twins = False  # the same sample twice at once
        self.derived = 0  # calls whose input other weights had made: codes, not samples
        self._last = (-1, 0)

    def add(self, size: int, step: int, clock: int, rows: list[int]) -> None:
        """The fingerprints of a batch of that size."""
        self.fingerprinted += len(rows)
        self.size = max(self.size, size)
        if len(self.rows) < _ROWS:
            for row in rows:
                self.rows.setdefault(row, clock)
            self.latest.update(dict.fromkeys(rows, clock))
        self.twins = self.twins or len(set(rows)) < len(rows)
        batch = sum(rows) % 2**64  # whatever their order
        if self._last != (step, batch):  # SAM and line searches go over a batch again within a step
            self.steps += 1
            self.batches.add(batch)
            self.recent.append((batch, size))
        self._last = (step, batch)


class _Passes:
    """A loader's set that is another one in every pass: what of it was trained on since the pass before, and what
    before that alone. Of a training set's part the first is all; where the split is drawn anew it is nothing."""

    def __init__(self) -> None:
        self.evaluated = self.since = self.before = 0
        self._begun = self._last = -1  # the end of the pass before, and of this one so far
        self._steps = 0
        self._counts = False

    def add(self, rows: list[int], clock: int, trained: Trained, another: bool) -> None:
        """Some of a pass; another: the set has had more samples than the loader has."""
        latest = trained.latest
        if trained.steps != self._steps:
            self._begun, self._steps = self._last, trained.steps
            known = another and self._begun >= 0
            self._counts = known and 2 * sum(at > self._begun for at in latest.values()) > len(latest)
        self._last = clock
        if self._counts:
            seen = [latest.get(row, -1) for row in rows]
            self.evaluated += len(rows)
            self.since += sum(at > self._begun for at in seen)
            self.before += sum(0 <= at <= self._begun for at in seen)


def held_out(chain: Sequence[str], home: Path) -> bool:
    """Whether one of the two innermost lines has a name for samples that are not trained on, and none for others."""
    for place in list(dict.fromkeys(chain))[:2]:  # a comprehension is a frame of the same line
        file, _, number = place.rpartition(":")
        text = linecache.getline(str(home / file), int(number)).lower() if number.isdigit() else ""
        if _HELD_OUT.search(text):
            return "train" not in text
    return False


def overlaps(places: Sequence[Evaluated], trained: Sequence[Trained], continuous: bool, home: Path) -> list[Overlap]:
    """What the places share with the training, where anything is known of both. home: of the program's files."""
    rows: dict[int, int] = {}
    for network in trained:
        for row, clock in network.rows.items():
            rows[row] = min(clock, rows.get(row, clock))
    total = sum(network.total for network in trained)
    if not total or not rows:
        return []
    twins = any(network.twins for network in trained)
    covered = min(1.0, sum(network.fingerprinted for network in trained) / total)
    found: list[Overlap] = []
    for place in places:
        if place.within(trained):
            continue
        sets = [(set(last), _shared(last, rows), _at_once(key, last)) for key, last in place.sets.items()]
        for number, evaluated, shared in _merged(sets):
            overlap = Overlap(line(place.chain, number), len(evaluated), len(rows), len(shared), covered)
            chance = place.whole and twins and len(shared) < TWINS * len(evaluated)  # a text says the same again
            overlap.held_out = held_out(place.chain, home)
            overlap.continuous = continuous and not place.doubtful and not chance
            found.append(overlap)
        for passes in place.passes.values():
            if passes.before and passes.since < SPARED * passes.evaluated:
                told = Overlap(line(place.chain, 1), passes.evaluated, len(rows), passes.before, covered)
                told.redrawn, told.continuous = True, continuous and not place.doubtful
                found.append(told)
    return found


def _shared(last: dict[int, int], rows: dict[int, int]) -> set[int]:
    """Samples that had been trained on before they were evaluated last.

    An agent acts on what it is trained on later: that is no overlap.
    """
    return {row for row, clock in last.items() if rows.get(row, clock) < clock}


def _at_once(key: Any, last: dict[int, int]) -> bool:
    """A set that is given whole, in one call."""
    return isinstance(key, tuple) and key[:1] == ("whole",) and len(last) <= key[1]


_Set = tuple[set[int], set[int], bool]  # evaluated, shared, given at once


def _merged(sets: list[_Set]) -> list[tuple[int, set[int], set[int]]]:
    """Number, samples and shared ones of each set. Those that share about as much are one: the last batch of a set is
    shorter than the others. Not two of which each is given at once."""
    found: list[tuple[int, set[int], set[int]]] = []
    whole = False  # what was found last
    numbered = [(number, *each) for number, each in enumerate(sets, 1) if each[0]]
    for number, evaluated, shared, at_once in sorted(numbered, key=lambda each: len(each[2]) / len(each[1])):
        first, before, common = found[-1] if found else (0, set[int](), set[int]())
        alike = before and len(shared) / len(evaluated) - len(common) / len(before) < 0.3
        if alike and not (whole and at_once):
            found[-1] = (min(first, number), before | evaluated, common | shared)
            whole = False
        else:
            found.append((number, evaluated, shared))
            whole = at_once
    return sorted(found, key=lambda each: each[0])
