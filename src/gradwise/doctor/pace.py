"""How closely a program is watched, within the budget: turns are looked at, counted, or slept through.

A turn is looked at in full while the program starts, and later as often as the budget allows: a few turns in a row,
then none until the time spent is paid back. In between senses count, and where even that is too much turns are slept
through: loss and gradient are looked at for NaN, and one in five of these turns keeps the value of the loss. `Limit`
ends a program that has had its steps.
"""

from __future__ import annotations

import time

from gradwise.doctor.costs import Costs
from gradwise.doctor.listeners import Listeners

START = 24  # turns that are looked at from the start on
START_SECONDS = 1.0  # that are spent before the budget is asked for, once
BURST = 4  # turns in a row that are looked at later
SEEN = 0.6  # of the budget is spent knowingly: what deep sleep costs, nobody's clock sees
NAP = 16  # turns in a row that are slept through at least
ANEW, ANEW_TURNS = 3, 12  # optimizers made later than the first step that are looked at anew, and for how many turns
AFTER = 1.0  # seconds, where the budget leaves no more, for what is tried once a program that learns is over
READ = 64  # evaluations by hand that are read in any case
DOZE = 5  # of turns in sleep one in so many keeps its loss: an odd number, for two optimizers that take turns
LONG = 1000  # turns after which of three such turns two keep nothing else, where one loss is all that is trained on


class Enough(BaseException):
    """Raised inside the program when the steps or the time it was given are used up."""


class Limit:
    """The steps, and the seconds from its start, after which a program is stopped; 0 for none."""

    def __init__(self, steps: int = 0, seconds: float = 0.0) -> None:
        self.steps, self.seconds = steps, seconds
        self.begin()

    def begin(self) -> None:
        """The program starts."""
        self._begun = time.perf_counter()

    def ends(self, step: int) -> bool:
        """Whether a program that did not come to its end may have been stopped by it."""
        return bool(self.seconds) or 0 < self.steps <= step

    def check(self, step: int) -> None:
        """Raises Enough where it has had them."""
        late = self.seconds and time.perf_counter() - self._begun >= self.seconds
        if (self.steps and step >= self.steps) or late:
            raise Enough


class Pace:
    """What is done in this turn, and what has been spent."""

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.look = True
        self.asleep = False  # senses are told of what they list in `always` alone
        self.deep = False  # and of that not even
        self.light = False  # but of the loss's value
        self.spent = 0.0  # seconds of the processor in the doctor
        self._burst, self._nap = START, 0
        self.another = False  # an optimizer was made since the last backward pass, after others have stepped
        self._places: set[tuple[object, ...]] = set()
        self._anew = 0  # how often another part of the program was looked at anew
        self._read = (0, 0.0)  # evaluations by hand that were read, and the seconds that it took
        self._costs = Costs()
        self.begin()

    def begin(self) -> None:
        """The program starts: its time counts from now on."""
        self._clock = time.thread_time()

    def kind(self) -> str:
        """What sort of turn it is, to compare the time that each takes."""
        return "look" if self.look else "deep" if self.deep else "doze" if self.asleep else "count"

    def paid(self, kind: str) -> None:
        """A turn of this sort has ended, and the next is chosen: what it cost unseen is spent too."""
        self.spent += self._costs.turn(kind, kind == self.kind(), self.spent)

    def choose(self, step: int, stepped: bool, listeners: Listeners) -> bool:
        """How the next turn is watched; whether that ends a sleep. stepped: an optimizer has, ever."""
        self._burst -= 1
        self._nap -= 1
        dozes = step % DOZE == 0
        self.light = dozes and step > LONG and step % (3 * DOZE) != 0 and listeners.plain()
        self.deep = self.asleep and stepped and (not dozes or self.light)
        if self._burst > 0:
            self.look = step >= START or step < 6 or self.spent < START_SECONDS
            return False
        if self._nap > 0:
            return False
        over = max(self.spent - START_SECONDS, 0.0)
        share = over / max((time.thread_time() - self._clock) * self.budget * SEEN, 1e-9)
        counting = self._costs.share("count") < self.budget / 2
        if share > (1.0 if counting else 0.8):
            self._nap, self.asleep, self.look = NAP, True, False
            return False
        woken = self.wake()
        self.look = share < 0.8
        if self.look:
            self._burst = BURST
        return woken

    def wake(self) -> bool:
        """Sleep no longer; whether that was so."""
        slept = self.asleep
        self.asleep = self.deep = self.light = False
        return slept

    def passed(self, place: tuple[object, ...]) -> None:
        """A backward pass from these lines, of backward() and the loss.

        Another optimizer after steps of the first, and another place: another part of the program begins. It is looked
        at as the first was, a few times.
        """
        if self.another and place not in self._places and self._anew < ANEW and self._burst <= 0:
            self._anew += 1
            self.look, self._burst, self._nap = True, ANEW_TURNS, 0
        self.another = False
        self._places.add(place)

    def reads(self) -> bool:
        """Whether an evaluation by hand is read: the first are, later as many as a quarter of the budget allows."""
        count, spent = self._read
        return count <= READ or spent <= START_SECONDS / 4 + self.budget / 4 * (time.thread_time() - self._clock)

    def afterwards(self, seconds: float, learns: bool) -> float:
        """Seconds for what is tried when the program is over: so many, or where it learns, what the budget leaves."""
        left = self.budget * (time.thread_time() - self._clock) - max(self.spent - START_SECONDS, 0.0)
        return min(seconds, max(AFTER, left)) if learns else seconds

    def has_read(self, seconds: float) -> None:
        """It was, in so many."""
        count, spent = self._read
        self._read = (count + 1, spent + seconds)
