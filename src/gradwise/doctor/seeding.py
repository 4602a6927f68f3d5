"""Seeds that a program sets again and again: the same value at the same place draws the same numbers once more."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from gradwise.doctor.observer import Observer

PLACES: tuple[tuple[Any, str], ...] = (
    (torch, "manual_seed"),
    (np.random, "seed"),
    (np.random, "default_rng"),
    (random, "seed"),
)


class Seeding:
    """Fills facts.reseeded and reseeded_source."""

    def __init__(self, observer: Observer, elsewhere: Callable[[], bool]) -> None:
        self.observer, self.elsewhere = observer, elsewhere
        self._last: dict[tuple[CodeType, int], tuple[int, int, int]] = {}  # by place: value, step, how often in a row

    def replaced(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """A function that sets a seed, or makes a generator of one."""

        def seed(*args: Any, **kwargs: Any) -> Any:
            if not self.observer.busy and not self.elsewhere():
                value = next((each for each in (*args, *kwargs.values()) if type(each) is int), None)
                if value is not None:
                    frame = sys._getframe(1)
                    self._set((frame.f_code, frame.f_lasti), value)
            return original(*args, **kwargs)

        return seed

    def _set(self, place: tuple[CodeType, int], value: int) -> None:
        before, step, times = self._last.get(place, (value, self.observer.step, 0))
        if value != before:
            times = 0
        elif self.observer.step > step:
            times += 1
        self._last[place] = (value, self.observer.step, times)
        facts = self.observer.facts
        if times > facts.reseeded and (source := self.observer.sources.line(3)):
            facts.reseeded, facts.reseeded_source = times, source
