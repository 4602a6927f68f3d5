"""What a turn costs the program beyond what the doctor spends by its own clock.

Calling it, and what its work leaves of the processor's caches, is on no clock of ours. So whole turns are compared,
those that were looked at with those in deep sleep, on the program itself: what they take longer than by the doctor's
own clock counts as spent, too.
"""

from __future__ import annotations

import time
from collections import deque
from statistics import median

_LAST, _LEAST = 32, 8  # turns of a kind that are remembered, and without which nothing is said
_MOST = 1.0  # of what the clock saw: an epoch's end between two turns is no cost of ours


class Costs:
    """Turns by kind, and the seconds of the processor that each kind takes in hiding."""

    def __init__(self) -> None:
        self._own: dict[str, deque[float]] = {}  # seconds of turns less what was spent in them
        self._seen: dict[str, deque[float]] = {}  # what was
        self._last, self._spent, self._run = time.thread_time(), 0.0, 0

    def turn(self, kind: str, goes_on: bool, spent: float) -> float:
        """A turn of a kind has ended; whether the next is of the same; seconds spent by now. What it cost unseen."""
        self._run += 1
        if goes_on and kind == "deep":  # a row of these is timed as a whole: to look at a clock is not free
            return 0.0
        now = time.thread_time()
        seen = (spent - self._spent) / self._run
        own, known = self._own.setdefault(kind, deque(maxlen=_LAST)), self._seen.setdefault(kind, deque(maxlen=_LAST))
        own.append((now - self._last) / self._run - seen)
        known.append(seen)
        self._last, self._spent, self._run = now, spent, 0
        return self._unseen(kind)

    def share(self, kind: str) -> float:
        """Of the time of a turn that is slept through: what one of this kind costs; 0 where that is not known yet."""
        own, rest = self._own.get(kind, ()), self._own.get("deep", ())
        if min(len(own), len(rest)) < _LEAST:
            return 0.0
        return (median(self._seen[kind]) + self._unseen(kind)) / max(median(rest), 1e-9)

    def _unseen(self, kind: str) -> float:
        own, rest = self._own[kind], self._own.get("deep", ())
        if kind == "deep" or min(len(own), len(rest)) < _LEAST:
            return 0.0
        return min(max(median(own) - median(rest), 0.0), _MOST * median(self._seen[kind]))
