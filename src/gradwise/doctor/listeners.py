"""Who of the senses is told what. One that fails is switched off, and the program goes on."""

from __future__ import annotations

from typing import Any

from torch.optim import Optimizer

from gradwise.doctor.defect import defect
from gradwise.doctor.sense import Sense

_AWAKE = ("made", "ended", "woke", "dozed")  # told in turns that are slept through, whatever a sense lists


class Listeners:
    """The senses by the methods that they have. not_seen: where it is noted that one is switched off."""

    def __init__(self, senses: list[Sense], not_seen: dict[str, str]) -> None:
        self.senses, self.not_seen = senses, not_seen
        self._listen()

    def tell(self, what: str, args: tuple[Any, ...], asleep: bool) -> None:
        """Everybody who listens to it; in sleep, who listens even then."""
        for sense in (self._wakeful if asleep else self._all)[what]:
            try:
                getattr(sense, what)(*args)
            except Exception as error:
                self._drop(sense, what, error)

    def plain(self) -> bool:
        """Whether the value of the loss tells all of them as much as everything else would."""
        return all(self._ask(sense, "plain") for sense in self._all["plain"])

    def alarmed(self, optimizer: Optimizer) -> bool:
        """In deep sleep, before a step: whether one of them is."""
        return any(self._ask(sense, "alarmed", optimizer) for sense in self._all["alarmed"])

    def _ask(self, sense: Sense, what: str, *args: Any) -> bool:
        try:
            return getattr(sense, what)(*args)
        except Exception as error:
            self._drop(sense, what, error)
            return what == "plain"

    def _listen(self) -> None:
        told = [name for name in vars(Sense) if not name.startswith("_") and name != "always"]
        self._all = {name: [sense for sense in self.senses if name in type(sense).__dict__] for name in told}
        self._wakeful = {
            name: [sense for sense in senses if name in (*sense.always, *_AWAKE)] for name, senses in self._all.items()
        }

    def _drop(self, sense: Sense, what: str, error: Exception) -> None:
        self.senses.remove(sense)
        self._listen()
        self.not_seen[type(sense).__name__] = defect(f"switched off in {what}", error)
